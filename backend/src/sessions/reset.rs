//! A new password for who forgot theirs: asked for by address, set through a link that works once.
//!
//! Asking says the same after the same time whether there is such a person or not: it only leaves a job behind, which
//! writes the mail if there is somebody to write to.

use super::{
    hash_password,
    notice::{actor, person, write},
    throttle, token,
};
use crate::{
    Backend, Error,
    jobs::{self, Job, JobContext},
    mail::letter::Letter,
    scope::Act,
};
use domain::{Refusal, ids::TenantId, people::RESET_KEPT, sessions::new_password};
use entity::{password_reset, pending_sign_in, session, user};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};

/// The job that writes the mail.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ResetAsked {
    email: String,
}

/// Asks for a link to set a new password.
///
/// # Errors
/// [`Refusal::TooManyTries`]; [`Error::Database`].
pub async fn ask(backend: &Backend, email: &str, address: Option<&str>) -> Result<(), Error> {
    let email: String = email.trim().to_lowercase().chars().take(320).collect();
    throttle::admit(backend, &throttle::reset_keys(&email, address)).await?;
    let unique = format!("reset:{email}");
    jobs::schedule(backend, &ResetAsked { email }, &unique, backend.now()).await
}

impl Job for ResetAsked {
    const KIND: &'static str = "sessions.reset";
    const WORDS: &'static str = "Answer a forgotten password";

    async fn run(&self, context: &JobContext) -> Result<(), Error> {
        let backend = context.backend();
        let Some((user, tenants)) = person(backend, user::Column::Email.eq(self.email.as_str())).await?
        else {
            return Ok(());
        };
        let Some(tenant) = tenants.first() else {
            return Ok(());
        };
        let fresh = token::fresh().map_err(|error| Error::Port(Box::new(error)))?;
        let hash = token::stored(&fresh).ok_or_else(|| Error::corrupt("a fresh token"))?;
        let actor = backend.job(TenantId(tenant.id), "Password reset").await?;
        let mut tx = actor.found().await?;
        tx.insert(password_reset::ActiveModel {
            token_hash: Set(hash),
            user_id: Set(user.id),
            created_at: Set(tx.now()),
            expires_at: Set(tx.now() + RESET_KEPT),
        })
        .await?;
        let letter = Letter {
            subject: "Set a new password".to_owned(),
            lines: vec![
                format!("Hello {},", user.name),
                "Somebody asked for a new password for your login to the billing portal.".to_owned(),
            ],
            link: Some((
                "Set a new password",
                format!("{}/password/", backend.config().public_url),
            )),
            after: vec![
                format!("The link works once, for {} minutes.", RESET_KEPT.num_minutes()),
                "If it was not you, do nothing: your password stays as it is.".to_owned(),
            ],
        };
        write(&tx, &user, tenant, "password_reset", letter, Some(fresh)).await?;
        tx.audit(Act::new(TenantId(tenant.id), "ask_for_password", "user", user.id));
        tx.commit().await
    }
}

/// Whether a link still works.
///
/// # Errors
/// [`Refusal::LinkSpent`]; [`Error::Database`].
pub async fn find(backend: &Backend, token: &str) -> Result<(), Error> {
    open(backend, token).await.map(|_| ())
}

/// Sets a new password through a link. All sessions of the person end, and all their other links; they sign in anew,
/// with their second factor if they have one.
///
/// # Errors
/// [`Refusal::LinkSpent`]; [`Refusal::WeakPassword`]; [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "a person's own rows, in whichever tenant"
)]
pub async fn spend(backend: &Backend, token: &str, new: &str, address: Option<&str>) -> Result<(), Error> {
    new_password(new)?;
    let link = open(backend, token).await?;
    let Some((user, tenants)) = person(backend, user::Column::Id.eq(link.user_id)).await? else {
        return Err(Refusal::LinkSpent.into());
    };
    let tenant = tenants.first().ok_or(Refusal::LinkSpent)?;
    let hash = hash_password(backend, new).await?;
    let actor = actor(backend, &user, tenant)?.in_request(crate::scope::Request {
        id: None,
        address: address.map(str::to_owned),
    });
    let mut tx = actor.found().await?;
    let spent = password_reset::Entity::delete_by_id(link.token_hash)
        .exec(tx.db())
        .await?;
    if spent.rows_affected == 0 {
        return Err(Refusal::LinkSpent.into());
    }
    password_reset::Entity::delete_many()
        .filter(password_reset::Column::UserId.eq(user.id))
        .exec(tx.db())
        .await?;
    user::Entity::update_many()
        .set(user::ActiveModel {
            password_hash: Set(hash),
            ..Default::default()
        })
        .filter(user::Column::Id.eq(user.id))
        .exec(tx.db())
        .await?;
    session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user.id))
        .exec(tx.db())
        .await?;
    pending_sign_in::Entity::delete_many()
        .filter(pending_sign_in::Column::UserId.eq(user.id))
        .exec(tx.db())
        .await?;
    let letter = Letter {
        subject: "Your password was changed".to_owned(),
        lines: vec![
            format!("Hello {},", user.name),
            "The password of your login to the billing portal was set anew, and you were logged out everywhere."
                .to_owned(),
        ],
        link: None,
        after: vec!["If it was not you, tell the lead contact of your company at once.".to_owned()],
    };
    write(&tx, &user, tenant, "password_changed", letter, None).await?;
    for tenant in &tenants {
        tx.audit(Act::new(TenantId(tenant.id), "reset_password", "user", user.id));
    }
    tx.commit().await
}

#[expect(clippy::disallowed_methods, reason = "the link comes before any scope")]
async fn open(backend: &Backend, token: &str) -> Result<password_reset::Model, Error> {
    let hash = token::stored(token).ok_or(Refusal::LinkSpent)?;
    let found = password_reset::Entity::find_by_id(hash)
        .one(backend.system().db())
        .await?;
    found
        .filter(|link| link.expires_at > backend.now())
        .ok_or_else(|| Refusal::LinkSpent.into())
}
