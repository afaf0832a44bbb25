//! The parts that every page is built from: one of each kind.

pub mod amount;
pub mod badge;
#[cfg(feature = "ssr")]
pub mod columns;
#[cfg(feature = "ssr")]
pub mod currencies;
#[cfg(feature = "ssr")]
pub mod customers;
pub mod dialog;
pub mod form;
pub mod given_back;
pub mod icon;
pub mod loaded;
pub mod page;
pub mod paper;
#[cfg(feature = "ssr")]
pub mod part;
pub mod sides;
#[cfg(feature = "ssr")]
pub mod sieve;
#[cfg(feature = "ssr")]
pub mod steps;
pub mod table;
