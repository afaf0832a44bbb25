//! Money: an integer of minor units and a currency (V1).
//!
//! There is no `Default`, no `+` and no way in from a float: a sum starts at [`Money::zero`] of a currency and each
//! step may refuse, for overflow or for mixed currencies (V3).

use crate::refusal::Refusal;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// An ISO 4217 currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// US dollar, two decimals.
    pub const USD: Self = Self(iso_currency::Currency::USD);
    /// Euro, two decimals.
    pub const EUR: Self = Self(iso_currency::Currency::EUR);
    /// Japanese yen, no decimals.
    pub const JPY: Self = Self(iso_currency::Currency::JPY);
    /// Kuwaiti dinar, three decimals.
    pub const KWD: Self = Self(iso_currency::Currency::KWD);

    /// Those that people pay in, by code; gold, funds and codes for tests have no minor unit.
    pub fn all() -> Vec<Self> {
        let numbered = (1..1_000).filter_map(iso_currency::Currency::from_numeric);
        let mut all: Vec<Self> = numbered
            .filter(|one| one.exponent().is_some())
            .map(Self)
            .collect();
        all.sort();
        all.dedup();
        all
    }

    /// The three-letter code, upper case.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// How many decimals its minor unit has: 0 for JPY, 2 for EUR, 3 for KWD. Codes without a minor unit, such as
    /// gold, count as 0.
    pub fn exponent(self) -> u32 {
        self.0.exponent().map_or(0, u32::from)
    }
}

impl PartialOrd for Currency {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Currency {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.code().cmp(other.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = Refusal;

    /// # Errors
    /// [`Refusal::UnknownCurrency`] when the text is no ISO 4217 code; case and outer blanks do not matter.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let code = text.trim().to_ascii_uppercase();
        iso_currency::Currency::from_code(&code)
            .map(Self)
            .ok_or(Refusal::UnknownCurrency { code })
    }
}

impl TryFrom<String> for Currency {
    type Error = String;

    fn try_from(code: String) -> Result<Self, String> {
        code.parse()
            .map_err(|_: Refusal| format!("unknown currency {code}"))
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

/// An amount in one currency. May be negative where a rule says so (a balance, a difference).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// `minor` units of the currency: cents for EUR, yen for JPY.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in a currency: where every sum starts.
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// The same, or nothing where it is less than that.
    #[must_use]
    pub fn not_below_zero(self) -> Self {
        Self::new(self.minor.max(0), self.currency)
    }

    /// Minor units.
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Exactly nothing.
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// More than nothing.
    pub const fn is_positive(self) -> bool {
        self.minor > 0
    }

    /// Less than nothing.
    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// # Errors
    /// [`Refusal::MixedCurrencies`] (V3) or [`Refusal::AmountTooLarge`].
    pub fn checked_add(self, other: Self) -> Result<Self, Refusal> {
        self.same_currency(other)?;
        let minor = self
            .minor
            .checked_add(other.minor)
            .ok_or(Refusal::AmountTooLarge)?;
        Ok(Self::new(minor, self.currency))
    }

    /// # Errors
    /// [`Refusal::MixedCurrencies`] (V3) or [`Refusal::AmountTooLarge`].
    pub fn checked_sub(self, other: Self) -> Result<Self, Refusal> {
        self.same_currency(other)?;
        let minor = self
            .minor
            .checked_sub(other.minor)
            .ok_or(Refusal::AmountTooLarge)?;
        Ok(Self::new(minor, self.currency))
    }

    /// # Errors
    /// [`Refusal::AmountTooLarge`] for the one amount that has no opposite.
    pub fn checked_neg(self) -> Result<Self, Refusal> {
        Ok(Self::new(
            self.minor.checked_neg().ok_or(Refusal::AmountTooLarge)?,
            self.currency,
        ))
    }

    /// The smaller of two amounts of one currency.
    ///
    /// # Errors
    /// [`Refusal::MixedCurrencies`] (V3).
    pub fn min(self, other: Self) -> Result<Self, Refusal> {
        self.same_currency(other)?;
        Ok(Self::new(self.minor.min(other.minor), self.currency))
    }

    /// Sums amounts of one currency.
    ///
    /// # Errors
    /// As [`Money::checked_add`].
    pub fn sum(currency: Currency, amounts: impl IntoIterator<Item = Self>) -> Result<Self, Refusal> {
        amounts
            .into_iter()
            .try_fold(Self::zero(currency), Self::checked_add)
    }

    /// Leaves a calculation: rounds to the currency's minor unit, half away from zero (V2, V4).
    ///
    /// # Errors
    /// [`Refusal::AmountTooLarge`] when it does not fit 64 bits.
    pub fn round_half_away(amount: Decimal, currency: Currency) -> Result<Self, Refusal> {
        Self::round_scaled(amount.mantissa(), amount.scale(), currency)
    }

    /// The one place where amounts are rounded: `value` carries `scale` decimals of major units and becomes minor
    /// units, half away from zero (V4), so that the opposite value gives the opposite amount.
    ///
    /// # Errors
    /// [`Refusal::AmountTooLarge`] when it does not fit 64 bits.
    pub fn round_scaled(value: i128, scale: u32, currency: Currency) -> Result<Self, Refusal> {
        let power = |places: u32| 10_u128.checked_pow(places).ok_or(Refusal::AmountTooLarge);
        let magnitude = value.unsigned_abs();
        let minor = match scale.checked_sub(currency.exponent()) {
            Some(places) => {
                let unit = power(places)?;
                // No sum of value and half a unit, which could overflow.
                let up = magnitude % unit >= unit - unit / 2;
                magnitude / unit + u128::from(up)
            }
            None => {
                let factor = power(currency.exponent() - scale)?;
                magnitude.checked_mul(factor).ok_or(Refusal::AmountTooLarge)?
            }
        };
        let minor = i128::try_from(minor).map_err(|_| Refusal::AmountTooLarge)?;
        let signed = if value < 0 { -minor } else { minor };
        i64::try_from(signed)
            .map(|minor| Self::new(minor, currency))
            .map_err(|_| Refusal::AmountTooLarge)
    }

    /// Enters a calculation: the amount in major units, exact.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.minor, self.currency.exponent())
    }

