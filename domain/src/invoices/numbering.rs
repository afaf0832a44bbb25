//! Numbers of documents: how they look and which one comes next (V21 to V23).
//!
//! A number is given in the transaction that issues the document, from a counter that the transaction locks, so a
//! series has no gap and no twin; drafts have none. Within a series issue dates rise with the numbers. Numbers are
//! compared as text in lists, which agrees with counting as long as the counter fits its digits; a series that
//! outgrows them goes on, its numbers are just one digit longer and sort by their first digits.

use crate::refusal::Refusal;
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// How a series writes its numbers. Invoices and credit notes of a seller have series of their own (V23).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// What every number begins with: `INV`.
    pub prefix: String,
    /// Whether numbers carry the year and start again with it.
    pub yearly: Yearly,
    /// Digits of the counter, filled with zeros.
    pub digits: u8,
}

/// Whether a series starts again each year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Yearly {
    /// `INV-2026-00042`: one counter for each year of issue.
    Restart,
    /// `INV-00042`: one counter for ever.
    Continue,
}

/// A series as its counter row holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counter {
    /// The last number that was given; zero before the first.
    pub last: u64,
    /// The issue date of that document.
    pub last_date: Option<NaiveDate>,
}

impl Series {
    /// Which counter a document of this date takes its number from: the beginning that its numbers share.
    pub fn counter_name(&self, issued: NaiveDate) -> String {
        match self.yearly {
            Yearly::Restart => format!("{}-{:04}", self.prefix, issued.year()),
            Yearly::Continue => self.prefix.clone(),
        }
    }

    /// The number with this count, for a document of this date.
    pub fn number(&self, issued: NaiveDate, count: u64) -> String {
        format!(
            "{}-{count:0>1$}",
            self.counter_name(issued),
            usize::from(self.digits)
        )
    }
}

impl Counter {
    /// The counter after giving the next number to a document of this date.
    ///
    /// # Errors
    /// [`Refusal::DateBeforeLast`] when an earlier date would follow a later one (V22);
    /// [`Refusal::AmountTooLarge`] when the counter is exhausted.
    pub fn next(self, issued: NaiveDate) -> Result<Self, Refusal> {
        if let Some(last) = self.last_date
            && issued < last
        {
            return Err(Refusal::DateBeforeLast { last });
        }
        let last = self.last.checked_add(1).ok_or(Refusal::AmountTooLarge)?;
        Ok(Self {
            last,
            last_date: Some(issued),
        })
    }
}

#[cfg(test)]
mod tests;
