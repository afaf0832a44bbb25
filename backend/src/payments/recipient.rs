//! To whom the receipt of a payment goes by itself.

use crate::{Error, profiles, scope::Tx};
use entity::{attempt_line, payment_attempt, user};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// Where the receipt goes: to the person who paid, if they asked for it (P6). They may be of the parent of who owed it,
/// while the reconciler acts for the latter. What autopay paid goes to the contact of the invoices' profile, if they have
/// one in common (B1).
///
/// # Errors
/// [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "the attempt names the person who made it"
)]
pub(super) async fn of(
    tx: &Tx,
    attempt: &payment_attempt::Model,
    lines: &[attempt_line::Model],
) -> Result<Option<String>, Error> {
    let Some(payer) = attempt.created_by.filter(|_| attempt.email_receipt) else {
        return Ok(None);
    };
    if attempt.by_itself {
        let invoices = lines.iter().map(|line| line.invoice_id);
        let contact = profiles::contact_of(tx.find(), tx.db(), attempt.seller_id, invoices).await?;
        if contact.is_some() {
            return Ok(contact);
        }
    }
    let colleague = tx
        .find::<user::Entity>()
        .filter(user::Column::Id.eq(payer))
        .one(tx.db())
        .await?;
    let payer = match colleague {
        Some(payer) => Some(payer),
        None => {
            user::Entity::find_by_id(payer)
                .one(tx.actor().backend().system().db())
                .await?
        }
    };
    Ok(payer.map(|payer| payer.email))
}
