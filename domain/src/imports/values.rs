//! Texts of a file into dates, numbers and amounts.
//!
//! Nothing is guessed: the mapping says which date order and which decimal mark a file uses, a text that does not fit
//! is a [`Problem`]. Only dates that begin with a four-digit year are taken in any file, since they have one reading.

use super::issues::Problem;
use crate::{
    decimal::{Quantity, UnitPrice},
    money::{Currency, Money},
};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// In which order a file writes day, month and year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 31.12.2026, 31/12/26.
    Dmy,
    /// 12/31/2026.
    Mdy,
    /// 2026-12-31.
    #[default]
    Ymd,
}

impl DateOrder {
    /// The order in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Dmy => "day, month, year",
            Self::Mdy => "month, day, year",
            Self::Ymd => "year, month, day",
        }
    }

    /// The order that fits all samples when only one does: a proposal for the mapper, never applied by itself.
    pub fn guess<'a>(samples: impl IntoIterator<Item = &'a str> + Clone) -> Option<Self> {
        let fits = |order| samples.clone().into_iter().all(|text| date(text, order).is_ok());
        let fitting: Vec<_> = [Self::Dmy, Self::Mdy, Self::Ymd]
            .into_iter()
            .filter(|o| fits(*o))
            .collect();
        if let [one] = fitting[..] { Some(one) } else { None }
    }
}

/// Which character stands before the decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecimalMark {
    /// 1,234.50
    #[default]
    Point,
    /// 1.234,50
    Comma,
}

impl DecimalMark {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Point => "point",
            Self::Comma => "comma",
        }
    }

    fn mark(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }

    fn is_grouping(self, c: char) -> bool {
        let other = match self {
            Self::Point => ',',
            Self::Comma => '.',
        };
        c == other || is_blank(c) || matches!(c, '\'' | '\u{2019}')
    }
}

/// Reads a date. A time behind it is dropped: spreadsheets add midnight to plain dates.
///
/// # Errors
/// [`Problem::NotADate`] when the text has another shape or order, [`Problem::ImpossibleDate`] when the calendar has
/// no such day.
pub fn date(text: &str, order: DateOrder) -> Result<NaiveDate, Problem> {
    let whole = text.trim();
    let not_a_date = || Problem::NotADate {
        text: shortened(whole),
        order,
    };
    let day = without_time(whole);
    if day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit()) {
        return calendar(whole, &day[..4], &day[4..6], &day[6..]);
    }
    let separator = day.chars().find(|c| !c.is_ascii_digit()).ok_or_else(not_a_date)?;
    if !matches!(separator, '-' | '/' | '.' | ' ') {
        return Err(not_a_date());
    }
    let parts: Vec<&str> = day.split(separator).collect();
    let [first, second, third] = parts[..] else {
        return Err(not_a_date());
    };
    if parts
        .iter()
        .any(|part| part.is_empty() || part.len() > 4 || !part.bytes().all(|b| b.is_ascii_digit()))
    {
        return Err(not_a_date());
    }
    let (year, month, day) = match (first.len(), order) {
        (4, _) | (_, DateOrder::Ymd) => (first, second, third),
        (_, DateOrder::Dmy) => (third, second, first),
        (_, DateOrder::Mdy) => (third, first, second),
    };
    if !matches!(year.len(), 2 | 4) || month.len() > 2 || day.len() > 2 {
        return Err(not_a_date());
    }
    calendar(whole, year, month, day)
}

