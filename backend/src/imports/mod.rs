//! Imports: a file is staged in batches, checked as a whole, and published in one transaction or not at all (D19).
//!
//! Staging keeps what the reader found, untouched; check and publication read the same items through the same source,
//! so what was checked is what is published. Memory stays bounded by a batch and a few bytes for each document; of credit
//! notes that name invoices the check keeps what they credit. A job that dies begins again and comes to the same result
//! (K8).

mod check;
mod credit;
mod customers;
mod debts;
mod issues;
mod named;
mod prepare;
mod progress;
mod publish;
pub mod read;
mod source;
mod stage;
mod summary;
#[cfg(test)]
mod tests;
mod undo;
pub mod write;

pub(crate) use check::CheckImport;
pub(crate) use publish::PublishImport;
pub use stage::{Staged, begin, fail_upload, finish_upload, stage};
pub use undo::undo;
