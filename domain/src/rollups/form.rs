//! The form of a roll-up bill, as typed and as read.

use super::Period;
use crate::{
    ids::{AccountId, FormKey},
    locale::parse_date,
    money::{Currency, Money},
    refusal::{FieldErrors, Refusal},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The form as typed. The first four fields choose what is shown, the others come with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollupFields {
    /// The parent's account.
    #[serde(default)]
    pub account: String,
    /// Code of the currency.
    #[serde(default)]
    pub currency: String,
    /// First day of the period, as a date input sends it.
    #[serde(default)]
    pub period_from: String,
    /// Last day of the period.
    #[serde(default)]
    pub period_to: String,
    /// Key of the rendering (V29).
    #[serde(default)]
    pub key: String,
    /// When the bill is due.
    #[serde(default)]
    pub due_date: String,
    /// The sum that was shown, in minor units.
    #[serde(default)]
    pub seen: String,
    /// The mark of the invoices that were shown.
    #[serde(default)]
    pub shown: String,
}

/// Which invoices one asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// The parent's account.
    pub account: AccountId,
    /// In which currency (V44).
    pub currency: Currency,
    /// Issued on which days.
    pub period: Period,
}

/// A bill to be issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueRollup {
    /// Key of the rendering; the bill's id.
    pub key: FormKey,
    /// What it is to hold.
    pub wanted: Wanted,
    /// When it is due.
    pub due_date: NaiveDate,
    /// The sum that was shown.
    pub seen: Money,
    /// The mark of the invoices that were shown: as much may be owed on others by now.
    pub shown: String,
}

impl RollupFields {
    /// Reads which invoices are asked for.
    ///
    /// # Errors
    /// By field: [`Refusal::Missing`], [`Refusal::NotADate`], [`Refusal::UnknownChoice`], and [`Refusal::RangeReversed`] for a period that ends
    /// before it begins.
    pub fn wanted(&self) -> Result<Wanted, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut keep = |field: &'static str, refusal| errors.add(field, refusal);
        let account = choice(&self.account).map_err(|refusal| keep("account", refusal));
        let currency = choice(&self.currency).map_err(|refusal| keep("currency", refusal));
        let from = day(&self.period_from).map_err(|refusal| keep("period_from", refusal));
        let to = day(&self.period_to).map_err(|refusal| keep("period_to", refusal));
        match (account, currency, from, to) {
            (Ok(_), Ok(_), Ok(from), Ok(to)) if to < from => {
                Err(FieldErrors::one("period_to", Refusal::RangeReversed))
            }
            (Ok(account), Ok(currency), Ok(from), Ok(to)) => Ok(Wanted {
                account,
                currency,
                period: Period { from, to },
            }),
            _ => Err(errors),
        }
    }

    /// Reads the bill that is to be issued.
    ///
    /// # Errors
    /// As [`Self::wanted`]; at `due_date` [`Refusal::Missing`] and [`Refusal::NotADate`]; [`Refusal::FormBroken`] for what no browser changes by
    /// itself.
    pub fn parse(&self) -> Result<IssueRollup, FieldErrors> {
        let wanted = self.wanted()?;
        let due_date = day(&self.due_date).map_err(|refusal| FieldErrors::one("due_date", refusal))?;
        let (Ok(key), Ok(seen)) = (self.key.trim().parse(), self.seen.trim().parse()) else {
            return Err(FieldErrors::one("", Refusal::FormBroken));
        };
        Ok(IssueRollup {
            key,
            wanted,
            due_date,
            seen: Money::new(seen, wanted.currency),
            shown: self.shown.trim().chars().take(64).collect(),
        })
    }
}

fn choice<T: std::str::FromStr>(text: &str) -> Result<T, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Refusal::Missing);
    }
    text.parse().map_err(|_| Refusal::UnknownChoice {
        text: text.to_owned(),
    })
}

fn day(text: &str) -> Result<NaiveDate, Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::Missing);
    }
    parse_date(text)
}
