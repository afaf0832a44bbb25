//! Switching a second factor on and off, recovery codes, and taking a code.

use super::{kept, totp};
use crate::{
    Actor, Error,
    scope::{Act, Tx},
    sessions::{
        begin::{Arrival, Browser, NewSession, begun_at, insert},
        guard::Guard,
        notice,
        token::{digest, random},
        write::end_all_but,
    },
};
use data_encoding::BASE32_NOPAD;
use domain::{
    Refusal,
    ids::UserId,
    second_factor::{RECOVERY_BYTES, RECOVERY_CODES, SECRET_BYTES, SETUP_KEPT, Typed, in_groups, steps},
    single_sign_on::AuthMethod,
};
use entity::{recovery_code, second_factor};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// What switching a second factor on leaves behind.
#[derive(Clone)]
pub struct SwitchedOn {
    /// The session that takes the place of the one here; all others are over.
    pub session: NewSession,
    /// The recovery codes as people write them down. They are nowhere else.
    pub recovery: Vec<String>,
}

/// Draws a secret that a code is to confirm. One that waited before does not count any more.
///
/// # Errors
/// [`Error::Conflict`] when the second factor is on; what [`Actor::owner`] refuses; [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "a person's own rows, in whichever tenant"
)]
pub async fn begin(actor: &Actor) -> Result<(), Error> {
    let user = actor.owner()?;
    let secret = random::<SECRET_BYTES>().map_err(|error| Error::Port(Box::new(error)))?;
    let mut tx = actor.found().await?;
    second_factor::Entity::delete_many()
        .filter(second_factor::Column::UserId.eq(user.0))
        .filter(second_factor::Column::ConfirmedAt.is_null())
        .exec(tx.db())
        .await?;
    let row = second_factor::ActiveModel {
        user_id: Set(user.0),
        secret: Set(kept::keep(
            actor.backend().config(),
            user,
            &BASE32_NOPAD.encode(&secret),
        )?),
        last_step: Set(0),
        created_at: Set(tx.now()),
        confirmed_at: Set(None),
    };
    tx.insert(row).await.map_err(|error| {
        if error.is_duplicate() {
            Error::Conflict
        } else {
            error
        }
    })?;
    tx.audit(Act::new(actor.tenant(), "begin_second_factor", "user", user.0));
    tx.commit().await
}

/// Switches a second factor on with the first code of the secret that waits. All sessions end; the one here goes on under
/// a new token, since the person's rights may grow by it.
///
/// # Errors
/// [`Error::NotFound`] when no secret waits; [`Refusal::WrongCode`]; what [`Actor::owner`] refuses; [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "a person's own rows, in whichever tenant"
)]
pub async fn confirm(actor: &Actor, typed: &str, browser: Browser<'_>) -> Result<SwitchedOn, Error> {
    actor.owner()?;
    let (user, tenant) = notice::oneself(actor).await?;
    let id = UserId(user.id);
    let waiting = second_factor::Entity::find_by_id(id.0)
        .filter(second_factor::Column::ConfirmedAt.is_null())
        .one(actor.backend().system().db())
        .await?
        .filter(|row| actor.now() < row.created_at + SETUP_KEPT)
        .ok_or(Error::NotFound)?;
    let Some(Typed::Code(code)) = Typed::read(typed) else {
        return Err(Refusal::WrongCode.into());
    };
    let secret = kept::open(actor.backend().config(), id, &waiting.secret)?;
    let step = totp::matching(&secret, code, steps(actor.now()))?.ok_or(Refusal::WrongCode)?;
    let since = begun_at(actor, browser.replaces).await?;
    let mut tx = actor.found().await?;
    let switched = second_factor::Entity::update_many()
        .set(second_factor::ActiveModel {
            last_step: Set(step),
            confirmed_at: Set(Some(tx.now())),
            ..Default::default()
        })
        .filter(second_factor::Column::UserId.eq(id.0))
        .filter(second_factor::Column::Secret.eq(waiting.secret))
        .filter(second_factor::Column::ConfirmedAt.is_null())
        .exec(tx.db())
        .await?;
    if switched.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    let recovery = replace_recovery(&tx, id).await?;
    end_all_but(&tx, id, "").await?;
    let arrival = Arrival {
        user: id,
        browser,
        unchosen: false,
        method: AuthMethod::Password,
    };
    let session = insert(&tx, arrival, since).await?;
    let what = "The second factor of your login to the billing portal was switched on. From now on a code of your app is \
                asked for after the password.";
    notice::tell(&tx, &user, &tenant, "Your second factor was switched on", what).await?;
    tx.audit(Act::new(actor.tenant(), "switch_second_factor_on", "user", id.0));
    tx.commit().await?;
    Ok(SwitchedOn { session, recovery })
}

/// Makes new recovery codes; those before do not work any more. Needs a code.
///
/// # Errors
/// [`Refusal::WrongCode`], also when it is off; [`Refusal::TooManyTries`]; what [`Actor::person`] refuses;
/// [`Error::Database`].
pub async fn renew(actor: &Actor, typed: &str) -> Result<Vec<String>, Error> {
    let id = actor.person()?;
    let (user, tenant) = notice::oneself(actor).await?;
    let guard = Guard::of_code(actor.backend(), id, actor.request().address.as_deref()).await?;
    let mut tx = actor.found().await?;
    spend(&tx, id, typed).await?;
    let recovery = replace_recovery(&tx, id).await?;
    let what = "New recovery codes were made for your login to the billing portal. The ones before do not work any more.";
    notice::tell(&tx, &user, &tenant, "New recovery codes were made", what).await?;
    tx.audit(Act::new(actor.tenant(), "renew_recovery_codes", "user", id.0));
    tx.commit().await?;
    guard.forgive().await?;
    Ok(recovery)
}

