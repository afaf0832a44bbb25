//! Roll-up bills: the list on both sides, one with its invoices by company, and the page on which one is prepared (V40, V41).
//!
//! Preparing is a GET: what is asked for stands in the address, and the server shows what the bill would hold.

pub mod api;
mod blocks;
mod detail;
mod list;
mod new;

pub(crate) use detail::view as rollup_page;
pub(crate) use list::view as rollups_page;
pub(crate) use new::view as new_rollup_page;

/// The list's address.
const PAGE: &str = "/rollups";
