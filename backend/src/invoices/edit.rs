//! Writing invoices by hand: the form, drafts, and issuing them (I5, I9, V14, V15, V21).
//!
//! A draft has no number and its rows are written anew with each save; what is issued is changed by `revise` alone. The
//! version that the writer saw is asked for in the statement that writes, so of two who write at once the second one is
//! told.

mod forms;
#[cfg(test)]
mod tests;

pub(crate) use forms::{currencies, usual};
pub use forms::{form, new_form};

use super::{
    revise,
    void::standing,
    write::{AccountFacts, NewInvoice, Rows, account_facts},
};
use crate::{
    Error,
    codes::Stored,
    numbering::{self, Numbered},
    once,
    scope::{Act, Scope, Tx},
    transact::transact,
};
use domain::{
    Currency, FieldErrors, Money, Quantity, Refusal, TaxRate, UnitPrice,
    access::WriteInvoices,
    days::check_typed,
    ids::{InvoiceId, TenantId},
    invoices::{
        InvoiceLine, Source,
        editing::{WriteAct, WriteInvoice},
        lifecycle::Editing,
    },
};
use entity::{codes::Stage, invoice, invoice_cost, invoice_line, invoice_party, invoice_tax};
use forms::{account, invoice};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter};

/// Keeps what was written: a new draft, a draft as it is now, an issued invoice as a new revision; and issues a draft if
/// that was asked for. Posted twice it is done once.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when somebody changed it meanwhile; [`Error::Invalid`] for the field
/// `issue_date` with what [`check_typed`] says or [`Refusal::DateBeforeLast`] (V22), and what [`revise::revise`] says of an issued
/// one; [`Refusal::Locked`].
pub async fn write(scope: &Scope<WriteInvoices>, written: &WriteInvoice) -> Result<InvoiceId, Error> {
    let user = scope.actor().user().ok_or(Error::SignIn)?;
    transact!(scope, tx => {
        if !once::take_key(tx, user, &format!("write:{}", written.key), written).await? {
            return Ok(written.invoice);
        }
        let found = tx
            .lock::<invoice::Entity>()
            .filter(invoice::Column::Id.eq(written.invoice.0))
            .one(tx.db())
            .await?;
        let Some(row) = found else {
            // One that was there once was deleted meanwhile.
            if written.version != 0 {
                return Err(Error::NotFound);
            }
            put(tx, written, None).await?;
            return Ok(written.invoice);
        };
        match editing(&row, written, revise::Rows::in_transaction(tx), tx.db()).await? {
            Editing::InPlace => put(tx, written, Some(&row)).await?,
            Editing::NewRevision => revise::revise(tx, &row, written).await?,
        }
        Ok(written.invoice)
    })
}

/// Says beforehand what would stand in the way of what was written, as far as it can be told without keeping it.
///
/// # Errors
/// As [`write`], but for what only issuing it, or the reason of a revision, can refuse.
pub async fn preview(scope: &Scope<WriteInvoices>, written: &WriteInvoice) -> Result<(), Error> {
    if written.version == 0 {
        account(scope, written.account).await?;
        return Ok(());
    }
    let row = invoice(scope, written.invoice).await?;
    match editing(&row, written, revise::Rows::of(scope), scope.db()).await? {
        Editing::InPlace => Ok(()),
        Editing::NewRevision => revise::open(&row, written).map(|_| ()),
    }
}

/// What it means to keep what was written of an invoice that is there.
///
/// # Errors
/// [`Error::Conflict`] when somebody changed it meanwhile; [`Refusal::Locked`].
async fn editing(
    row: &invoice::Model,
    written: &WriteInvoice,
    rows: revise::Rows,
    db: &impl ConnectionTrait,
) -> Result<Editing, Error> {
    if row.version != written.version {
        return Err(Error::Conflict);
    }
    let number = row.number.clone().unwrap_or_default();
    let possible = revise::possible(row, rows, db).await?;
    Ok(possible.map_err(|why| Refusal::Locked { number, why })?)
}

