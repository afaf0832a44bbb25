//! Amounts opened to their parts: what every page `How it adds up` is made of.
//!
//! A part is a line, a document, an act of somebody or a sum of such. The parts of a step add up to its amount; where
//! they do not, something is stored that must not be, and the page says so instead of hiding it.

mod document;
mod outflow;

pub(crate) use document::document;
pub use outflow::{Destination, Outflow};
pub(crate) use outflow::{went_back, went_to_invoices, whereabouts};

use crate::money::Money;
use chrono::{DateTime, Utc};

/// A total and what it is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it is called on the document.
    pub name: &'static str,
    /// How much.
    pub amount: Money,
    /// Its parts, which add up to it.
    pub parts: Vec<Part>,
}

impl Step {
    /// Whether the parts are as much as the total, which is what is stored and shown elsewhere.
    pub fn adds_up(&self) -> bool {
        let parts = self.parts.iter().map(|part| part.amount);
        Money::sum(self.amount.currency(), parts) == Ok(self.amount)
    }
}

/// A part of a total.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub name: String,
    /// How it was computed.
    pub how: Option<String>,
    /// How much.
    pub amount: Money,
    /// When it happened, if it is an act.
    pub at: Option<DateTime<Utc>>,
    /// Who did it, if it is an act of somebody.
    pub by: Option<String>,
    /// The page of what it is.
    pub link: Option<String>,
}

impl Part {
    pub(crate) fn of(name: impl Into<String>, amount: Money) -> Self {
        Self {
            name: name.into(),
            how: None,
            amount,
            at: None,
            by: None,
            link: None,
        }
    }

    pub(crate) fn by_way_of(self, how: String) -> Self {
        Self {
            how: Some(how),
            ..self
        }
    }

    pub(crate) fn done(self, at: DateTime<Utc>, by: Option<String>) -> Self {
        Self {
            at: Some(at),
            by,
            ..self
        }
    }
}
