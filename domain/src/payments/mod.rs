//! Payments: one act over many invoices, from the form to the receipt.

pub mod allocation;
mod codes;
pub mod form;
mod types;

pub use types::*;
