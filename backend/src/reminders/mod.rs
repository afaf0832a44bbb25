//! Payment reminders (V19, V31): letters about what is overdue, sent by themselves at a seller's steps or by hand.
//!
//! [`run`] finds whom to remind on the seller's day, [`write`] does it by hand and keeps what the seller wants, [`letter`]
//! writes the mail with what is kept of it. A letter, the rows that say it was sent and the entries in the invoices'
//! histories are one transaction, and unique indexes refuse a second one about the same step or on the same day.

mod letter;
pub mod read;
mod run;
#[cfg(test)]
mod tests;
pub mod write;

pub(crate) use run::SendDue;
