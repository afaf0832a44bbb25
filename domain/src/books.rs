//! The books as a seller reads them: balances on a day, who owes what and since when, and the proof of all of it.

pub mod account;
pub mod entries;

use crate::{
    ids::AccountId,
    invoices::codes::codes,
    ledger::Book,
    money::{Currency, Money},
    refusal::Refusal,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long a debt is overdue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Age {
    /// Not due yet, or due that day.
    NotDue,
    /// One to thirty days late.
    Days30,
    /// Thirty-one to sixty.
    Days60,
    /// Sixty-one to ninety.
    Days90,
    /// Later still.
    Older,
}

codes! {
    Age:
        NotDue = "not_due" "Not due",
        Days30 = "30" "1–30 days",
        Days60 = "60" "31–60 days",
        Days90 = "90" "61–90 days",
        Older = "older" "Over 90 days";
}

impl Age {
    /// The age of a debt on a day (V19: due today is not late).
    pub fn of(due: NaiveDate, on: NaiveDate) -> Self {
        match (on - due).num_days() {
            ..=0 => Self::NotDue,
            1..=30 => Self::Days30,
            31..=60 => Self::Days60,
            61..=90 => Self::Days90,
            _ => Self::Older,
        }
    }

    /// The day on which what is due then has just reached this age; none for what is not due.
    pub fn latest_due(self, on: NaiveDate) -> Option<NaiveDate> {
        let days = match self {
            Self::NotDue => return None,
            Self::Days30 => 1,
            Self::Days60 => 31,
            Self::Days90 => 61,
            Self::Older => 91,
        };
        on.checked_sub_days(chrono::Days::new(days))
    }

    /// The first and the last day on which what is due then has this age; none where there is no end.
    pub fn dues(self, on: NaiveDate) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let older = Self::ALL.iter().find(|age| **age > self);
        let first = older.and_then(|age| age.latest_due(on)?.succ_opt());
        (first, self.latest_due(on))
    }
}

/// What lies in a book, in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookBalance {
    /// The book.
    pub book: Book,
    /// What came in on the left.
    pub debit: Money,
    /// What went out on the right.
    pub credit: Money,
}

impl BookBalance {
    /// What is in it, counted so that what is usual is above zero: owed and had on the left, due and earned on the right.
    ///
    /// # Errors
    /// [`Refusal::AmountTooLarge`].
    pub fn balance(&self) -> Result<Money, Refusal> {
        if self.book.is_debit() {
            self.debit.checked_sub(self.credit)
        } else {
            self.credit.checked_sub(self.debit)
        }
    }
}

/// What is owed, by age, and what lies unused with the seller, in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owed {
    /// Open amounts that are not disputed, one for each [`Age`] in their order.
    pub ages: [Money; 5],
    /// What is open and disputed, which no age has (V19).
    pub disputed: Money,
    /// Money and credit that is put to nothing.
    pub unused: Money,
}

impl Owed {
    /// The currency of all of it.
    pub const fn currency(&self) -> Currency {
        self.unused.currency()
    }

    /// All that is open, disputed or not.
    ///
    /// # Errors
    /// [`Refusal::AmountTooLarge`].
    pub fn open(&self) -> Result<Money, Refusal> {
        Money::sum(self.currency(), self.ages)?.checked_add(self.disputed)
    }

    /// What is open less what lies unused.
    ///
    /// # Errors
    /// [`Refusal::AmountTooLarge`].
    pub fn balance(&self) -> Result<Money, Refusal> {
        self.open()?.checked_sub(self.unused)
    }
}

/// What a customer owes and has with the seller in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerBalance {
    /// Its account.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// How much.
    pub owed: Owed,
}

/// The books on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Books {
    /// The day, with all that was booked on it.
    pub on: NaiveDate,
    /// Today, where the seller is.
    pub today: NaiveDate,
    /// Every book that was ever used, by currency and book.
    pub books: Vec<BookBalance>,
    /// Customers with something open or unused, the largest debt first, by currency.
    pub customers: Vec<CustomerBalance>,
    /// What all customers owe together, those that are not listed too, by currency.
    pub together: Vec<Owed>,
    /// How many balances of customers there are beyond those.
    pub more: u64,
}

impl Books {
    /// The currencies in it, in their order.
    pub fn currencies(&self) -> Vec<Currency> {
        let mut all: Vec<Currency> = self.books.iter().map(|book| book.debit.currency()).collect();
        all.sort();
        all.dedup();
        all
    }
}

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The document or row.
    pub id: Uuid,
    /// What people call it, and its page, where it is a document or a customer.
    pub named: Option<(String, String)>,
    /// What is stored.
    pub found: i64,
    /// What follows from the rest.
    pub wanted: i64,
}

/// One thing that was computed anew and compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// What was compared.
    pub what: String,
    /// The rule behind it, as in `docs/RULES.md`.
    pub rule: String,
    /// What differs, the first hundred.
    pub differences: Vec<Difference>,
}

/// A series of numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesProof {
    /// What is numbered.
    pub kind: String,
    /// What the numbers begin with.
    pub series: String,
    /// Numbers that were given.
    pub given: i64,
}

/// Everything that was proved, and on how much.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proofs {
    /// What was counted, and how many of each there are.
    pub counted: Vec<(String, u64)>,
    /// The comparisons, those with differences first.
    pub proofs: Vec<Proof>,
    /// The series.
    pub series: Vec<SeriesProof>,
    /// How long it took, in milliseconds.
    pub milliseconds: u64,
}

impl Proofs {
    /// How many differences there are.
    pub fn differences(&self) -> usize {
        self.proofs.iter().map(|proof| proof.differences.len()).sum()
    }
}

#[cfg(test)]
mod tests;
