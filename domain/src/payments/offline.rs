//! Payments that are recorded by hand, and unapplied money that is put to invoices (P12 to P16, V26).
//!
//! Money beside the portal has come in already, so that it is too much is no error: the rest stays unapplied on the
//! account and is offered for the next invoice. Lines without an amount are not meant.

mod pages;

pub use pages::*;

use super::{
    SubmitLine,
    allocation::{CheckedLine, Current, Open, check_lines, spread},
    form::{LineFields, MOST_LINES, line_field, place_among},
};
use crate::{
    days::check_typed,
    ids::{AccountId, FormKey},
    invoices::codes::codes,
    locale::{Locale, parse_amount, parse_date},
    money::{Currency, Money},
    refusal::{FieldErrors, Refusal},
    text,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Most characters of a check number or memo (P14).
pub const MEMO_MAX: u32 = 200;

/// The form as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordFields {
    /// Key of the rendering (V29).
    #[serde(default)]
    pub key: String,
    /// The trading account.
    #[serde(default)]
    pub account: String,
    /// Code of the currency.
    #[serde(default)]
    pub currency: String,
    /// What came in.
    #[serde(default)]
    pub amount: String,
    /// On which day, as a date input sends it.
    #[serde(default)]
    pub paid_on: String,
    /// Check number or cash payment memo (P14).
    #[serde(default)]
    pub memo: String,
    /// Where it goes: a word of [`PutTo`].
    #[serde(default)]
    pub put: String,
    /// One for each open invoice on the page.
    #[serde(default)]
    pub lines: Vec<LineFields>,
    /// The entry of a bank's file that it is recorded from.
    #[serde(default)]
    pub entry: String,
}

/// Where money goes that comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PutTo {
    /// To what is due first, as far as it reaches (V28).
    Oldest,
    /// To the invoices that were chosen.
    Chosen,
    /// Nowhere yet (V26).
    Nothing,
}

codes! {
    PutTo:
        Oldest = "oldest" "Oldest due first",
        Chosen = "chosen" "As I say",
        Nothing = "nothing" "Leave it unapplied";
}

/// A payment to be recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordPayment {
    /// Key of the rendering.
    pub key: FormKey,
    /// The trading account.
    pub account: AccountId,
    /// What came in, above zero.
    pub amount: Money,
    /// On which day.
    pub paid_on: NaiveDate,
    /// Check number or memo; the buyer sees it (P15).
    pub memo: Option<String>,
    /// Where it goes.
    pub put: PutTo,
    /// What of it goes to which invoice, where that was chosen.
    pub lines: Vec<SubmitLine>,
}

/// Money that is put to invoices, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllocateFields {
    /// Key of the rendering (V29).
    #[serde(default)]
    pub key: String,
    /// One for each open invoice on the page.
    #[serde(default)]
    pub lines: Vec<LineFields>,
}

/// Unapplied money of a payment, or what is left of a credit note, that is to be put to invoices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllocatePayment {
    /// Key of the rendering.
    pub key: FormKey,
    /// The payment or credit note.
    pub from: Uuid,
    /// What of it goes to which invoice.
    pub lines: Vec<SubmitLine>,
}

impl RecordFields {
    /// Reads what was typed.
    ///
    /// # Errors
    /// By field: [`Refusal::FormBroken`] for what was tampered with, [`Refusal::Missing`], what [`parse_amount`],
    /// [`parse_date`] and [`text::line`] say, [`Refusal::NotPositive`] for the amount.
    pub fn parse(&self, locale: Locale) -> Result<RecordPayment, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut keep = |field: &'static str, refusal| errors.add(field, refusal);
        let ids = (self.key.trim().parse(), self.account.trim().parse());
        let currency: Result<Currency, _> = self.currency.trim().parse();
        let amount = currency
            .map_err(|_| Refusal::FormBroken)
            .and_then(|currency| amount(&self.amount, currency, locale))
            .map_err(|refusal| keep("amount", refusal));
        let paid_on = if self.paid_on.trim().is_empty() {
            Err(Refusal::Missing)
        } else {
            parse_date(&self.paid_on)
        };
        let paid_on = paid_on.map_err(|refusal| keep("paid_on", refusal));
        let memo = text::line(&self.memo, MEMO_MAX).map_err(|refusal| keep("memo", refusal));
        let put = PutTo::from_code(self.put.trim());
        let lines = match put {
            Some(PutTo::Chosen) => read_lines(&self.lines, locale).map_err(|found| errors.0.extend(found.0)),
            Some(PutTo::Oldest | PutTo::Nothing) | None => Ok(Vec::new()),
        };
        let (Ok(key), Ok(account), Some(put)) = (ids.0, ids.1, put) else {
            errors.add("", Refusal::FormBroken);
            return Err(errors);
        };
        match (amount, paid_on, memo, lines) {
            (Ok(amount), Ok(paid_on), Ok(memo), Ok(lines)) => Ok(RecordPayment {
                key,
                account,
                amount,
                paid_on,
                memo: Some(memo).filter(|memo| !memo.is_empty()),
                put,
                lines,
            }),
            _ => Err(errors),
        }
    }

    /// Moves the errors of the lines that are meant to the fields that were posted.
    pub fn place(&self, errors: FieldErrors) -> FieldErrors {
        place_among(&meant(&self.lines), errors)
    }
}

