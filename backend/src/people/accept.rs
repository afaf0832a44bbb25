//! Accepting an invitation. The link proves who one is: the first visit sets the password; a person who has a login
//! already accepts with its password (T19).

use crate::{
    Actor, Backend, Error,
    codes::Stored,
    new_id,
    scope::{Act, NewActor, Tx, Who, time_zone},
    sessions::{
        begin::{Arrival, Browser, Entry, enter},
        guard::Guard,
        hash_password, token,
    },
};
use domain::{
    FieldErrors, Refusal,
    access::Rights,
    ids::{TenantId, UserId},
    people::{OpenInvitation, name},
    sessions::new_password,
    single_sign_on::AuthMethod,
};
use entity::{codes::MembershipState, invitation, membership, user};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// An invitation that is being accepted.
#[derive(Clone, Copy)]
pub struct Acceptance<'a> {
    /// Out of the link.
    pub token: &'a str,
    /// Name as the person writes it; for who has a login already it stays as it is.
    pub name: &'a str,
    /// A new password, or for who has a login already the one of that.
    pub password: &'a str,
    /// Where it happens.
    pub browser: Browser<'a>,
}

/// What an invitation says.
///
/// # Errors
/// [`Refusal::LinkSpent`] when there is none or it is too old; [`Error::Database`].
pub async fn find(backend: &Backend, token: &str) -> Result<OpenInvitation, Error> {
    let row = open(backend, token).await?;
    let tenant = backend.system().find_tenant(TenantId(row.tenant_id)).await?;
    let known = login(backend, &row.email).await?;
    Ok(OpenInvitation {
        tenant: tenant.name,
        name: known.as_ref().map_or(row.name, |user| user.name.clone()),
        email: row.email,
        inviter: row.inviter,
        known: known.is_some(),
    })
}

/// Accepts an invitation and signs the person in; who has a second factor is asked for its code first.
///
/// # Errors
/// [`Refusal::LinkSpent`]; [`Error::Invalid`] for the name or the password; [`Refusal::TooManyTries`];
/// [`Error::Database`].
pub async fn accept(backend: &Backend, acceptance: Acceptance<'_>) -> Result<Entry, Error> {
    let invitation = open(backend, acceptance.token).await?;
    let tenant = backend
        .system()
        .find_tenant(TenantId(invitation.tenant_id))
        .await?;
    let person = person(backend, &invitation, acceptance).await?;
    let user = UserId(person.id());
    let actor = Actor::new(NewActor {
        backend: backend.clone(),
        who: Who::User {
            id: user,
            name: person.name().to_owned(),
        },
        tenant: TenantId(tenant.id),
        kind: tenant.kind.to_domain(),
        // Nothing is done with them here; the next request reads them.
        rights: Rights::NONE,
        time_zone: time_zone(&tenant.time_zone)?,
    })
    .in_request(acceptance.browser.request());
    let mut tx = actor.found().await?;
    spend(&tx, &invitation).await?;
    if let Person::New(row) = person {
        tx.insert(*row).await?;
    }
    join(&tx, user, &invitation).await?;
    tx.audit(Act::new(actor.tenant(), "join", "user", user.0));
    tx.commit().await?;
    let arrival = Arrival {
        user,
        browser: acceptance.browser,
        unchosen: false,
        method: AuthMethod::Password,
    };
    enter(&actor, arrival).await
}

/// Who accepts.
enum Person {
    Known(user::Model),
    New(Box<user::ActiveModel>),
}

impl Person {
    fn id(&self) -> entity::Uuid {
        match self {
            Self::Known(user) => user.id,
            Self::New(row) => row.id.try_as_ref().copied().unwrap_or_default(),
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Known(user) => &user.name,
            Self::New(row) => row.name.try_as_ref().map_or("", String::as_str),
        }
    }
}

async fn person(
    backend: &Backend,
    invitation: &invitation::Model,
    acceptance: Acceptance<'_>,
) -> Result<Person, Error> {
    let field = |field: &str, refusal| Error::Invalid(FieldErrors::one(field, refusal));
    if let Some(user) = login(backend, &invitation.email).await? {
        let guard = Guard::of_sign_in(backend, &invitation.email, acceptance.browser.address).await?;
        return if guard.fits(acceptance.password, Some(&user.password_hash)).await? {
            Ok(Person::Known(user))
        } else {
            Err(field("password", Refusal::WrongPassword))
        };
    }
    let name = name(acceptance.name).map_err(|refusal| field("name", refusal))?;
    new_password(acceptance.password).map_err(|refusal| field("password", refusal))?;
    let row = user::ActiveModel {
        id: Set(new_id()),
        email: Set(invitation.email.clone()),
        name: Set(name),
        password_hash: Set(hash_password(backend, acceptance.password).await?),
        disabled_at: Set(None),
        created_at: Set(backend.now()),
    };
    Ok(Person::New(Box::new(row)))
}

#[expect(clippy::disallowed_methods, reason = "the link comes before any scope")]
async fn open(backend: &Backend, token: &str) -> Result<invitation::Model, Error> {
    let spent = || Error::Refused(Refusal::LinkSpent);
    let hash = token::stored(token).ok_or_else(spent)?;
    let row = invitation::Entity::find()
        .filter(invitation::Column::TokenHash.eq(hash))
        .one(backend.system().db())
        .await?
        .ok_or_else(spent)?;
    if row.expires_at <= backend.now() {
        return Err(spent());
    }
    Ok(row)
}

#[expect(clippy::disallowed_methods, reason = "the link comes before any scope")]
async fn login(backend: &Backend, email: &str) -> Result<Option<user::Model>, Error> {
    Ok(user::Entity::find()
        .filter(user::Column::Email.eq(email))
        .one(backend.system().db())
        .await?)
}

/// Takes the invitation away. Whoever takes it has it alone: a link that is opened twice at once works once.
#[expect(clippy::disallowed_methods, reason = "the whole key of one row")]
async fn spend(tx: &Tx, invitation: &invitation::Model) -> Result<(), Error> {
    let gone = invitation::Entity::delete_many()
        .filter(invitation::Column::TenantId.eq(invitation.tenant_id))
        .filter(invitation::Column::TokenHash.eq(invitation.token_hash.as_str()))
        .exec(tx.db())
        .await?;
    if gone.rows_affected == 0 {
        return Err(Refusal::LinkSpent.into());
    }
    Ok(())
}

/// Makes the person a member, or one again.
async fn join(tx: &Tx, user: UserId, invitation: &invitation::Model) -> Result<(), Error> {
    let row = membership::ActiveModel {
        user_id: Set(user.0),
        tenant_id: Set(invitation.tenant_id),
        seller_role: Set(invitation.seller_role),
        buyer_role: Set(invitation.buyer_role),
        seller_custom: Set(invitation.seller_custom.clone()),
        buyer_custom: Set(invitation.buyer_custom.clone()),
        buyer_reach: Set(invitation.buyer_reach),
        state: Set(MembershipState::Active),
        signed_in_at: Set(None),
        created_at: Set(tx.now()),
    };
    let known = tx
        .lock::<membership::Entity>()
        .filter(membership::Column::UserId.eq(user.0))
        .one(tx.db())
        .await?;
    if known.is_some() {
        tx.update::<membership::Entity>()
            .set(row)
            .filter(membership::Column::UserId.eq(user.0))
            .exec(tx.db())
            .await?;
    } else {
        tx.insert(row).await?;
    }
    Ok(())
}