/// Reads a number with the chosen decimal mark. Thousands may be grouped by the other mark, blanks or apostrophes;
/// negatives may be written with a minus on either side or in parentheses; a currency sign or code is put aside and
/// returned.
///
/// # Errors
/// [`Problem::NotANumber`], [`Problem::TooLarge`].
pub fn decimal(text: &str, mark: DecimalMark) -> Result<(Decimal, Option<String>), Problem> {
    let not_a_number = || Problem::NotANumber {
        text: shortened(text),
        mark,
    };
    let stripped = strip(text).ok_or_else(not_a_number)?;
    let (whole, fraction) = match stripped.digits.split_once(mark.mark()) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (stripped.digits, None),
    };
    let whole = ungroup(whole, mark).ok_or_else(not_a_number)?;
    let fraction = fraction.unwrap_or_default();
    if !fraction.bytes().all(|b| b.is_ascii_digit()) || (whole.is_empty() && fraction.is_empty()) {
        return Err(not_a_number());
    }
    // Trailing zeros say nothing and must not count against the digits that a decimal holds.
    let fraction = fraction.trim_end_matches('0');
    let plain = format!(
        "{}{}.{}",
        if stripped.negative { "-" } else { "" },
        zero_if_empty(&whole),
        zero_if_empty(fraction)
    );
    let value = Decimal::from_str_exact(&plain).map_err(|_| Problem::TooLarge {
        text: shortened(text),
    })?;
    Ok((value.normalize(), stripped.currency.map(str::to_owned)))
}

/// Reads an amount in a currency.
///
/// # Errors
/// As [`decimal`]; [`Problem::CurrencyDiffers`] when it names another currency (V3), [`Problem::TooManyDecimals`]
/// when it has more decimals than the currency (V1): rounding here would be a second rounding (V2).
pub fn money(text: &str, mark: DecimalMark, currency: Currency) -> Result<Money, Problem> {
    let (value, code) = decimal(text, mark)?;
    if let Some(found) = code.filter(|code| code.is_ascii() && code.len() == 3 && code != currency.code()) {
        return Err(Problem::CurrencyDiffers {
            found,
            document: currency,
        });
    }
    if value.scale() > currency.exponent() {
        return Err(Problem::TooManyDecimals {
            text: shortened(text),
            kept: currency.exponent(),
        });
    }
    // Nothing is rounded: the scale was checked above.
    Money::round_half_away(value, currency).map_err(|_| Problem::TooLarge {
        text: shortened(text),
    })
}

/// A price and the quantity it is for, in the decimals that are kept: 0.00012345 for one becomes 0.012345 for a
/// hundred, which is the same to the last digit.
///
/// # Errors
/// [`Problem::TooManyDecimals`], [`Problem::TooLarge`].
pub fn price_for(price: Decimal, base: Quantity) -> Result<(UnitPrice, Quantity), Problem> {
    let price = price.normalize();
    let text = || price.to_string();
    let surplus = price.scale().saturating_sub(UnitPrice::SCALE);
    if surplus > MORE_DECIMALS {
        return Err(Problem::TooManyDecimals {
            text: text(),
            kept: UnitPrice::SCALE + MORE_DECIMALS,
        });
    }
    let factor = Decimal::from(10_u64.pow(surplus));
    let too_large = || Problem::TooLarge { text: text() };
    let base = base.to_decimal().checked_mul(factor).ok_or_else(too_large)?;
    let price = price.checked_mul(factor).ok_or_else(too_large)?;
    let priced = UnitPrice::from_decimal(price).and_then(|price| Ok((price, Quantity::from_decimal(base)?)));
    priced.map_err(|_| too_large())
}

/// Decimals of a price beyond those that are kept, which a larger base quantity can take.
const MORE_DECIMALS: u32 = 6;

/// A text for a message: the first 60 characters.
pub(super) fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('\u{2026}');
    }
    short
}

/// Blanks that office programs put between thousands, the non-breaking ones too.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{a0}' | '\u{2009}' | '\u{202f}')
}

fn zero_if_empty(digits: &str) -> &str {
    if digits.is_empty() { "0" } else { digits }
}

/// `2017-05-31 0:00:00` and `2017-05-31T00:00:00Z` without the time.
fn without_time(text: &str) -> &str {
    match text.split_once(['T', ' ']) {
        Some((day, time))
            if time.contains(':') && time.trim_start().starts_with(|c: char| c.is_ascii_digit()) =>
        {
            day.trim_end()
        }
        Some(_) | None => text,
    }
}

