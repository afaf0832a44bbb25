//! Keys with which a company's programs call.

pub mod api;
mod page;

pub(crate) use page::view as api_keys_page;
