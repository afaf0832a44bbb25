//! Payments: one act over many invoices, from the form to the receipt.

pub mod allocation;
pub mod attempts;
pub mod by_program;
mod codes;
pub mod explain;
pub mod form;
pub mod list;
pub mod offline;
pub mod on_account;
mod types;

pub use list::{PaymentQuery, PaymentRow, PaymentStatus};
pub use types::*;
