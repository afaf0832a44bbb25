//! Reads amounts as people type and paste them: `1.234,50`, `1,234.50`, `1 234,50`, `1'234.50`, `€ 250`, `(12.00)`.
//!
//! Nothing is guessed that could be wrong by a factor of a thousand: two different separators tell which one is the
//! decimal mark; a single one before exactly three digits is read by the locale (D13); what fits no pattern is
//! refused.

use super::Locale;
use crate::{
    decimal::{Quantity, TaxRate, UnitPrice},
    money::{Currency, Money},
    refusal::Refusal,
};

/// Longer texts are no amounts; 64 bits need 26 characters with all separators.
const LONGEST: usize = 60;

/// Reads an amount of a currency. Code or sign of the currency may stand on either side, a minus on either side or
/// parentheses around it make it negative.
///
/// # Errors
/// [`Refusal::NotAnAmount`]; [`Refusal::TooManyDecimals`] when the currency has fewer, even if they are zeros, since
/// `1.500` may well be one thousand five hundred; [`Refusal::MixedCurrencies`] when the text names another currency;
/// [`Refusal::AmountTooLarge`].
pub fn parse_amount(text: &str, currency: Currency, locale: Locale) -> Result<Money, Refusal> {
    read(text, currency.exponent(), locale, Some(currency)).map(|minor| Money::new(minor, currency))
}

/// Reads a quantity, as people type amounts.
///
/// # Errors
/// As [`parse_amount`].
pub fn parse_quantity(text: &str, locale: Locale) -> Result<Quantity, Refusal> {
    read(text, Quantity::SCALE, locale, None).map(Quantity::from_scaled)
}

/// Reads the price of one unit, in major units of a currency; it may have more decimals than the currency (V2).
///
/// # Errors
/// As [`parse_amount`].
pub fn parse_unit_price(text: &str, currency: Currency, locale: Locale) -> Result<UnitPrice, Refusal> {
    read(text, UnitPrice::SCALE, locale, Some(currency)).map(UnitPrice::from_scaled)
}

/// Reads a rate in percent, with or without the sign; nothing is no percent.
///
/// # Errors
/// As [`parse_amount`].
pub fn parse_rate(text: &str, locale: Locale) -> Result<TaxRate, Refusal> {
    let text = text.trim().trim_end_matches('%');
    if text.is_empty() {
        return Ok(TaxRate::from_scaled(0));
    }
    read(text, TaxRate::SCALE, locale, None).map(TaxRate::from_scaled)
}

/// The integer of a number with so many decimals.
fn read(text: &str, scale: u32, locale: Locale, currency: Option<Currency>) -> Result<i64, Refusal> {
    let trimmed = text.trim();
    let refusal = || Refusal::NotAnAmount {
        text: trimmed.chars().take(LONGEST).collect(),
    };
    if trimmed.chars().count() > LONGEST {
        return Err(refusal());
    }
    let chars: Vec<Char> = trimmed.chars().map(Char::of).collect();
    let chars = without_dash_for_no_cents(&chars);
    let first = chars.iter().position(|c| c.is_digit()).ok_or_else(refusal)?;
    let last = chars.iter().rposition(|c| c.is_digit()).ok_or_else(refusal)?;
    // A mark without a whole part before it (.50), or without decimals after it (250.), belongs to the number.
    let first = if first > 0 && chars[first - 1].is_mark() {
        first - 1
    } else {
        first
    };
    let end = if chars.get(last + 1).is_some_and(|c| c.is_mark()) {
        last + 2
    } else {
        last + 1
    };

    let frame = Frame::read(&chars[..first], &chars[end..]).ok_or_else(refusal)?;
    match currency {
        Some(currency) => frame.check_currency(currency, refusal)?,
        None if frame.word.is_empty() => {}
        None => return Err(refusal()),
    }
    let (whole, decimals) = read_number(&chars[first..end], locale).ok_or_else(refusal)?;
    let exponent = usize::try_from(scale).unwrap_or(usize::MAX);
    if decimals.len() > exponent {
        return Err(Refusal::TooManyDecimals { kept: scale });
    }
    let padding = std::iter::repeat_n(0, exponent - decimals.len());
    let mut minor: i128 = 0;
    for digit in whole.into_iter().chain(decimals).chain(padding) {
        minor = minor * 10 + i128::from(digit);
        if minor > i128::from(u64::MAX) {
            return Err(Refusal::AmountTooLarge);
        }
    }
    let minor = if frame.negative { -minor } else { minor };
    i64::try_from(minor).map_err(|_| Refusal::AmountTooLarge)
}

