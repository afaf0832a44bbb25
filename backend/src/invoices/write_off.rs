//! Giving up what is open of an invoice, and hoping for it again (V14).
//!
//! The invoice stands with its number, its lines and what was paid of it; the rest goes from what customers owe to what will
//! never be paid. Both are rows of their own, so the past stays as it was (V34).

use super::{rows::stored_stage, void::standing};
use crate::{
    Error,
    codes::money,
    credit_notes::write::lock_invoice,
    ledger::{Books, Entry, Journal},
    new_id,
    scope::{Act, Scope, Tx},
    transact::transact,
};
use domain::{
    FieldErrors, Money, Refusal,
    access::WriteOffInvoices,
    ids::{InvoiceId, TenantId},
    invoices::{WRITE_OFF_REASON_MAX, WriteOffForm},
    ledger::{self, EntryKind},
    refusal::Locked,
    text,
};
use entity::{codes::Stage, invoice, write_off};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};

/// What the page that asks for the reason shows.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn form(scope: &Scope<WriteOffInvoices>, id: InvoiceId) -> Result<WriteOffForm, Error> {
    let found = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::Id.eq(id.0))
        .one(scope.db())
        .await?;
    let row = found.ok_or(Error::NotFound)?;
    Ok(WriteOffForm {
        invoice: id,
        possible: standing(&row)?.writing_off(),
        open: money(row.open_minor, &row.currency)?,
        written_off: money(row.written_off_minor, &row.currency)?,
        number: row.number.unwrap_or_default(),
        buyer: row.buyer_name,
    })
}

/// Gives up all that is open of an invoice.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] for the field `reason`; [`Refusal::Locked`] while something of it is being paid,
/// and for what has nothing open.
pub async fn write_off(scope: &Scope<WriteOffInvoices>, id: InvoiceId, reason: &str) -> Result<(), Error> {
    let reason = needed(reason)?;
    transact!(scope, tx => {
        let row = lock_invoice(tx, id).await?;
        standing(&row)?.writing_off().map_err(|why| locked(&row, why))?;
        let amount = money(row.open_minor, &row.currency)?;
        move_to(tx, &row, amount, &reason).await?;
        let seller = TenantId(row.seller_id);
        let facts = serde_json::json!({ "amount": amount });
        tx.audit(Act::new(seller, "write_off", "invoice", row.id).after(facts).because(&reason));
        Ok(())
    })
}

/// Hopes again for all that was given up of an invoice: it is open once more.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] for the field `reason`; [`Refusal::Locked`] when nothing of it is written off.
pub async fn take_back(scope: &Scope<WriteOffInvoices>, id: InvoiceId, reason: &str) -> Result<(), Error> {
    let reason = needed(reason)?;
    transact!(scope, tx => {
        let row = lock_invoice(tx, id).await?;
        standing(&row)?.taking_back().map_err(|why| locked(&row, why))?;
        let amount = money(row.written_off_minor, &row.currency)?;
        move_to(tx, &row, amount.checked_neg()?, &reason).await?;
        let seller = TenantId(row.seller_id);
        let facts = serde_json::json!({ "amount": amount });
        tx.audit(Act::new(seller, "recover", "invoice", row.id).after(facts).because(&reason));
        Ok(())
    })
}

fn needed(reason: &str) -> Result<String, FieldErrors> {
    text::needed(reason, WRITE_OFF_REASON_MAX).map_err(|refusal| FieldErrors::one("reason", refusal))
}

fn locked(row: &invoice::Model, why: Locked) -> Refusal {
    Refusal::Locked {
        number: row.number.clone().unwrap_or_default(),
        why,
    }
}

/// Moves an amount from what is open to what is written off, or with one below zero the other way. The row is locked by
/// the caller.
async fn move_to(tx: &Tx, row: &invoice::Model, amount: Money, reason: &str) -> Result<(), Error> {
    let open = row.open_minor - amount.minor();
    let written_off = row.written_off_minor + amount.minor();
    let change = invoice::ActiveModel {
        stage: Set(if open == 0 {
            Stage::WrittenOff
        } else {
            stored_stage(row.total_minor, open)
        }),
        open_minor: Set(open),
        written_off_minor: Set(written_off),
        version: Set(row.version + 1),
        ..Default::default()
    };
    tx.update::<invoice::Entity>()
        .set(change)
        .filter(invoice::Column::SellerId.eq(row.seller_id))
        .filter(invoice::Column::Id.eq(row.id))
        .exec(tx.db())
        .await?;
    let id = new_id();
    tx.insert(write_off::ActiveModel {
        seller_id: Set(row.seller_id),
        id: Set(id),
        invoice_id: Set(row.id),
        amount_minor: Set(amount.minor()),
        reason: Set(reason.to_owned()),
        created_by: Set(tx.actor().user().map(|user| user.0)),
        created_by_name: Set(tx.actor().name().to_owned()),
        created_at: Set(tx.now()),
    })
    .await?;
    let books = Books {
        seller: row.seller_id,
        account: row.account_id,
        buyer: row.buyer_id,
    };
    let entry = Entry::new(books, EntryKind::WriteOff, id, tx.actor().today(), tx.now()).invoice(row.id);
    let mut journal = Journal::default();
    journal.book(&entry, &ledger::written_off(amount)?);
    journal.write(tx).await
}

#[cfg(test)]
mod tests;
