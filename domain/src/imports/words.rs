//! Texts of a file that stand for something else than a date or a number: kinds, categories, rates, terms.
//!
//! Kept apart from the rows since UBL documents use the same words and bounds.

use super::{
    issues::Problem,
    mapping::RowKind,
    types::DocumentKind,
    values::{DecimalMark, decimal, shortened},
};
use crate::{decimal::TaxRate, invoices::TaxCategory};
use chrono::Days;

/// Most characters of a number, code, key or unit.
pub const SHORT_TEXT: usize = 200;
/// Most characters of a description or note.
pub const LONG_TEXT: usize = 4_000;

/// Whether a text may have line breaks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Breaks {
    /// In descriptions and notes.
    Kept,
    /// In numbers and names.
    Refused,
}

/// A text that is short enough and can be shown.
///
/// # Errors
/// [`Problem::TextTooLong`], [`Problem::ControlCharacter`].
pub fn bounded(text: &str, limit: usize, breaks: Breaks) -> Result<String, Problem> {
    if text.chars().nth(limit).is_some() {
        return Err(Problem::TextTooLong { limit });
    }
    let may_stand = |c: char| !c.is_control() || (breaks == Breaks::Kept && matches!(c, '\n' | '\r' | '\t'));
    if !text.chars().all(may_stand) {
        return Err(Problem::ControlCharacter);
    }
    Ok(text.to_owned())
}

/// A rate from 0 to 100, with or without a percent sign.
///
/// # Errors
/// [`Problem::RateOutOfRange`], or as [`decimal`].
pub fn percent(text: &str, mark: DecimalMark) -> Result<TaxRate, Problem> {
    let number = text.trim().trim_end_matches('%');
    let (value, _) = decimal(number, mark)?;
    let in_range = TaxRate::from_decimal(value)
        .ok()
        .filter(|rate| (0..=1_000_000).contains(&rate.scaled()));
    in_range.ok_or_else(|| Problem::RateOutOfRange {
        text: shortened(text),
    })
}

/// A tax category by its letter (V10).
pub fn category(text: &str) -> Option<TaxCategory> {
    match text.trim() {
        "S" => Some(TaxCategory::S),
        "Z" => Some(TaxCategory::Z),
        "E" => Some(TaxCategory::E),
        "AE" => Some(TaxCategory::AE),
        "K" => Some(TaxCategory::K),
        "G" => Some(TaxCategory::G),
        "O" => Some(TaxCategory::O),
        _ => None,
    }
}

pub(super) fn row_kind(text: &str) -> Result<RowKind, Problem> {
    match text.to_ascii_lowercase().as_str() {
        "line" => Ok(RowKind::Line),
        "discount" => Ok(RowKind::Discount),
        "charge" => Ok(RowKind::Charge),
        "tax" => Ok(RowKind::Tax),
        _ => Err(Problem::UnknownKind {
            text: shortened(text),
        }),
    }
}

/// Words and codes of QuickBooks, Xero, UBL and ours.
pub(super) fn document_kind(text: &str) -> Result<DocumentKind, Problem> {
    let plain: String = text
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase();
    match plain.as_str() {
        "invoice" | "salesinvoice" | "accrec" | "380" | "384" | "rechnung" => Ok(DocumentKind::Invoice),
        "creditnote" | "creditmemo" | "salescreditnote" | "accreccredit" | "381" | "gutschrift" => {
            Ok(DocumentKind::CreditNote)
        }
        _ => Err(Problem::UnknownKind {
            text: shortened(text),
        }),
    }
}

/// `Net 30`, `30 days`, `Due on receipt`. Other terms say nothing that could be computed.
pub(super) fn days_of_terms(terms: &str) -> Option<Days> {
    if terms.to_ascii_lowercase().contains("receipt") {
        return Some(Days::new(0));
    }
    let mut words = terms.split_whitespace();
    let (first, second, third) = (words.next()?, words.next(), words.next());
    let digits = match (first.to_ascii_lowercase().as_str(), second, third) {
        ("net", Some(digits), None) => digits,
        (digits, Some(unit), None) if unit.eq_ignore_ascii_case("days") => digits,
        (digits, None, None) => digits.strip_prefix("net").unwrap_or(digits),
        _ => return None,
    }
    .to_owned();
    digits.parse().ok().filter(|days| *days <= 3_650).map(Days::new)
}
