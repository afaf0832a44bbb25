//! Staging: what the reader of a file finds goes into the database in batches, untouched (D19).

use super::{check, summary::Summary, write};
use crate::{
    Error, hidden, new_id,
    scope::{Act, Scope, Tx},
    transact::transact,
};
use domain::{
    Refusal,
    access::ImportInvoices,
    ids::ImportId,
    imports::{ColumnMap, DraftDocument, ImportIssue, Layout, labels, suggest},
};
use entity::{codes::ImportState, import, import_mapping, import_row};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What batches are called in the table.
pub(super) const BATCH: &str = "items";
/// The most items of one batch: a transaction stays short, and a batch in memory small.
pub const MOST_ITEMS: usize = 5_000;
/// Longest name and reason that are kept.
const LONGEST_TEXT: usize = 300;

/// One thing that the reader of a file found. A file is a sequence of them, in its order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Staged {
    /// A CSV file begins; the file before it has ended.
    Header {
        /// Line of the heading.
        line: u64,
        /// Its columns.
        columns: Vec<String>,
    },
    /// A row of the CSV file: line and fields.
    Row(u64, Vec<String>),
    /// A whole document, as of UBL.
    Document(Box<DraftDocument>),
    /// Something is wrong; the document that it stands in is left out and the file cannot be published.
    Issue(ImportIssue),
    /// Worth showing, no reason to refuse.
    Notice(ImportIssue),
}

/// Begins an import. `format` is the word that the page shows; `sha256` is the file's digest in hexadecimal digits.
///
/// # Errors
/// [`Error::Database`].
pub async fn begin(
    scope: &Scope<ImportInvoices>,
    file_name: &str,
    format: &str,
    sha256: &str,
) -> Result<ImportId, Error> {
    let id = new_id();
    let cut = |text: &str| {
        text.chars()
            .filter(|c| !c.is_control())
            .take(LONGEST_TEXT)
            .collect::<String>()
    };
    let file_name = hidden::in_text(file_name.to_owned());
    let digest: String = sha256.chars().filter(char::is_ascii_hexdigit).take(64).collect();
    transact!(scope, tx => {
        let row = import::ActiveModel {
            seller_id: Set(tx.actor().tenant().0),
            id: Set(id),
            state: Set(ImportState::Staged),
            file_name: Set(cut(&file_name)),
            format: Set(cut(format)),
            sha256: Set(format!("{digest:0>64}")),
            byte_count: Set(0),
            row_count: Set(0),
            document_count: Set(0),
            error_count: Set(0),
            warning_count: Set(0),
            done: Set(0),
            total: Set(0),
            mapping: Set(None),
            summary: Set(Summary::default().stored()?),
            failure: Set(None),
            created_by: Set(tx.actor().user().map(|user| user.0)),
            created_by_name: Set(tx.actor().name().to_owned()),
            created_at: Set(tx.now()),
            checked_at: Set(None),
            published_at: Set(None),
            undone_at: Set(None),
            version: Set(1),
        };
        tx.insert(row).await?;
        let seller = tx.actor().tenant();
        tx.audit(Act::new(seller, "upload", "import", id).after(serde_json::json!({ "file": cut(&file_name) })));
        Ok(ImportId(id))
    })
}

/// Stages the next items of the file. Give them in batches of 500 to [`MOST_ITEMS`].
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::ImportIs`] once the upload is finished; [`Error::Database`].
pub async fn stage(scope: &Scope<ImportInvoices>, import: ImportId, items: &[Staged]) -> Result<(), Error> {
    transact!(scope, tx => {
        let row = write::lock(tx, import).await?;
        open(&row)?;
        let last: Option<i64> = of_import(tx, import)
            .select_only()
            .column_as(import_row::Column::Seq.max(), "last")
            .into_tuple::<Option<i64>>()
            .one(tx.db())
            .await?
            .flatten();
        let mut batches = Vec::new();
        for (batch, seq) in items.chunks(MOST_ITEMS).zip(last.unwrap_or(0) + 1..) {
            batches.push(import_row::ActiveModel {
                seller_id: Set(row.seller_id),
                import_id: Set(row.id),
                seq: Set(seq),
                kind: Set(BATCH.to_owned()),
                row_count: Set(i64::try_from(batch.len()).unwrap_or(i64::MAX)),
                content: Set(hidden::in_json(serde_json::to_value(batch)?)),
            });
        }
        tx.insert_all(batches).await?;
        let is_row = |item: &&Staged| matches!(item, Staged::Row(..) | Staged::Document(_));
        let rows = i64::try_from(items.iter().filter(is_row).count()).unwrap_or(i64::MAX);
        let counted = import::ActiveModel { row_count: Set(row.row_count + rows), ..Default::default() };
        write::change(tx, import, ImportState::Staged, counted).await
    })
}

/// The file is here as a whole. With a heading that is known, from its layout or a saved mapping, or without any, the
/// check begins at once; otherwise the columns wait to be mapped.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::ImportIs`]; [`Error::Database`].
pub async fn finish_upload(
    scope: &Scope<ImportInvoices>,
    import: ImportId,
    byte_count: u64,
) -> Result<(), Error> {
    transact!(scope, tx => {
        let row = write::lock(tx, import).await?;
        open(&row)?;
        let mut summary = Summary { uploaded: true, ..Summary::default() };
        let known = match header(tx, import).await? {
            Some(columns) => {
                let (map, saved) = known_mapping(tx, &columns).await?;
                summary.saved = saved;
                map
            }
            None => Some(ColumnMap::default()),
        };
        let version = row.version + 1;
        let finished = import::ActiveModel {
            byte_count: Set(i64::try_from(byte_count).unwrap_or(i64::MAX)),
            total: Set(row.row_count),
            mapping: Set(known.as_ref().map(serde_json::to_value).transpose()?),
            summary: Set(summary.stored()?),
            version: Set(version),
            ..Default::default()
        };
        write::change(tx, import, ImportState::Staged, finished).await?;
        if known.is_some() {
            check::enqueue(tx, import, version).await?;
        }
        Ok(())
    })
}

