//! The cards saved on an account.

use crate::{Error, scope::Scope};
use domain::{
    access::PayInvoices,
    ids::{AccountId, CardId, TenantId},
    payment_methods::SavedCard,
};
use entity::card;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

/// The most cards that are offered.
const MOST_CARDS: u64 = 50;

/// The cards of an account, the default first, then the newest.
///
/// # Errors
/// [`Error::Database`].
pub async fn of_account(
    scope: &Scope<PayInvoices>,
    seller: TenantId,
    account: AccountId,
) -> Result<Vec<SavedCard>, Error> {
    let rows = scope
        .find::<card::Entity>()
        .filter(card::Column::SellerId.eq(seller.0))
        .filter(card::Column::AccountId.eq(account.0))
        .filter(card::Column::RemovedAt.is_null())
        .order_by_desc(card::Column::IsDefault)
        .order_by_desc(card::Column::CreatedAt)
        .order_by_desc(card::Column::Id)
        .limit(MOST_CARDS)
        .all(scope.db())
        .await?;
    rows.into_iter().map(saved).collect()
}

fn saved(row: card::Model) -> Result<SavedCard, Error> {
    let odd = |_| Error::corrupt("a card's expiry");
    Ok(SavedCard {
        id: CardId(row.id),
        brand: row.brand,
        last4: row.last4,
        exp_month: row.exp_month.try_into().map_err(odd)?,
        exp_year: row.exp_year.try_into().map_err(odd)?,
        is_default: row.is_default,
    })
}
