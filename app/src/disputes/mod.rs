//! Disputes of an invoice: what a buyer says is not owed, what the seller answers, and what became of earlier ones.

pub mod api;
mod list;
mod new;

pub(crate) use list::view as disputes_page;
