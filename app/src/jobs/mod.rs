//! Work in the background: what it is, how far it is, and what failed.

pub mod api;
mod list;

pub(crate) use list::view as jobs_page;
