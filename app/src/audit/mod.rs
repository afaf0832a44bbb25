//! The audit: what was done in the tenant, by whom and from where.

pub mod api;
mod list;

pub(crate) use list::view as audit_page;
