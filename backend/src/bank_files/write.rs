//! Commands of bank files: take one in, and say what its columns are.

use super::Texts;
use crate::{
    Error,
    codes::{Stored, currency},
    hidden, new_id,
    scope::{Act, Scope, Tx},
    transact::transact,
};
use domain::{
    Refusal,
    access::RecordPayments,
    bank_files::{BankColumns, StatementEntry, identities},
    ids::{BankEntryId, BankFileId},
    imports::labels,
};
use entity::{
    bank_entry, bank_file,
    codes::{BankEntryKind, BankEntryState, BankFileState},
    tenant,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Longest name of a file that is kept.
const LONGEST_NAME: usize = 300;
/// Fingerprints that are asked for at once.
const AT_ONCE: usize = 500;

/// What the reader made of a file.
#[derive(Clone, Debug)]
pub enum Brought {
    /// Entries.
    Entries {
        /// The format's name.
        format: String,
        /// In the file's order.
        entries: Vec<StatementEntry>,
    },
    /// Rows whose columns must be named.
    Rows(Rows),
}

/// Rows of a CSV file, as they wait for their columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// The heading.
    pub header: Vec<String>,
    /// Lines and their fields.
    pub rows: Vec<(u64, Vec<String>)>,
}

/// Takes a file in. Rows with a heading whose columns were named before are read with the same names.
///
/// # Errors
/// [`Error::Conflict`] when the same entries come in at the same moment from somebody else; [`Error::Database`].
pub async fn take_in(
    scope: &Scope<RecordPayments>,
    name: &str,
    bytes: &[u8],
    brought: &Brought,
) -> Result<BankFileId, Error> {
    let id = new_id();
    let name = name.chars().filter(|c| !c.is_control());
    let name = hidden::in_text(name.take(LONGEST_NAME).collect());
    let brought = &hidden::in_file(brought);
    let sha256 = hex(bytes);
    transact!(scope, tx => {
        let (format, heading) = match brought {
            Brought::Entries { format, .. } => (format.clone(), None),
            Brought::Rows(rows) => ("CSV".to_owned(), Some(heading(&rows.header))),
        };
        let row = bank_file::ActiveModel {
            seller_id: Set(tx.actor().tenant().0),
            id: Set(id),
            state: Set(BankFileState::Columns),
            name: Set(name.clone()),
            format: Set(format.clone()),
            sha256: Set(sha256.clone()),
            heading: Set(heading.clone()),
            staged: Set(match brought {
                Brought::Entries { .. } => None,
                Brought::Rows(rows) => Some(serde_json::to_value(rows)?),
            }),
            columns: Set(None),
            entry_count: Set(0),
            known_count: Set(0),
            created_by: Set(tx.actor().user().map(|user| user.0)),
            created_by_name: Set(tx.actor().name().to_owned()),
            created_at: Set(tx.now()),
        };
        tx.insert(row).await?;
        let seller = tx.actor().tenant();
        let facts = serde_json::json!({ "file": name, "format": format, "sha256": sha256 });
        tx.audit(Act::new(seller, "upload", "bank_file", id).after(facts));
        match brought {
            Brought::Entries { entries, .. } => write_entries(tx, id, entries, None).await?,
            Brought::Rows(rows) => {
                if let Some(columns) = named_before(tx, heading.as_deref()).await?
                    && let Ok(entries) = entries_of(rows, &columns)
                {
                    write_entries(tx, id, &entries, Some(&columns)).await?;
                }
            }
        }
        Ok(BankFileId(id))
    })
}

/// Says what the columns of a file are, and reads it with that.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when it was read already; [`Refusal::FileRefused`] with what is missing or
/// with the row that cannot be read.
pub async fn name_columns(
    scope: &Scope<RecordPayments>,
    file: BankFileId,
    columns: &BankColumns,
) -> Result<(), Error> {
    transact!(scope, tx => {
        let row = lock_file(tx, file).await?;
        let staged = row.staged.ok_or(Error::Conflict)?;
        let rows: Rows = serde_json::from_value(staged)?;
        let refused = |why: String| Error::from(Refusal::FileRefused { why });
        if let Some(why) = columns.missing(&rows.header) {
            return Err(refused(why));
        }
        let entries = entries_of(&rows, columns).map_err(refused)?;
        write_entries(tx, file.0, &entries, Some(columns)).await?;
        let seller = tx.actor().tenant();
        tx.audit(Act::new(seller, "name_columns", "bank_file", file.0));
        Ok(())
    })
}

/// The seller's currency and the columns that are proposed for a heading.
pub(super) async fn suggested(
    scope: &Scope<RecordPayments>,
    header: &[String],
) -> Result<BankColumns, Error> {
    let own = scope
        .find::<tenant::Entity>()
        .filter(tenant::Column::Id.eq(scope.actor().tenant().0))
        .one(scope.db())
        .await?;
    let own = own.ok_or(Error::NotFound)?;
    Ok(BankColumns::suggest(header, currency(&own.currency)?))
}

/// An entry, locked.
pub(super) async fn lock(tx: &Tx, entry: BankEntryId) -> Result<bank_entry::Model, Error> {
    let row = tx
        .lock::<bank_entry::Entity>()
        .filter(bank_entry::Column::Id.eq(entry.0))
        .one(tx.db())
        .await?;
    row.ok_or(Error::NotFound)
}

/// Refuses an entry that is in another state.
pub(super) fn expect(row: &bank_entry::Model, state: BankEntryState) -> Result<(), Error> {
    if row.state == state {
        Ok(())
    } else {
        let state = row.state.to_domain();
        Err(Refusal::BankEntryIs { state }.into())
    }
}

