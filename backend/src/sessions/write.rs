//! Signing in, signing out, changing the password.

use super::{guard::Guard, password, read::HANDLE, token};
use crate::{
    Actor, Backend, Error,
    codes::Stored,
    scope::{Act, NewActor, Request, Tx, Who, time_zone},
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Refusal,
    access::Rights,
    ids::{TenantId, UserId},
    sessions::{PASSWORD_MAX, new_password},
};
use entity::{codes::MembershipState, membership, session, tenant, user};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::ExprTrait};

/// A try to sign in.
#[derive(Clone, Copy)]
pub struct LogIn<'a> {
    /// As typed.
    pub email: &'a str,
    /// As typed.
    pub password: &'a str,
    /// Where.
    pub browser: Browser<'a>,
}

/// The browser that is to be signed in.
#[derive(Clone, Copy, Default)]
pub struct Browser<'a> {
    /// What it calls itself.
    pub user_agent: Option<&'a str>,
    /// Network address.
    pub address: Option<&'a str>,
    /// The token that it holds already; that session ends.
    pub replaces: Option<&'a str>,
}

impl Browser<'_> {
    /// As the audit knows it.
    pub(crate) fn request(&self) -> Request {
        Request {
            id: None,
            address: self.address.map(str::to_owned),
        }
    }
}

/// A session that was just made.
#[derive(Clone)]
pub struct NewSession {
    /// What the browser is to hold. It is nowhere else.
    pub token: String,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// Where the person works.
    pub tenant: TenantId,
    /// The person belongs to several tenants and never chose one of them yet (T19).
    pub unchosen: bool,
}

/// Signs a person in, in the first tenant that they belong to.
///
/// # Errors
/// [`Refusal::WrongCredentials`], the same and after the same time for an unknown address, a wrong password and a
/// disabled person; [`Refusal::TooManyTries`]; [`Error::Database`].
pub async fn log_in(backend: &Backend, attempt: LogIn<'_>) -> Result<NewSession, Error> {
    let email = attempt.email.trim().to_lowercase();
    if email.len() > 320 || attempt.password.len() > PASSWORD_MAX {
        return Err(Refusal::WrongCredentials.into());
    }
    let guard = Guard::of_sign_in(backend, &email, attempt.browser.address).await?;
    let candidate = candidate(backend, &email).await?;
    let hash = candidate.as_ref().map(|(user, ..)| user.password_hash.as_str());
    let fits = guard.fits(attempt.password, hash).await?;
    let (Some((user, tenant, unchosen)), true) = (candidate, fits) else {
        tracing::info!("sign-in refused");
        return Err(Refusal::WrongCredentials.into());
    };
    let actor = Actor::new(NewActor {
        backend: backend.clone(),
        who: Who::User {
            id: UserId(user.id),
            name: user.name,
        },
        tenant: TenantId(tenant.id),
        kind: tenant.kind.to_domain(),
        // Nothing is done with them here; the next request reads them.
        rights: Rights::NONE,
        time_zone: time_zone(&tenant.time_zone)?,
    })
    .in_request(attempt.browser.request());
    let session = begin_session(&actor, UserId(user.id), attempt.browser).await?;
    Ok(NewSession { unchosen, ..session })
}

/// Goes on in another of a person's tenants, with a session of its own there; the one here ends. The next sign-in begins
/// there too.
///
/// # Errors
/// [`Error::NotFound`] when the person cannot work there; [`Error::SignIn`] when the actor is no person;
/// [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "a person's own rows, in whichever tenant"
)]
pub async fn switch(actor: &Actor, to: TenantId, browser: Browser<'_>) -> Result<NewSession, Error> {
    let backend = actor.backend();
    let user = actor.user().ok_or(Error::SignIn)?;
    membership::Entity::find_by_id((user.0, to.0))
        .filter(membership::Column::State.eq(MembershipState::Active))
        .one(backend.system().db())
        .await?
        .ok_or(Error::NotFound)?;
    let tenant = backend.system().find_tenant(to).await?;
    let there = Actor::new(NewActor {
        backend: backend.clone(),
        who: Who::User {
            id: user,
            name: actor.name().to_owned(),
        },
        tenant: to,
        kind: tenant.kind.to_domain(),
        // Nothing is done with them here; the next request reads them.
        rights: Rights::NONE,
        time_zone: time_zone(&tenant.time_zone)?,
    })
    .in_request(browser.request());
    begin_session(&there, user, browser).await
}

/// Ends the session of a token. An unknown one is ended already.
///
/// # Errors
/// [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "whoever holds the token may end its session"
)]
pub async fn log_out(backend: &Backend, token: &str) -> Result<(), Error> {
    if let Some(hash) = token::stored(token) {
        session::Entity::delete_by_id(hash)
            .exec(backend.system().writer())
            .await?;
    }
    Ok(())
}

/// Ends one of a person's own sessions, named as on the page that lists them.
///
/// # Errors
/// [`Error::NotFound`] when it is over already or somebody else's; [`Error::SignIn`] when the actor is no person;
/// [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "a person's own rows, in whichever tenant"
)]
pub async fn end(actor: &Actor, id: &str) -> Result<(), Error> {
    let user = actor.user().ok_or(Error::SignIn)?;
    if id.len() != HANDLE || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Error::NotFound);
    }
    let mut tx = actor.found().await?;
    let ended = session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user.0))
        .filter(session::Column::TokenHash.starts_with(id))
        .exec(tx.db())
        .await?;
    if ended.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    tx.audit(Act::new(actor.tenant(), "end_session", "user", user.0));
    tx.commit().await
}

