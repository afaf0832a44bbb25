//! The cards saved on an account, and the page that shows them all.

use super::autopay;
use crate::{
    Error,
    payments::tenants,
    scope::{Scope, time_zone},
};
use chrono::NaiveDate;
use domain::{
    access::PayInvoices,
    ids::{AccountId, CardId, TenantId},
    payment_methods::{AccountMethods, Expiry, NewMethod, SavedCard, expiry},
};
use entity::{account, card};
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

/// All accounts of the buyer with their cards and what autopay does there, by the seller's name.
///
/// # Errors
/// [`Error::Database`].
pub async fn methods(scope: &Scope<PayInvoices>) -> Result<Vec<AccountMethods>, Error> {
    let accounts = scope
        .find::<account::Entity>()
        .order_by_asc(account::Column::SellerName)
        .order_by_asc(account::Column::Id)
        .all(scope.db())
        .await?;
    let sellers = tenants(scope, accounts.iter().map(|row| row.seller_id).collect()).await?;
    let seller = |id| {
        sellers
            .get(&id)
            .ok_or_else(|| Error::corrupt("an account without seller"))
    };
    let settings = autopay::settings(scope, |id| time_zone(&seller(id)?.time_zone)).await?;
    let mut all = Vec::with_capacity(accounts.len());
    for row in accounts {
        let seller = seller(row.seller_id)?;
        let (seller_id, account) = (TenantId(row.seller_id), AccountId(row.id));
        let of_account = settings.iter().filter(|(id, _)| *id == row.id);
        all.push(AccountMethods {
            account,
            seller: seller_id,
            seller_name: seller.name.clone(),
            today: scope
                .now()
                .with_timezone(&time_zone(&seller.time_zone)?)
                .date_naive(),
            cards: self::of_account(scope, seller_id, account).await?,
            autopay: of_account.map(|(_, setting)| setting.clone()).collect(),
        });
    }
    Ok(all)
}

/// The page on which a card is added to an account.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Database`].
pub async fn new_method(scope: &Scope<PayInvoices>, account: AccountId) -> Result<NewMethod, Error> {
    let row = scope
        .find::<account::Entity>()
        .filter(account::Column::Id.eq(account.0))
        .one(scope.db())
        .await?
        .ok_or(Error::NotFound)?;
    let seller = TenantId(row.seller_id);
    let sellers = tenants(scope, [row.seller_id].into()).await?;
    let name = sellers.get(&row.seller_id).map(|row| row.name.clone());
    Ok(NewMethod {
        account,
        seller_name: name.unwrap_or_default(),
        is_first: of_account(scope, seller, account).await?.is_empty(),
        gateway: scope.ports().gateway.form(seller),
    })
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

/// Whether a stored card is still good on a day.
pub(super) fn expiry_of(row: &card::Model, today: NaiveDate) -> Expiry {
    // What is no month is no card that could be charged.
    let month = row.exp_month.try_into().unwrap_or_default();
    expiry(month, row.exp_year.try_into().unwrap_or_default(), today)
}
