//! Invoices: lists, the page of one, and issuing. The reference slice.

pub(crate) mod balance;
mod conditions;
mod detail;
mod grid;
mod order;
pub mod read;
mod rows;
#[cfg(test)]
mod tests;
pub mod void;
pub mod write;

pub(crate) use rows::key as search_key;
