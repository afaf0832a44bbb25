//! How amounts, quantities and dates are written and read, by the tenant's locale (D13).
//!
//! One pure formatter and parser serves server and browser, so both write the same text and hydration agrees; the
//! browser's own `Intl` is never asked. The separators and month names are few, so they stand here as plain data.

mod amounts;
mod dates;
mod parse;

pub use amounts::{
    format_amount, format_amount_plain, format_amount_with_code, format_count, format_exact, format_quantity,
    format_rate, format_unit_price,
};
pub use dates::{format_date, format_datetime, parse_date};
pub use parse::{parse_amount, parse_quantity, parse_rate, parse_unit_price};

use serde::{Deserialize, Serialize};

/// How a tenant's people write amounts and dates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Locale {
    /// English, United States: 1,234.50.
    #[default]
    #[serde(rename = "en-US")]
    EnUs,
    /// English, United Kingdom: 1,234.50.
    #[serde(rename = "en-GB")]
    EnGb,
    /// German, Germany: 1.234,50.
    #[serde(rename = "de-DE")]
    DeDe,
    /// French, France: 1 234,50 with a narrow blank.
    #[serde(rename = "fr-FR")]
    FrFr,
    /// Japanese, Japan: 1,234.50.
    #[serde(rename = "ja-JP")]
    JaJp,
}

impl Locale {
    /// All of them, in the order of a choice.
    pub const ALL: &'static [Self] = &[Self::EnUs, Self::EnGb, Self::DeDe, Self::FrFr, Self::JaJp];

    /// The BCP 47 tag: stored, and the `lang` of a page.
    pub const fn code(self) -> &'static str {
        match self {
            Self::EnUs => "en-US",
            Self::EnGb => "en-GB",
            Self::DeDe => "de-DE",
            Self::FrFr => "fr-FR",
            Self::JaJp => "ja-JP",
        }
    }

    /// Reads the tag, in any case and with `_` for `-`.
    pub fn from_code(code: &str) -> Option<Self> {
        let code = code.trim().replace('_', "-");
        Self::ALL
            .iter()
            .copied()
            .find(|locale| locale.code().eq_ignore_ascii_case(&code))
    }

    /// Its name in a choice, in its own language.
    pub const fn label(self) -> &'static str {
        match self {
            Self::EnUs => "English (United States)",
            Self::EnGb => "English (United Kingdom)",
            Self::DeDe => "Deutsch (Deutschland)",
            Self::FrFr => "Français (France)",
            Self::JaJp => "日本語 (日本)",
        }
    }

    /// Between the whole part and the decimals.
    pub const fn decimal_mark(self) -> char {
        match self {
            Self::EnUs | Self::EnGb | Self::JaJp => '.',
            Self::DeDe | Self::FrFr => ',',
        }
    }

    /// An amount as an example in messages.
    pub const fn sample_amount(self) -> &'static str {
        match self {
            Self::EnUs | Self::EnGb | Self::JaJp => "1,234.50",
            Self::DeDe => "1.234,50",
            Self::FrFr => "1\u{202f}234,50",
        }
    }

    /// Between groups of three digits.
    pub const fn group_mark(self) -> char {
        match self {
            Self::EnUs | Self::EnGb | Self::JaJp => ',',
            Self::DeDe => '.',
            Self::FrFr => '\u{202f}',
        }
    }
}

#[cfg(test)]
mod tests;
