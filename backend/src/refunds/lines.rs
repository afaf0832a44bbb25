//! The lines of a refund: which invoices its money comes off, as planned and in the end as it was.

use crate::{Error, scope::Tx};
use domain::{
    Money,
    ids::{CreditNoteId, InvoiceId},
};
use entity::{refund, refund_line};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, QueryOrder};

/// The invoices of a refund, in the order of their ids (V30).
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn of(tx: &Tx, refund: &refund::Model) -> Result<Vec<refund_line::Model>, Error> {
    let lines = tx
        .find::<refund_line::Entity>()
        .filter(refund_line::Column::RefundId.eq(refund.id))
        .order_by_asc(refund_line::Column::InvoiceId)
        .all(tx.db())
        .await?;
    Ok(lines)
}

/// Writes how much came off which invoice, where that is not what was planned.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn write(
    tx: &Tx,
    refund: &refund::Model,
    planned: &[refund_line::Model],
    lost: &[(InvoiceId, Money)],
) -> Result<(), Error> {
    for line in planned {
        if !lost.iter().any(|(invoice, _)| invoice.0 == line.invoice_id) {
            tx.delete::<refund_line::Entity>()
                .filter(refund_line::Column::SellerId.eq(refund.seller_id))
                .filter(refund_line::Column::RefundId.eq(refund.id))
                .filter(refund_line::Column::InvoiceId.eq(line.invoice_id))
                .exec(tx.db())
                .await?;
        }
    }
    let mut new = Vec::new();
    for (invoice, part) in lost {
        match planned.iter().find(|line| line.invoice_id == invoice.0) {
            Some(line) if line.amount_minor == part.minor() => {}
            Some(_) => {
                tx.update::<refund_line::Entity>()
                    .set(refund_line::ActiveModel {
                        amount_minor: Set(part.minor()),
                        ..Default::default()
                    })
                    .filter(refund_line::Column::SellerId.eq(refund.seller_id))
                    .filter(refund_line::Column::RefundId.eq(refund.id))
                    .filter(refund_line::Column::InvoiceId.eq(invoice.0))
                    .exec(tx.db())
                    .await?;
            }
            None => new.push(row(refund, *invoice, *part, None)),
        }
    }
    tx.insert_all(new).await
}

/// A line of a refund, with the credit note that waits to take the money's place if there is one.
pub(super) fn row(
    refund: &refund::Model,
    invoice: InvoiceId,
    part: Money,
    waits: Option<CreditNoteId>,
) -> refund_line::ActiveModel {
    refund_line::ActiveModel {
        seller_id: Set(refund.seller_id),
        refund_id: Set(refund.id),
        invoice_id: Set(invoice.0),
        amount_minor: Set(part.minor()),
        credit_note_id: Set(waits.map(|note| note.0)),
    }
}
