//! Payments: the page `Make a payment`, its outcome, and receipts.
//!
//! Card numbers are typed into the gateway's own fields and never come here (M2). Without script everything works
//! but a new card, whose fields are the gateway's script.

pub mod api;
#[cfg(feature = "ssr")]
mod attempts;
pub mod by_hand;
pub(crate) mod cards;
mod confirm;
#[cfg(feature = "ssr")]
mod explain;
mod gateway;
mod lines;
#[cfg(feature = "ssr")]
mod list;
mod new;
mod on_account;
mod opening;
mod payee;
mod receipt;
mod result;
#[cfg(feature = "ssr")]
mod send;
mod submission;
mod summary;

#[cfg(feature = "ssr")]
pub(crate) use attempts::view as attempts_page;
#[cfg(feature = "ssr")]
pub(crate) use explain::view as explain_payment_page;
#[cfg(feature = "ssr")]
pub(crate) use list::view as payments_page;
pub(crate) use new::view as new_payment_page;
pub(crate) use receipt::view as receipt_page;
pub(crate) use result::view as result_page;
#[cfg(feature = "ssr")]
pub(crate) use send::view as send_receipt_page;
