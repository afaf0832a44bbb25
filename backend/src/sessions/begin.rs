//! Beginning a session: what a right password leads to, and the row that a session is.

use super::{pending, pending::PendingSignIn, token};
use crate::{
    Actor, Error,
    scope::{Act, Request, Tx},
    second_factor, security,
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    access::Roles,
    ids::{TenantId, UserId},
    security::IDLE_MINUTES,
    single_sign_on::AuthMethod,
};
use entity::{membership, session};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::ExprTrait};

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

/// What a right password leads to.
#[derive(Clone)]
pub enum Entry {
    /// The person is in.
    In(NewSession),
    /// They have a second factor and are asked for its code. There is no session yet.
    Code(PendingSignIn),
}

impl Entry {
    /// The session; none when a code is asked for first.
    pub fn session(self) -> Option<NewSession> {
        match self {
            Self::In(session) => Some(session),
            Self::Code(_) => None,
        }
    }
}

/// Somebody who proved who they are.
#[derive(Clone, Copy)]
pub(crate) struct Arrival<'a> {
    /// Who.
    pub(crate) user: UserId,
    /// Where.
    pub(crate) browser: Browser<'a>,
    /// See [`NewSession::unchosen`].
    pub(crate) unchosen: bool,
    /// How.
    pub(crate) method: AuthMethod,
}

/// Lets a person in, or asks for the code of their second factor.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn enter(actor: &Actor, arrival: Arrival<'_>) -> Result<Entry, Error> {
    if second_factor::read::is_on(actor.backend(), arrival.user).await? {
        return pending::begin(actor, arrival).await.map(Entry::Code);
    }
    let_in(actor, arrival).await.map(Entry::In)
}

/// Lets a person in who need not give a code.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn let_in(actor: &Actor, arrival: Arrival<'_>) -> Result<NewSession, Error> {
    let mut tx = actor.found().await?;
    let since = tx.now();
    let session = insert(&tx, arrival, since).await?;
    tx.audit(sign_in(&tx, arrival));
    tx.commit().await?;
    Ok(session)
}

/// What the audit says about somebody who comes in.
pub(crate) fn sign_in(tx: &Tx, arrival: Arrival<'_>) -> Act {
    let act = Act::new(tx.actor().tenant(), "sign_in", "user", arrival.user.0);
    if arrival.method.is_company() {
        act.after(serde_json::json!({ "method": "company" }))
    } else {
        act
    }
}

/// Makes a session with a fresh token, so that a token planted before signing in is worth nothing. `since` is when the
/// person logged in: a session that takes the place of another one does not last longer than that would have.
///
/// # Errors
/// [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "sessions are ended by their token, or because they are over"
)]
pub(crate) async fn insert(tx: &Tx, arrival: Arrival<'_>, since: DateTime<Utc>) -> Result<NewSession, Error> {
    let Arrival {
        user,
        browser,
        unchosen,
        method,
    } = arrival;
    let (backend, tenant, now) = (tx.actor().backend(), tx.actor().tenant(), tx.now());
    let token = token::fresh().map_err(|error| Error::Port(Box::new(error)))?;
    let hash = token::stored(&token).ok_or_else(|| Error::corrupt("a fresh token"))?;
    let otherwise = security::read::otherwise(backend);
    let settings = security::read::of_tenant(tx.db(), tenant).await?;
    let expires_at = since + settings.limits(otherwise, Roles::default()).absolute;
    // Another tenant may allow the longest pause there is.
    let idle = otherwise.idle.max(TimeDelta::minutes(i64::from(IDLE_MINUTES.1)));
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
        tenant_id: Set(tenant.0),
        created_at: Set(since),
        seen_at: Set(now),
        expires_at: Set(expires_at),
        user_agent: Set(browser.user_agent.map(|agent| agent.chars().take(300).collect())),
        address: Set(browser.address.map(str::to_owned)),
        method: Set(method.code().to_owned()),
    })
    .await?;
    membership::Entity::update_many()
        .set(membership::ActiveModel {
            signed_in_at: Set(Some(now)),
            ..Default::default()
        })
        .filter(membership::Column::UserId.eq(user.0))
        .filter(membership::Column::TenantId.eq(tenant.0))
        .exec(tx.db())
        .await?;
    Ok(NewSession {
        token,
        expires_at,
        tenant,
        unchosen,
    })
}

/// When the session of a token was begun by a login; now, if there is none.
///
/// # Errors
/// [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "whoever holds the token may ask for its session"
)]
pub(crate) async fn begun_at(actor: &Actor, token: Option<&str>) -> Result<DateTime<Utc>, Error> {
    let Some(hash) = token.and_then(token::stored) else {
        return Ok(actor.now());
    };
    let row = session::Entity::find_by_id(hash)
        .one(actor.backend().system().db())
        .await?;
    Ok(row.map_or_else(|| actor.now(), |row| row.created_at))
}
