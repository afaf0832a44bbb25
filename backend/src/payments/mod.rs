//! Payments by card or bank debit: one act over many invoices, from the form over the gateway to the receipt.
//!
//! An attempt is committed with its reservations before the gateway hears of it; no transaction is open while it is
//! asked; the outcome is one guarded transition with everything that follows from it. Whatever dies in between, the
//! reconciler finds out at the gateway what became of it, so an attempt is never "failed" while money moved.

pub mod attachment;
pub mod attempts;
mod back;
pub mod by_program;
mod card;
mod charge;
pub(crate) mod debits;
pub mod explain;
pub(crate) mod fees;
mod form;
pub mod list;
pub mod offline;
mod on_account;
pub(crate) mod opening;
mod outcome;
pub mod payers;
mod pot;
pub mod read;
mod receipt;
mod received;
mod recipient;
pub mod reconcile;
pub mod resend;
mod reserve;
mod status;
#[cfg(test)]
pub(crate) mod tests;
pub mod write;

pub(crate) use charge::{charge, make_customer};
pub(crate) use pot::Pot;
pub(crate) use read::tenants;
pub(crate) use reserve::{Payer, Reserved, lock_invoices, reserve};
