//! Quantities, unit prices and tax rates: fixed-scale integers outside, decimals inside a calculation (V2).
//!
//! The scale is part of the type, so a stored integer has one meaning in every table and on every wire.

use crate::refusal::Refusal;
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! scaled {
    ($($(#[$doc:meta])* $name:ident, $scale:literal)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(i64);

        impl $name {
            /// How many decimals the stored integer carries.
            pub const SCALE: u32 = $scale;

            /// From the stored integer.
            pub const fn from_scaled(scaled: i64) -> Self {
                Self(scaled)
            }

            /// The stored integer.
            pub const fn scaled(self) -> i64 {
                self.0
            }

            /// The exact value, for a calculation.
            pub fn to_decimal(self) -> Decimal {
                Decimal::new(self.0, Self::SCALE).normalize()
            }

            /// # Errors
            /// [`Refusal::TooManyDecimals`] when the value has more decimals than are kept,
            /// [`Refusal::AmountTooLarge`] when it does not fit.
            pub fn from_decimal(value: Decimal) -> Result<Self, Refusal> {
                let value = value.normalize();
                if value.scale() > Self::SCALE {
                    return Err(Refusal::TooManyDecimals { kept: Self::SCALE });
                }
                let factor = Decimal::from(10_i64.pow(Self::SCALE));
                value.checked_mul(factor).and_then(|v| v.to_i64()).map(Self).ok_or(Refusal::AmountTooLarge)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.to_decimal().fmt(f)
            }
        }
    )+};
}

scaled! {
    /// How many or how much of a line, six decimals.
    Quantity, 6
    /// The price of one unit in major units of the document's currency, six decimals.
    UnitPrice, 6
    /// A tax rate in percent, four decimals: 19 % is stored as 190000.
    TaxRate, 4
}

impl Quantity {
    /// One.
    pub const ONE: Self = Self::from_scaled(1_000_000);
}

#[cfg(test)]
mod tests;