/// The file was refused while it was read, so nothing of it is kept but why.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::ImportIs`]; [`Error::Database`].
pub async fn fail_upload(scope: &Scope<ImportInvoices>, import: ImportId, why: &str) -> Result<(), Error> {
    transact!(scope, tx => {
        let row = write::lock(tx, import).await?;
        open(&row)?;
        drop_batches(tx, import).await?;
        let failed = import::ActiveModel {
            state: Set(ImportState::Failed),
            failure: Set(Some(why.chars().take(LONGEST_TEXT).collect())),
            ..Default::default()
        };
        write::change(tx, import, ImportState::Staged, failed).await
    })
}

/// The upload is still going on.
fn open(row: &import::Model) -> Result<(), Error> {
    let uploading = row.state == ImportState::Staged && !Summary::of(row)?.uploaded;
    if uploading {
        Ok(())
    } else {
        Err(Refusal::ImportIs {
            state: row.state.code().to_owned(),
        }
        .into())
    }
}

/// Batches of an import.
pub(super) fn of_import(tx: &Tx, import: ImportId) -> sea_orm::Select<import_row::Entity> {
    tx.find::<import_row::Entity>()
        .filter(import_row::Column::SellerId.eq(tx.actor().tenant().0))
        .filter(import_row::Column::ImportId.eq(import.0))
}

/// Forgets the staged rows.
pub(super) async fn drop_batches(tx: &Tx, import: ImportId) -> Result<(), Error> {
    tx.delete::<import_row::Entity>()
        .filter(import_row::Column::SellerId.eq(tx.actor().tenant().0))
        .filter(import_row::Column::ImportId.eq(import.0))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// The heading of the first CSV file; it stands at the beginning of the first batch.
async fn header(tx: &Tx, import: ImportId) -> Result<Option<Vec<String>>, Error> {
    let first = of_import(tx, import)
        .order_by_asc(import_row::Column::Seq)
        .limit(1)
        .one(tx.db())
        .await?;
    let Some(first) = first else { return Ok(None) };
    let items: Vec<Staged> = serde_json::from_value(first.content)?;
    Ok(header_of(&items))
}

/// The heading among the first items.
pub(super) fn header_of(items: &[Staged]) -> Option<Vec<String>> {
    items.iter().find_map(|item| match item {
        Staged::Header { columns, .. } => Some(columns.clone()),
        Staged::Row(..) | Staged::Document(_) | Staged::Issue(_) | Staged::Notice(_) => None,
    })
}

/// What tells headings apart: their columns in order.
pub(super) fn heading_fingerprint(columns: &[String]) -> String {
    let digest = Sha256::digest(labels(columns).join("\u{1f}"));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The saved mapping for this heading that was used last, else the one of a recognised layout.
async fn known_mapping(
    tx: &Tx,
    columns: &[String],
) -> Result<(Option<ColumnMap>, Option<(domain::ids::MappingId, String)>), Error> {
    let saved = tx
        .find::<import_mapping::Entity>()
        .filter(import_mapping::Column::Fingerprint.eq(heading_fingerprint(columns)))
        .order_by_desc(import_mapping::Column::UsedAt)
        .limit(1)
        .one(tx.db())
        .await?;
    if let Some(saved) = saved {
        let map = serde_json::from_value(saved.content)?;
        return Ok((Some(map), Some((domain::ids::MappingId(saved.id), saved.name))));
    }
    let map = suggest(columns);
    let complete = map.layout != Layout::Unknown && map.unmapped().is_empty();
    Ok((complete.then_some(map), None))
}
