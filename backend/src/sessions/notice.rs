//! Letters to a person about their own login.

use crate::{
    Actor, Backend, Error,
    codes::Stored,
    mail::{
        letter::Letter,
        write::{NewMail, queue},
    },
    scope::{NewActor, Tx, Who, time_zone},
};
use domain::{
    access::Rights,
    ids::{TenantId, UserId},
};
use entity::{
    codes::{MembershipState, TenantKind},
    membership, tenant, user,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// A person who can sign in, with the tenants where they can work: first the one where they were last.
///
/// # Errors
/// [`Error::Database`].
#[expect(clippy::disallowed_methods, reason = "sign-in comes before any scope")]
pub(super) async fn person(
    backend: &Backend,
    which: sea_orm::sea_query::SimpleExpr,
) -> Result<Option<(user::Model, Vec<tenant::Model>)>, Error> {
    let system = backend.system();
    let db = system.db();
    let found = user::Entity::find()
        .filter(which)
        .filter(user::Column::DisabledAt.is_null())
        .one(db)
        .await?;
    let Some(user) = found else { return Ok(None) };
    let mut memberships = membership::Entity::find()
        .filter(membership::Column::UserId.eq(user.id))
        .filter(membership::Column::State.eq(MembershipState::Active))
        .order_by_asc(membership::Column::CreatedAt)
        .order_by_asc(membership::Column::TenantId)
        .all(db)
        .await?;
    memberships.sort_by_key(|one| std::cmp::Reverse(one.signed_in_at));
    let mut tenants = Vec::with_capacity(memberships.len());
    for one in memberships {
        tenants.push(backend.system().find_tenant(TenantId(one.tenant_id)).await?);
    }
    Ok(Some((user, tenants)))
}

/// The person who acts, and the tenant that they act in.
///
/// # Errors
/// [`Error::SignIn`] when the actor is no person; [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "a person's own row, by the id of the session"
)]
pub(crate) async fn oneself(actor: &Actor) -> Result<(user::Model, tenant::Model), Error> {
    let system = actor.backend().system();
    let id = actor.user().ok_or(Error::SignIn)?;
    let user = user::Entity::find_by_id(id.0).one(system.db()).await?;
    Ok((
        user.ok_or(Error::SignIn)?,
        system.find_tenant(actor.tenant()).await?,
    ))
}

/// A person in one of their tenants who proved themselves by a link or a code, for what that is good for: no right comes
/// with it.
///
/// # Errors
/// [`Error::Database`].
pub(crate) fn actor(backend: &Backend, user: &user::Model, tenant: &tenant::Model) -> Result<Actor, Error> {
    Ok(Actor::new(NewActor {
        backend: backend.clone(),
        who: Who::User {
            id: UserId(user.id),
            name: user.name.clone(),
        },
        tenant: TenantId(tenant.id),
        kind: tenant.kind.to_domain(),
        rights: Rights::NONE,
        time_zone: time_zone(&tenant.time_zone)?,
    }))
}

/// Tells a person what was done to their login, and what to do if it was not them.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn tell(
    tx: &Tx,
    user: &user::Model,
    tenant: &tenant::Model,
    subject: &str,
    what: &str,
) -> Result<(), Error> {
    let letter = Letter {
        subject: subject.to_owned(),
        lines: vec![format!("Hello {},", user.name), what.to_owned()],
        link: None,
        after: vec![
            "If it was not you, change your password and tell the lead contact of your company at once."
                .to_owned(),
        ],
    };
    write(tx, user, tenant, "login_changed", letter, None).await
}

/// Queues a letter to a person's address, in the name of one of their tenants.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn write(
    tx: &Tx,
    user: &user::Model,
    tenant: &tenant::Model,
    kind: &'static str,
    letter: Letter<'_>,
    secret: Option<String>,
) -> Result<(), Error> {
    let mail = NewMail {
        seller: TenantId(tenant.id),
        // A tenant that sells nothing reads its mail on the buyer's side.
        buyer: (tenant.kind == TenantKind::Customer).then_some(TenantId(tenant.id)),
        kind: kind.into(),
        about: Some(user.id),
        from_name: tenant.name.clone(),
        reply_to: tenant.billing_email.clone(),
        recipient: user.email.clone(),
        words: letter.words(),
        secret,
    };
    queue(tx, mail).await.map(|_| ())
}