/// Switches a second factor off. Needs the password and a code; all sessions but the one of `token` end.
///
/// # Errors
/// [`Refusal::WrongPassword`]; [`Refusal::WrongCode`], also when it is off; [`Refusal::TooManyTries`]; what
/// [`Actor::person`] refuses; [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "a person's own rows, in whichever tenant"
)]
pub async fn switch_off(actor: &Actor, token: &str, password: &str, typed: &str) -> Result<(), Error> {
    let id = actor.person()?;
    let (user, tenant) = notice::oneself(actor).await?;
    let guard = Guard::of_own_password(actor.backend(), id).await?;
    if !guard.fits(password, Some(&user.password_hash)).await? {
        return Err(Refusal::WrongPassword.into());
    }
    let guard = Guard::of_code(actor.backend(), id, actor.request().address.as_deref()).await?;
    let mut tx = actor.found().await?;
    spend(&tx, id, typed).await?;
    second_factor::Entity::delete_by_id(id.0).exec(tx.db()).await?;
    forget_recovery(&tx, id).await?;
    end_all_but(&tx, id, token).await?;
    let what = "The second factor of your login to the billing portal was switched off. From now on the password alone is \
                enough.";
    notice::tell(&tx, &user, &tenant, "Your second factor was switched off", what).await?;
    tx.audit(Act::new(actor.tenant(), "switch_second_factor_off", "user", id.0));
    tx.commit().await?;
    guard.forgive().await
}

/// What was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spent {
    /// A code of the app.
    Code,
    /// A recovery code.
    Recovery,
}

/// Takes a code or a recovery code. What was taken once is never taken again, nor is a code of an earlier half minute: one
/// guarded statement decides, whichever node asks.
///
/// # Errors
/// [`Refusal::WrongCode`], also when the person has no second factor; [`Refusal::NoKey`] when the key is gone that its
/// secret was sealed with; [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "a person's own rows, in whichever tenant"
)]
pub(crate) async fn spend(tx: &Tx, user: UserId, typed: &str) -> Result<Spent, Error> {
    let wrong = || Error::Refused(Refusal::WrongCode);
    let row = second_factor::Entity::find_by_id(user.0)
        .filter(second_factor::Column::ConfirmedAt.is_not_null())
        .one(tx.db())
        .await?
        .ok_or_else(wrong)?;
    let (taken, spent) = match Typed::read(typed).ok_or_else(wrong)? {
        Typed::Code(code) => {
            let config = tx.actor().backend().config();
            let secret = kept::open(config, user, &row.secret)?;
            let step = totp::matching(&secret, code, steps(tx.now()))?.ok_or_else(wrong)?;
            let mut change = second_factor::ActiveModel {
                last_step: Set(step),
                ..Default::default()
            };
            if let Some(renewed) = kept::renewed(config, user, &row.secret)? {
                change.secret = Set(renewed);
            }
            let taken = second_factor::Entity::update_many()
                .set(change)
                .filter(second_factor::Column::UserId.eq(user.0))
                .filter(second_factor::Column::Secret.eq(row.secret))
                .filter(second_factor::Column::ConfirmedAt.is_not_null())
                .filter(second_factor::Column::LastStep.lt(step))
                .exec(tx.db())
                .await?;
            (taken.rows_affected, Spent::Code)
        }
        Typed::Recovery(key) => {
            let taken = recovery_code::Entity::delete_many()
                .filter(recovery_code::Column::UserId.eq(user.0))
                .filter(recovery_code::Column::CodeHash.eq(digest(&key)))
                .exec(tx.db())
                .await?;
            (taken.rows_affected, Spent::Recovery)
        }
    };
    if taken == 1 { Ok(spent) } else { Err(wrong()) }
}

/// Draws recovery codes in the place of those that there are. Only their hashes are kept.
async fn replace_recovery(tx: &Tx, user: UserId) -> Result<Vec<String>, Error> {
    forget_recovery(tx, user).await?;
    let mut codes = Vec::with_capacity(RECOVERY_CODES);
    let mut rows = Vec::with_capacity(RECOVERY_CODES);
    for _ in 0..RECOVERY_CODES {
        let bytes = random::<RECOVERY_BYTES>().map_err(|error| Error::Port(Box::new(error)))?;
        let key = BASE32_NOPAD.encode(&bytes);
        rows.push(recovery_code::ActiveModel {
            user_id: Set(user.0),
            code_hash: Set(digest(&key)),
            created_at: Set(tx.now()),
        });
        codes.push(in_groups(&key, '-'));
    }
    tx.insert_all(rows).await?;
    Ok(codes)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a person's own rows, in whichever tenant"
)]
async fn forget_recovery(tx: &Tx, user: UserId) -> Result<(), Error> {
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::UserId.eq(user.0))
        .exec(tx.db())
        .await?;
    Ok(())
}
