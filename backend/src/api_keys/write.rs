//! Making keys and taking them back.

use crate::{
    Error, Scope,
    scope::{Act, Tx},
    sessions::token,
    transact::transact,
};
use domain::{
    FieldErrors, Refusal,
    access::ManageSettings,
    api_keys::{ApiKeyFields, MOST_KEYS, NewApiKey, PREFIX, SHOWN, to_text},
    ids::{ApiKeyId, UserId},
};
use entity::{api_key, tenant};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, PaginatorTrait, QueryFilter};
use serde_json::json;

/// Makes a key and returns it, this once. A form that is posted again gives the same key other digits, as long as nobody
/// called with it: whoever pressed twice is shown the second answer, and that one must open.
///
/// # Errors
/// [`Error::Invalid`] by field, also when the name is taken by a key that still opens; [`Refusal::TooMany`];
/// [`Refusal::FormBroken`] when the form made another key.
pub async fn make(scope: &Scope<ManageSettings>, fields: &ApiKeyFields) -> Result<String, Error> {
    let giver = scope.actor().person_here()?;
    let new = fields.read(scope.actor().rights())?;
    let random = token::fresh().map_err(|error| Error::Port(Box::new(error)))?;
    let secret = format!("{PREFIX}{random}");
    transact!(scope, tx => {
        lock(tx).await?;
        match find(tx, new.id).await? {
            Some(there) => draw_again(tx, there, giver, &new, &secret).await?,
            None => insert(tx, giver, &new, &secret).await?,
        }
        Ok(secret.clone())
    })
}

/// Takes a key back: the next call with it is refused.
///
/// # Errors
/// [`Error::NotFound`], also when it was taken back already.
pub async fn revoke(scope: &Scope<ManageSettings>, id: ApiKeyId) -> Result<(), Error> {
    transact!(scope, tx => {
        let row = find(tx, id).await?.filter(|row| row.revoked_at.is_none()).ok_or(Error::NotFound)?;
        let mut act = Act::new(tx.actor().tenant(), "revoke_key", "api_key", id.0);
        act.before = Some(json!({ "name": row.name, "key": row.shown }));
        let change = api_key::ActiveModel {
            revoked_at: Set(Some(tx.now())),
            revoked_by_name: Set(Some(tx.actor().name().to_owned())),
            ..Default::default()
        };
        tx.update::<api_key::Entity>()
            .set(change)
            .filter(api_key::Column::Id.eq(id.0))
            .exec(tx.db())
            .await?;
        tx.audit(act);
        Ok(())
    })
}

/// Locks the tenant's own row, so that two who make the last key do not both, nor two of one name.
async fn lock(tx: &Tx) -> Result<(), Error> {
    let own = tx
        .lock::<tenant::Entity>()
        .filter(tenant::Column::Id.eq(tx.actor().tenant().0));
    own.one(tx.db()).await?.map(|_| ()).ok_or(Error::NotFound)
}

async fn find(tx: &Tx, id: ApiKeyId) -> Result<Option<api_key::Model>, Error> {
    let key = tx.lock::<api_key::Entity>().filter(api_key::Column::Id.eq(id.0));
    Ok(key.one(tx.db()).await?)
}

async fn insert(tx: &mut Tx, giver: UserId, new: &NewApiKey, secret: &str) -> Result<(), Error> {
    let NewApiKey {
        id,
        name,
        lasts,
        rights,
    } = new;
    room(tx, name).await?;
    let row = api_key::ActiveModel {
        tenant_id: Set(tx.actor().tenant().0),
        id: Set(id.0),
        name: Set(name.clone()),
        shown: Set(secret[..SHOWN].to_owned()),
        secret_hash: Set(token::digest(secret)),
        may: Set(to_text(*rights)),
        created_by: Set(giver.0),
        created_by_name: Set(tx.actor().name().to_owned()),
        created_at: Set(tx.now()),
        expires_at: Set(lasts.until(tx.now())),
        used_at: Set(None),
        revoked_at: Set(None),
        revoked_by_name: Set(None),
    };
    let row = tx.insert(row).await?;
    let labels: Vec<&str> = rights.iter().map(|one| one.label()).collect();
    let facts = json!({ "name": row.name, "key": row.shown, "may": labels, "ends": row.expires_at });
    tx.audit(Act::new(tx.actor().tenant(), "make_key", "api_key", id.0).after(facts));
    Ok(())
}

/// There are not too many, and none of the name that still opens.
async fn room(tx: &Tx, name: &str) -> Result<(), Error> {
    let ends = api_key::Column::ExpiresAt;
    let live = || {
        tx.find::<api_key::Entity>()
            .filter(api_key::Column::RevokedAt.is_null())
            .filter(Condition::any().add(ends.is_null()).add(ends.gt(tx.now())))
    };
    if live()
        .filter(api_key::Column::Name.eq(name))
        .count(tx.db())
        .await?
        > 0
    {
        let name = name.to_owned();
        return Err(FieldErrors::one("name", Refusal::NameTaken { name }).into());
    }
    if live().count(tx.db()).await? >= u64::from(MOST_KEYS) {
        return Err(Refusal::TooMany { at_most: MOST_KEYS }.into());
    }
    Ok(())
}

/// The same form once more: the digits that were shown before, if anybody saw them, open nothing any more.
async fn draw_again(
    tx: &mut Tx,
    there: api_key::Model,
    giver: UserId,
    new: &NewApiKey,
    secret: &str,
) -> Result<(), Error> {
    let same = there.created_by == giver.0 && there.name == new.name && there.may == to_text(new.rights);
    if !same || there.used_at.is_some() || there.revoked_at.is_some() {
        return Err(Refusal::FormBroken.into());
    }
    let change = api_key::ActiveModel {
        shown: Set(secret[..SHOWN].to_owned()),
        secret_hash: Set(token::digest(secret)),
        ..Default::default()
    };
    tx.update::<api_key::Entity>()
        .set(change)
        .filter(api_key::Column::Id.eq(there.id))
        .exec(tx.db())
        .await?;
    let facts = json!({ "name": there.name, "key": &secret[..SHOWN] });
    let mut act = Act::new(tx.actor().tenant(), "make_key", "api_key", there.id).after(facts);
    act.before = Some(json!({ "name": there.name, "key": there.shown }));
    tx.audit(act);
    Ok(())
}
