//! Signing in with one's company: what a tenant sets, and the page from which one goes to the provider.

pub mod api;
mod page;
mod way;

pub(crate) use page::view as single_sign_on_page;
pub(crate) use way::view as way_in_page;
