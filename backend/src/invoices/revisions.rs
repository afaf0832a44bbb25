//! What an issued invoice was before it was changed, as both sides see it (V17).

use super::{
    detail,
    revise::{Rows, snapshot},
};
use crate::{
    Error,
    scope::{Scope, SeesInvoices},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::{
    ids::InvoiceId,
    invoices::{
        Changed,
        editing::{Replaced, Revision, Revisions},
    },
};
use entity::{invoice, invoice_revision};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Select};

/// All revisions of an invoice, for either side.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn revisions<P: SeesInvoices>(scope: &Scope<P>, id: InvoiceId) -> Result<Revisions, Error> {
    let row = invoice(scope, id).await?;
    let before = of(scope, id)
        .order_by_desc(invoice_revision::Column::Revision)
        .all(scope.db())
        .await?;
    Ok(Revisions {
        invoice: id,
        now: snapshot(&row, Rows::of(scope), scope.db()).await?,
        number: row.number.unwrap_or_default(),
        before: before.into_iter().map(revision).collect::<Result<_, _>>()?,
    })
}

/// One that was replaced, as the document that it was, for either side.
///
/// # Errors
/// [`Error::NotFound`], also for the revision that holds now.
pub async fn replaced<P: SeesInvoices>(
    scope: &Scope<P>,
    id: InvoiceId,
    number: u32,
) -> Result<Replaced, Error> {
    let row = invoice(scope, id).await?;
    let number = i32::try_from(number).map_err(|_| Error::NotFound)?;
    let found = of(scope, id)
        .filter(invoice_revision::Column::Revision.eq(number))
        .one(scope.db())
        .await?;
    let revision = revision(found.ok_or(Error::NotFound)?)?;
    let zone = detail::sellers_zone(scope, row.seller_id).await?;
    Ok(Replaced {
        invoice: detail::find(scope, id).await?,
        on: revision.at.with_timezone(&zone).date_naive(),
        revision,
    })
}

/// Which revision an invoice is, if it was changed after it was issued; by days of a time zone.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn changed<P: SeesInvoices>(
    scope: &Scope<P>,
    id: InvoiceId,
    zone: Tz,
) -> Result<Option<Changed>, Error> {
    let last: Option<(i32, DateTime<Utc>)> = of(scope, id)
        .order_by_desc(invoice_revision::Column::Revision)
        .limit(1)
        .select_only()
        .columns([
            invoice_revision::Column::Revision,
            invoice_revision::Column::ChangedAt,
        ])
        .into_tuple()
        .one(scope.db())
        .await?;
    Ok(last.map(|(replaced, at)| Changed {
        revision: u32::try_from(replaced).unwrap_or_default() + 1,
        on: at.with_timezone(&zone).date_naive(),
    }))
}

fn of<P: SeesInvoices>(scope: &Scope<P>, id: InvoiceId) -> Select<invoice_revision::Entity> {
    scope
        .find::<invoice_revision::Entity>()
        .filter(invoice_revision::Column::InvoiceId.eq(id.0))
}

async fn invoice<P: SeesInvoices>(scope: &Scope<P>, id: InvoiceId) -> Result<invoice::Model, Error> {
    let found = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::Id.eq(id.0))
        .one(scope.db())
        .await?;
    found.ok_or(Error::NotFound)
}

fn revision(row: invoice_revision::Model) -> Result<Revision, Error> {
    Ok(Revision {
        number: u32::try_from(row.revision).unwrap_or_default(),
        snapshot: serde_json::from_value(row.content)?,
        reason: row.reason,
        by: row.changed_by_name,
        at: row.changed_at,
    })
}
