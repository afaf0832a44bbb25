//! The workbench: what of customers' money and credit is put to nothing is put to invoices, several at once, by a rule or
//! as somebody says, and taken back as one act (V26, V28, V34).
//!
//! Money reaches invoices through the same function as everywhere (`crate::ledger::put`); a plan only ties together what
//! was put in one act.

pub mod read;
#[cfg(test)]
pub(crate) mod tests;
pub mod write;
pub(crate) use write::Family;
