//! What property tests of several slices draw from.

use crate::{
    ids::{InvoiceId, Uuid},
    locale::Locale,
    money::{Currency, Money},
};
use chrono::NaiveDate;
use proptest::{prelude::*, sample::select};

/// Currencies with 0, 2 and 3 decimals.
pub fn currency() -> impl Strategy<Value = Currency> {
    select(vec![Currency::JPY, Currency::EUR, Currency::USD, Currency::KWD])
}

/// Every locale.
pub fn locale() -> impl Strategy<Value = Locale> {
    select(Locale::ALL)
}

/// Any minor units, with small, round and extreme ones more often than chance would have them.
pub fn minor() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => -1_000_000_i64..1_000_000,
        2 => any::<i64>(),
        1 => select(vec![0, 1, -1, 1_000, 100_000, i64::MIN, i64::MIN + 1, i64::MAX]),
    ]
}

/// Any amount.
pub fn money() -> impl Strategy<Value = Money> {
    (minor(), currency()).prop_map(|(minor, currency)| Money::new(minor, currency))
}

/// Days of this and the next years.
pub fn date() -> impl Strategy<Value = NaiveDate> {
    (0_i32..4_000).prop_map(|days| NaiveDate::from_num_days_from_ce_opt(739_000 + days).unwrap())
}

/// A day, for tables of cases.
pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Euros and cents.
pub fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

/// The n-th invoice of a test.
pub fn invoice(n: u128) -> InvoiceId {
    InvoiceId(Uuid::from_u128(n))
}
