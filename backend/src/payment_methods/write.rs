//! Keeps cards that were entered for a payment, and says which one is the default.

use crate::{
    Error, new_id,
    ports::GatewayCard,
    scope::{Act, Tx},
};
use domain::ids::TenantId;
use entity::{Uuid, card, payment_attempt};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, PaginatorTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};

/// Keeps the new card of an attempt on its account. A card that is there already is not kept twice; the first card of
/// an account becomes its default.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn keep(
    tx: &mut Tx,
    attempt: &payment_attempt::Model,
    new: &GatewayCard,
) -> Result<(), Error> {
    let known = tx
        .find::<card::Entity>()
        .filter(card::Column::SellerId.eq(attempt.seller_id))
        .filter(card::Column::GatewayToken.eq(&new.token))
        .one(tx.db())
        .await?;
    let of_account = tx
        .find::<card::Entity>()
        .filter(card::Column::SellerId.eq(attempt.seller_id))
        .filter(card::Column::AccountId.eq(attempt.account_id))
        .filter(card::Column::RemovedAt.is_null());
    let first = of_account.count(tx.db()).await? == 0;
    let id = match known {
        Some(card) => card.id,
        None => insert(tx, attempt, new).await?,
    };
    if attempt.make_default || first {
        make_default(tx, attempt.seller_id, attempt.account_id, id).await?;
    }
    Ok(())
}

async fn insert(tx: &mut Tx, attempt: &payment_attempt::Model, new: &GatewayCard) -> Result<Uuid, Error> {
    let GatewayCard {
        token,
        brand,
        last4,
        exp_month,
        exp_year,
        fingerprint,
    } = new;
    let id = new_id();
    let row = card::ActiveModel {
        seller_id: Set(attempt.seller_id),
        id: Set(id),
        account_id: Set(attempt.account_id),
        buyer_id: Set(attempt.buyer_id),
        gateway_token: Set(token.clone()),
        brand: Set(brand.clone()),
        last4: Set(last4.clone()),
        exp_month: Set(i16::from(*exp_month)),
        exp_year: Set(i16::try_from(*exp_year).map_err(|_| Error::corrupt("a card's expiry"))?),
        fingerprint: Set(fingerprint.clone()),
        is_default: Set(false),
        removed_at: Set(None),
        created_by: Set(attempt.created_by),
        created_at: Set(tx.now()),
    };
    tx.insert(row).await?;
    let facts = serde_json::json!({ "brand": brand, "last4": last4 });
    tx.audit(Act::new(TenantId(attempt.seller_id), "save", "card", id).after(facts));
    Ok(id)
}

/// Makes one card of an account its default, and no other.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn make_default(tx: &mut Tx, seller: Uuid, account: Uuid, id: Uuid) -> Result<(), Error> {
    // The old one first: a unique index allows one at a time.
    for default in [false, true] {
        let which = Expr::col(card::Column::Id);
        tx.update::<card::Entity>()
            .set(card::ActiveModel {
                is_default: Set(default),
                ..Default::default()
            })
            .filter(card::Column::SellerId.eq(seller))
            .filter(card::Column::AccountId.eq(account))
            .filter(card::Column::IsDefault.eq(!default))
            .filter(card::Column::RemovedAt.is_null())
            .filter(if default { which.eq(id) } else { which.ne(id) })
            .exec(tx.db())
            .await?;
    }
    Ok(())
}
