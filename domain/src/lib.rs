//! The rules of billing, pure.
//!
//! No clock, no randomness, no input or output, no binary floats: today, ids and keys are arguments. The crate builds
//! for the server and for the browser, so the page refuses beforehand what the server would refuse anyway.
//! Rule ids such as V24 stand in `docs/RULES.md`.
#![deny(
    clippy::float_arithmetic,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss
)]

pub mod access;
pub mod address;
pub mod api_keys;
pub mod audit;
pub mod bank_files;
pub mod books;
pub mod credit_notes;
pub mod csv;
pub mod days;
pub mod decimal;
pub mod disputes;
pub mod explain;
pub mod gateway;
pub mod ids;
pub mod imports;
pub mod invoices;
pub mod jobs;
pub mod ledger;
pub mod list;
pub mod locale;
pub mod mail;
pub mod money;
pub mod payment_methods;
pub mod payments;
pub mod people;
pub mod profiles;
pub mod reconciliation;
pub mod refunds;
pub mod refusal;
pub mod reminders;
pub mod rollups;
pub mod second_factor;
pub mod security;
pub mod sessions;
pub mod single_sign_on;
pub mod tenants;
pub mod text;
pub mod workbench;

#[cfg(test)]
mod strategies;

pub use decimal::{Quantity, TaxRate, UnitPrice};
pub use money::{Currency, Money};
pub use refusal::{FieldErrors, Refusal};
