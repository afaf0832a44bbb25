//! What invoices said at the end of a day, where that was changed or ended since.

use crate::{Error, scope::Scope};
use chrono::{NaiveDate, NaiveTime};
use domain::{access::Permit, invoices::editing::Snapshot};
use entity::{Uuid, dispute, invoice, invoice_revision};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, Select};
use std::collections::BTreeMap;

/// Rows whose ids one statement may name.
const AT_ONCE: usize = 500;

/// When invoices that were changed since then were due before: what their next revision kept. The day is the viewer's.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn due_then<P: Permit>(
    scope: &Scope<P>,
    ids: impl Iterator<Item = Uuid>,
    on: NaiveDate,
) -> Result<BTreeMap<Uuid, NaiveDate>, Error> {
    let of_them = scope
        .find::<invoice_revision::Entity>()
        .filter(invoice_revision::Column::InvoiceId.is_in(ids));
    kept_then(scope, of_them, on).await
}

/// The invoices that were due on another day then than they are now, each with that day. It costs what was changed since.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn due_otherwise<P: Permit>(
    scope: &Scope<P>,
    on: NaiveDate,
) -> Result<Vec<(invoice::Model, NaiveDate)>, Error> {
    // Wherever the viewer is, their next day begins after this.
    let begun = on.and_time(NaiveTime::MIN).and_utc();
    let since = scope
        .find::<invoice_revision::Entity>()
        .filter(invoice_revision::Column::ChangedAt.gte(begun));
    let due = kept_then(scope, since, on).await?;
    let ids: Vec<Uuid> = due.keys().copied().collect();
    let mut otherwise = Vec::new();
    for some in ids.chunks(AT_ONCE) {
        let rows = scope
            .find::<invoice::Entity>()
            .filter(invoice::Column::Id.is_in(some.iter().copied()))
            .all(scope.db())
            .await?;
        let then = rows.into_iter().filter_map(|row| {
            let due = *due.get(&row.id)?;
            (due != row.due_date).then_some((row, due))
        });
        otherwise.extend(then);
    }
    Ok(otherwise)
}

/// The due dates that were good on a day, as the first of the changes after it kept them.
async fn kept_then<P: Permit>(
    scope: &Scope<P>,
    revisions: Select<invoice_revision::Entity>,
    on: NaiveDate,
) -> Result<BTreeMap<Uuid, NaiveDate>, Error> {
    let revisions = revisions
        .order_by_desc(invoice_revision::Column::Revision)
        .all(scope.db())
        .await?;
    let mut due = BTreeMap::new();
    for revision in revisions {
        if scope.actor().day(revision.changed_at) > on {
            let before: Snapshot = serde_json::from_value(revision.content)?;
            due.insert(revision.invoice_id, before.due_date);
        }
    }
    Ok(due)
}

/// The disputes that waited for an answer at the end of a day.
pub(crate) fn waited(on: NaiveDate) -> Condition {
    let ended_later = Condition::any()
        .add(dispute::Column::EndedOn.is_null())
        .add(dispute::Column::EndedOn.gt(on));
    Condition::all()
        .add(dispute::Column::OpenedOn.lte(on))
        .add(ended_later)
}

/// How much of invoices was disputed at the end of a day, in minor units.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn disputed_then<P: Permit>(
    scope: &Scope<P>,
    ids: impl Iterator<Item = Uuid>,
    on: NaiveDate,
) -> Result<BTreeMap<Uuid, i64>, Error> {
    let rows = scope
        .find::<dispute::Entity>()
        .filter(dispute::Column::InvoiceId.is_in(ids))
        .filter(waited(on))
        .all(scope.db())
        .await?;
    let mut disputed = BTreeMap::new();
    for row in rows {
        *disputed.entry(row.invoice_id).or_default() += row.amount_minor;
    }
    Ok(disputed)
}
