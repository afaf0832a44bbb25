//! Payment methods: the saved cards of each account, and autopay (M1 to M3).

pub mod api;
#[cfg(feature = "ssr")]
mod list;

#[cfg(feature = "ssr")]
pub(crate) use list::view as methods_page;
