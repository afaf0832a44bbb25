//! Billing profiles: a customer's own ones, and those of a seller's customers (B1, B2).

pub mod api;
mod change;
mod form;
mod list;

pub(crate) use change::{own_view as own_profile_page, view as profile_page};
pub(crate) use list::{own_view as own_profiles_page, view as profiles_page};
