//! Disputes: what a buyer says is not owed, what the seller answers, and what became of it; those of an invoice, and the list
//! over all invoices.

pub mod api;
mod list;
mod new;
mod of_invoice;
mod state;

pub(crate) use list::view as disputes_page;
pub(crate) use of_invoice::view as invoice_disputes_page;
