//! Billing profiles are made, changed, made the default and archived.
//!
//! An account's profiles are changed one at a time, behind its row, so that it always has exactly one default. What an
//! invoice was issued with stays on it whatever happens here (V17).

use super::content;
use crate::{
    Error, once,
    scope::{Act, Scope, Tx},
    transact::transact,
};
use domain::{
    FieldErrors, Refusal,
    access::{ChangeProfiles, ManageTenants},
    ids::{CardId, FormKey, ProfileId, TenantId},
    profiles::{PROFILES_MAX, Profile, ProfileFields},
};
use entity::{Json, account, billing_profile, card, codes::Stage, invoice};
use sea_orm::{ActiveValue::Set, ColumnTrait, PaginatorTrait, QueryFilter, QuerySelect};
use serde_json::json;

/// Stages of invoices that keep their profile in use.
const UNSETTLED: [Stage; 3] = [Stage::Draft, Stage::Open, Stage::PartlyPaid];

/// Makes a profile for a customer. Posted twice it is one.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] with what is wrong with each field, also when the name is taken;
/// [`Refusal::TooMany`].
pub async fn add(
    scope: &Scope<ManageTenants>,
    buyer: TenantId,
    key: FormKey,
    fields: &ProfileFields,
) -> Result<ProfileId, Error> {
    let user = scope.actor().user().ok_or(Error::SignIn)?;
    let new = fields.read()?;
    transact!(scope, tx => {
        let id = ProfileId(key.0);
        if once::take_key(tx, user, &format!("profile:{key}"), &(buyer, fields)).await? {
            make(tx, buyer, id, &new).await?;
        }
        Ok(id)
    })
}

/// Makes it, whoever made sure that it is made once.
///
/// # Errors
/// As [`add`].
pub(crate) async fn make(tx: &mut Tx, buyer: TenantId, id: ProfileId, new: &Profile) -> Result<(), Error> {
    let account = tx
        .lock::<account::Entity>()
        .filter(account::Column::BuyerId.eq(buyer.0))
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)?;
    let there_are = tx
        .find::<billing_profile::Entity>()
        .filter(billing_profile::Column::AccountId.eq(account.id))
        .filter(billing_profile::Column::ArchivedAt.is_null())
        .count(tx.db())
        .await?;
    if there_are >= u64::from(PROFILES_MAX) {
        return Err(Refusal::TooMany {
            at_most: PROFILES_MAX,
        }
        .into());
    }
    free(tx, &account, &new.name, None).await?;
    let row = billing_profile::ActiveModel {
        seller_id: Set(account.seller_id),
        id: Set(id.0),
        account_id: Set(account.id),
        buyer_id: Set(account.buyer_id),
        name: Set(new.name.clone()),
        content: Set(serde_json::to_value(new)?),
        card_id: Set(None),
        is_default: Set(false),
        archived_at: Set(None),
        created_at: Set(tx.now()),
    };
    match tx.insert(row).await {
        // The key is older than what is remembered of it.
        Err(error) if error.is_duplicate() => return Err(Refusal::FormBroken.into()),
        inserted => inserted?,
    };
    tx.audit(Act::new(tx.actor().tenant(), "create", "profile", id.0).after(told(new)?));
    Ok(())
}

/// Changes what a customer's profile says.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] with what is wrong with each field, also when the name is taken;
/// [`Refusal::ProfileArchived`].
pub async fn change(
    scope: &Scope<ManageTenants>,
    id: ProfileId,
    fields: &ProfileFields,
) -> Result<(), Error> {
    let new = fields.read()?;
    transact!(scope, tx => {
        let (account, row) = lock(tx, id).await?;
        free(tx, &account, &new.name, Some(id)).await?;
        keep(tx, &row, &new, row.card_id.map(CardId)).await
    })
}

