//! Imports as the pages show them.

use super::{
    check::job_key,
    progress,
    stage::{BATCH, Staged, header_of},
    summary::{Summary, state},
};
use crate::{Error, scope::Scope};
use domain::{
    access::ImportInvoices,
    ids::{ImportId, MappingId},
    imports::{ColumnMap, ImportDetail, ImportIssue, ImportRow, MappingOffer, labels, recognise, suggest},
};
use entity::{
    codes::{ImportState, JobState},
    import, import_issue, import_mapping, import_row, job,
};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

/// The most imports of the list.
const LISTED: u64 = 100;
/// The most issues of the page.
const SHOWN: u64 = 200;
/// Rows by which columns are recognised.
const SAMPLED: usize = 5;
/// The most saved mappings that are offered.
const OFFERED: u64 = 100;

/// The tenant's imports, the newest first.
///
/// # Errors
/// [`Error::Database`].
pub async fn list(scope: &Scope<ImportInvoices>) -> Result<Vec<ImportRow>, Error> {
    let rows = scope
        .find::<import::Entity>()
        .order_by_desc(import::Column::Id)
        .limit(LISTED)
        .all(scope.db())
        .await?;
    Ok(rows.iter().map(listed).collect())
}

/// The page of one import.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Database`].
pub async fn find(scope: &Scope<ImportInvoices>, import: ImportId) -> Result<ImportDetail, Error> {
    let row = by_id(scope, import).await?;
    let summary = Summary::of(&row)?;
    let count = |stored: i64| u64::try_from(stored).unwrap_or(0);
    let done = match row.state {
        ImportState::Publishing => progress::known(import).unwrap_or(0).max(count(row.done)),
        ImportState::Staged
        | ImportState::Checked
        | ImportState::Published
        | ImportState::Failed
        | ImportState::Undone => count(row.done),
    };
    Ok(ImportDetail {
        row: listed(&row),
        format: row.format.clone(),
        rows: count(row.row_count),
        done: done.min(count(row.total)),
        total: count(row.total),
        busy: busy(scope, &row).await?,
        failure: row.failure.clone(),
        totals: summary.totals.clone(),
        duplicates: summary.duplicates,
        issues: issues(scope, import).await?,
        preview: summary.preview.clone(),
        mapping: offer(scope, &row, summary.saved).await?,
    })
}

/// Saved mappings, the one used last first.
///
/// # Errors
/// [`Error::Database`].
pub async fn mappings(scope: &Scope<ImportInvoices>) -> Result<Vec<(MappingId, String, ColumnMap)>, Error> {
    let rows = scope
        .find::<import_mapping::Entity>()
        .order_by_desc(import_mapping::Column::UsedAt)
        .limit(OFFERED)
        .all(scope.db())
        .await?;
    let read =
        |row: import_mapping::Model| Ok((MappingId(row.id), row.name, serde_json::from_value(row.content)?));
    rows.into_iter().map(read).collect()
}

async fn by_id(scope: &Scope<ImportInvoices>, import: ImportId) -> Result<import::Model, Error> {
    let row = scope
        .find::<import::Entity>()
        .filter(import::Column::Id.eq(import.0))
        .one(scope.db())
        .await?;
    row.ok_or(Error::NotFound)
}

fn listed(row: &import::Model) -> ImportRow {
    ImportRow {
        id: ImportId(row.id),
        file_name: row.file_name.clone(),
        state: state(row.state),
        documents: u64::try_from(row.document_count).unwrap_or(0),
        errors: u64::try_from(row.error_count).unwrap_or(0),
        by: row.created_by_name.clone(),
        created_at: row.created_at,
    }
}

/// Whether a job waits for it or is at work on it.
async fn busy(scope: &Scope<ImportInvoices>, row: &import::Model) -> Result<bool, Error> {
    let jobs = scope
        .find::<job::Entity>()
        .filter(job::Column::UniqueKey.eq(job_key(ImportId(row.id), row.version)))
        .filter(job::Column::State.is_in([JobState::Queued, JobState::Running]))
        .count(scope.db())
        .await?;
    Ok(jobs > 0)
}

async fn issues(scope: &Scope<ImportInvoices>, import: ImportId) -> Result<Vec<ImportIssue>, Error> {
    let rows = scope
        .find::<import_issue::Entity>()
        .filter(import_issue::Column::ImportId.eq(import.0))
        .order_by_asc(import_issue::Column::Seq)
        .limit(SHOWN)
        .all(scope.db())
        .await?;
    rows.into_iter()
        .map(|row| Ok(serde_json::from_value(row.content)?))
        .collect()
}

/// The first staged items.
async fn first_items(scope: &Scope<ImportInvoices>, import: ImportId) -> Result<Vec<Staged>, Error> {
    let first = scope
        .find::<import_row::Entity>()
        .filter(import_row::Column::ImportId.eq(import.0))
        .filter(import_row::Column::Kind.eq(BATCH))
        .order_by_asc(import_row::Column::Seq)
        .limit(1)
        .one(scope.db())
        .await?;
    Ok(first
        .map(|first| serde_json::from_value(first.content))
        .transpose()?
        .unwrap_or_default())
}

/// The heading of the file, if it is a CSV file.
pub(super) async fn columns(
    scope: &Scope<ImportInvoices>,
    import: ImportId,
) -> Result<Option<Vec<String>>, Error> {
    Ok(header_of(&first_items(scope, import).await?))
}

async fn offer(
    scope: &Scope<ImportInvoices>,
    row: &import::Model,
    saved: Option<(MappingId, String)>,
) -> Result<Option<MappingOffer>, Error> {
    let mappable = matches!(row.state, ImportState::Staged | ImportState::Checked);
    let items = if mappable {
        first_items(scope, ImportId(row.id)).await?
    } else {
        Vec::new()
    };
    let Some(columns) = header_of(&items) else {
        return Ok(None);
    };
    let rows = items.into_iter().filter_map(|item| match item {
        Staged::Row(_, fields) => Some(fields),
        Staged::Header { .. } | Staged::Document(_) | Staged::Issue(_) | Staged::Notice(_) => None,
    });
    let map = match &row.mapping {
        Some(map) => serde_json::from_value(map.clone())?,
        None => suggest(&columns),
    };
    Ok(Some(MappingOffer {
        header: labels(&columns),
        sample: rows.take(SAMPLED).collect(),
        layout: recognise(&columns),
        map,
        saved,
    }))
}
