//! Credit that takes the place of money on an invoice (V32): of a new credit note, or of one that was issued before and waits
//! for it (V36).

use crate::{
    Error,
    credit_notes::{
        left::{Rows, left},
        rows::{Note, due},
        write,
    },
    ledger::{Put, put},
    new_id,
    payments::Pot,
    scope::{Act, Tx},
};
use domain::{
    Money, Refusal,
    credit_notes::CreditReason,
    ids::{CreditNoteId, InvoiceId, TenantId},
    refunds::credit_of,
};
use entity::{Uuid, credit_note, refund, refund_line};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, QueryOrder};

/// Credits what came off invoices, as far as it was agreed and can be. The rest of them is open again.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn follow(
    tx: &mut Tx,
    refund: &refund::Model,
    planned: &[refund_line::Model],
    lost: &[(InvoiceId, Money)],
) -> Result<(), Error> {
    for &(invoice, part) in lost {
        let asked_for = planned.iter().find(|line| line.invoice_id == invoice.0);
        let credited = match asked_for.map(|line| line.credit_note_id) {
            None => false,
            Some(None) => instead(tx, refund, invoice, part).await?,
            Some(Some(note)) => take_place(tx, refund, note, (invoice, part)).await?,
        };
        if !credited {
            // The money is gone in any case, and nobody is to lose more by it than was agreed.
            let facts = serde_json::json!({ "refund": refund.id, "amount": part });
            tx.audit(Act::new(TenantId(refund.seller_id), "reopen", "invoice", invoice.0).after(facts));
        }
    }
    Ok(())
}

/// Issues a credit note, over exactly what came off. Not done when not that much is left of the invoice.
///
/// # Errors
/// [`Error::Database`].
async fn instead(
    tx: &mut Tx,
    refund: &refund::Model,
    invoice: InvoiceId,
    part: Money,
) -> Result<bool, Error> {
    let row = write::lock_invoice(tx, invoice).await?;
    let left = left(&row, &Rows::in_transaction(tx), tx.db()).await?;
    let credited = match credit_of(&left, part) {
        Err(Refusal::MoreThanLeft { .. }) => return Ok(false),
        other => other?,
    };
    let id = CreditNoteId(new_id());
    let reason = CreditReason::Return.text(&refund.reason);
    Note::over(id, &row, reason, &credited)?.write(tx).await?;
    name(tx, refund, invoice, Some(id)).await?;
    Ok(true)
}

/// Locks the credit notes that wait to take the place of a refund's money, before its invoices are (V30).
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn lock_waiting(tx: &Tx, lines: &[refund_line::Model]) -> Result<(), Error> {
    let notes: Vec<Uuid> = lines.iter().filter_map(|line| line.credit_note_id).collect();
    if notes.is_empty() {
        return Ok(());
    }
    tx.lock::<credit_note::Entity>()
        .filter(credit_note::Column::Id.is_in(notes))
        .order_by_asc(credit_note::Column::Id)
        .all(tx.db())
        .await?;
    Ok(())
}

/// Puts credit of a credit note that waits for it to the invoice. Not done when there is not that much of it, or the invoice
/// cannot take it; then it stays as credit of the account.
///
/// # Errors
/// [`Error::Database`]. The credit note is locked by the caller.
async fn take_place(
    tx: &mut Tx,
    refund: &refund::Model,
    note: Uuid,
    (invoice, part): (InvoiceId, Money),
) -> Result<bool, Error> {
    let found = tx
        .find::<credit_note::Entity>()
        .filter(credit_note::Column::Id.eq(note))
        .one(tx.db())
        .await?;
    let row = write::lock_invoice(tx, invoice).await?;
    let fits = |note: &credit_note::Model| note.remaining_minor >= part.minor();
    let (Some(note), true) = (found.filter(fits), due(&row)?.free.minor() >= part.minor()) else {
        name(tx, refund, invoice, None).await?;
        return Ok(false);
    };
    let pot = Pot::CreditNote(note);
    pot.change_unused(tx, -part.minor()).await?;
    let to_invoice = Put {
        books: pot.books(),
        from: pot.origin(),
        invoice,
        amount: part,
        reverses: None,
        freed: 0,
        day: tx.actor().today(),
        at: tx.now(),
    };
    put(tx, &[to_invoice]).await?;
    let facts = serde_json::json!({ "credit_note": pot.id(), "amount": part });
    tx.audit(Act::new(TenantId(refund.seller_id), "credit", "invoice", invoice.0).after(facts));
    Ok(true)
}

/// Writes into a line of a refund which credit note took the money's place.
async fn name(
    tx: &Tx,
    refund: &refund::Model,
    invoice: InvoiceId,
    note: Option<CreditNoteId>,
) -> Result<(), Error> {
    tx.update::<refund_line::Entity>()
        .set(refund_line::ActiveModel {
            credit_note_id: Set(note.map(|note| note.0)),
            ..Default::default()
        })
        .filter(refund_line::Column::SellerId.eq(refund.seller_id))
        .filter(refund_line::Column::RefundId.eq(refund.id))
        .filter(refund_line::Column::InvoiceId.eq(invoice.0))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Whether a credit note could take the place of the money on an invoice.
///
/// # Errors
/// [`domain::Refusal::MoreThanLeft`] when not that much is left of it.
pub(super) async fn check(tx: &Tx, invoice: InvoiceId, part: Money) -> Result<(), Error> {
    let row = write::lock_invoice(tx, invoice).await?;
    let left = left(&row, &Rows::in_transaction(tx), tx.db()).await?;
    credit_of(&left, part)?;
    Ok(())
}
