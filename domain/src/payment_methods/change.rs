//! What can be changed of a saved card or bank account: the expiry, when the bank has sent the same card anew, and the name
//! on it. A new number is a new card.

use super::{Expiry, MethodKind, SavedCard, expiry};
use crate::{
    refusal::{FieldErrors, Refusal},
    text::{line, needed},
};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// A card is good for no longer than so many years.
const YEARS_AHEAD: u16 = 30;

/// Most characters of the name on a card or of a bank account's owner.
pub const HOLDER_MAX: u32 = 100;

/// What is changed; what is none stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardChange {
    /// Month, 1 to 12, and year, four digits.
    pub expiry: Option<(u8, u16)>,
    /// The name on the card, or of the account's owner. Only the gateway keeps it.
    pub holder: Option<String>,
}

/// The page on which a saved card or bank account is changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changeable {
    /// It.
    pub card: SavedCard,
    /// Who is paid with it.
    pub seller_name: String,
    /// Today where the seller is.
    pub today: NaiveDate,
}

/// What that page posts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeFields {
    /// Month of expiry.
    #[serde(default)]
    pub month: String,
    /// Year of expiry; two digits, as cards print it, are this century's.
    #[serde(default)]
    pub year: String,
    /// The name; empty leaves that of a card as it is.
    #[serde(default)]
    pub holder: String,
}

impl ChangeFields {
    /// What is to be changed. A bank account has no expiry, so all that can be changed of it is its owner's name.
    ///
    /// # Errors
    /// By field: [`Refusal::Missing`], [`Refusal::OutOfRange`], [`Refusal::TooLong`], [`Refusal::CardNumber`]; under
    /// `month` [`Refusal::ExpiryPast`].
    pub fn parse(&self, kind: MethodKind, today: NaiveDate) -> Result<CardChange, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut read = |field: &str, found: Result<u16, Refusal>| {
            found.map_err(|refusal| errors.add(field, refusal)).ok()
        };
        let expires = if kind.is_bank_debit() {
            None
        } else {
            let first = u16::try_from(today.year()).unwrap_or_default();
            let month = read("month", number(&self.month, 1, 12));
            let year = read("year", year(&self.year, first));
            month.zip(year)
        };
        let expires = expires.map(|(month, year)| (u8::try_from(month).unwrap_or_default(), year));
        if expires.is_some_and(|(month, year)| expiry(month, year, today) == Expiry::Expired) {
            errors.add("month", Refusal::ExpiryPast);
        }
        let holder = if kind.is_bank_debit() {
            needed(&self.holder, HOLDER_MAX)
        } else {
            line(&self.holder, HOLDER_MAX)
        };
        let holder = holder.unwrap_or_else(|refusal| {
            errors.add("holder", refusal);
            String::new()
        });
        errors.unless(CardChange {
            expiry: expires,
            holder: Some(holder).filter(|name| !name.is_empty()),
        })
    }
}

fn year(text: &str, first: u16) -> Result<u16, Refusal> {
    let last = first.saturating_add(YEARS_AHEAD);
    let century = first - first % 100;
    match number(text, 0, 99) {
        Ok(short) => number(&century.saturating_add(short).to_string(), first, last),
        Err(Refusal::Missing) => Err(Refusal::Missing),
        Err(_) => number(text, first, last),
    }
}

fn number(text: &str, from: u16, to: u16) -> Result<u16, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Refusal::Missing);
    }
    match text.parse::<u16>() {
        Ok(number) if (from..=to).contains(&number) => Ok(number),
        Ok(_) | Err(_) => Err(Refusal::OutOfRange {
            from: from.into(),
            to: to.into(),
        }),
    }
}

#[cfg(test)]
mod tests;
