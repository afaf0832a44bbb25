//! The list of roll-up bills: how far each is, what an address narrows it to, and its export.

use super::{RollupRow, RollupState};
use crate::{
    access::Side,
    address::{pairs, query_string},
    csv::{csv_cell, csv_line, csv_number},
    invoices::codes::codes,
    list::Position,
    locale::{format_amount_plain, parse_date},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Which bills are looked for, by how far they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RollupStatus {
    /// Something of it is to be paid.
    Open,
    /// Nothing is, and it stands.
    Settled,
    /// It was withdrawn.
    Withdrawn,
}

codes! {
    RollupState:
        Open = "open" "Open",
        PartlyPaid = "partly_paid" "Partly paid",
        Paid = "paid" "Paid",
        WrittenOff = "written_off" "Written off",
        Void = "void" "Void";
    RollupStatus:
        Open = "open" "Open or partly paid",
        Settled = "settled" "Paid or written off",
        Withdrawn = "withdrawn" "Withdrawn";
}

/// The other side of a bill, in the head of a list.
pub const fn other(side: Side) -> &'static str {
    match side {
        Side::Seller => "Parent",
        Side::Buyer => "Seller",
    }
}

/// The first line of an export, with its line end.
pub fn csv_header(side: Side) -> String {
    let names = [
        "Roll-up bill",
        "State",
        other(side),
        "Invoices from",
        "Invoices to",
        "Issued",
        "Due",
        "Currency",
        "Total",
        "Open",
    ];
    csv_line(names.map(csv_cell))
}

/// The line of a bill in an export, with its line end.
pub fn csv_row(row: &RollupRow) -> String {
    let RollupRow {
        id: _,
        number,
        counterparty,
        period,
        issue_date,
        due_date,
        total,
        open,
        state,
    } = row;
    csv_line([
        csv_cell(number),
        csv_cell(state.label()),
        csv_cell(counterparty),
        csv_cell(&period.from.to_string()),
        csv_cell(&period.to.to_string()),
        csv_cell(&issue_date.to_string()),
        csv_cell(&due_date.to_string()),
        csv_cell(total.currency().code()),
        csv_number(&format_amount_plain(*total)),
        csv_number(&format_amount_plain(*open)),
    ])
}

/// The list as an address asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollupQuery {
    /// The side, where the viewer has both.
    pub side: Option<Side>,
    /// A number as a whole, or part of the other side's name or external id.
    pub search: Option<String>,
    /// How far it is.
    pub status: Option<RollupStatus>,
    /// Not issued before.
    pub from: Option<NaiveDate>,
    /// Not issued after.
    pub to: Option<NaiveDate>,
    /// As it was at the end of this day: without what was issued later, and with what was open by then. How far a bill is is said of
    /// the day; names are looked for as they are today.
    pub on: Option<NaiveDate>,
    /// Which part.
    pub position: Position,
}

impl RollupQuery {
    /// Reads an address. What cannot be read narrows nothing.
    pub fn from_query(query: &str) -> Self {
        let mut read = Self::default();
        for (key, value) in pairs(query) {
            let text =
                || Some(value.trim().chars().take(120).collect::<String>()).filter(|text| !text.is_empty());
            match key.as_str() {
                "side" => read.side = Side::from_code(&value),
                "search" => read.search = text(),
                "status" => read.status = RollupStatus::from_code(&value),
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
            self.search.clone().map(|text| ("search", text)),
            self.status.map(|status| ("status", status.code().to_owned())),
            self.from.map(|day| ("from", day.to_string())),
            self.to.map(|day| ("to", day.to_string())),
            self.on.map(|day| ("on", day.to_string())),
            self.position.to_pair(),
        ];
        query_string(all.into_iter().flatten())
    }

    /// Whether anything is left out.
    pub const fn is_narrowed(&self) -> bool {
        self.search.is_some()
            || self.status.is_some()
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