/// Deletes a draft; it never had a number (V15).
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::Locked`] for what was issued.
pub async fn delete_draft(scope: &Scope<WriteInvoices>, id: InvoiceId) -> Result<(), Error> {
    transact!(scope, tx => {
        let found = tx
            .lock::<invoice::Entity>()
            .filter(invoice::Column::Id.eq(id.0))
            .one(tx.db())
            .await?;
        let row = found.ok_or(Error::NotFound)?;
        if row.stage != Stage::Draft {
            let why = match standing(&row)?.deletion() {
                Err(why) => why,
                // It is voided on a page of its own, with the reason for it.
                Ok(_) => return Err(Error::Conflict),
            };
            let number = row.number.clone().unwrap_or_default();
            return Err(Refusal::Locked { number, why }.into());
        }
        take_away(tx, &row).await?;
        let facts = serde_json::json!({ "total_minor": row.total_minor, "currency": row.currency });
        tx.audit(Act::new(TenantId(row.seller_id), "delete", "invoice", row.id).after(facts));
        Ok(())
    })
}

/// Writes a draft's rows, or those of the invoice that it becomes.
async fn put(tx: &mut Tx, written: &WriteInvoice, before: Option<&invoice::Model>) -> Result<(), Error> {
    let facts = account_facts(tx, written.account, written.profile).await?;
    let new = NewInvoice {
        account: written.account,
        number: None,
        source: Source::Manual,
        order_id: before.and_then(|row| row.order_id.clone()),
        issue_date: written.issue_date,
        due_date: written.due_date,
        lines: written.lines.clone(),
        costs: written.costs.clone(),
        totals: written.totals.clone(),
        note: written.note.clone(),
        import: None,
    };
    let at = before.map_or(tx.now(), |row| row.created_at);
    if let Some(row) = before {
        take_away(tx, row).await?;
    }
    let mut rows = Rows::default();
    let (id, seller) = (written.invoice, facts.seller);
    let total = written.totals.total;
    match written.act {
        WriteAct::Save => {
            rows.add_draft(id, &facts, &new, at)?;
            let facts = serde_json::json!({ "total": total });
            tx.audit(Act::new(seller, "draft", "invoice", id.0).after(facts));
        }
        WriteAct::Issue => {
            let number = number(tx, &facts, written).await?;
            rows.add(id, &facts, &new, number.clone(), tx.now())?;
            let facts = serde_json::json!({ "number": number, "total": total });
            tx.audit(Act::new(seller, "issue", "invoice", id.0).after(facts));
        }
    }
    for row in &mut rows.invoices {
        row.version = sea_orm::ActiveValue::Set(before.map_or(1, |row| row.version + 1));
    }
    match rows.insert(tx).await {
        // The key is older than what is remembered of it, or the id is somebody else's.
        Err(error) if error.is_duplicate() => Err(Refusal::FormBroken.into()),
        done => done,
    }
}

/// The next number, for a day that is not to come, not years ago and not before the last one of the series (V21, V22).
async fn number(tx: &Tx, facts: &AccountFacts, written: &WriteInvoice) -> Result<String, Error> {
    check_typed(written.issue_date, tx.actor().today()).map_err(|why| FieldErrors::one("issue_date", why))?;
    match numbering::take(tx, facts.seller, Numbered::Invoice, written.issue_date).await {
        Err(Error::Refused(refusal @ Refusal::DateBeforeLast { .. })) => {
            Err(FieldErrors::one("issue_date", refusal).into())
        }
        other => other,
    }
}

/// Deletes the rows of a draft.
async fn take_away(tx: &Tx, row: &invoice::Model) -> Result<(), Error> {
    take_content_away(tx, row).await?;
    tx.delete::<invoice_party::Entity>()
        .filter(invoice_party::Column::SellerId.eq(row.seller_id))
        .filter(invoice_party::Column::InvoiceId.eq(row.id))
        .exec(tx.db())
        .await?;
    let gone = tx
        .delete::<invoice::Entity>()
        .filter(invoice::Column::SellerId.eq(row.seller_id))
        .filter(invoice::Column::Id.eq(row.id))
        .filter(invoice::Column::Stage.eq(Stage::Draft))
        .exec(tx.db())
        .await?;
    if gone.rows_affected == 1 {
        Ok(())
    } else {
        Err(Error::Conflict)
    }
}

/// Deletes lines, costs and taxes, for others to take their place.
pub(super) async fn take_content_away(tx: &Tx, row: &invoice::Model) -> Result<(), Error> {
    tx.delete::<invoice_line::Entity>()
        .filter(invoice_line::Column::SellerId.eq(row.seller_id))
        .filter(invoice_line::Column::InvoiceId.eq(row.id))
        .exec(tx.db())
        .await?;
    tx.delete::<invoice_cost::Entity>()
        .filter(invoice_cost::Column::SellerId.eq(row.seller_id))
        .filter(invoice_cost::Column::InvoiceId.eq(row.id))
        .exec(tx.db())
        .await?;
    tx.delete::<invoice_tax::Entity>()
        .filter(invoice_tax::Column::SellerId.eq(row.seller_id))
        .filter(invoice_tax::Column::InvoiceId.eq(row.id))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// A stored line.
pub(crate) fn line_of(row: &invoice_line::Model, currency: Currency) -> InvoiceLine {
    InvoiceLine {
        position: u32::try_from(row.position).unwrap_or_default(),
        item_code: row.item_code.clone(),
        description: row.description.clone(),
        quantity: Quantity::from_scaled(row.quantity),
        unit_price: UnitPrice::from_scaled(row.unit_price),
        discount: Money::new(row.discount_minor, currency),
        net: Money::new(row.net_minor, currency),
        tax_category: row.tax_category.to_domain(),
        tax_rate: TaxRate::from_scaled(row.tax_rate),
    }
}
