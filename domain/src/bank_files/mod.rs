//! What a bank says came in, and to which invoices it belongs.
//!
//! A file of a bank is read into [`StatementEntry`]s, whatever its format. [`propose`] finds the customer and the invoices of
//! an entry by what stands in it; an amount alone proposes nothing that could be recorded without a person choosing.

mod candidates;
mod columns;
mod customers;
mod matching;
mod pages;
mod reasons;
mod statement;
mod tokens;

pub use candidates::{Candidates, KnownCustomer, OpenInvoice, RecordedPayment};
pub use columns::{BankColumns, BankField, RowProblem};
pub use matching::{Confidence, Proposal, ProposedLine, propose};
pub use pages::*;
pub use reasons::Reason;
pub use statement::{EntryKind, StatementEntry, identities, mask_account};
pub use tokens::{Runs, plain_name, plain_number};

#[cfg(test)]
mod tests;
