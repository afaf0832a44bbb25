//! Billing profiles as the seller and their owner see them.

use super::row;
use crate::{Error, new_id, scope::Scope};
use domain::{
    access::{ChangeProfiles, ManageTenants, Permit, WriteInvoices},
    ids::{AccountId, CardId, FormKey, ProfileId, TenantId},
    profiles::{AccountProfiles, Preferable, ProfileDetail},
};
use entity::{account, billing_profile, card};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::NullOrdering};

/// The most cards that are offered.
const MOST_CARDS: u64 = 50;
/// The most profiles of an account that a list shows, with those that were archived.
const MOST: u64 = 200;

/// The profiles of a customer.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Database`].
pub async fn of_customer(scope: &Scope<ManageTenants>, buyer: TenantId) -> Result<AccountProfiles, Error> {
    let account = scope
        .find::<account::Entity>()
        .filter(account::Column::BuyerId.eq(buyer.0))
        .one(scope.db())
        .await?
        .ok_or(Error::NotFound)?;
    let with = account.buyer_name.clone();
    of_account(scope, &account, with).await
}

/// One's own profiles with everybody who bills one, by their names.
///
/// # Errors
/// [`Error::Database`].
pub async fn own(scope: &Scope<ChangeProfiles>) -> Result<Vec<AccountProfiles>, Error> {
    let accounts = scope
        .find::<account::Entity>()
        .order_by_asc(account::Column::SellerName)
        .order_by_asc(account::Column::BuyerName)
        .order_by_asc(account::Column::Id)
        .all(scope.db())
        .await?;
    let mut all = Vec::with_capacity(accounts.len());
    for account in &accounts {
        let with = if account.buyer_id == scope.tenant().0 {
            account.seller_name.clone()
        } else {
            format!("{}, for {}", account.seller_name, account.buyer_name)
        };
        all.push(of_account(scope, account, with).await?);
    }
    Ok(all)
}

/// A customer's profile.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Database`].
pub async fn find(scope: &Scope<ManageTenants>, id: ProfileId) -> Result<ProfileDetail, Error> {
    let (profile, account) = one(scope, id).await?;
    Ok(ProfileDetail {
        row: row(&profile)?,
        buyer: TenantId(profile.buyer_id),
        with: account.buyer_name,
        card: None,
        cards: Vec::new(),
    })
}

/// A profile of one's own, with the cards among which one chooses.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Database`].
pub async fn find_own(scope: &Scope<ChangeProfiles>, id: ProfileId) -> Result<ProfileDetail, Error> {
    let (profile, account) = one(scope, id).await?;
    let cards = scope
        .find::<card::Entity>()
        .filter(card::Column::SellerId.eq(profile.seller_id))
        .filter(card::Column::AccountId.eq(profile.account_id))
        .filter(card::Column::RemovedAt.is_null())
        .order_by_desc(card::Column::CreatedAt)
        .order_by_desc(card::Column::Id)
        .limit(MOST_CARDS)
        .all(scope.db())
        .await?;
    let cards = cards.into_iter().map(|card| Preferable {
        id: CardId(card.id),
        name: format!("{} ending {}", brand(&card.brand), card.last4),
    });
    Ok(ProfileDetail {
        row: row(&profile)?,
        buyer: TenantId(profile.buyer_id),
        with: account.seller_name,
        card: profile.card_id.map(CardId),
        cards: cards.collect(),
    })
}

/// What an invoice to an account can be bound to: id and name of each, the default first.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn choices(
    scope: &Scope<WriteInvoices>,
    account: AccountId,
) -> Result<Vec<(ProfileId, String)>, Error> {
    let rows = rows(scope, account)
        .filter(billing_profile::Column::ArchivedAt.is_null())
        .all(scope.db())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (ProfileId(row.id), row.name))
        .collect())
}

async fn of_account<P: Permit>(
    scope: &Scope<P>,
    account: &account::Model,
    with: String,
) -> Result<AccountProfiles, Error> {
    let rows = rows(scope, AccountId(account.id)).all(scope.db()).await?;
    Ok(AccountProfiles {
        key: FormKey(new_id()),
        account: AccountId(account.id),
        buyer: TenantId(account.buyer_id),
        with,
        profiles: rows.iter().map(row).collect::<Result<_, _>>()?,
    })
}

/// The default first, those that were archived last.
fn rows<P: Permit>(scope: &Scope<P>, account: AccountId) -> sea_orm::Select<billing_profile::Entity> {
    let archived = billing_profile::Column::ArchivedAt;
    scope
        .find::<billing_profile::Entity>()
        .filter(billing_profile::Column::AccountId.eq(account.0))
        .order_by_desc(billing_profile::Column::IsDefault)
        .order_by_with_nulls(archived, sea_orm::Order::Desc, NullOrdering::First)
        .order_by_asc(billing_profile::Column::Name)
        .order_by_asc(billing_profile::Column::Id)
        .limit(MOST)
}

async fn one<P: Permit>(
    scope: &Scope<P>,
    id: ProfileId,
) -> Result<(billing_profile::Model, account::Model), Error> {
    let profile = scope
        .find::<billing_profile::Entity>()
        .filter(billing_profile::Column::Id.eq(id.0))
        .one(scope.db())
        .await?
        .ok_or(Error::NotFound)?;
    let account = scope
        .find::<account::Entity>()
        .filter(account::Column::SellerId.eq(profile.seller_id))
        .filter(account::Column::Id.eq(profile.account_id))
        .one(scope.db())
        .await?
        .ok_or(Error::NotFound)?;
    Ok((profile, account))
}

/// The gateway writes brands in lower case.
fn brand(code: &str) -> String {
    let mut letters = code.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
