//! The list of payments (P11).

use super::Method;
use crate::{
    access::Side,
    address::{pairs, query_string},
    csv::{csv_cell, csv_line, csv_number},
    ids::{PaymentId, TenantId},
    invoices::codes::codes,
    list::Position,
    locale::{format_amount_plain, parse_date},
    money::Money,
    refunds::RefundKind,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What became of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PaymentStatus {
    /// All of it is put to invoices.
    Applied,
    /// Part of it, or all, is put to nothing yet.
    Unapplied,
    /// Part of it was given back.
    PartlyRefunded,
    /// All of it was given back.
    Refunded,
    /// It never came: a returned check, a record that was wrong.
    Reversed,
    /// The payer's bank took it, or part of it (V33).
    ChargedBack,
}

codes! {
    PaymentStatus:
        Applied = "applied" "Applied",
        Unapplied = "unapplied" "Unapplied",
        PartlyRefunded = "partly_refunded" "Partly refunded",
        Refunded = "refunded" "Refunded",
        Reversed = "reversed" "Reversed",
        ChargedBack = "charged_back" "Charged back";
}

/// A payment in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentRow {
    /// Which.
    pub id: PaymentId,
    /// Number of its receipt.
    pub receipt: String,
    /// The other side: who paid, or who was paid.
    pub counterparty: String,
    /// Which of the companies that the viewer sees it was paid for; none where they see one only.
    pub company: Option<String>,
    /// How.
    pub method: Method,
    /// Check number or memo.
    pub memo: Option<String>,
    /// When.
    pub paid_on: NaiveDate,
    /// How much.
    pub amount: Money,
    /// What of it is put to nothing.
    pub unapplied: Money,
    /// What of it went back.
    pub refunded: Money,
    /// Why that went, where something did: the gravest of several reasons.
    pub back: Option<RefundKind>,
    /// What the gateway calls it.
    pub reference: Option<String>,
    /// What the gateway kept, in an export of the seller.
    pub fee: Option<Money>,
}

impl PaymentRow {
    /// The badge: what went back says more than what is unapplied.
    pub const fn status(&self) -> PaymentStatus {
        if !self.refunded.is_positive() {
            return if self.unapplied.is_positive() {
                PaymentStatus::Unapplied
            } else {
                PaymentStatus::Applied
            };
        }
        match self.back {
            Some(RefundKind::Chargeback) => PaymentStatus::ChargedBack,
            Some(RefundKind::Reversal) => PaymentStatus::Reversed,
            Some(RefundKind::Refund) | None if self.refunded.minor() < self.amount.minor() => {
                PaymentStatus::PartlyRefunded
            }
            Some(RefundKind::Refund) | None => PaymentStatus::Refunded,
        }
    }
}

/// The first line of an export, with its line end; with `several`, for who sees the payments of several companies.
pub fn csv_header(side: Side, several: bool) -> String {
    let other = match side {
        Side::Seller => "Customer",
        Side::Buyer => "Seller",
    };
    let names = [
        "Payment",
        "Date",
        other,
        "Method",
        "Memo",
        "Status",
        "Currency",
        "Amount",
        "Unapplied",
        "Refunded",
    ];
    let company = several.then_some("Company");
    let fee: &[_] = match side {
        Side::Seller => &["Fee", "Fee currency"],
        Side::Buyer => &[],
    };
    let names = names.into_iter().chain(company).chain(fee.iter().copied());
    let names = names.chain(["Gateway reference"]);
    csv_line(names.map(csv_cell))
}

/// The line of a payment in an export, with its line end. What the gateway kept is the seller's to know.
pub fn csv_row(row: &PaymentRow, side: Side) -> String {
    let method = match &row.method {
        Method::Card { brand, last4 } => format!("{brand} {last4}"),
        Method::BankDebit { bank, last4 } => format!("{bank} {last4}"),
        Method::Offline => "offline".to_owned(),
        Method::Opening => "opening".to_owned(),
    };
    let amount = |amount| csv_number(&format_amount_plain(amount));
    let cells = [
        csv_cell(&row.receipt),
        csv_cell(&row.paid_on.to_string()),
        csv_cell(&row.counterparty),
        csv_cell(&method),
        csv_cell(row.memo.as_deref().unwrap_or_default()),
        csv_cell(row.status().label()),
        csv_cell(row.amount.currency().code()),
        amount(row.amount),
        amount(row.unapplied),
        amount(row.refunded),
    ];
    let company = row.company.as_deref().map(csv_cell);
    let fee = match (side, row.fee) {
        (Side::Buyer, _) => Vec::new(),
        (Side::Seller, None) => vec![csv_cell(""); 2],
        (Side::Seller, Some(fee)) => vec![amount(fee), csv_cell(fee.currency().code())],
    };
    let reference = csv_cell(row.reference.as_deref().unwrap_or_default());
    csv_line(cells.into_iter().chain(company).chain(fee).chain([reference]))
}

/// The list as an address asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentQuery {
    /// The side, where the viewer has both.
    pub side: Option<Side>,
    /// Receipt number, check number or the gateway's reference, whole.
    pub number: Option<String>,
    /// Part of the other side's name, or of the external id.
    pub counterparty: Option<String>,
    /// Only of this status.
    pub status: Option<PaymentStatus>,
    /// Paid for this company, for who sees several.
    pub company: Option<TenantId>,
    /// Not before.
    pub from: Option<NaiveDate>,
    /// Not after.
    pub to: Option<NaiveDate>,
    /// As it was at the end of this day: without what came in later, and with what was put to nothing or had gone back by
    /// then. The status is that of the day; names are looked for as they are today.
    pub on: Option<NaiveDate>,
    /// Which part.
    pub position: Position,
}

impl PaymentQuery {
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
                "status" => read.status = PaymentStatus::from_code(&value),
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
            self.status.map(|status| ("status", status.code().to_owned())),
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
            || self.status.is_some()
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
