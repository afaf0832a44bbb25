//! Roles & Permissions: what each role may do in the tenant (R7, N4).

pub mod api;
mod matrix;

pub(crate) use matrix::view as roles_page;
