//! Security: what the tenant asks of its people's logins.

pub mod api;
mod page;

pub(crate) use page::view as security_page;
