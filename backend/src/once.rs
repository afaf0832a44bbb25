//! An act that is done once, however often its form is posted (V29).
//!
//! The key of the form is taken in the transaction of the act, with a fingerprint of what was posted: of two posts at
//! once one waits for the other, and another form under the same key is refused. A program's act keeps its answer with the
//! key, and gets it again.

use crate::{Error, scope::Tx};
use chrono::TimeDelta;
use domain::{Refusal, ids::UserId};
use entity::{Json, idempotency};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, TryInsertResult};
use serde::{Serialize, de::DeserializeOwned};
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
    match take(tx, user, key, posted).await? {
        None => Ok(true),
        Some(taken) if taken.same => Ok(false),
        Some(_) => Err(Refusal::FormBroken.into()),
    }
}

/// What became of an act under a key that a program chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Once<T> {
    /// It was done now.
    Now(T),
    /// It was done before, with this answer.
    Before(T),
    /// Something else was done under the key; nothing was done now.
    Otherwise,
}

/// Takes a key that a program chose, of whoever gave it its key to the portal. None when it is new: the answer is to be kept
/// with [`keep_answer`] then.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn answered<T: DeserializeOwned>(
    tx: &Tx,
    user: UserId,
    key: &str,
    posted: &(impl Serialize + Sync),
) -> Result<Option<Once<T>>, Error> {
    let Some(taken) = take(tx, user, key, posted).await? else {
        return Ok(None);
    };
    let answer = taken.body.filter(|_| taken.same);
    Ok(Some(match answer {
        Some(answer) => Once::Before(serde_json::from_value(answer)?),
        None => Once::Otherwise,
    }))
}

/// Keeps what is answered under a key that [`answered`] took.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn keep_answer(
    tx: &Tx,
    user: UserId,
    key: &str,
    answer: &(impl Serialize + Sync),
) -> Result<(), Error> {
    let change = idempotency::ActiveModel {
        body: Set(Some(serde_json::to_value(answer)?)),
        ..Default::default()
    };
    tx.update::<idempotency::Entity>()
        .set(change)
        .filter(idempotency::Column::UserId.eq(user.0))
        .filter(idempotency::Column::Key.eq(key))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// What a key was taken for before.
struct Taken {
    /// For just this.
    same: bool,
    /// What was answered.
    body: Option<Json>,
}

async fn take(
    tx: &Tx,
    user: UserId,
    key: &str,
    posted: &(impl Serialize + Sync),
) -> Result<Option<Taken>, Error> {
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
        return Ok(None);
    }
    let row = tx
        .find::<idempotency::Entity>()
        .filter(idempotency::Column::UserId.eq(user.0))
        .filter(idempotency::Column::Key.eq(key))
        .one(tx.db())
        .await?;
    let taken = row.map(|row| Taken {
        same: row.fingerprint == fingerprint,
        body: row.body,
    });
    // A row that cannot be read any more is as good as another one.
    Ok(Some(taken.unwrap_or(Taken {
        same: false,
        body: None,
    })))
}

/// What was posted, without keeping it.
fn fingerprint(posted: &impl Serialize) -> Result<String, Error> {
    let digest = Sha256::digest(serde_json::to_vec(posted)?);
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}
