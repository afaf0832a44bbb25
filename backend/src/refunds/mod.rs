//! Money that goes back: refunds, reversed records, chargebacks (V32 to V34).
//!
//! A refund through the gateway is committed before the gateway hears of it, and no transaction is open while it is asked.
//! Whatever it does to the payment, its invoices and the books happens in the one transaction that writes the outcome, so
//! an invoice is never open again, or credited, for money that did not go. Until then nothing else is done with the
//! payment's money.

mod chargeback;
mod credit;
mod history;
mod letters;
mod lines;
mod money;
mod outcome;
pub mod read;
pub(crate) mod settle;
#[cfg(test)]
pub(crate) mod tests;
pub mod write;

pub(crate) use chargeback::note as note_dispute;
pub(crate) use money::{credit_promised, is_credit_promised, is_promised, is_under_way, under_way};
pub(crate) use read::held;
pub(crate) use settle::ask;
pub(crate) use write::{Instead, ask_instead, pay_out};
