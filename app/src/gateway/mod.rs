//! What the daily comparison with the payment gateway found, and what is done about it. Plain pages both of them.

pub mod api;
mod detail;
mod list;

pub(crate) use detail::view as finding_page;
pub(crate) use list::view as compared_page;
