//! Another address for one's login: asked for with the password, changed through a link that the new address gets.
//!
//! Asking says the same whether an address is taken or not, also on the page that shows the tenant's mails: what differs
//! travels in the place of the mail's secret.

use super::{
    guard::Guard,
    notice::{self, actor, person, tell},
    throttle, token,
    write::end_all_but,
};
use crate::{
    Actor, Backend, Error,
    mail::{letter::Letter, write::SECRET},
    scope::{Act, Request, Tx},
};
use domain::{
    FieldErrors, Refusal,
    ids::{TenantId, UserId},
    people::{self, RESET_KEPT},
};
use entity::{email_change, password_reset, tenant, user};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// Asks for another address. The new one gets a link; the present one is told.
///
/// # Errors
/// [`Error::Invalid`] for the address; [`Refusal::WrongPassword`]; [`Refusal::TooManyTries`]; what [`Actor::person`]
/// refuses; [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "a person's own rows, in whichever tenant; the address is asked for whether anybody has it"
)]
pub async fn ask(actor: &Actor, new: &str, password: &str) -> Result<(), Error> {
    let id = actor.person()?;
    let backend = actor.backend();
    let field = |refusal| Error::Invalid(FieldErrors::one("email", refusal));
    let new = people::email(new).map_err(field)?;
    let (user, tenant) = notice::oneself(actor).await?;
    if new == user.email {
        return Err(field(Refusal::OwnEmail));
    }
    let guard = Guard::of_own_password(backend, id).await?;
    if !guard.fits(password, Some(&user.password_hash)).await? {
        return Err(Refusal::WrongPassword.into());
    }
    throttle::admit(backend, &throttle::email_keys(id, &new)).await?;
    let fresh = token::fresh().map_err(|error| Error::Port(Box::new(error)))?;
    let hash = token::stored(&fresh).ok_or_else(|| Error::corrupt("a fresh token"))?;
    let mut tx = actor.found().await?;
    let taken = user::Entity::find()
        .filter(user::Column::Email.eq(new.as_str()))
        .one(tx.db())
        .await?;
    forget(&tx, id).await?;
    let secret = if taken.is_some() {
        "This address belongs to a login already, so nothing was changed. If you asked for this yourself, log in with \
         this address."
            .to_owned()
    } else {
        tx.insert(email_change::ActiveModel {
            token_hash: Set(hash),
            user_id: Set(id.0),
            email: Set(new.clone()),
            created_at: Set(tx.now()),
            expires_at: Set(tx.now() + RESET_KEPT),
        })
        .await?;
        format!(
            "Open this page within {} minutes to use the address from now on: {}/account/email/{fresh}",
            RESET_KEPT.num_minutes(),
            backend.config().public_url
        )
    };
    let to = user::Model {
        email: new.clone(),
        ..user.clone()
    };
    invite(&tx, &to, &tenant, secret).await?;
    let what = format!(
        "Somebody asked to use {new} for your login to the billing portal from now on. Nothing is changed until the \
         link is opened that was sent there."
    );
    tell(&tx, &user, &tenant, "Another e-mail address was asked for", &what).await?;
    tx.audit(Act::new(actor.tenant(), "ask_for_email", "user", id.0));
    tx.commit().await
}

/// The letter to the new address. Its words are the same for every address.
async fn invite(tx: &Tx, to: &user::Model, tenant: &tenant::Model, secret: String) -> Result<(), Error> {
    let letter = Letter {
        subject: "Your e-mail address for the billing portal".to_owned(),
        lines: vec![
            "Hello,".to_owned(),
            "Somebody asked to use this address for a login to the billing portal.".to_owned(),
            SECRET.to_owned(),
        ],
        link: None,
        after: vec!["If it was not you, do nothing.".to_owned()],
    };
    notice::write(tx, to, tenant, "email_change", letter, Some(secret)).await
}

/// Whether a link still works.
///
/// # Errors
/// [`Refusal::LinkSpent`]; [`Error::Database`].
pub async fn find(backend: &Backend, token: &str) -> Result<(), Error> {
    open(backend, token).await.map(|_| ())
}

/// Changes a person's address through a link. Their sessions end but the one of `session`, and so do all links that the
/// old address got.
///
/// # Errors
/// [`Refusal::LinkSpent`], also when somebody else has the address meanwhile; [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "a person's own rows, in whichever tenant"
)]
pub async fn spend(
    backend: &Backend,
    token: &str,
    session: Option<&str>,
    address: Option<&str>,
) -> Result<(), Error> {
    let link = open(backend, token).await?;
    let Some((user, tenants)) = person(backend, user::Column::Id.eq(link.user_id)).await? else {
        return Err(Refusal::LinkSpent.into());
    };
    let tenant = tenants.first().ok_or(Refusal::LinkSpent)?;
    let id = UserId(user.id);
    let actor = actor(backend, &user, tenant)?.in_request(Request {
        id: None,
        address: address.map(str::to_owned),
    });
    let mut tx = actor.found().await?;
    let spent = email_change::Entity::delete_by_id(link.token_hash)
        .exec(tx.db())
        .await?;
    if spent.rows_affected == 0 {
        return Err(Refusal::LinkSpent.into());
    }
    forget(&tx, id).await?;
    let changed = user::Entity::update_many()
        .set(user::ActiveModel {
            email: Set(link.email.clone()),
            ..Default::default()
        })
        .filter(user::Column::Id.eq(user.id))
        .exec(tx.db())
        .await;
    changed.map_err(|error| {
        let error = Error::from(error);
        if error.is_duplicate() {
            Refusal::LinkSpent.into()
        } else {
            error
        }
    })?;
    password_reset::Entity::delete_many()
        .filter(password_reset::Column::UserId.eq(user.id))
        .exec(tx.db())
        .await?;
    end_all_but(&tx, id, session.unwrap_or_default()).await?;
    let what = format!(
        "The address of your login to the billing portal is {} now, and you were logged out everywhere else. Mails about \
         your login go there.",
        link.email
    );
    tell(&tx, &user, tenant, "Your e-mail address was changed", &what).await?;
    for tenant in &tenants {
        let mut act = Act::new(TenantId(tenant.id), "change_email", "user", user.id);
        act.before = Some(serde_json::json!({ "email": user.email }));
        tx.audit(act.after(serde_json::json!({ "email": link.email })));
    }
    tx.commit().await
}

#[expect(clippy::disallowed_methods, reason = "the link comes before any scope")]
async fn open(backend: &Backend, token: &str) -> Result<email_change::Model, Error> {
    let hash = token::stored(token).ok_or(Refusal::LinkSpent)?;
    let found = email_change::Entity::find_by_id(hash)
        .one(backend.system().db())
        .await?;
    found
        .filter(|link| link.expires_at > backend.now())
        .ok_or_else(|| Refusal::LinkSpent.into())
}

/// Takes back what the person asked for before.
#[expect(
    clippy::disallowed_methods,
    reason = "a person's own rows, in whichever tenant"
)]
async fn forget(tx: &Tx, user: UserId) -> Result<(), Error> {
    email_change::Entity::delete_many()
        .filter(email_change::Column::UserId.eq(user.0))
        .exec(tx.db())
        .await?;
    Ok(())
}
