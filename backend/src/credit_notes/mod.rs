//! Credit notes: what is left to credit of an invoice, issuing over an invoice or an account, and the list on both sides
//! (C1 to C3, V36 to V39).

pub mod account;
pub mod explain;
pub(crate) mod left;
pub mod list;
mod parties;
mod pay_back;
pub mod read;
pub(crate) mod rows;
#[cfg(test)]
mod tests;
pub mod write;
