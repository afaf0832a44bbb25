//! What autopay will pay by itself, for whoever would otherwise ask for it.

use super::{due::due, party, shares};
use crate::{Error, scope::Tx};
use chrono::NaiveDate;
use entity::{Uuid, autopay, codes::TenantState};
use sea_orm::{ColumnTrait, QueryFilter};

/// The invoices of an account in a currency that autopay pays today or when it tries again. What the bank wants the payer to
/// confirm is not among them, nor is anything while autopay is off or paused.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn takes(
    tx: &Tx,
    seller: Uuid,
    account: Uuid,
    currency: &str,
    today: NaiveDate,
) -> Result<Vec<Uuid>, Error> {
    let row = tx
        .find::<autopay::Entity>()
        .filter(autopay::Column::SellerId.eq(seller))
        .filter(autopay::Column::AccountId.eq(account))
        .filter(autopay::Column::Currency.eq(currency))
        .one(tx.db())
        .await?;
    let Some(row) = row.filter(|row| row.is_on && row.paused.is_none()) else {
        return Ok(Vec::new());
    };
    if party(tx, row.buyer_id).await?.state != TenantState::Active {
        return Ok(Vec::new());
    }
    let mut taken = Vec::new();
    for share in shares::of(tx, &row, today).await? {
        let due = due(tx, &row, today, &share).await?;
        taken.extend(due.into_iter().map(|id| id.0));
    }
    Ok(taken)
}
