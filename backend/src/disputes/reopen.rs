//! A dispute whose credit note is withdrawn waits for its answer again, as far as its money is owed again.
//!
//! It comes back as a dispute of its own: what was said and answered before stays as it was, so that past days show what
//! waited then.

use super::{
    letters::{self, Withdrawn},
    read::{Rows, position},
    write::{New, disputable, insert, party},
};
use crate::{
    Error,
    codes::money,
    credit_notes::write::lock_invoice,
    new_id,
    scope::{Act, Tx},
};
use domain::{
    Money,
    ids::{InvoiceId, TenantId},
};
use entity::{credit_note, dispute, invoice};
use sea_orm::{ColumnTrait, QueryFilter};

/// Opens the dispute again that a credit note answered, in the transaction that withdraws it; none if it answered none.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn reopen(tx: &mut Tx, note: &credit_note::Model, why: &str) -> Result<(), Error> {
    let answered = tx
        .find::<dispute::Entity>()
        .filter(dispute::Column::SellerId.eq(note.seller_id))
        .filter(dispute::Column::CreditNoteId.eq(note.id))
        .one(tx.db())
        .await?;
    let Some(before) = answered else { return Ok(()) };
    let invoice = lock_invoice(tx, InvoiceId(before.invoice_id)).await?;
    let seller = party(tx, before.seller_id).await?;
    let back = again(tx, &invoice, &before).await?;
    let withdrawn = Withdrawn {
        note: &note.number,
        why,
    };
    letters::reopened(tx, &seller, &invoice, &before, &withdrawn, back.as_ref()).await
}

/// The dispute again, with what of its parts can be disputed now; none when nothing can.
async fn again(
    tx: &mut Tx,
    invoice: &invoice::Model,
    before: &dispute::Model,
) -> Result<Option<dispute::Model>, Error> {
    let it = disputable(tx, invoice).await?;
    let rows = Rows::in_transaction(tx);
    let mut asked = Vec::new();
    for part in rows.parts(std::slice::from_ref(before), tx.db()).await? {
        asked.push((position(&part), money(part.amount_minor, &before.currency)?));
    }
    let parts = it.as_far_as_left(&asked)?;
    if parts.is_empty() {
        return Ok(None);
    }
    let new = New {
        id: new_id(),
        reason: &before.reason,
        amount: Money::sum(it.open.currency(), parts.iter().map(|(_, amount)| *amount))?,
        parts: &parts,
        by: before.created_by,
        by_name: before.created_by_name.clone(),
        mailed_to: before.mailed_to.clone(),
        reopens: Some(before.id),
    };
    let row = insert(tx, invoice, &new, &it).await?;
    let facts = serde_json::json!({ "dispute": row.id, "reopens": before.id, "amount": new.amount });
    let act = Act::new(TenantId(row.seller_id), "reopen_dispute", "invoice", invoice.id);
    tx.audit(act.after(facts));
    Ok(Some(row))
}
