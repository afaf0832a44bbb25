//! What the pages of bank files show.

use super::{
    Texts,
    candidates::Found,
    record::{memo, reversed},
    stored, write,
};
use crate::{
    Error,
    by_day::part,
    codes::{Stored, money},
    scope::Scope,
};
use domain::{
    access::RecordPayments,
    bank_files::{
        BankEntryDetail, BankEntryRow, BankFileDetail, BankFileRow, BankFiles, BankPrefill, ColumnsOffer,
        Proposal, StatementEntry, mask_account,
    },
    ids::{BankEntryId, BankFileId, PaymentId},
    list::{COUNTED_TO, Cursor, DEFAULT_PER_PAGE, Page, Position, Total},
};
use entity::{
    Uuid, bank_entry, bank_file,
    codes::{BankEntryState, BankFileState},
    payment,
};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use std::collections::BTreeMap;

/// Files that the list shows.
const MOST_FILES: usize = 50;

/// The latest files, and how many entries wait.
///
/// # Errors
/// [`Error::Database`].
pub async fn files(scope: &Scope<RecordPayments>) -> Result<BankFiles, Error> {
    let limit = u64::try_from(MOST_FILES).unwrap_or_default();
    let mut rows = scope
        .find::<bank_file::Entity>()
        .order_by_desc(bank_file::Column::CreatedAt)
        .order_by_desc(bank_file::Column::Id)
        .limit(limit + 1)
        .all(scope.db())
        .await?;
    let more = rows.len() > MOST_FILES;
    rows.truncate(MOST_FILES);
    Ok(BankFiles {
        files: file_rows(scope, rows).await?,
        more,
        waiting: waiting_rows(scope)
            .limit(COUNTED_TO + 1)
            .count(scope.db())
            .await?,
    })
}

/// One file with its entries, the latest day first, or with its columns while they wait to be named.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn file(
    scope: &Scope<RecordPayments>,
    id: BankFileId,
    position: &Position,
) -> Result<BankFileDetail, Error> {
    let row = find_file(scope, id).await?;
    let offer = match &row.staged {
        Some(staged) if row.state == BankFileState::Columns => {
            let rows: write::Rows = serde_json::from_value(staged.clone())?;
            Some(ColumnsOffer {
                columns: write::suggested(scope, &rows.header).await?,
                sample: rows
                    .rows
                    .into_iter()
                    .next()
                    .map(|(_, fields)| fields)
                    .unwrap_or_default(),
                header: rows.header,
            })
        }
        Some(_) | None => None,
    };
    let of_file = scope
        .find::<bank_entry::Entity>()
        .filter(bank_entry::Column::FileId.eq(id.0));
    let entries = page(scope, of_file, position).await?;
    let mut rows = file_rows(scope, vec![row]).await?;
    Ok(BankFileDetail {
        row: rows.pop().ok_or(Error::NotFound)?,
        offer,
        entries,
    })
}

/// Entries of all files that wait, the latest day first.
///
/// # Errors
/// [`Error::Database`].
pub async fn waiting(
    scope: &Scope<RecordPayments>,
    position: &Position,
) -> Result<Page<BankEntryRow>, Error> {
    page(scope, waiting_rows(scope), position).await
}

/// One entry.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn entry(scope: &Scope<RecordPayments>, id: BankEntryId) -> Result<BankEntryDetail, Error> {
    let row = find_entry(scope, id).await?;
    let file = find_file(scope, BankFileId(row.file_id)).await?;
    let StatementEntry {
        line,
        account,
        value_on,
        text,
        references,
        payer_account,
        ..
    } = stored(&row)?;
    let changed = row.changed_by_name.clone().zip(row.changed_at);
    let rows = entry_rows(scope, vec![row]).await?;
    Ok(BankEntryDetail {
        row: rows.into_iter().next().ok_or(Error::NotFound)?,
        file: BankFileId(file.id),
        file_name: file.name,
        line,
        account: account.as_deref().map(mask_account),
        value_on,
        text,
        references,
        payer_account: payer_account.as_deref().map(mask_account),
        changed,
    })
}

/// An entry that waits, for the page on which a payment is recorded.
///
/// # Errors
/// [`Error::NotFound`]; [`domain::Refusal::BankEntryIs`] unless it waits.
pub async fn prefill(scope: &Scope<RecordPayments>, id: BankEntryId) -> Result<BankPrefill, Error> {
    let row = find_entry(scope, id).await?;
    write::expect(&row, BankEntryState::Waiting)?;
    let entry = stored(&row)?;
    let found = Found::load(scope, std::slice::from_ref(&entry)).await?;
    let Proposal { account, lines, .. } = found.propose(&entry)?;
    Ok(BankPrefill {
        entry: id,
        amount: entry.amount,
        booked_on: entry.booked_on,
        memo: memo(&entry).unwrap_or_default(),
        payer: entry.payer_name,
        account,
        lines: lines
            .into_iter()
            .map(|line| (line.invoice, line.amount))
            .collect(),
    })
}