/// Changes a profile of one's own, and which card autopay is to use for its invoices. Its name is the seller's.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] with what is wrong with each field, also a card that is not there;
/// [`Refusal::ProfileArchived`].
pub async fn change_own(
    scope: &Scope<ChangeProfiles>,
    id: ProfileId,
    fields: &ProfileFields,
    card: &str,
) -> Result<(), Error> {
    transact!(scope, tx => {
        let row = in_use(tx, id).await?;
        let fields = ProfileFields { name: row.name.clone(), ..fields.clone() };
        let new = fields.read()?;
        let card = chosen_card(tx, &row, card).await?;
        keep(tx, &row, &new, card).await
    })
}

/// Makes a profile the one that new invoices of its account are bound to.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::ProfileArchived`].
pub async fn make_default(scope: &Scope<ManageTenants>, id: ProfileId) -> Result<TenantId, Error> {
    transact!(scope, tx => {
        let (account, row) = lock(tx, id).await?;
        let buyer = TenantId(account.buyer_id);
        if row.is_default {
            return Ok(buyer);
        }
        // The old one first: a unique index allows one at a time.
        for default in [false, true] {
            let which = billing_profile::Column::Id;
            tx.update::<billing_profile::Entity>()
                .set(billing_profile::ActiveModel { is_default: Set(default), ..Default::default() })
                .filter(billing_profile::Column::SellerId.eq(row.seller_id))
                .filter(billing_profile::Column::AccountId.eq(account.id))
                .filter(billing_profile::Column::IsDefault.eq(!default))
                .filter(if default { which.eq(id.0) } else { which.ne(id.0) })
                .exec(tx.db())
                .await?;
        }
        let facts = json!({ "name": row.name });
        tx.audit(Act::new(tx.actor().tenant(), "make_default", "profile", id.0).after(facts));
        Ok(buyer)
    })
}

/// Archives a profile: it is kept for the invoices that are bound to it and cannot be chosen any more.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::ProfileArchived`]; [`Refusal::ProfileIsDefault`]; [`Refusal::ProfileOwes`] while
/// invoices that are not settled are bound to it.
pub async fn archive(scope: &Scope<ManageTenants>, id: ProfileId) -> Result<TenantId, Error> {
    transact!(scope, tx => {
        let (account, row) = lock(tx, id).await?;
        if row.is_default {
            return Err(Refusal::ProfileIsDefault.into());
        }
        let count = tx
            .find::<invoice::Entity>()
            .filter(invoice::Column::AccountId.eq(account.id))
            .filter(invoice::Column::ProfileId.eq(id.0))
            .filter(invoice::Column::Stage.is_in(UNSETTLED))
            .count(tx.db())
            .await?;
        if count > 0 {
            return Err(Refusal::ProfileOwes { count }.into());
        }
        let change = billing_profile::ActiveModel {
            archived_at: Set(Some(tx.now())),
            ..Default::default()
        };
        update(tx, &row, change).await?;
        let facts = json!({ "name": row.name });
        tx.audit(Act::new(tx.actor().tenant(), "archive", "profile", id.0).after(facts));
        Ok(TenantId(account.buyer_id))
    })
}

/// Name of a profile in use that prefers a card, if there is one.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn preferring(tx: &Tx, card: &card::Model) -> Result<Option<String>, Error> {
    let row = tx
        .find::<billing_profile::Entity>()
        .filter(billing_profile::Column::SellerId.eq(card.seller_id))
        .filter(billing_profile::Column::AccountId.eq(card.account_id))
        .filter(billing_profile::Column::CardId.eq(card.id))
        .filter(billing_profile::Column::ArchivedAt.is_null())
        .limit(1)
        .one(tx.db())
        .await?;
    Ok(row.map(|row| row.name))
}

