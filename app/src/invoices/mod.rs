//! Invoices: the grid, the invoice page, and what is chosen to be paid. The reference slice.

pub mod api;
#[cfg(feature = "ssr")]
mod as_of;
mod detail;
#[cfg(feature = "ssr")]
pub mod editor;
#[cfg(feature = "ssr")]
mod explain;
mod filters;
mod grid;
mod keys;
mod list;
mod paper;
pub mod selection;
mod settlements;
#[cfg(feature = "ssr")]
mod void;
#[cfg(feature = "ssr")]
pub mod write_off;

#[cfg(feature = "ssr")]
pub(crate) use as_of::view as as_of_page;
pub(crate) use detail::view as invoice_page;
#[cfg(feature = "ssr")]
pub(crate) use explain::view as explain_page;
pub(crate) use list::view as invoices_page;
#[cfg(feature = "ssr")]
pub(crate) use paper::Paper;
#[cfg(feature = "ssr")]
pub(crate) use void::view as void_page;
#[cfg(feature = "ssr")]
pub(crate) use write_off::view as write_off_page;

use domain::access::Side;

/// Address of the grid with a query string of `domain::invoices::form`.
pub fn address(side: Side, query: &str) -> String {
    let mark = if query.is_empty() { "" } else { "&" };
    format!("/invoices?side={}{mark}{query}", side.code())
}