fn calendar(text: &str, year: &str, month: &str, day: &str) -> Result<NaiveDate, Problem> {
    let impossible = || Problem::ImpossibleDate {
        text: shortened(text),
    };
    let number = |digits: &str| digits.parse::<u32>().map_err(|_| impossible());
    let year = match (year.len(), number(year)?) {
        // Two digits: books from 1970 to 2069.
        (2, short @ 0..=69) => 2000 + short,
        (2, short) => 1900 + short,
        (_, full) => full,
    };
    let in_range = i32::try_from(year)
        .ok()
        .filter(|year| (1900..2200).contains(year))
        .ok_or_else(impossible)?;
    NaiveDate::from_ymd_opt(in_range, number(month)?, number(day)?).ok_or_else(impossible)
}

struct Stripped<'a> {
    negative: bool,
    currency: Option<&'a str>,
    digits: &'a str,
}

/// Takes sign, parentheses and currency off a number; none when one of them stands there twice.
fn strip(text: &str) -> Option<Stripped<'_>> {
    let mut rest = text.trim_matches(is_blank);
    let (mut negative, mut currency) = (false, None);
    if let Some(inner) = rest.strip_prefix('(') {
        rest = inner.strip_suffix(')')?.trim_matches(is_blank);
        negative = true;
    }
    let mut signed = negative;
    loop {
        let before = rest;
        let is_minus = |c| matches!(c, '-' | '\u{2212}');
        if let Some(unsigned) = rest
            .strip_prefix(is_minus)
            .or_else(|| rest.strip_suffix(is_minus))
        {
            if std::mem::replace(&mut signed, true) {
                return None;
            }
            (negative, rest) = (true, unsigned);
        } else if let Some(unsigned) = rest.strip_prefix('+') {
            if std::mem::replace(&mut signed, true) {
                return None;
            }
            rest = unsigned;
        } else if let Some((sign, other)) = currency_at_an_end(rest) {
            if currency.replace(sign).is_some() {
                return None;
            }
            rest = other;
        }
        rest = rest.trim_matches(is_blank);
        if rest == before {
            return Some(Stripped {
                negative,
                currency,
                digits: rest,
            });
        }
    }
}

/// Splits off a currency symbol or a three-letter code at the beginning or the end.
fn currency_at_an_end(text: &str) -> Option<(&str, &str)> {
    let is_symbol = |c| matches!(c, '$' | '\u{a2}'..='\u{a5}' | '\u{20a0}'..='\u{20cf}');
    let first = text.chars().next()?;
    let last = text.chars().next_back()?;
    if is_symbol(first) {
        return Some(text.split_at(first.len_utf8()));
    }
    if is_symbol(last) {
        let (rest, sign) = text.split_at(text.len() - last.len_utf8());
        return Some((sign, rest));
    }
    let is_code = |code: &str| code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase());
    if let Some((code, rest)) = text.split_at_checked(3).filter(|(code, _)| is_code(code)) {
        return (!rest.starts_with(char::is_alphabetic)).then_some((code, rest));
    }
    let (rest, code) = text.split_at_checked(text.len().checked_sub(3)?)?;
    (is_code(code) && !rest.ends_with(char::is_alphabetic)).then_some((code, rest))
}

/// Digits without their grouping. The groups must be of one kind, the last of three digits and the others of two or
/// three (lakh), so that `1,5` with a decimal point is an error and not fifteen.
fn ungroup(whole: &str, mark: DecimalMark) -> Option<String> {
    let Some(separator) = whole.chars().find(|c| !c.is_ascii_digit()) else {
        return Some(whole.to_owned());
    };
    if !mark.is_grouping(separator) {
        return None;
    }
    let groups: Vec<&str> = whole.split(separator).collect();
    let (first, rest) = groups.split_first()?;
    let (last, middle) = rest.split_last()?;
    let digits = |group: &&str| group.bytes().all(|b| b.is_ascii_digit());
    let fits = (1..=3).contains(&first.len())
        && last.len() == 3
        && middle.iter().all(|group| matches!(group.len(), 2 | 3))
        && groups.iter().all(digits);
    fits.then(|| groups.concat())
}
