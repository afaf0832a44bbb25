//! How the secret that codes come of is kept: sealed for its person, where the operator gave the portal a key.
//!
//! Without a key a login would be less safe if it had no second factor at all than if its secret lies open in the database,
//! so here, unlike a company's secret, it is kept as it is. It is sealed by the next code that is taken once there is a
//! key, or by `quittance secrets renew`.

use crate::{
    Backend, BackendConfig, Error,
    vault::{self, Place},
};
use domain::{Refusal, ids::UserId};
use entity::second_factor;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// Rows that are read at a time.
const PART: u64 = 1_000;

fn place(user: UserId) -> Place<'static> {
    Place {
        column: "second_factors.secret",
        owner: user.0,
        beside: "",
    }
}

/// A secret as it is to be kept.
///
/// # Errors
/// [`Error::Port`] when the system has no randomness to give.
pub(super) fn keep(config: &BackendConfig, user: UserId, secret: &str) -> Result<String, Error> {
    match vault::seal(config, place(user), secret) {
        Err(Error::Refused(Refusal::NoKey)) => Ok(secret.to_owned()),
        sealed => sealed,
    }
}

/// The secret that is kept, in base32.
///
/// # Errors
/// [`Refusal::NoKey`] when the key that sealed it is gone; [`Error::Database`] when it was changed or is another person's.
pub(super) fn open(config: &BackendConfig, user: UserId, kept: &str) -> Result<String, Error> {
    if is_sealed(kept) {
        vault::open(config, place(user), kept)
    } else {
        Ok(kept.to_owned())
    }
}

/// The same secret as it is to be kept now; none when it is kept so already.
///
/// # Errors
/// As [`open`] and [`keep`].
pub(super) fn renewed(config: &BackendConfig, user: UserId, kept: &str) -> Result<Option<String>, Error> {
    if vault::is_current(config, kept) {
        return Ok(None);
    }
    let again = keep(config, user, &open(config, user, kept)?)?;
    Ok(is_sealed(&again).then_some(again))
}

/// Base32 has no dot, and what is sealed has two.
fn is_sealed(kept: &str) -> bool {
    kept.contains('.')
}

/// Seals the secrets of all people with the present key that are not. Returns how many there were.
///
/// # Errors
/// [`Refusal::NoKey`] when there is no key, or one is gone that a secret was sealed with; [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "everybody's secrets, which stay what and where they are"
)]
pub(crate) async fn renew_all(backend: &Backend) -> Result<u64, Error> {
    let (config, system) = (backend.config(), backend.system());
    let mut renewed = 0;
    let mut last = entity::Uuid::nil();
    loop {
        let rows = second_factor::Entity::find()
            .filter(second_factor::Column::UserId.gt(last))
            .order_by_asc(second_factor::Column::UserId)
            .limit(PART)
            .all(system.db())
            .await?;
        let Some(end) = rows.last() else {
            return Ok(renewed);
        };
        last = end.user_id;
        for row in rows {
            if vault::is_current(config, &row.secret) {
                continue;
            }
            let user = UserId(row.user_id);
            let secret = open(config, user, &row.secret)?;
            let change = second_factor::ActiveModel {
                secret: Set(vault::seal(config, place(user), &secret)?),
                ..Default::default()
            };
            // Whoever changed it meanwhile sealed it with the present key.
            let done = second_factor::Entity::update_many()
                .set(change)
                .filter(second_factor::Column::UserId.eq(row.user_id))
                .filter(second_factor::Column::Secret.eq(row.secret))
                .exec(system.writer())
                .await?;
            renewed += done.rows_affected;
        }
    }
}
