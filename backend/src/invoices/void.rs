//! Withdrawing an issued invoice on which nothing hangs: it keeps its number, so that the series has no gap (V15, V18).

use crate::{
    Error,
    codes::{money, stage},
    credit_notes::left::{self, stands_on},
    ledger::{Books, Entry, Journal},
    scope::{Act, Scope, Tx},
    transact::transact,
};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    FieldErrors, Refusal,
    access::VoidInvoices,
    ids::{InvoiceId, TenantId},
    invoices::{VOID_REASON_MAX, VoidForm, lifecycle::Standing},
    ledger::{self, EntryKind, Posting},
    refusal::Locked,
    text,
};
use entity::{codes::Stage, invoice};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, QueryFilter};

/// What the page that asks for the reason shows.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn form(scope: &Scope<VoidInvoices>, id: InvoiceId) -> Result<VoidForm, Error> {
    let found = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::Id.eq(id.0))
        .one(scope.db())
        .await?;
    let row = found.ok_or(Error::NotFound)?;
    Ok(VoidForm {
        invoice: id,
        possible: voiding(&row, left::Rows::of(scope), scope.db()).await?,
        number: row.number.unwrap_or_default(),
        buyer: row.buyer_name,
        total: money(row.total_minor, &row.currency)?,
    })
}

/// Withdraws an invoice, for a reason that stands in the audit.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] for the field `reason`; [`Refusal::Locked`] while money, credit or a dispute
/// hangs on it.
pub async fn void(scope: &Scope<VoidInvoices>, id: InvoiceId, reason: &str) -> Result<(), Error> {
    let reason =
        text::needed(reason, VOID_REASON_MAX).map_err(|refusal| FieldErrors::one("reason", refusal))?;
    transact!(scope, tx => {
        let found = tx
            .lock::<invoice::Entity>()
            .filter(invoice::Column::Id.eq(id.0))
            .one(tx.db())
            .await?;
        let row = found.ok_or(Error::NotFound)?;
        voiding(&row, left::Rows::in_transaction(tx), tx.db()).await?.map_err(|why| Refusal::Locked {
            number: row.number.clone().unwrap_or_default(),
            why,
        })?;
        let change = invoice::ActiveModel {
            stage: Set(Stage::Void),
            open_minor: Set(0),
            voided_at: Set(Some(tx.now())),
            version: Set(row.version + 1),
            ..Default::default()
        };
        tx.update::<invoice::Entity>()
            .set(change)
            .filter(invoice::Column::SellerId.eq(row.seller_id))
            .filter(invoice::Column::Id.eq(row.id))
            .exec(tx.db())
            .await?;
        post(tx, &row, tx.actor().today(), tx.now()).await?;
        let seller = TenantId(row.seller_id);
        tx.audit(Act::new(seller, "void", "invoice", row.id).because(&reason));
        Ok(())
    })
}

/// Whether it can be withdrawn (V18).
async fn voiding(
    row: &invoice::Model,
    notes: left::Rows,
    db: &impl ConnectionTrait,
) -> Result<Result<(), Locked>, Error> {
    Ok(match standing(row)?.voiding() {
        Ok(()) if stands_on(&notes, row.id, db).await? => Err(Locked::HasCredits),
        other => other,
    })
}

/// What hangs on it, as far as changing it is concerned.
pub(super) fn standing(row: &invoice::Model) -> Result<Standing, Error> {
    let amount = |minor| money(minor, &row.currency);
    Ok(Standing {
        stage: stage(row.stage),
        total: amount(row.total_minor)?,
        paid: amount(row.paid_minor)?,
        credited: amount(row.credited_minor)?,
        written_off: amount(row.written_off_minor)?,
        pending: amount(row.reserved_minor)?,
        disputed: amount(row.disputed_minor)?,
        is_rolled_up: row.rollup_id.is_some(),
    })
}

/// Takes out of the books what issuing an invoice put in.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn post(
    tx: &Tx,
    row: &invoice::Model,
    on: NaiveDate,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    let amount = |minor| money(minor, &row.currency);
    let issued = ledger::issued(
        amount(row.net_minor)?,
        amount(row.tax_minor)?,
        amount(row.rounding_minor)?,
    )?;
    let back: Vec<Posting> = issued.iter().map(|posting| posting.reversed()).collect();
    let books = Books {
        seller: row.seller_id,
        account: row.account_id,
        buyer: row.buyer_id,
    };
    let mut journal = Journal::default();
    let entry = Entry::new(books, EntryKind::Void, row.id, on, at).invoice(row.id);
    journal.book(&entry, &back);
    journal.write(tx).await
}

#[cfg(test)]
mod tests;