/// A character by what it means in an amount. Full-width twins count as the plain ones.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Char {
    Digit(u8),
    Dot,
    Comma,
    Apostrophe,
    Blank,
    Plus,
    Minus,
    Opening,
    Closing,
    Other(char),
}

impl Char {
    fn of(c: char) -> Self {
        match c {
            '.' | '\u{ff0e}' => Self::Dot,
            ',' | '\u{ff0c}' => Self::Comma,
            '\'' | '\u{2019}' | '\u{ff07}' => Self::Apostrophe,
            '+' | '\u{ff0b}' => Self::Plus,
            '-' | '\u{2212}' | '\u{2010}' | '\u{2011}' | '\u{2013}' | '\u{ff0d}' => Self::Minus,
            '(' | '\u{ff08}' => Self::Opening,
            ')' | '\u{ff09}' => Self::Closing,
            '\u{ff10}'..='\u{ff19}' => {
                u8::try_from(u32::from(c) - 0xff10).map_or(Self::Other(c), Self::Digit)
            }
            _ if c.is_whitespace() => Self::Blank,
            _ => c
                .to_digit(10)
                .and_then(|d| u8::try_from(d).ok())
                .map_or(Self::Other(c), Self::Digit),
        }
    }

    const fn is_digit(self) -> bool {
        matches!(self, Self::Digit(_))
    }

    const fn is_mark(self) -> bool {
        matches!(self, Self::Dot | Self::Comma)
    }
}

/// `250,-` and `250.--` are how whole amounts are written in German-speaking countries; the dashes are no minus.
fn without_dash_for_no_cents(chars: &[Char]) -> &[Char] {
    let dashes = chars.iter().rev().take_while(|c| **c == Char::Minus).count();
    let rest = &chars[..chars.len() - dashes];
    match rest {
        [before @ .., mark] if dashes > 0 && mark.is_mark() => before,
        _ => chars,
    }
}

/// What stands around the digits.
struct Frame {
    negative: bool,
    word: String,
}

impl Frame {
    /// At most one sign or one pair of parentheses, and at most one word.
    fn read(before: &[Char], after: &[Char]) -> Option<Self> {
        let (mut signs, mut minus, mut opened, mut closed) = (0, false, 0, 0);
        let mut words = vec![String::new()];
        for &c in before.iter().chain([&Char::Blank]).chain(after) {
            match c {
                Char::Plus => signs += 1,
                Char::Minus => {
                    signs += 1;
                    minus = true;
                }
                Char::Opening => opened += 1,
                Char::Closing => closed += 1,
                Char::Other(letter) => words.last_mut()?.push(letter),
                Char::Blank => words.push(String::new()),
                Char::Digit(_) | Char::Dot | Char::Comma | Char::Apostrophe => return None,
            }
        }
        words.retain(|word| !word.is_empty());
        let in_order =
            before.iter().all(|c| *c != Char::Closing) && after.iter().all(|c| *c != Char::Opening);
        let plain = signs + opened <= 1 && opened == closed && in_order && words.len() <= 1;
        plain.then(|| Self {
            negative: minus || opened == 1,
            word: words.pop().unwrap_or_default(),
        })
    }

