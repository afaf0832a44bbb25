//! The ledger: every money act as postings between the seller's books, in the transaction of the act.
//!
//! Amounts on invoices, payments and credit notes are caches of it, which `quittance check` compares.

pub mod account;
mod allocate;
pub(crate) mod as_of;
mod cash;
pub mod entries;
pub(crate) mod names;
mod outflows;
pub mod read;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use allocate::{Origin, Put, put, put_by_plan};
pub(crate) use cash::cash_of;
pub(crate) use outflows::Moves;
pub(crate) use write::{Books, Entry, Journal, undo_import};
