//! How lists are ordered: the column of each sort, its kind, and the directions.

use chrono::NaiveDate;
use domain::{access::Side, invoices::SortKey, list::Direction};
use uuid::Uuid;

/// How a sort key is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyKind {
    /// A date.
    Date,
    /// An amount.
    Number,
    /// Text.
    Text,
}

/// Where a page starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Start {
    pub(super) rank: u8,
    pub(super) key: Key,
    pub(super) id: Uuid,
}

/// A value of the sort key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Date(NaiveDate),
    Number(i64),
    Text(String),
}

/// Directions of the three parts of an order: rank, key, id.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    pub(super) rank: Direction,
    pub(super) key: Direction,
}

impl Order {
    pub(super) fn new(sort: SortKey, direction: Direction, reversed: bool) -> Self {
        let turn = |direction: Direction| if reversed { direction.reversed() } else { direction };
        // Drafts have no issue date and stand last whichever way the dates run.
        let rank = if sort == SortKey::Issued {
            Direction::Ascending
        } else {
            direction
        };
        Self {
            rank: turn(rank),
            key: turn(direction),
        }
    }
}

pub(super) const fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Ascending => " ASC",
        Direction::Descending => " DESC",
    }
}

/// The column of a sort key. Nothing that came from outside becomes part of a statement.
pub(super) const fn key_column(sort: SortKey, side: Side) -> &'static str {
    match sort {
        SortKey::Due | SortKey::Status => "due_date",
        SortKey::Issued => "issue_key",
        SortKey::Number => "number_key",
        SortKey::Counterparty => match side {
            Side::Seller => "buyer_key",
            Side::Buyer => "seller_key",
        },
        SortKey::Order => "order_key",
        SortKey::Source => "source",
        SortKey::Total => "total_minor",
        SortKey::Open => "open_minor",
    }
}

/// How a sort key is stored.
pub(super) const fn key_kind(sort: SortKey) -> KeyKind {
    match sort {
        SortKey::Due | SortKey::Status | SortKey::Issued => KeyKind::Date,
        SortKey::Total | SortKey::Open => KeyKind::Number,
        SortKey::Number | SortKey::Counterparty | SortKey::Order | SortKey::Source => KeyKind::Text,
    }
}
