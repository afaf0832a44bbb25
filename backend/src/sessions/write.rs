//! Signing in, signing out, changing the password.

pub use super::begin::{Browser, Entry, NewSession};

use super::{
    begin::{Arrival, begun_at, enter, insert},
    guard::Guard,
    notice, password,
    read::HANDLE,
    token,
};
use crate::{
    Actor, Backend, Error,
    codes::Stored,
    scope::{Act, NewActor, Tx, Who, time_zone},
};
use domain::{
    Refusal,
    access::Rights,
    ids::{TenantId, UserId},
    sessions::{PASSWORD_MAX, new_password},
    single_sign_on::AuthMethod,
};
use entity::{codes::MembershipState, membership, pending_sign_in, session, tenant, user};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};

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

/// Signs a person in, in the first tenant that they belong to; who has a second factor is asked for its code first.
///
/// # Errors
/// [`Refusal::WrongCredentials`], the same and after the same time for an unknown address, a wrong password and a
/// disabled person; [`Refusal::TooManyTries`]; [`Error::Database`].
pub async fn log_in(backend: &Backend, attempt: LogIn<'_>) -> Result<Entry, Error> {
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
    let actor = notice::actor(backend, &user, &tenant)?.in_request(attempt.browser.request());
    let arrival = Arrival {
        user: UserId(user.id),
        browser: attempt.browser,
        unchosen,
        method: AuthMethod::Password,
    };
    enter(&actor, arrival).await
}

/// Goes on in another of a person's tenants, with a session of its own there, which lasts no longer than the login would
/// have; the one here ends. The next sign-in begins there too.
///
/// # Errors
/// [`Error::NotFound`] when the person cannot work there; what [`Actor::owner`] refuses; [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "a person's own rows, in whichever tenant"
)]
pub async fn switch(actor: &Actor, to: TenantId, browser: Browser<'_>) -> Result<NewSession, Error> {
    let backend = actor.backend();
    let user = actor.owner()?;
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
    let since = begun_at(actor, browser.replaces).await?;
    let arrival = Arrival {
        user,
        browser,
        unchosen: false,
        method: AuthMethod::Password,
    };
    let mut tx = there.found().await?;
    let session = insert(&tx, arrival, since).await?;
    tx.audit(Act::new(to, "sign_in", "user", user.0));
    tx.commit().await?;
    Ok(session)
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
/// [`Error::NotFound`] when it is over already or not within reach; what [`Actor::person_here`] refuses;
/// [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "a person's own rows, in whichever tenant"
)]
pub async fn end(actor: &Actor, id: &str) -> Result<(), Error> {
    let user = actor.person_here()?;
    if id.len() != HANDLE || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Error::NotFound);
    }
    let mut tx = actor.found().await?;
    let ended = session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user.0))
        .filter(within(actor))
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
/// What [`Actor::person_here`] refuses; [`Error::Database`].
pub async fn end_others(actor: &Actor, token: &str) -> Result<(), Error> {
    let user = actor.person_here()?;
    let mut tx = actor.found().await?;
    if actor.reach().is_none() {
        end_all_but(&tx, user, token).await?;
    } else {
        end_here_but(&tx, user, token).await?;
    }
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
    let id = actor.person()?;
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

/// Ends a person's sessions but the one of `token`, and logins that wait for their code.
///
/// # Errors
/// [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "a person's own rows, in whichever tenant"
)]
pub(crate) async fn end_all_but(tx: &Tx, user: UserId, token: &str) -> Result<(), Error> {
    session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user.0))
        .filter(session::Column::TokenHash.ne(token::stored(token).unwrap_or_default()))
        .exec(tx.db())
        .await?;
    pending_sign_in::Entity::delete_many()
        .filter(pending_sign_in::Column::UserId.eq(user.0))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Ends the sessions that whoever came by their company's provider reaches, but the one of `token`.
#[expect(
    clippy::disallowed_methods,
    reason = "a person's own rows, within what the actor reaches"
)]
async fn end_here_but(tx: &Tx, user: UserId, token: &str) -> Result<(), Error> {
    session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user.0))
        .filter(within(tx.actor()))
        .filter(session::Column::TokenHash.ne(token::stored(token).unwrap_or_default()))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// The sessions that somebody reaches of their own: all, or those that were begun as theirs was, in the same tenant.
fn within(actor: &Actor) -> Condition {
    match actor.reach() {
        None => Condition::all(),
        Some(tenant) => Condition::all()
            .add(session::Column::TenantId.eq(tenant.0))
            .add(session::Column::Method.ne(AuthMethod::Password.code())),
    }
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
