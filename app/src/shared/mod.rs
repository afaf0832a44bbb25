//! Invoices that other tenants issued and let this one see (V50): looked at, never changed.

pub mod api;
mod detail;
mod givers;
mod list;

pub(crate) use detail::view as shared_invoice_page;
pub(crate) use givers::view as givers_page;
pub(crate) use list::view as shared_page;