    /// Shares the amount by weights so that the parts add up to it exactly (V5): each gets the whole part of its
    /// share, what is left goes one unit each to the largest remainders, the earlier of equals first. Weights that
    /// sum to nothing count as equal. The sign of the amount is the sign of the parts.
    ///
    /// # Errors
    /// [`Refusal::NothingToShareAmong`] when there is no weight.
    pub fn allocate(self, weights: &[u64]) -> Result<Vec<Self>, Refusal> {
        if weights.is_empty() {
            return Err(Refusal::NothingToShareAmong);
        }
        let total: u128 = weights.iter().copied().map(u128::from).sum();
        let weight = |i: usize| if total == 0 { 1 } else { u128::from(weights[i]) };
        let total = if total == 0 { weights.len() as u128 } else { total };
        let magnitude = u128::from(self.minor.unsigned_abs());
        // magnitude < 2^64 and weight < 2^64, so the product fits 128 bits.
        let mut parts: Vec<u128> = (0..weights.len())
            .map(|i| magnitude * weight(i) / total)
            .collect();
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by_key(|&i| std::cmp::Reverse(magnitude * weight(i) % total));
        let left = magnitude - parts.iter().sum::<u128>();
        for &i in order
            .iter()
            .cycle()
            .take(usize::try_from(left).map_err(|_| Refusal::AmountTooLarge)?)
        {
            parts[i] += 1;
        }
        parts
            .into_iter()
            .map(|part| {
                let part = i128::try_from(part).map_err(|_| Refusal::AmountTooLarge)?;
                let signed = if self.minor < 0 { -part } else { part };
                i64::try_from(signed)
                    .map(|m| Self::new(m, self.currency))
                    .map_err(|_| Refusal::AmountTooLarge)
            })
            .collect()
    }

    fn same_currency(self, other: Self) -> Result<(), Refusal> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(Refusal::MixedCurrencies {
                one: self.currency,
                other: other.currency,
            })
        }
    }
}

#[cfg(test)]
mod tests;
