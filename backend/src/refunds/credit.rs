//! A credit note that takes the place of money on an invoice (V32).

use crate::{
    Error,
    credit_notes::{read, write},
    new_id,
    scope::Tx,
};
use domain::{
    Money, Refusal,
    credit_notes::{CreditReason, HowMuch, IssueCredit},
    ids::{CreditNoteId, FormKey, InvoiceId},
    refunds::credit_of,
};
use entity::{refund, refund_line};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};

/// Issues it, over exactly what came off. Not done when not that much is left of the invoice.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn instead(
    tx: &mut Tx,
    refund: &refund::Model,
    invoice: InvoiceId,
    part: Money,
) -> Result<bool, Error> {
    let row = write::lock_invoice(tx, invoice).await?;
    let left = read::left(&row, &read::Rows::in_transaction(tx), tx.db()).await?;
    let credited = match credit_of(&left, part) {
        Err(Refusal::MoreThanLeft { .. }) => return Ok(false),
        other => other?,
    };
    let id = CreditNoteId(new_id());
    let wanted = IssueCredit {
        key: FormKey(id.0),
        invoice,
        seen: part,
        reason: CreditReason::Return,
        note: refund.reason.clone(),
        how_much: HowMuch::Parts,
        parts: Vec::new(),
    };
    write::write(tx, id, &row, &wanted, &credited).await?;
    tx.update::<refund_line::Entity>()
        .set(refund_line::ActiveModel {
            credit_note_id: Set(Some(id.0)),
            ..Default::default()
        })
        .filter(refund_line::Column::SellerId.eq(refund.seller_id))
        .filter(refund_line::Column::RefundId.eq(refund.id))
        .filter(refund_line::Column::InvoiceId.eq(invoice.0))
        .exec(tx.db())
        .await?;
    Ok(true)
}

/// Whether a credit note could take the place of the money on an invoice.
///
/// # Errors
/// [`domain::Refusal::MoreThanLeft`] when not that much is left of it.
pub(super) async fn check(tx: &Tx, invoice: InvoiceId, part: Money) -> Result<(), Error> {
    let row = write::lock_invoice(tx, invoice).await?;
    let left = read::left(&row, &read::Rows::in_transaction(tx), tx.db()).await?;
    credit_of(&left, part)?;
    Ok(())
}
