//! Writes amounts, quantities, prices and rates.
//!
//! Everything starts from the stored integer and its scale; nothing is rounded here, and each amount shows exactly
//! the decimals of its currency.

use super::Locale;
use crate::{
    decimal::{Quantity, TaxRate, UnitPrice},
    invoices::totals::Exact,
    money::{Currency, Money},
};

/// The sign of a negative number as it is printed; the hyphen is shorter and breaks lines.
const MINUS: char = '\u{2212}';

/// An amount with the locale's marks and the currency's decimals, without the code: `−1,234.50`.
pub fn format_amount(amount: Money, locale: Locale) -> String {
    let scale = amount.currency().exponent();
    let number = Number::new(amount.minor(), scale);
    number.write(MINUS, Some(locale.group_mark()), locale.decimal_mark(), scale)
}

/// An amount with its code: `1,234.50 USD`. The blank is an ordinary one, so that text can be searched and copied;
/// pages keep the two together by style.
pub fn format_amount_with_code(amount: Money, locale: Locale) -> String {
    format!("{} {}", format_amount(amount, locale), amount.currency().code())
}

/// An amount for machines and for the `value` of an input in no locale: `-1234.50`.
pub fn format_amount_plain(amount: Money) -> String {
    let scale = amount.currency().exponent();
    Number::new(amount.minor(), scale).write('-', None, '.', scale)
}

/// How many there are of something: `1,284`.
pub fn format_count(n: u64, locale: Locale) -> String {
    Number::of_digits(n.into(), 0, false).write(MINUS, Some(locale.group_mark()), locale.decimal_mark(), 0)
}

/// A quantity without trailing zeros: `1,000` or `2.5`.
pub fn format_quantity(quantity: Quantity, locale: Locale) -> String {
    let number = Number::new(quantity.scaled(), Quantity::SCALE);
    number.write(MINUS, Some(locale.group_mark()), locale.decimal_mark(), 0)
}

/// A unit price with at least the decimals of its currency, and as many more as it has: `0.0125`, `12.00`.
pub fn format_unit_price(price: UnitPrice, currency: Currency, locale: Locale) -> String {
    let number = Number::new(price.scaled(), UnitPrice::SCALE);
    number.write(
        MINUS,
        Some(locale.group_mark()),
        locale.decimal_mark(),
        currency.exponent(),
    )
}

/// A number before it was rounded to an amount of a currency, without needless zeros: `9.495`.
pub fn format_exact(exact: Exact, currency: Currency, locale: Locale) -> String {
    let Exact { scaled, scale } = exact;
    let number = Number::of_digits(scaled.unsigned_abs(), scale, scaled < 0);
    number.write(
        MINUS,
        Some(locale.group_mark()),
        locale.decimal_mark(),
        currency.exponent(),
    )
}

/// A rate in percent, as the locale writes it: `19%`, `5,5 %`.
pub fn format_rate(rate: TaxRate, locale: Locale) -> String {
    let number = Number::new(rate.scaled(), TaxRate::SCALE);
    let text = number.write(MINUS, Some(locale.group_mark()), locale.decimal_mark(), 0);
    match locale {
        Locale::EnUs | Locale::EnGb | Locale::JaJp => format!("{text}%"),
        Locale::DeDe => format!("{text}\u{a0}%"),
        Locale::FrFr => format!("{text}\u{202f}%"),
    }
}

/// A scaled integer taken apart into sign and digits.
struct Number {
    negative: bool,
    whole: String,
    decimals: String,
}

impl Number {
    fn new(scaled: i64, scale: u32) -> Self {
        Self::of_digits(scaled.unsigned_abs().into(), scale, scaled < 0)
    }

    fn of_digits(magnitude: u128, scale: u32, negative: bool) -> Self {
        let width = usize::try_from(scale).unwrap_or(0);
        // One digit more than decimals, so that there is always a whole part.
        let digits = format!("{magnitude:0>0$}", width + 1);
        let (whole, decimals) = digits.split_at(digits.len() - width);
        Self {
            negative,
            whole: whole.to_owned(),
            decimals: decimals.to_owned(),
        }
    }

    /// Puts it together; trailing zeros go as long as `least` decimals stay.
    fn write(&self, minus: char, group: Option<char>, mark: char, least: u32) -> String {
        let least = usize::try_from(least).unwrap_or(0).min(self.decimals.len());
        let kept = self.decimals.trim_end_matches('0').len().max(least);
        let mut text = String::with_capacity(self.whole.len() * 2 + kept + 4);
        if self.negative {
            text.push(minus);
        }
        for (i, digit) in self.whole.chars().enumerate() {
            if let Some(group) = group
                && i > 0
                && (self.whole.len() - i).is_multiple_of(3)
            {
                text.push(group);
            }
            text.push(digit);
        }
        if kept > 0 {
            text.push(mark);
            text.push_str(&self.decimals[..kept]);
        }
        text
    }
}
