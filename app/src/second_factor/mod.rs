//! The second factor of one's login: setting it up, recovery codes, switching it off.

pub mod api;
mod page;
mod qr;

pub(crate) use page::view as second_factor_page;
