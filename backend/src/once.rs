//! An act that is done once, however often its form is posted (V29).
//!
//! The key of the form is taken in the transaction of the act, with a fingerprint of what was posted: of two posts at
//! once one waits for the other, and another form under the same key is refused.

use crate::{Error, scope::Tx};
use chrono::TimeDelta;
use domain::{Refusal, ids::UserId};
use entity::idempotency;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, TryInsertResult};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// How long a form's key is remembered together with what was posted under it.
const REMEMBERED: TimeDelta = TimeDelta::days(30);

/// Takes a key. False when the same was posted under it before: then everything stands already.
///
/// # Errors
/// [`Refusal::FormBroken`] when something else was posted under it; [`Error::Database`].
pub(crate) async fn take_key(
    tx: &Tx,
    user: UserId,
    key: &str,
    posted: &(impl Serialize + Sync),
) -> Result<bool, Error> {
    let fingerprint = fingerprint(posted)?;
    let row = idempotency::ActiveModel {
        tenant_id: Set(tx.actor().tenant().0),
        user_id: Set(user.0),
        key: Set(key.to_owned()),
        fingerprint: Set(fingerprint.clone()),
        status: Set(None),
        body: Set(None),
        created_at: Set(tx.now()),
        expires_at: Set(tx.now() + REMEMBERED),
    };
    let taken = idempotency::Entity::insert(row)
        .on_conflict_do_nothing()
        .exec_without_returning(tx.db())
        .await?;
    if matches!(taken, TryInsertResult::Inserted(1..)) {
        return Ok(true);
    }
    let row = tx
        .find::<idempotency::Entity>()
        .filter(idempotency::Column::UserId.eq(user.0))
        .filter(idempotency::Column::Key.eq(key))
        .one(tx.db())
        .await?;
    if row.is_some_and(|row| row.fingerprint == fingerprint) {
        Ok(false)
    } else {
        Err(Refusal::FormBroken.into())
    }
}

/// What was posted, without keeping it.
fn fingerprint(posted: &impl Serialize) -> Result<String, Error> {
    let digest = Sha256::digest(serde_json::to_vec(posted)?);
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}