/// Changes an entry that is still as it was read, in whoever's name acts.
///
/// # Errors
/// [`Error::Conflict`] when it is in another state by now.
pub(super) async fn change(
    tx: &Tx,
    row: &bank_entry::Model,
    change: bank_entry::ActiveModel,
) -> Result<(), Error> {
    let change = bank_entry::ActiveModel {
        changed_by_name: Set(Some(tx.actor().name().to_owned())),
        changed_at: Set(Some(tx.now())),
        ..change
    };
    let changed = tx
        .update::<bank_entry::Entity>()
        .set(change)
        .filter(bank_entry::Column::Id.eq(row.id))
        .filter(bank_entry::Column::State.eq(row.state))
        .exec(tx.db())
        .await?;
    if changed.rows_affected == 1 {
        Ok(())
    } else {
        Err(Error::Conflict)
    }
}

async fn lock_file(tx: &Tx, file: BankFileId) -> Result<bank_file::Model, Error> {
    let row = tx
        .lock::<bank_file::Entity>()
        .filter(bank_file::Column::Id.eq(file.0))
        .one(tx.db())
        .await?;
    row.ok_or(Error::NotFound)
}

/// Reads rows with named columns; in words what is wrong with the first row that cannot be read.
fn entries_of(rows: &Rows, columns: &BankColumns) -> Result<Vec<StatementEntry>, String> {
    let read = rows.rows.iter().map(|(line, fields)| {
        columns.row(&rows.header, *line, fields).map_err(|problem| {
            let column = problem
                .column
                .map(|column| format!(", column {column}"))
                .unwrap_or_default();
            format!("Line {}{column}: {}", problem.line, problem.what)
        })
    });
    read.collect()
}

/// The columns that were named last for the same heading.
async fn named_before(tx: &Tx, heading: Option<&str>) -> Result<Option<BankColumns>, Error> {
    let Some(heading) = heading else {
        return Ok(None);
    };
    let before = tx
        .find::<bank_file::Entity>()
        .filter(bank_file::Column::Heading.eq(heading))
        .filter(bank_file::Column::State.eq(BankFileState::Read))
        .order_by_desc(bank_file::Column::CreatedAt)
        .limit(1)
        .one(tx.db())
        .await?;
    let columns = before.and_then(|file| file.columns);
    Ok(columns.map(serde_json::from_value).transpose()?)
}

/// Writes the entries that no file brought before, and finishes the file.
async fn write_entries(
    tx: &Tx,
    file: entity::Uuid,
    entries: &[StatementEntry],
    columns: Option<&BankColumns>,
) -> Result<(), Error> {
    let fingerprints: Vec<String> = identities(entries)
        .iter()
        .map(|text| hex(text.as_bytes()))
        .collect();
    let mut known: BTreeSet<String> = BTreeSet::new();
    for some in fingerprints.chunks(AT_ONCE) {
        let found: Vec<String> = tx
            .find::<bank_entry::Entity>()
            .filter(bank_entry::Column::Fingerprint.is_in(some))
            .select_only()
            .column(bank_entry::Column::Fingerprint)
            .into_tuple()
            .all(tx.db())
            .await?;
        known.extend(found);
    }
    let mut rows = Vec::new();
    for (entry, fingerprint) in entries.iter().zip(fingerprints) {
        if !known.contains(&fingerprint) {
            rows.push(row(tx, file, entry, fingerprint)?);
        }
    }
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let (new, known) = (count(rows.len()), count(entries.len() - rows.len()));
    tx.insert_all(rows).await.map_err(|error| {
        // Somebody brings the same entries in at the same moment.
        if error.is_duplicate() {
            Error::Conflict
        } else {
            error
        }
    })?;
    let read = bank_file::ActiveModel {
        state: Set(BankFileState::Read),
        staged: Set(None),
        columns: Set(columns.map(serde_json::to_value).transpose()?),
        entry_count: Set(new),
        known_count: Set(known),
        ..Default::default()
    };
    tx.update::<bank_file::Entity>()
        .set(read)
        .filter(bank_file::Column::Id.eq(file))
        .exec(tx.db())
        .await?;
    Ok(())
}

fn row(
    tx: &Tx,
    file: entity::Uuid,
    entry: &StatementEntry,
    fingerprint: String,
) -> Result<bank_entry::ActiveModel, Error> {
    let StatementEntry {
        line,
        account,
        booked_on,
        value_on,
        amount,
        kind,
        text,
        references,
        payer_name,
        payer_account,
        bank_id,
    } = entry.clone();
    let state = if entry.can_be_recorded() {
        BankEntryState::Waiting
    } else {
        BankEntryState::NotIn
    };
    Ok(bank_entry::ActiveModel {
        seller_id: Set(tx.actor().tenant().0),
        id: Set(new_id()),
        file_id: Set(file),
        line: Set(i64::try_from(line).unwrap_or(i64::MAX)),
        fingerprint: Set(fingerprint),
        state: Set(state),
        kind: Set(BankEntryKind::from_domain(kind)),
        reason: Set(None),
        payment_id: Set(None),
        account: Set(account),
        booked_on: Set(booked_on),
        value_on: Set(value_on),
        currency: Set(amount.currency().code().to_owned()),
        amount_minor: Set(amount.minor()),
        payer_name: Set(payer_name.map(hidden::in_text)),
        payer_account: Set(payer_account),
        bank_id: Set(bank_id),
        content: Set(serde_json::to_value(Texts { text, references })?),
        changed_by_name: Set(None),
        changed_at: Set(None),
        created_at: Set(tx.now()),
    })
}

/// Headings are told apart as the page names them.
fn heading(header: &[String]) -> String {
    hex(labels(header).join("\u{1f}").as_bytes())
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
