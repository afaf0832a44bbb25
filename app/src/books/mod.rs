//! The books as a seller reads them: balances on a day, and the proof that they are right.

#[cfg(feature = "ssr")]
mod account;
pub mod api;
#[cfg(feature = "ssr")]
mod balances;
#[cfg(feature = "ssr")]
mod entries;
#[cfg(feature = "ssr")]
mod proof;

#[cfg(feature = "ssr")]
pub(crate) use account::view as explain_account_page;
#[cfg(feature = "ssr")]
pub(crate) use balances::view as books_page;
#[cfg(feature = "ssr")]
pub(crate) use entries::view as book_entries_page;
#[cfg(feature = "ssr")]
pub(crate) use proof::view as proof_page;
