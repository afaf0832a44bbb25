//! What was typed into a form that failed, kept until the page that shows it again fetches it (D12).
//!
//! Its id travels in an address, so it is a secret of 32 random bytes, lives for minutes, and shows only to who typed
//! it. Passwords never get here: the forms leave them out, and card numbers are hidden.

use super::token;
use crate::{Actor, Backend, Error, hidden};
use chrono::TimeDelta;
use entity::{Json, typed_form};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// How long it is kept.
const KEPT: TimeDelta = TimeDelta::minutes(15);

/// Keeps it and gives the id to find it by.
///
/// # Errors
/// [`Error::Database`].
pub async fn keep_typed(backend: &Backend, owner: Option<&Actor>, content: Json) -> Result<String, Error> {
    let now = backend.now();
    let id = token::fresh().map_err(|error| Error::Port(Box::new(error)))?;
    let hash = token::stored(&id).ok_or_else(|| Error::corrupt("a fresh token does not read back"))?;
    let row = typed_form::ActiveModel {
        id_hash: Set(hash),
        owner_id: Set(owner.and_then(Actor::user).map(|user| user.0)),
        content: Set(hidden::in_json(content)),
        expires_at: Set(now + KEPT),
    };
    typed_form::Entity::insert(row)
        .exec_without_returning(backend.system().writer())
        .await?;
    Ok(id)
}

/// Finds it for who typed it; none for everybody else and when it is gone.
///
/// # Errors
/// [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "forms of people who are not signed in belong to no tenant"
)]
pub async fn find_typed(backend: &Backend, owner: Option<&Actor>, id: &str) -> Result<Option<Json>, Error> {
    let Some(hash) = token::stored(id) else {
        return Ok(None);
    };
    let row = typed_form::Entity::find_by_id(hash)
        .one(backend.system().db())
        .await?;
    let owner = owner.and_then(Actor::user).map(|user| user.0);
    Ok(row
        .filter(|row| row.expires_at > backend.now() && row.owner_id == owner)
        .map(|row| row.content))
}
