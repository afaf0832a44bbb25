//! Credit notes: the list on both sides, the document, and the forms over an invoice and over an account (C1 to C3).

#[cfg(feature = "ssr")]
pub mod account;
pub mod api;
#[cfg(feature = "ssr")]
mod detail;
#[cfg(feature = "ssr")]
mod explain;
#[cfg(feature = "ssr")]
mod list;
#[cfg(feature = "ssr")]
mod new;
#[cfg(feature = "ssr")]
mod rest;

#[cfg(feature = "ssr")]
pub(crate) use account::credit_account_page;
#[cfg(feature = "ssr")]
pub(crate) use detail::view as credit_note_page;
#[cfg(feature = "ssr")]
pub(crate) use explain::view as explain_credit_page;
#[cfg(feature = "ssr")]
pub(crate) use list::view as credit_notes_page;
#[cfg(feature = "ssr")]
pub(crate) use new::view as new_credit_note_page;
