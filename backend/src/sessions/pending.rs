//! The step between password and session for who has a second factor.
//!
//! Who gave the right password holds a token for ten minutes that is good for nothing but giving the code. Wrong codes
//! are braked by person and by address; only who has the password gets to try any, so a stranger locks nobody out.

use super::{
    begin::{Arrival, Browser, NewSession, insert, sign_in},
    guard::Guard,
    notice, token,
};
use crate::{
    Actor, Backend, Error,
    scope::Act,
    second_factor::write::{Spent, spend},
};
use chrono::{DateTime, Utc};
use domain::{
    Refusal,
    ids::{TenantId, UserId},
    second_factor::PENDING_KEPT,
    single_sign_on::AuthMethod,
};
use entity::{codes::MembershipState, membership, pending_sign_in, user};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// A login that waits for its code.
#[derive(Clone)]
pub struct PendingSignIn {
    /// What the browser is to hold. It is nowhere else.
    pub token: String,
    /// Until when the code can be given.
    pub expires_at: DateTime<Utc>,
}

/// Notes that somebody gave the right password.
///
/// # Errors
/// [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "a person's own rows, in whichever tenant"
)]
pub(super) async fn begin(actor: &Actor, arrival: Arrival<'_>) -> Result<PendingSignIn, Error> {
    let token = token::fresh().map_err(|error| Error::Port(Box::new(error)))?;
    let hash = token::stored(&token).ok_or_else(|| Error::corrupt("a fresh token"))?;
    let tx = actor.found().await?;
    let expires_at = tx.now() + PENDING_KEPT;
    pending_sign_in::Entity::delete_many()
        .filter(pending_sign_in::Column::UserId.eq(arrival.user.0))
        .filter(pending_sign_in::Column::ExpiresAt.lte(tx.now()))
        .exec(tx.db())
        .await?;
    tx.insert(pending_sign_in::ActiveModel {
        token_hash: Set(hash),
        user_id: Set(arrival.user.0),
        tenant_id: Set(actor.tenant().0),
        unchosen: Set(arrival.unchosen),
        created_at: Set(tx.now()),
        expires_at: Set(expires_at),
        method: Set(arrival.method.code().to_owned()),
    })
    .await?;
    tx.commit().await?;
    Ok(PendingSignIn { token, expires_at })
}

/// Signs in who holds a token of [`super::begin::Entry::Code`] and gives a code or a recovery code. Whoever uses one of
/// the latter is told by mail.
///
/// # Errors
/// [`Refusal::LogInAgain`] when the token is unknown, spent or too old, or the person was shut out meanwhile;
/// [`Refusal::WrongCode`]; [`Refusal::TooManyTries`]; [`Error::Database`].
#[expect(clippy::disallowed_methods, reason = "sign-in comes before any scope")]
pub async fn finish(
    backend: &Backend,
    token: &str,
    typed: &str,
    browser: Browser<'_>,
) -> Result<NewSession, Error> {
    let again = || Error::Refused(Refusal::LogInAgain);
    let waiting = open(backend, token).await?.ok_or_else(again)?;
    let (id, tenant) = (UserId(waiting.user_id), TenantId(waiting.tenant_id));
    let user = person(backend, id, tenant).await?.ok_or_else(again)?;
    let tenant = backend.system().find_tenant(tenant).await?;
    let guard = Guard::of_code(backend, id, browser.address).await?;
    let actor = notice::actor(backend, &user, &tenant)?.in_request(browser.request());
    let mut tx = actor.found().await?;
    let spent = spend(&tx, id, typed)
        .await
        .inspect_err(|_| tracing::info!("second factor refused"))?;
    let gone = pending_sign_in::Entity::delete_by_id(waiting.token_hash)
        .exec(tx.db())
        .await?;
    if gone.rows_affected == 0 {
        return Err(again());
    }
    let arrival = Arrival {
        user: id,
        browser,
        unchosen: waiting.unchosen,
        method: AuthMethod::from_code(&waiting.method)
            .ok_or_else(|| Error::corrupt("how a login was begun"))?,
    };
    let since = tx.now();
    let session = insert(&tx, arrival, since).await?;
    tx.audit(sign_in(&tx, arrival));
    if spent == Spent::Recovery {
        tx.audit(Act::new(actor.tenant(), "use_recovery_code", "user", id.0));
        let what =
            "Somebody logged in as you with one of your recovery codes. That code does not work any more.";
        notice::tell(&tx, &user, &tenant, "A recovery code was used", what).await?;
    }
    tx.commit().await?;
    guard.forgive().await?;
    Ok(session)
}

#[expect(clippy::disallowed_methods, reason = "sign-in comes before any scope")]
async fn open(backend: &Backend, token: &str) -> Result<Option<pending_sign_in::Model>, Error> {
    let Some(hash) = token::stored(token) else {
        return Ok(None);
    };
    let found = pending_sign_in::Entity::find_by_id(hash)
        .one(backend.system().db())
        .await?;
    Ok(found.filter(|waiting| waiting.expires_at > backend.now()))
}

/// The person, if they can still work in the tenant.
#[expect(clippy::disallowed_methods, reason = "sign-in comes before any scope")]
async fn person(backend: &Backend, id: UserId, tenant: TenantId) -> Result<Option<user::Model>, Error> {
    let db = backend.system().db();
    let member = membership::Entity::find_by_id((id.0, tenant.0))
        .filter(membership::Column::State.eq(MembershipState::Active))
        .one(db)
        .await?;
    if member.is_none() {
        return Ok(None);
    }
    Ok(user::Entity::find_by_id(id.0)
        .filter(user::Column::DisabledAt.is_null())
        .one(db)
        .await?)
}