fn waiting_rows(scope: &Scope<RecordPayments>) -> Select<bank_entry::Entity> {
    scope
        .find::<bank_entry::Entity>()
        .filter(bank_entry::Column::State.eq(BankEntryState::Waiting))
}

async fn find_file(scope: &Scope<RecordPayments>, id: BankFileId) -> Result<bank_file::Model, Error> {
    let found = scope
        .find::<bank_file::Entity>()
        .filter(bank_file::Column::Id.eq(id.0))
        .one(scope.db())
        .await?;
    found.ok_or(Error::NotFound)
}

async fn find_entry(scope: &Scope<RecordPayments>, id: BankEntryId) -> Result<bank_entry::Model, Error> {
    let found = scope
        .find::<bank_entry::Entity>()
        .filter(bank_entry::Column::Id.eq(id.0))
        .one(scope.db())
        .await?;
    found.ok_or(Error::NotFound)
}

async fn file_rows(
    scope: &Scope<RecordPayments>,
    rows: Vec<bank_file::Model>,
) -> Result<Vec<BankFileRow>, Error> {
    let waiting: Vec<(Uuid, i64)> = waiting_rows(scope)
        .filter(bank_entry::Column::FileId.is_in(rows.iter().map(|row| row.id)))
        .select_only()
        .column(bank_entry::Column::FileId)
        .column_as(bank_entry::Column::Id.count(), "waiting")
        .group_by(bank_entry::Column::FileId)
        .into_tuple()
        .all(scope.db())
        .await?;
    let waiting: BTreeMap<Uuid, i64> = waiting.into_iter().collect();
    let count = |count: i64| u64::try_from(count).unwrap_or_default();
    let row = |row: bank_file::Model| BankFileRow {
        id: BankFileId(row.id),
        name: row.name,
        format: row.format,
        state: row.state.to_domain(),
        entries: count(row.entry_count),
        known: count(row.known_count),
        waiting: count(waiting.get(&row.id).copied().unwrap_or_default()),
        by: row.created_by_name,
        at: row.created_at,
    };
    Ok(rows.into_iter().map(row).collect())
}

async fn page(
    scope: &Scope<RecordPayments>,
    rows: Select<bank_entry::Entity>,
    position: &Position,
) -> Result<Page<BankEntryRow>, Error> {
    let by = (bank_entry::Column::BookedOn, bank_entry::Column::Id);
    let found = part(rows.clone(), by, position, u64::from(DEFAULT_PER_PAGE) + 1)
        .all(scope.db())
        .await?;
    let total = Total::counted(rows.limit(COUNTED_TO + 1).count(scope.db()).await?);
    let mut page = Page::of(found, usize::from(DEFAULT_PER_PAGE), position, total, |row| {
        Cursor::new(&row.booked_on.to_string(), row.id)
    });
    let rows = entry_rows(scope, std::mem::take(&mut page.rows)).await?;
    Ok(page.with(rows))
}

/// Entries with what they probably are, while they wait, and with their payments.
async fn entry_rows(
    scope: &Scope<RecordPayments>,
    rows: Vec<bank_entry::Model>,
) -> Result<Vec<BankEntryRow>, Error> {
    let is_waiting = |row: &&bank_entry::Model| row.state == BankEntryState::Waiting;
    let waiting: Vec<StatementEntry> = rows
        .iter()
        .filter(is_waiting)
        .map(stored)
        .collect::<Result<_, _>>()?;
    let found = if waiting.is_empty() {
        None
    } else {
        Some(Found::load(scope, &waiting).await?)
    };
    let receipts: Vec<(Uuid, String)> = scope
        .find::<payment::Entity>()
        .filter(payment::Column::Id.is_in(rows.iter().filter_map(|row| row.payment_id)))
        .select_only()
        .column(payment::Column::Id)
        .column(payment::Column::ReceiptNumber)
        .into_tuple()
        .all(scope.db())
        .await?;
    let receipts: BTreeMap<Uuid, String> = receipts.into_iter().collect();
    let reversed = reversed(scope, receipts.keys().copied()).await?;
    let row = |row: bank_entry::Model| -> Result<BankEntryRow, Error> {
        let entry = stored(&row)?;
        let proposal = match &found {
            Some(found) if row.state == BankEntryState::Waiting => Some(found.propose(&entry)?),
            Some(_) | None => None,
        };
        let Texts { text, references } = serde_json::from_value(row.content)?;
        let texts = if text.is_empty() { references } else { text };
        let payment = row.payment_id.map(|id| {
            let receipt = receipts.get(&id).cloned().unwrap_or_default();
            (PaymentId(id), receipt)
        });
        Ok(BankEntryRow {
            id: BankEntryId(row.id),
            booked_on: row.booked_on,
            amount: money(row.amount_minor, &row.currency)?,
            kind: row.kind.to_domain(),
            payer: row.payer_name,
            text: texts.join(" "),
            state: row.state.to_domain(),
            reason: row.reason,
            reversed: row.payment_id.is_some_and(|id| reversed.contains(&id)),
            payment,
            proposal,
        })
    };
    rows.into_iter().map(row).collect()
}