/// A profile in use behind its account, both held until the transaction ends.
async fn lock(tx: &Tx, id: ProfileId) -> Result<(account::Model, billing_profile::Model), Error> {
    let of = tx
        .find::<billing_profile::Entity>()
        .filter(billing_profile::Column::Id.eq(id.0))
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)?;
    let account = tx
        .lock::<account::Entity>()
        .filter(account::Column::Id.eq(of.account_id))
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)?;
    Ok((account, in_use(tx, id).await?))
}

async fn in_use(tx: &Tx, id: ProfileId) -> Result<billing_profile::Model, Error> {
    let row = tx
        .lock::<billing_profile::Entity>()
        .filter(billing_profile::Column::Id.eq(id.0))
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)?;
    if row.archived_at.is_some() {
        return Err(Refusal::ProfileArchived.into());
    }
    Ok(row)
}

/// Whether no other profile of the account that is in use has the name.
async fn free(tx: &Tx, account: &account::Model, name: &str, of: Option<ProfileId>) -> Result<(), Error> {
    let taken = tx
        .find::<billing_profile::Entity>()
        .filter(billing_profile::Column::AccountId.eq(account.id))
        .filter(billing_profile::Column::Name.eq(name))
        .filter(billing_profile::Column::ArchivedAt.is_null())
        .filter(billing_profile::Column::Id.ne(of.map(|of| of.0).unwrap_or_default()))
        .limit(1)
        .one(tx.db())
        .await?;
    match taken {
        None => Ok(()),
        Some(_) => {
            let name = name.to_owned();
            Err(FieldErrors::one("name", Refusal::NameTaken { name }).into())
        }
    }
}

/// A card of the profile's account that is there, held until the transaction ends: it is not removed meanwhile.
async fn chosen_card(tx: &Tx, of: &billing_profile::Model, text: &str) -> Result<Option<CardId>, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let unknown = || {
        let text = text.chars().take(60).collect();
        Error::Invalid(FieldErrors::one("card", Refusal::UnknownChoice { text }))
    };
    let id: CardId = text.parse().map_err(|_| unknown())?;
    let card = tx
        .lock::<card::Entity>()
        .filter(card::Column::SellerId.eq(of.seller_id))
        .filter(card::Column::AccountId.eq(of.account_id))
        .filter(card::Column::Id.eq(id.0))
        .filter(card::Column::RemovedAt.is_null())
        .one(tx.db())
        .await?;
    card.map(|_| Some(id)).ok_or_else(unknown)
}

/// Writes what a profile says from now on.
async fn keep(
    tx: &mut Tx,
    row: &billing_profile::Model,
    new: &Profile,
    card: Option<CardId>,
) -> Result<(), Error> {
    let (before, card) = (content(row)?, card.map(|card| card.0));
    if before == *new && row.card_id == card {
        return Ok(());
    }
    let change = billing_profile::ActiveModel {
        name: Set(new.name.clone()),
        content: Set(serde_json::to_value(new)?),
        card_id: Set(card),
        ..Default::default()
    };
    update(tx, row, change).await?;
    let mut act = Act::new(TenantId(row.seller_id), "change", "profile", row.id).after(told(new)?);
    act.before = Some(told(&before)?);
    tx.audit(act);
    Ok(())
}

async fn update(
    tx: &Tx,
    row: &billing_profile::Model,
    change: billing_profile::ActiveModel,
) -> Result<(), Error> {
    tx.update::<billing_profile::Entity>()
        .set(change)
        .filter(billing_profile::Column::SellerId.eq(row.seller_id))
        .filter(billing_profile::Column::Id.eq(row.id))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// What the audit says: everything but the contacts, who are people.
fn told(profile: &Profile) -> Result<Json, Error> {
    let Profile {
        name,
        billing,
        shipping,
        contacts,
        order_reference,
    } = profile;
    Ok(json!({
        "name": name,
        "billing": serde_json::to_value(billing)?,
        "shipping": serde_json::to_value(shipping)?,
        "contacts": contacts.len(),
        "order_reference": order_reference,
    }))
}
