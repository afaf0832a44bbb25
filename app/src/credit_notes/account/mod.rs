//! Credit notes over an account, without an invoice (V36).

pub mod api;
mod write;

pub(crate) use write::view as credit_account_page;
