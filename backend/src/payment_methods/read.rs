//! The cards and bank accounts saved on an account, and the page that shows them all.

use super::autopay;
use crate::{
    Error,
    codes::Stored,
    payments::tenants,
    scope::{Scope, time_zone},
};
use chrono::NaiveDate;
use chrono_tz::Tz;
use domain::{
    access::PayInvoices,
    ids::{AccountId, CardId, TenantId},
    payment_methods::{AccountMethods, Expiry, Mandate, SavedCard, expiry},
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
    let rows = rows(scope, seller, account).await?;
    rows.into_iter().map(saved).collect()
}

async fn rows(
    scope: &Scope<PayInvoices>,
    seller: TenantId,
    account: AccountId,
) -> Result<Vec<card::Model>, Error> {
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
    Ok(rows)
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
        let zone = time_zone(&seller.time_zone)?;
        let saved_there = rows(scope, seller_id, account).await?;
        all.push(AccountMethods {
            account,
            seller: seller_id,
            seller_name: seller.name.clone(),
            today: scope.now().with_timezone(&zone).date_naive(),
            mandates: saved_there
                .iter()
                .filter_map(|card| mandate(card, zone))
                .collect(),
            cards: saved_there.into_iter().map(saved).collect::<Result<_, _>>()?,
            autopay: of_account.map(|(_, setting)| setting.clone()).collect(),
        });
    }
    Ok(all)
}

/// A stored card as people see it.
pub(super) fn saved(row: card::Model) -> Result<SavedCard, Error> {
    let odd = |_| Error::corrupt("a card's expiry");
    Ok(SavedCard {
        id: CardId(row.id),
        kind: row.kind.to_domain(),
        brand: row.brand,
        last4: row.last4,
        exp_month: row.exp_month.try_into().map_err(odd)?,
        exp_year: row.exp_year.try_into().map_err(odd)?,
        is_default: row.is_default,
    })
}

fn mandate(row: &card::Model, zone: Tz) -> Option<Mandate> {
    Some(Mandate {
        card: CardId(row.id),
        reference: row.mandate.clone()?,
        given_on: row.mandate_at?.with_timezone(&zone).date_naive(),
    })
}

/// Whether a stored card is still good on a day.
pub(super) fn expiry_of(row: &card::Model, today: NaiveDate) -> Expiry {
    // What is no month is no card that could be charged.
    let month = row.exp_month.try_into().unwrap_or_default();
    expiry(month, row.exp_year.try_into().unwrap_or_default(), today)
}
