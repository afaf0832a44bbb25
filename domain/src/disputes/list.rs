//! The list of disputes over all invoices, as either side sees it.

use super::DisputeState;
use crate::{
    access::Side,
    address::{pairs, query_string},
    csv::{csv_cell, csv_line, csv_number},
    ids::{CreditNoteId, DisputeId, InvoiceId, TenantId},
    list::Position,
    locale::{format_amount_plain, parse_date},
    money::Money,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A dispute in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeRow {
    /// Which.
    pub id: DisputeId,
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: String,
    /// The other side.
    pub counterparty: String,
    /// Which of the companies that the viewer sees received the invoice; none where they see one only.
    pub company: Option<String>,
    /// How far it is.
    pub state: DisputeState,
    /// What is disputed, with tax.
    pub amount: Money,
    /// What is wrong.
    pub reason: String,
    /// When it was opened, by the seller's calendar.
    pub opened_on: NaiveDate,
    /// By whom.
    pub by: String,
    /// When it ended.
    pub ended_on: Option<NaiveDate>,
    /// The credit note that answers it: id and number.
    pub credit_note: Option<(CreditNoteId, String)>,
    /// What was said when it ended.
    pub answer: String,
}

/// The first line of an export, with its line end; with `several`, for who sees the papers of several companies.
pub fn csv_header(side: Side, several: bool) -> String {
    let other = match side {
        Side::Seller => "Customer",
        Side::Buyer => "Seller",
    };
    let company = several.then_some("Company");
    let names = ["Invoice", other].into_iter().chain(company);
    let rest = [
        "State",
        "Opened",
        "Opened by",
        "Ended",
        "Currency",
        "Disputed",
        "Reason",
        "Credit note",
        "Answer",
    ];
    csv_line(names.chain(rest).map(csv_cell))
}

/// The line of a dispute in an export, with its line end.
pub fn csv_row(row: &DisputeRow) -> String {
    let DisputeRow {
        id: _,
        invoice: _,
        number,
        counterparty,
        company,
        state,
        amount,
        reason,
        opened_on,
        by,
        ended_on,
        credit_note,
        answer,
    } = row;
    let note = credit_note.as_ref().map(|(_, number)| number.as_str());
    let names = [csv_cell(number), csv_cell(counterparty)];
    let rest = [
        csv_cell(state.label()),
        csv_cell(&opened_on.to_string()),
        csv_cell(by),
        csv_cell(&ended_on.map(|day| day.to_string()).unwrap_or_default()),
        csv_cell(amount.currency().code()),
        csv_number(&format_amount_plain(*amount)),
        csv_cell(reason),
        csv_cell(note.unwrap_or_default()),
        csv_cell(answer),
    ];
    let company = company.as_deref().map(csv_cell);
    csv_line(names.into_iter().chain(company).chain(rest))
}

/// The list as an address asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeQuery {
    /// The side, where the viewer has both.
    pub side: Option<Side>,
    /// Number of the invoice, whole.
    pub number: Option<String>,
    /// Part of the other side's name, or of the external id.
    pub counterparty: Option<String>,
    /// Only of this state.
    pub state: Option<DisputeState>,
    /// Part of the reason.
    pub reason: Option<String>,
    /// Of what this company received, for who sees several.
    pub company: Option<TenantId>,
    /// Not opened before.
    pub from: Option<NaiveDate>,
    /// Not opened after.
    pub to: Option<NaiveDate>,
    /// As it was at the end of this day: without what was opened later, and what ended later waits. The state is that of
    /// the day; names are looked for as they are today.
    pub on: Option<NaiveDate>,
    /// Which part.
    pub position: Position,
}

impl DisputeQuery {
    /// Reads an address. What cannot be read narrows nothing.
    pub fn from_query(query: &str) -> Self {
        let mut read = Self::default();
        for (key, value) in pairs(query) {
            let text =
                || Some(value.trim().chars().take(200).collect::<String>()).filter(|text| !text.is_empty());
            match key.as_str() {
                "side" => read.side = Side::from_code(&value),
                "number" => read.number = text(),
                "counterparty" => read.counterparty = text(),
                "state" => read.state = DisputeState::from_code(&value),
                "reason" => read.reason = text(),
                "company" => read.company = value.parse().ok(),
                "from" => read.from = parse_date(&value).ok(),
                "to" => read.to = parse_date(&value).ok(),
                "on" => read.on = parse_date(&value).ok(),
                key => {
                    if let Some(position) = Position::from_pair(key, &value) {
                        read.position = position;
                    }
                }
            }
        }
        read
    }

    /// Writes the address: what [`Self::from_query`] reads.
    pub fn to_query(&self) -> String {
        let all = [
            self.side.map(|side| ("side", side.code().to_owned())),
            self.number.clone().map(|text| ("number", text)),
            self.counterparty.clone().map(|text| ("counterparty", text)),
            self.state.map(|state| ("state", state.code().to_owned())),
            self.reason.clone().map(|text| ("reason", text)),
            self.company.map(|id| ("company", id.to_string())),
            self.from.map(|day| ("from", day.to_string())),
            self.to.map(|day| ("to", day.to_string())),
            self.on.map(|day| ("on", day.to_string())),
            self.position.to_pair(),
        ];
        query_string(all.into_iter().flatten())
    }

    /// Whether anything is left out.
    pub const fn is_narrowed(&self) -> bool {
        self.number.is_some()
            || self.counterparty.is_some()
            || self.state.is_some()
            || self.reason.is_some()
            || self.company.is_some()
            || self.from.is_some()
            || self.to.is_some()
            || self.on.is_some()
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
mod tests;
