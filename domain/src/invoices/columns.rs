//! The columns of the invoice grid, pure: the table, the export and the print say the same in each of them (V13).
//!
//! A column knows its key, heading, alignment, sort key and the text of a cell, for people and for machines. The
//! screen may draw a richer cell for a key; it never says something else.

use super::{InvoiceRow, SortKey};
use crate::{
    access::Side,
    csv::{csv_cell, csv_number},
    locale::{Locale, format_amount_plain, format_amount_with_code, format_date},
};
use serde::{Deserialize, Serialize};

/// A column of the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Column {
    /// Invoice number.
    Number,
    /// Name of the other side.
    Counterparty,
    /// Which of several companies received it.
    Company,
    /// What the seller's books call the buyer.
    ExternalId,
    /// The order it was made from.
    Order,
    /// Where it came from (I2).
    Source,
    /// Issue date.
    Issued,
    /// Due date.
    Due,
    /// Billed amount.
    Total,
    /// Open amount.
    Open,
    /// Currency code. Amounts on the page carry it already; an export has it in a column of its own.
    Currency,
    /// The badge.
    Status,
}

/// On which side of its column a cell's text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Align {
    /// Words.
    Start,
    /// Numbers.
    End,
}

impl Column {
    /// All of them, in the order in which they are shown.
    pub const ALL: &'static [Self] = &[
        Self::Number,
        Self::Counterparty,
        Self::Company,
        Self::ExternalId,
        Self::Order,
        Self::Source,
        Self::Issued,
        Self::Due,
        Self::Total,
        Self::Open,
        Self::Currency,
        Self::Status,
    ];

    /// Its key in addresses, exports and style sheets.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Counterparty => "counterparty",
            Self::Company => "company",
            Self::ExternalId => "external_id",
            Self::Order => "order",
            Self::Source => "source",
            Self::Issued => "issued",
            Self::Due => "due",
            Self::Total => "total",
            Self::Open => "open",
            Self::Currency => "currency",
            Self::Status => "status",
        }
    }

    /// Reads the key.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|column| column.code() == code)
    }

    /// The words at its head; the other side of a document is named by what it is.
    pub const fn heading(self, side: Side) -> &'static str {
        match self {
            Self::Number => "Invoice",
            Self::Counterparty => match side {
                Side::Seller => "Customer",
                Side::Buyer => "From",
            },
            Self::Company => "Company",
            Self::ExternalId => "External ID",
            Self::Order => "Order",
            Self::Source => "Source",
            Self::Issued => "Issued",
            Self::Due => "Due",
            Self::Total => "Total",
            Self::Open => "Open",
            Self::Currency => "Currency",
            Self::Status => "Status",
        }
    }

    /// Numbers stand at the end, so that their digits line up.
    pub const fn align(self) -> Align {
        match self {
            Self::Total | Self::Open => Align::End,
            Self::Number
            | Self::Counterparty
            | Self::Company
            | Self::ExternalId
            | Self::Order
            | Self::Source
            | Self::Issued
            | Self::Due
            | Self::Currency
            | Self::Status => Align::Start,
        }
    }

    /// By what its heading sorts; none: the heading is no link.
    pub const fn sort_key(self) -> Option<SortKey> {
        match self {
            Self::Number => Some(SortKey::Number),
            Self::Counterparty => Some(SortKey::Counterparty),
            Self::Order => Some(SortKey::Order),
            Self::Source => Some(SortKey::Source),
            Self::Issued => Some(SortKey::Issued),
            Self::Due => Some(SortKey::Due),
            Self::Total => Some(SortKey::Total),
            Self::Open => Some(SortKey::Open),
            Self::Status => Some(SortKey::Status),
            Self::Company | Self::ExternalId | Self::Currency => None,
        }
    }

    /// The text of a cell as people read it; empty when there is nothing to say.
    pub fn text(self, row: &InvoiceRow, locale: Locale) -> String {
        match self {
            Self::Number => row.number.clone().unwrap_or_default(),
            Self::Counterparty => row.counterparty.clone(),
            Self::Company => row.company.clone().unwrap_or_default(),
            Self::ExternalId => row.external_id.clone().unwrap_or_default(),
            Self::Order => row.order_id.clone().unwrap_or_default(),
            Self::Source => row.source.label().to_owned(),
            Self::Issued => row
                .issue_date
                .map(|date| format_date(date, locale))
                .unwrap_or_default(),
            Self::Due => format_date(row.due_date, locale),
            Self::Total => format_amount_with_code(row.total, locale),
            Self::Open => format_amount_with_code(row.open, locale),
            Self::Currency => row.total.currency().code().to_owned(),
            Self::Status => row.status.label().to_owned(),
        }
    }

    /// The cell of an export, quoted and guarded: amounts as plain decimals with a point, dates as ISO, words as on
    /// the page.
    pub fn csv(self, row: &InvoiceRow) -> String {
        match self {
            Self::Total => csv_number(&format_amount_plain(row.total)),
            Self::Open => csv_number(&format_amount_plain(row.open)),
            Self::Issued => csv_cell(&row.issue_date.map(|date| date.to_string()).unwrap_or_default()),
            Self::Due => csv_cell(&row.due_date.to_string()),
            Self::Number
            | Self::Counterparty
            | Self::Company
            | Self::ExternalId
            | Self::Order
            | Self::Source
            | Self::Currency
            | Self::Status => csv_cell(&self.text(row, Locale::EnUs)),
        }
    }
}

/// The columns that are shown when the address says nothing; with `several`, to who sees the papers of several companies.
pub const fn default_columns(side: Side, several: bool) -> &'static [Column] {
    match side {
        Side::Buyer if several => &[
            Column::Number,
            Column::Counterparty,
            Column::Company,
            Column::Issued,
            Column::Due,
            Column::Total,
            Column::Open,
            Column::Status,
        ],
        Side::Seller => &[
            Column::Number,
            Column::Counterparty,
            Column::Order,
            Column::Source,
            Column::Issued,
            Column::Due,
            Column::Total,
            Column::Open,
            Column::Status,
        ],
        Side::Buyer => &[
            Column::Number,
            Column::Counterparty,
            Column::Order,
            Column::Issued,
            Column::Due,
            Column::Total,
            Column::Open,
            Column::Status,
        ],
    }
}

/// The columns of an export: those that are shown, and the currency beside the amounts, which carry no code there.
pub fn export_columns(shown: &[Column]) -> Vec<Column> {
    let amounts = shown
        .iter()
        .position(|column| matches!(column, Column::Total | Column::Open));
    let mut columns = shown.to_vec();
    if let Some(first) = amounts
        && !shown.contains(&Column::Currency)
    {
        columns.insert(first, Column::Currency);
    }
    columns
}

/// The first line of an export, with its line end.
pub fn csv_header(columns: &[Column], side: Side) -> String {
    crate::csv::csv_line(columns.iter().map(|column| csv_cell(column.heading(side))))
}

/// The line of a row in an export, with its line end.
pub fn csv_row(columns: &[Column], row: &InvoiceRow) -> String {
    crate::csv::csv_line(columns.iter().map(|column| column.csv(row)))
}

#[cfg(test)]
mod tests;
