//! Disputes: a buyer says what of an invoice is not owed, the seller answers, both see what became of it.

mod letters;
pub mod list;
pub mod read;
mod reopen;
#[cfg(test)]
mod tests;
pub mod write;

pub(crate) use reopen::reopen;
