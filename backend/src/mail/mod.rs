//! Mails: written to the outbox in the transaction of what they tell, sent by jobs, shown on the page `Sent mail`.
//!
//! Delivery is at least once; the message id of a mail is the same at every try, so the receiving side can tell.

mod deliver;
pub(crate) mod letter;
pub mod read;
mod receipt;
pub(crate) mod recipients;
#[cfg(test)]
mod tests;
pub mod write;

pub(crate) use deliver::SendMail;
pub use deliver::deliver_due;
