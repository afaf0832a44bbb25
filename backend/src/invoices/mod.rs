//! Invoices: lists, the page of one, and issuing. The reference slice.

pub mod as_of;
pub(crate) mod balance;
mod conditions;
pub(crate) mod costs;
pub(crate) mod detail;
pub mod edit;
pub mod explain;
mod grid;
mod order;
pub(crate) mod parties;
pub mod read;
mod revise;
pub mod revisions;
mod rows;
mod settlements;
#[cfg(test)]
mod tests;
pub(crate) mod then;
pub mod void;
pub mod write;
pub mod write_off;

pub(crate) use edit::line_of;
pub(crate) use rows::key as search_key;
