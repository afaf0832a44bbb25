//! Invoices as they stood at the end of a day.

use super::Status;
use crate::{
    access::Side,
    address::{pairs, query_string},
    books::Age,
    csv::{csv_cell, csv_line, csv_number},
    ids::{AccountId, InvoiceId},
    list::Position,
    locale::{format_amount_plain, parse_date},
    money::{Currency, Money},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// An invoice at the end of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceThen {
    /// Which.
    pub id: InvoiceId,
    /// Its number.
    pub number: String,
    /// The other side.
    pub counterparty: String,
    /// Which of the companies that the viewer sees received it; none where they see one only.
    pub company: Option<String>,
    /// When it was issued.
    pub issue_date: NaiveDate,
    /// When it was due, as it said that day.
    pub due_date: NaiveDate,
    /// What it was over.
    pub total: Money,
    /// What was open of it.
    pub open: Money,
    /// What of that waited for an answer to a dispute.
    pub disputed: Money,
    /// What its badge said.
    pub status: Status,
}

/// The first line of an export, with its line end; with `several`, for who sees the invoices of several companies.
pub fn csv_header(side: Side, several: bool) -> String {
    let other = match side {
        Side::Seller => "Customer",
        Side::Buyer => "Seller",
    };
    let names = [
        "Invoice",
        "Status then",
        other,
        "Issued",
        "Due",
        "Currency",
        "Total",
        "Open then",
        "Disputed then",
    ];
    let company = several.then_some("Company");
    csv_line(names.into_iter().chain(company).map(csv_cell))
}

/// The line of an invoice in an export, with its line end.
pub fn csv_row(row: &InvoiceThen) -> String {
    let InvoiceThen {
        id: _,
        number,
        counterparty,
        company,
        issue_date,
        due_date,
        total,
        open,
        disputed,
        status,
    } = row;
    let amount = |amount: &Money| csv_number(&format_amount_plain(*amount));
    let cells = [
        csv_cell(number),
        csv_cell(status.label()),
        csv_cell(counterparty),
        csv_cell(&issue_date.to_string()),
        csv_cell(&due_date.to_string()),
        csv_cell(total.currency().code()),
        amount(total),
        amount(open),
        amount(disputed),
    ];
    csv_line(cells.into_iter().chain(company.as_deref().map(csv_cell)))
}

/// A part of what a customer owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OpenPart {
    /// What was as late as this.
    Age(Age),
    /// What was disputed.
    Disputed,
}

impl OpenPart {
    const DISPUTED: &str = "disputed";

    /// Its word in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Age(age) => age.code(),
            Self::Disputed => Self::DISPUTED,
        }
    }

    /// Reads a word of an address.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            Self::DISPUTED => Some(Self::Disputed),
            age => Age::from_code(age).map(Self::Age),
        }
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Age(age) => age.label(),
            Self::Disputed => "Disputed",
        }
    }
}

/// The invoices behind what a customer owed, as the books ask for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenOf {
    /// The trading account.
    pub account: AccountId,
    /// In this currency only.
    pub currency: Option<Currency>,
    /// Only those that have something of this part.
    pub part: Option<OpenPart>,
}

/// The list as an address asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsOfQuery {
    /// The side, where the viewer has both.
    pub side: Option<Side>,
    /// The day; today when it says none.
    pub on: Option<NaiveDate>,
    /// Part of the other side's name.
    pub counterparty: Option<String>,
    /// Only those of a customer that were open.
    pub open_of: Option<OpenOf>,
    /// Which part.
    pub position: Position,
}

impl AsOfQuery {
    /// Reads an address. What cannot be read narrows nothing.
    pub fn from_query(query: &str) -> Self {
        let mut read = Self::default();
        let (mut account, mut currency, mut part) = (None, None, None);
        for (key, value) in pairs(query) {
            match key.as_str() {
                "side" => read.side = Side::from_code(&value),
                "on" => read.on = parse_date(&value).ok(),
                "counterparty" => {
                    let text: String = value.trim().chars().take(200).collect();
                    read.counterparty = Some(text).filter(|text| !text.is_empty());
                }
                "open_of" => account = value.parse().ok(),
                "currency" => currency = value.parse().ok(),
                "part" => part = OpenPart::from_code(&value),
                key => {
                    if let Some(position) = Position::from_pair(key, &value) {
                        read.position = position;
                    }
                }
            }
        }
        read.open_of = account.map(|account| OpenOf {
            account,
            currency,
            part,
        });
        read
    }

    /// Writes the address: what [`Self::from_query`] reads.
    pub fn to_query(&self) -> String {
        let all = [
            self.side.map(|side| ("side", side.code().to_owned())),
            self.on.map(|day| ("on", day.to_string())),
            self.counterparty.clone().map(|text| ("counterparty", text)),
            self.open_of.map(|of| ("open_of", of.account.to_string())),
            self.open_of
                .and_then(|of| Some(("currency", of.currency?.code().to_owned()))),
            self.open_of
                .and_then(|of| Some(("part", of.part?.code().to_owned()))),
            self.position.to_pair(),
        ];
        query_string(all.into_iter().flatten())
    }

    /// The same list at another place.
    #[must_use]
    pub fn at(&self, position: Position) -> Self {
        Self {
            position,
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_was_written() {
        let account = "0190a5a0-0000-7000-8000-000000000001".parse().unwrap();
        let parts = [None, Some(OpenPart::Disputed), Some(OpenPart::Age(Age::Days60))];
        for part in parts {
            let query = AsOfQuery {
                side: Some(Side::Buyer),
                on: NaiveDate::from_ymd_opt(2026, 3, 1),
                counterparty: Some("Blue & Sons".to_owned()),
                open_of: Some(OpenOf {
                    account,
                    currency: part.map(|_| Currency::USD),
                    part,
                }),
                position: Position::Last,
            };
            assert_eq!(AsOfQuery::from_query(&query.to_query()), query);
        }
        assert_eq!(
            AsOfQuery::from_query("on=tomorrow&counterparty=++&open_of=x&currency=USD&part=30"),
            AsOfQuery::default()
        );
    }
}
