//! Amounts, days and currencies as the formats write them, each with the line that is named when one is wrong.

use super::refused::BankFileRefused;
use chrono::{Datelike, NaiveDate};
use domain::{
    Currency, Money,
    imports::{DecimalMark, money},
};

/// An amount without sign, grouping or currency: digits and at most one mark, in no more decimals than the currency has.
pub(super) fn amount(
    text: &str,
    mark: DecimalMark,
    currency: Currency,
    line: u64,
) -> Result<Money, BankFileRefused> {
    let character = match mark {
        DecimalMark::Point => '.',
        DecimalMark::Comma => ',',
    };
    let plain = text.chars().all(|c| c.is_ascii_digit() || c == character);
    if !plain || text.len() > 40 {
        return Err(BankFileRefused::entry(
            line,
            format!("{} is no amount", short(text)),
        ));
    }
    money(text, mark, currency).map_err(|problem| {
        let what = problem.message();
        BankFileRefused::entry(line, what.trim_end_matches('.'))
    })
}

/// The opposite of an amount.
pub(super) fn negative(amount: Money, line: u64) -> Result<Money, BankFileRefused> {
    amount
        .checked_neg()
        .map_err(|_| BankFileRefused::entry(line, "the amount is too large"))
}

/// A currency by its code.
pub(super) fn currency(code: &str, line: u64) -> Result<Currency, BankFileRefused> {
    code.parse()
        .map_err(|_| BankFileRefused::entry(line, format!("{} is no currency", short(code))))
}

/// A day as `20261120` or `2026-11-20`, whatever follows it.
pub(super) fn day(text: &str, line: u64) -> Result<NaiveDate, BankFileRefused> {
    let digits: String = text
        .chars()
        .filter(|c| *c != '-')
        .take_while(char::is_ascii_digit)
        .take(8)
        .collect();
    let read = (digits.len() == 8).then(|| calendar(&digits[..4], &digits[4..6], &digits[6..]));
    read.flatten()
        .ok_or_else(|| BankFileRefused::entry(line, format!("{} is no day", short(text))))
}

/// A day as `261120`.
pub(super) fn short_day(text: &str, line: u64) -> Result<NaiveDate, BankFileRefused> {
    let is_day = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    // Banks gave out no files before 1970.
    let century = if text < "70" { "20" } else { "19" };
    let read = is_day.then(|| calendar(&format!("{century}{}", &text[..2]), &text[2..4], &text[4..]));
    read.flatten()
        .ok_or_else(|| BankFileRefused::entry(line, format!("{} is no day", short(text))))
}

/// A day as `1231` in the year that puts it next to another day: entries of December are valued in January.
pub(super) fn near(text: &str, other: NaiveDate, line: u64) -> Result<NaiveDate, BankFileRefused> {
    let is_day = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    let years = [other.year(), other.year() - 1, other.year() + 1];
    let read = years
        .into_iter()
        .filter(|_| is_day)
        .filter_map(|year| calendar(&year.to_string(), &text[..2], &text[2..]))
        .min_by_key(|day| (*day - other).num_days().abs());
    read.ok_or_else(|| BankFileRefused::entry(line, format!("{} is no day", short(text))))
}

/// A text for a message.
pub(super) fn short(text: &str) -> String {
    let cut: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
    format!("\u{201c}{cut}\u{201d}")
}

/// Nothing is said: what banks write where a reference is missing.
pub(super) fn is_said(reference: &str) -> bool {
    let plain = reference.trim().to_ascii_uppercase();
    !matches!(
        plain.as_str(),
        "" | "NOTPROVIDED" | "NONREF" | "NOTAVAILABLE" | "NOT PROVIDED" | "UNKNOWN" | "N/A"
    )
}

fn calendar(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let year = year.parse().ok().filter(|year| (1970..2200).contains(year))?;
    NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)
}
