//! Files of banks: what came in waits here until somebody records it or sets it aside.
//!
//! A file's entries are written once; an entry that came in another file before is known by its fingerprint and not
//! written again. From an entry one payment at most is recorded, by the same command as every payment that came in beside
//! the portal, and in its transaction. What an entry probably is is asked anew whenever it is shown: invoices are paid
//! meanwhile.

pub mod aside;
mod candidates;
pub mod read;
pub mod record;
#[cfg(test)]
mod tests;
pub mod write;

use crate::{
    Error,
    codes::{Stored, money},
};
use domain::bank_files::StatementEntry;
use entity::bank_entry;
use serde::{Deserialize, Serialize};

/// Texts of an entry, as they are stored.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Texts {
    text: Vec<String>,
    references: Vec<String>,
}

/// A stored entry as it stood in its file.
fn stored(row: &bank_entry::Model) -> Result<StatementEntry, Error> {
    let Texts { text, references } = serde_json::from_value(row.content.clone())?;
    Ok(StatementEntry {
        line: u64::try_from(row.line).unwrap_or_default(),
        account: row.account.clone(),
        booked_on: row.booked_on,
        value_on: row.value_on,
        amount: money(row.amount_minor, &row.currency)?,
        kind: row.kind.to_domain(),
        text,
        references,
        payer_name: row.payer_name.clone(),
        payer_account: row.payer_account.clone(),
        bank_id: row.bank_id.clone(),
    })
}
