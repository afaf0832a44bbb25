//! Profiles as documents are bound to them.

use super::content;
use crate::{Error, new_id, scope::Tx};
use domain::{
    FieldErrors, Refusal,
    ids::{AccountId, ProfileId, TenantId},
    profiles::Profile,
};
use entity::{Json, Uuid, billing_profile, codes::PartyRole, invoice_party};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, QueryFilter, QuerySelect, Select};
use std::collections::{BTreeMap, BTreeSet};

/// The profile that documents are bound to, as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bound {
    pub(crate) id: ProfileId,
    pub(crate) profile: Profile,
}

impl Bound {
    fn to(row: &billing_profile::Model) -> Result<Self, Error> {
        Ok(Self {
            id: ProfileId(row.id),
            profile: content(row)?,
        })
    }
}

/// The profile that was chosen for a document of an account, or else the account's default. Nobody changes it meanwhile, and
/// others may bind to it at the same time.
///
/// # Errors
/// [`Error::NotFound`] for one of another account; [`Error::Invalid`] under `billing_profile` when it was archived.
pub(crate) async fn bind(tx: &Tx, account: AccountId, chosen: Option<ProfileId>) -> Result<Bound, Error> {
    let of_account = tx
        .find::<billing_profile::Entity>()
        .filter(billing_profile::Column::AccountId.eq(account.0))
        .lock_shared();
    let row = match chosen {
        Some(id) => of_account.filter(billing_profile::Column::Id.eq(id.0)),
        None => of_account.filter(billing_profile::Column::IsDefault.eq(true)),
    };
    let row = row.one(tx.db()).await?.ok_or(Error::NotFound)?;
    if row.archived_at.is_some() {
        return Err(FieldErrors::one("billing_profile", Refusal::ProfileArchived).into());
    }
    Bound::to(&row)
}

/// The profiles of many accounts that can be chosen, the default of each first. `profiles` are those that may be seen.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn bound_of_all(
    profiles: Select<billing_profile::Entity>,
    db: &impl ConnectionTrait,
) -> Result<BTreeMap<Uuid, Vec<Bound>>, Error> {
    let rows = profiles
        .filter(billing_profile::Column::ArchivedAt.is_null())
        .all(db)
        .await?;
    let mut all: BTreeMap<Uuid, Vec<Bound>> = BTreeMap::new();
    for row in &rows {
        let of_account = all.entry(row.account_id).or_default();
        let place = if row.is_default { 0 } else { of_account.len() };
        of_account.insert(place, Bound::to(row)?);
    }
    Ok(all)
}

/// Writes the profile that a new account begins with.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn open_first(
    tx: &Tx,
    seller: TenantId,
    account: AccountId,
    buyer: TenantId,
) -> Result<Bound, Error> {
    let first = Profile::first();
    let row = billing_profile::ActiveModel {
        seller_id: Set(seller.0),
        id: Set(new_id()),
        account_id: Set(account.0),
        buyer_id: Set(buyer.0),
        name: Set(first.name.clone()),
        content: Set(serde_json::to_value(&first)?),
        card_id: Set(None),
        is_default: Set(true),
        archived_at: Set(None),
        created_at: Set(tx.now()),
    };
    Bound::to(&tx.insert(row).await?)
}

/// Where mail about some invoices goes by what their profiles said when they were issued, if all say the same. `parties` are
/// those that may be seen.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn contact_of(
    parties: Select<invoice_party::Entity>,
    db: &impl ConnectionTrait,
    seller: Uuid,
    invoices: impl IntoIterator<Item = Uuid>,
) -> Result<Option<String>, Error> {
    let kept: Vec<Option<Json>> = parties
        .filter(invoice_party::Column::SellerId.eq(seller))
        .filter(invoice_party::Column::InvoiceId.is_in(invoices))
        .filter(invoice_party::Column::Role.eq(PartyRole::Buyer))
        .select_only()
        .column(invoice_party::Column::Profile)
        .into_tuple()
        .all(db)
        .await?;
    let mut contacts = BTreeSet::new();
    for profile in kept {
        let profile: Option<Profile> = profile.map(serde_json::from_value).transpose()?;
        contacts.insert(profile.and_then(|profile| profile.email().map(str::to_owned)));
    }
    Ok(match contacts.len() {
        1 => contacts.pop_first().flatten(),
        _ => None,
    })
}
