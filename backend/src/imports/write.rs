//! Commands of imports: map the columns, publish. Undoing stands in a file of its own.

use super::{check, publish, stage::heading_fingerprint, summary::Summary};
use crate::{
    Error, new_id,
    scope::{Act, Scope, Tx},
    transact::transact,
};
use domain::{
    FieldErrors, Refusal,
    access::ImportInvoices,
    ids::{ImportId, MappingId},
    imports::ColumnMap,
};
use entity::{codes::ImportState, import, import_mapping};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, QuerySelect};

/// Longest name of a saved mapping.
const LONGEST_NAME: u32 = 100;

/// Chooses what the columns mean and has the file checked again. With `save_as` the mapping is kept under this name,
/// in place of an older one, and offered for the next file with the same heading.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::ImportIs`] once it is being published; [`Error::Invalid`] for the name.
pub async fn set_mapping(
    scope: &Scope<ImportInvoices>,
    import: ImportId,
    map: &ColumnMap,
    save_as: Option<&str>,
) -> Result<(), Error> {
    let name = save_as.map(str::trim).filter(|name| !name.is_empty());
    if name.is_some_and(|name| name.chars().count() > LONGEST_NAME as usize) {
        return Err(FieldErrors::one(
            "save_as",
            Refusal::TooLong {
                at_most: LONGEST_NAME,
            },
        )
        .into());
    }
    transact!(scope, tx => {
        let row = lock(tx, import).await?;
        let mut summary = Summary::of(&row)?;
        let open = matches!(row.state, ImportState::Staged | ImportState::Checked) && summary.uploaded;
        if !open {
            return Err(is(&row));
        }
        if let Some(name) = name {
            let columns = super::read::columns(scope, import).await?.unwrap_or_default();
            summary.saved = Some((save(tx, name, &columns, map).await?, name.to_owned()));
        }
        let version = row.version + 1;
        let mapped = import::ActiveModel {
            state: Set(ImportState::Staged),
            mapping: Set(Some(serde_json::to_value(map)?)),
            summary: Set(summary.stored()?),
            done: Set(0),
            version: Set(version),
            ..Default::default()
        };
        change(tx, import, row.state, mapped).await?;
        check::enqueue(tx, import, version).await
    })
}

/// Has the import published: everything in the file, or nothing (D19).
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::ImportIs`] unless it was checked, or failed before; [`Refusal::FileRefused`] with
/// the number of its errors, or when there is nothing in it.
pub async fn publish(scope: &Scope<ImportInvoices>, import: ImportId) -> Result<(), Error> {
    transact!(scope, tx => {
        let row = lock(tx, import).await?;
        let again = row.state == ImportState::Failed && row.checked_at.is_some();
        if row.state != ImportState::Checked && !again {
            return Err(is(&row));
        }
        let why = match (row.error_count, row.document_count) {
            (1, _) => Some("it has one error.".to_owned()),
            (errors, _) if errors > 0 => Some(format!("it has {errors} errors.")),
            (_, 0) => Some("there is no document in it.".to_owned()),
            _ => None,
        };
        if let Some(why) = why {
            return Err(Refusal::FileRefused { why }.into());
        }
        let begun = import::ActiveModel {
            state: Set(ImportState::Publishing),
            done: Set(0),
            total: Set(row.row_count),
            failure: Set(None),
            version: Set(row.version + 1),
            ..Default::default()
        };
        change(tx, import, row.state, begun).await?;
        let seller = tx.actor().tenant();
        tx.audit(Act::new(seller, "publish", "import", import.0));
        publish::enqueue(tx, import).await
    })
}

/// The import cannot do that in its state.
pub(super) fn is(row: &import::Model) -> Error {
    Refusal::ImportIs {
        state: row.state.code().to_owned(),
    }
    .into()
}

/// An import of the tenant, locked.
pub(super) async fn lock(tx: &Tx, import: ImportId) -> Result<import::Model, Error> {
    let row = tx
        .lock::<import::Entity>()
        .filter(import::Column::SellerId.eq(tx.actor().tenant().0))
        .filter(import::Column::Id.eq(import.0))
        .one(tx.db())
        .await?;
    row.ok_or(Error::NotFound)
}

/// Changes an import that is in a state.
///
/// # Errors
/// [`Error::Conflict`] when it is in another one by now.
pub(super) async fn change(
    tx: &Tx,
    import: ImportId,
    state: ImportState,
    change: import::ActiveModel,
) -> Result<(), Error> {
    let changed = tx
        .update::<import::Entity>()
        .set(change)
        .filter(import::Column::SellerId.eq(tx.actor().tenant().0))
        .filter(import::Column::Id.eq(import.0))
        .filter(import::Column::State.eq(state))
        .exec(tx.db())
        .await?;
    if changed.rows_affected == 1 {
        Ok(())
    } else {
        Err(Error::Conflict)
    }
}

/// Keeps a mapping under a name, in place of an older one of that name.
async fn save(tx: &mut Tx, name: &str, columns: &[String], map: &ColumnMap) -> Result<MappingId, Error> {
    let seller = tx.actor().tenant();
    let fingerprint = heading_fingerprint(columns);
    let content = serde_json::to_value(map)?;
    let known = tx
        .find::<import_mapping::Entity>()
        .filter(import_mapping::Column::Name.eq(name))
        .limit(1)
        .one(tx.db())
        .await?;
    if let Some(known) = known {
        tx.update::<import_mapping::Entity>()
            .set(import_mapping::ActiveModel {
                fingerprint: Set(fingerprint),
                content: Set(content),
                used_at: Set(tx.now()),
                ..Default::default()
            })
            .filter(import_mapping::Column::Id.eq(known.id))
            .exec(tx.db())
            .await?;
        return Ok(MappingId(known.id));
    }
    let id = new_id();
    tx.insert(import_mapping::ActiveModel {
        seller_id: Set(seller.0),
        id: Set(id),
        name: Set(name.to_owned()),
        fingerprint: Set(fingerprint),
        content: Set(content),
        created_by: Set(tx.actor().user().map(|user| user.0)),
        created_at: Set(tx.now()),
        used_at: Set(tx.now()),
    })
    .await?;
    tx.audit(Act::new(seller, "save", "import_mapping", id).after(serde_json::json!({ "name": name })));
    Ok(MappingId(id))
}
