//! The entries behind a balance of the books, the newest first, each with what the balance was after it.

use crate::{
    address::{pairs, query_string},
    csv::{csv_cell, csv_line, csv_number},
    ids::AccountId,
    ledger::{Book, EntryKind},
    list::{Page, Position},
    locale::{format_amount_plain, parse_date},
    money::{Currency, Money},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Of what the entries are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Behind {
    /// One book.
    Book(Book),
    /// What customers have that is put to nothing: unapplied money and credit.
    Unused,
    /// What customers owe less what they have.
    Owed,
}

impl Behind {
    /// The word in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Book(book) => book.code(),
            Self::Unused => "unused",
            Self::Owed => "owed",
        }
    }

    /// Reads the word.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "unused" => Some(Self::Unused),
            "owed" => Some(Self::Owed),
            book => Book::from_code(book).map(Self::Book),
        }
    }

    /// What it is called on screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Book(book) => book.label(),
            Self::Unused => "Unused money and credit",
            Self::Owed => "Owed less unused",
        }
    }

    /// The books.
    pub fn books(self) -> Vec<Book> {
        match self {
            Self::Book(book) => vec![book],
            Self::Unused => vec![Book::Unapplied, Book::Credit],
            Self::Owed => vec![Book::Receivable, Book::Unapplied, Book::Credit],
        }
    }

    /// Whether what came in on the left makes it more.
    pub const fn is_debit(self) -> bool {
        match self {
            Self::Book(book) => book.is_debit(),
            Self::Unused => false,
            Self::Owed => true,
        }
    }
}

/// An entry: a movement between two books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryRow {
    /// On which day it was booked.
    pub day: NaiveDate,
    /// What was done.
    pub kind: EntryKind,
    /// The documents that it is about: number and page.
    pub documents: Vec<(String, String)>,
    /// Whose account.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// The book on its other side, where that is none of those that are looked at.
    pub other: Option<Book>,
    /// What it did to the balance.
    pub amount: Money,
    /// The balance after it.
    pub balance: Money,
}

/// A part of the entries behind a balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entries {
    /// Until the end of which day.
    pub on: NaiveDate,
    /// The name of the account, where it is one's alone.
    pub of: Option<String>,
    /// The entries.
    pub page: Page<EntryRow>,
}

/// The list as an address asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryQuery {
    /// Of what.
    pub behind: Behind,
    /// In which currency.
    pub currency: Currency,
    /// Of one account alone.
    pub account: Option<AccountId>,
    /// Until the end of this day; today when it says none.
    pub on: Option<NaiveDate>,
    /// Which part.
    pub position: Position,
}

impl EntryQuery {
    /// Reads an address; none when it names no book or no currency.
    pub fn from_query(query: &str) -> Option<Self> {
        let (mut behind, mut currency) = (None, None);
        let (mut account, mut on, mut position) = (None, None, Position::First);
        for (key, value) in pairs(query) {
            match key.as_str() {
                "book" => behind = Behind::from_code(&value),
                "currency" => currency = value.parse().ok(),
                "account" => account = value.parse().ok(),
                "on" => on = parse_date(&value).ok(),
                key => position = Position::from_pair(key, &value).unwrap_or(position),
            }
        }
        Some(Self {
            behind: behind?,
            currency: currency?,
            account,
            on,
            position,
        })
    }

    /// Writes the address: what [`Self::from_query`] reads.
    pub fn to_query(&self) -> String {
        let all = [
            Some(("book", self.behind.code().to_owned())),
            Some(("currency", self.currency.code().to_owned())),
            self.account.map(|id| ("account", id.to_string())),
            self.on.map(|day| ("on", day.to_string())),
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

/// The first line of an export, with its line end.
pub fn csv_header() -> String {
    let names = [
        "Day",
        "Entry",
        "Documents",
        "Customer",
        "Other book",
        "Currency",
        "Amount",
        "Balance",
    ];
    csv_line(names.into_iter().map(csv_cell))
}

/// The line of an entry in an export, with its line end.
pub fn csv_row(row: &EntryRow) -> String {
    let EntryRow {
        day,
        kind,
        documents,
        account: _,
        name,
        other,
        amount,
        balance,
    } = row;
    let numbers: Vec<&str> = documents.iter().map(|(number, _)| number.as_str()).collect();
    csv_line([
        csv_cell(&day.to_string()),
        csv_cell(kind.label()),
        csv_cell(&numbers.join(" ")),
        csv_cell(name),
        csv_cell(other.map(Book::label).unwrap_or_default()),
        csv_cell(amount.currency().code()),
        csv_number(&format_amount_plain(*amount)),
        csv_number(&format_amount_plain(*balance)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_was_written() {
        let books = Book::ALL.iter().copied().map(Behind::Book);
        for behind in books.chain([Behind::Unused, Behind::Owed]) {
            let query = EntryQuery {
                behind,
                currency: Currency::EUR,
                account: "0190a5a0-0000-7000-8000-000000000001".parse().ok(),
                on: NaiveDate::from_ymd_opt(2026, 3, 1),
                position: Position::Last,
            };
            assert_eq!(EntryQuery::from_query(&query.to_query()), Some(query));
        }
        assert_eq!(EntryQuery::from_query("book=receivable"), None);
        assert_eq!(EntryQuery::from_query("book=nonsense&currency=EUR"), None);
    }
}