/// Ends all of a person's own sessions but the one of `token`.
///
/// # Errors
/// [`Error::SignIn`] when the actor is no person; [`Error::Database`].
pub async fn end_others(actor: &Actor, token: &str) -> Result<(), Error> {
    let user = actor.user().ok_or(Error::SignIn)?;
    let mut tx = actor.found().await?;
    end_all_but(&tx, user, token).await?;
    tx.audit(Act::new(actor.tenant(), "end_other_sessions", "user", user.0));
    tx.commit().await
}

/// Changes a person's own password and ends all of their sessions but the one of `token`.
///
/// # Errors
/// [`Refusal::WrongPassword`]; [`Refusal::WeakPassword`]; [`Refusal::TooManyTries`]; [`Error::SignIn`] when the actor
/// is no person; [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "a person's own row, by the id of the session"
)]
pub async fn change_password(actor: &Actor, token: &str, present: &str, new: &str) -> Result<(), Error> {
    let backend = actor.backend();
    let id = actor.user().ok_or(Error::SignIn)?;
    new_password(new)?;
    let guard = Guard::of_own_password(backend, id).await?;
    let user = user::Entity::find_by_id(id.0)
        .one(backend.system().db())
        .await?
        .ok_or(Error::SignIn)?;
    if !guard.fits(present, Some(&user.password_hash)).await? {
        return Err(Refusal::WrongPassword.into());
    }
    let hash = password::hash(backend, new).await?;
    let mut tx = actor.found().await?;
    user::Entity::update_many()
        .set(user::ActiveModel {
            password_hash: Set(hash),
            ..Default::default()
        })
        .filter(user::Column::Id.eq(id.0))
        .exec(tx.db())
        .await?;
    end_all_but(&tx, id, token).await?;
    tx.audit(Act::new(actor.tenant(), "change_password", "user", id.0));
    tx.commit().await
}

/// Ends a person's sessions but the one of `token`.
#[expect(
    clippy::disallowed_methods,
    reason = "a person's own rows, in whichever tenant"
)]
async fn end_all_but(tx: &Tx, user: UserId, token: &str) -> Result<(), Error> {
    session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user.0))
        .filter(session::Column::TokenHash.ne(token::stored(token).unwrap_or_default()))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// The person of an address, with the tenant where they were last signed in or else the one that they joined first; none
/// when there is none or they are disabled.
#[expect(clippy::disallowed_methods, reason = "sign-in comes before any scope")]
async fn candidate(
    backend: &Backend,
    email: &str,
) -> Result<Option<(user::Model, tenant::Model, bool)>, Error> {
    let system = backend.system();
    let found = user::Entity::find()
        .filter(user::Column::Email.eq(email))
        .filter(user::Column::DisabledAt.is_null())
        .one(system.db())
        .await?;
    let Some(user) = found else { return Ok(None) };
    let memberships = membership::Entity::find()
        .filter(membership::Column::UserId.eq(user.id))
        .filter(membership::Column::State.eq(MembershipState::Active))
        .order_by_desc(membership::Column::CreatedAt)
        .order_by_desc(membership::Column::TenantId)
        .all(system.db())
        .await?;
    let Some(membership) = memberships.iter().max_by_key(|one| one.signed_in_at) else {
        return Ok(None);
    };
    let tenant = system.find_tenant(TenantId(membership.tenant_id)).await?;
    let unchosen = memberships.len() > 1 && membership.signed_in_at.is_none();
    Ok(Some((user, tenant, unchosen)))
}

/// Makes a session with a fresh token, so that a token planted before signing in is worth nothing.
#[expect(
    clippy::disallowed_methods,
    reason = "sessions are ended by their token, or because they are over"
)]
pub(crate) async fn begin_session(
    actor: &Actor,
    user: UserId,
    browser: Browser<'_>,
) -> Result<NewSession, Error> {
    let backend = actor.backend();
    let token = token::fresh().map_err(|error| Error::Port(Box::new(error)))?;
    let hash = token::stored(&token).ok_or_else(|| Error::corrupt("a fresh token"))?;
    let mut tx = actor.found().await?;
    let now = tx.now();
    let longest = TimeDelta::from_std(backend.config().session_absolute).unwrap_or(TimeDelta::MAX);
    let expires_at = now + longest;
    let idle = TimeDelta::from_std(backend.config().session_idle).unwrap_or(TimeDelta::MAX);
    session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user.0))
        .filter(
            session::Column::ExpiresAt
                .lte(now)
                .or(session::Column::SeenAt.lt(now - idle)),
        )
        .exec(tx.db())
        .await?;
    if let Some(old) = browser.replaces.and_then(token::stored) {
        session::Entity::delete_by_id(old).exec(tx.db()).await?;
    }
    tx.insert(session::ActiveModel {
        token_hash: Set(hash),
        user_id: Set(user.0),
        tenant_id: Set(actor.tenant().0),
        created_at: Set(now),
        seen_at: Set(now),
        expires_at: Set(expires_at),
        user_agent: Set(browser.user_agent.map(|agent| agent.chars().take(300).collect())),
        address: Set(browser.address.map(str::to_owned)),
    })
    .await?;
    membership::Entity::update_many()
        .set(membership::ActiveModel {
            signed_in_at: Set(Some(now)),
            ..Default::default()
        })
        .filter(membership::Column::UserId.eq(user.0))
        .filter(membership::Column::TenantId.eq(actor.tenant().0))
        .exec(tx.db())
        .await?;
    tx.audit(Act::new(actor.tenant(), "sign_in", "user", user.0));
    tx.commit().await?;
    Ok(NewSession {
        token,
        expires_at,
        tenant: actor.tenant(),
        unchosen: false,
    })
}