    /// A code or sign beside the number must be the expected currency's.
    fn check_currency(&self, expected: Currency, refusal: impl Fn() -> Refusal) -> Result<(), Refusal> {
        if self.word.is_empty() {
            return Ok(());
        }
        let codes = match self.word.as_str() {
            "€" => &["EUR"][..],
            "$" => DOLLARS,
            "US$" => &["USD"],
            "£" | "\u{ffe1}" => POUNDS,
            "¥" | "\u{ffe5}" => &["JPY", "CNY"],
            "円" => &["JPY"],
            "₩" => &["KRW"],
            "₹" => &["INR"],
            "zł" => &["PLN"],
            "kr" | "kr." => &["SEK", "NOK", "DKK", "ISK"],
            "Fr" | "Fr." => &["CHF"],
            word => {
                return match word.parse::<Currency>() {
                    Ok(found) if found == expected => Ok(()),
                    Ok(found) => Err(Refusal::MixedCurrencies {
                        one: expected,
                        other: found,
                    }),
                    Err(_) => Err(refusal()),
                };
            }
        };
        if codes.contains(&expected.code()) {
            return Ok(());
        }
        let other = codes
            .first()
            .and_then(|code| code.parse().ok())
            .ok_or_else(refusal)?;
        Err(Refusal::MixedCurrencies { one: expected, other })
    }
}

/// Currencies that people write with a plain dollar sign; the first one is meant when none of them is expected.
const DOLLARS: &[&str] = &[
    "USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP", "BBD", "BMD", "BSD", "BZD",
    "FJD", "GYD", "JMD", "KYD", "LRD", "NAD", "SBD", "SRD", "TTD", "XCD",
];
/// The same for the pound sign.
const POUNDS: &[&str] = &["GBP", "GIP", "FKP", "SHP", "EGP"];

/// The whole digits and the decimals, or nothing when the separators make no sense.
fn read_number(chars: &[Char], locale: Locale) -> Option<(Vec<u8>, Vec<u8>)> {
    let mark = decimal_mark_at(chars, locale)?;
    let (whole, decimals) = match mark {
        Some(at) => (&chars[..at], &chars[at + 1..]),
        None => (chars, &[][..]),
    };
    let digits = |part: &[Char]| {
        part.iter()
            .map(|c| if let Char::Digit(d) = c { Some(*d) } else { None })
            .collect::<Option<Vec<u8>>>()
    };
    Some((digits(&without_groups(whole)?)?, digits(decimals)?))
}

/// Where the decimal mark stands, if there is one; nothing at all when that cannot be told.
fn decimal_mark_at(chars: &[Char], locale: Locale) -> Option<Option<usize>> {
    let places = |kind: Char| {
        chars
            .iter()
            .enumerate()
            .filter(move |(_, c)| **c == kind)
            .map(|(i, _)| i)
    };
    let (dots, commas) = (places(Char::Dot).count(), places(Char::Comma).count());
    let last_mark = chars.iter().rposition(|c| c.is_mark());
    let Some(last) = last_mark else { return Some(None) };
    match (dots, commas) {
        // Two kinds: the later one is the decimal mark and stands alone.
        (1.., 1..) => (places(chars[last]).count() == 1).then_some(Some(last)),
        (2.., 0) | (0, 2..) => Some(None),
        _ => {
            let grouped = chars[..last]
                .iter()
                .any(|c| matches!(c, Char::Blank | Char::Apostrophe));
            let could_group = !grouped
                && chars.len() - last - 1 == 3
                && (1..=3).contains(&last)
                && chars[0] != Char::Digit(0);
            let by_locale = Char::of(locale.decimal_mark()) == chars[last];
            Some((!could_group || by_locale).then_some(last))
        }
    }
}

/// The digits of a whole part whose groups, if any, are of three digits and parted by one kind of separator.
fn without_groups(whole: &[Char]) -> Option<Vec<Char>> {
    let mut separators = whole.iter().filter(|c| !c.is_digit());
    let Some(kind) = separators.next() else {
        return Some(whole.to_vec());
    };
    if separators.any(|c| c != kind) {
        return None;
    }
    let groups: Vec<&[Char]> = whole.split(|c| c == kind).collect();
    let (first, rest) = groups.split_first()?;
    let fits = (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3);
    fits.then(|| groups.concat())
}