impl AllocateFields {
    /// Reads what was typed.
    ///
    /// # Errors
    /// By field as [`RecordFields::parse`]; [`Refusal::NothingChosen`] under the empty name.
    pub fn parse(&self, from: Uuid, locale: Locale) -> Result<AllocatePayment, FieldErrors> {
        let lines = read_lines(&self.lines, locale)?;
        let Ok(key) = self.key.trim().parse() else {
            return Err(FieldErrors::one("", Refusal::FormBroken));
        };
        if lines.is_empty() {
            return Err(FieldErrors::one("", Refusal::NothingChosen));
        }
        Ok(AllocatePayment { key, from, lines })
    }

    /// As [`RecordFields::place`].
    pub fn place(&self, errors: FieldErrors) -> FieldErrors {
        place_among(&meant(&self.lines), errors)
    }
}

/// The posted lines that have an amount.
pub(crate) fn meant(lines: &[LineFields]) -> Vec<usize> {
    let has_amount = |index: &usize| !lines[*index].amount.trim().is_empty();
    (0..lines.len()).filter(has_amount).collect()
}

/// The posted lines that are meant.
pub(crate) fn read_lines(lines: &[LineFields], locale: Locale) -> Result<Vec<SubmitLine>, FieldErrors> {
    if lines.len() > MOST_LINES {
        return Err(FieldErrors::one("", Refusal::FormBroken));
    }
    let mut errors = FieldErrors::default();
    let mut read = Vec::new();
    for index in meant(lines) {
        match lines[index].parse(locale) {
            Ok(line) => read.push(line),
            Err((field, refusal)) => errors.add(line_field(index, field), refusal),
        }
    }
    errors.unless(read)
}

fn amount(typed: &str, currency: Currency, locale: Locale) -> Result<Money, Refusal> {
    if typed.trim().is_empty() {
        return Err(Refusal::Missing);
    }
    let amount = parse_amount(typed, currency, locale)?;
    if amount.is_positive() {
        Ok(amount)
    } else {
        Err(Refusal::NotPositive {
            number: String::new(),
        })
    }
}

/// Checks a payment that is to be recorded against the invoices as they are now, read under lock (V24 to V27, V30).
/// What goes to the oldest is spread over them here.
///
/// # Errors
/// By field: what [`check_typed`] says of the day; whatever [`check_lines`] says of a line, [`Refusal::FormBroken`] for
/// an invoice of another account, [`Refusal::PaidWithRollup`] for one that another one pays; [`Refusal::MoreThanAvailable`] for the amount when the lines are more than came in.
pub fn check_record(
    record: &RecordPayment,
    current: &[(Current, NaiveDate)],
    today: NaiveDate,
) -> Result<Vec<CheckedLine>, FieldErrors> {
    check_typed(record.paid_on, today).map_err(|why| FieldErrors::one("paid_on", why))?;
    let lines = match record.put {
        PutTo::Oldest => oldest(record.amount, current)?,
        PutTo::Chosen | PutTo::Nothing => record.lines.clone(),
    };
    let current: Vec<Current> = current.iter().map(|(now, _)| now.clone()).collect();
    check_parts(record.account, record.amount, &lines, &current).map_err(|errors| rename(errors, "amount"))
}

/// Checks money that is to be put to invoices: what is there of it, and the invoices as they are now (V24 to V27, V30).
///
/// # Errors
/// As [`check_record`]; that the lines are more than there is stands under the empty name.
pub fn check_parts(
    account: AccountId,
    available: Money,
    lines: &[SubmitLine],
    current: &[Current],
) -> Result<Vec<CheckedLine>, FieldErrors> {
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let checked = check_lines(lines, current)?;
    let mut errors = FieldErrors::default();
    for (index, line) in checked.iter().enumerate() {
        let now = current.iter().find(|now| now.invoice == line.invoice);
        match now.map(|now| now.paid_by(account)) {
            Some(Err(refusal)) => errors.add(line_field(index, "amount"), refusal),
            _ if line.account != account => errors.add(line_field(index, "amount"), Refusal::FormBroken),
            _ => {}
        }
    }
    let sum = Money::sum(available.currency(), checked.iter().map(|line| line.amount));
    match sum {
        Ok(sum) if sum.minor() > available.minor() => {
            errors.add("", Refusal::MoreThanAvailable { available });
        }
        Ok(_) => {}
        Err(refusal) => errors.add("", refusal),
    }
    errors.unless(checked)
}

/// A sum over what is due first (V28).
fn oldest(sum: Money, current: &[(Current, NaiveDate)]) -> Result<Vec<SubmitLine>, FieldErrors> {
    let open: Vec<Open> = current
        .iter()
        .map(|(now, due)| Open {
            invoice: now.invoice,
            number: now.number.clone(),
            due: *due,
            payable: now.offered(),
        })
        .collect();
    let (parts, _) = spread(sum, &open).map_err(|refusal| FieldErrors::one("amount", refusal))?;
    let line = |(invoice, amount)| {
        let (now, _) = current.iter().find(|(now, _)| now.invoice == invoice)?;
        Some(SubmitLine {
            invoice,
            seen: now.payable(),
            amount,
        })
    };
    Ok(parts.into_iter().filter_map(line).collect())
}

/// Says what is wrong with the whole at a field.
fn rename(errors: FieldErrors, field: &'static str) -> FieldErrors {
    let named = |name: String| if name.is_empty() { field.to_owned() } else { name };
    FieldErrors(
        errors
            .0
            .into_iter()
            .map(|(name, refusal)| (named(name), refusal))
            .collect(),
    )
}

#[cfg(test)]
mod tests;
