//! What the operator does for people who cannot help themselves, from the command line.

use super::hash_password;
use crate::{Actor, Backend, Error, scope::Act};
use domain::{ids::TenantId, sessions::new_password};
use entity::{membership, session, user};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// Sets a person's password and ends all of their sessions. The audit of each of their tenants names the operator.
///
/// # Errors
/// [`Error::NotFound`] when there is no such person; [`domain::Refusal::WeakPassword`]; [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "a person stands outside of tenants; the operator names them"
)]
pub async fn set_password(backend: &Backend, email: &str, password: &str) -> Result<(), Error> {
    new_password(password)?;
    let email = email.trim().to_lowercase();
    let person = user::Entity::find()
        .filter(user::Column::Email.eq(email))
        .one(backend.system().db())
        .await?
        .ok_or(Error::NotFound)?;
    let memberships = membership::Entity::find()
        .filter(membership::Column::UserId.eq(person.id))
        .order_by_asc(membership::Column::TenantId)
        .all(backend.system().db())
        .await?;
    let first = memberships.first().ok_or(Error::NotFound)?;
    let hash = hash_password(backend, password).await?;
    let operator: Actor = backend
        .operator(TenantId(first.tenant_id), "quittance user password")
        .await?;
    let mut tx = operator.found().await?;
    user::Entity::update_many()
        .set(user::ActiveModel {
            password_hash: Set(hash),
            ..Default::default()
        })
        .filter(user::Column::Id.eq(person.id))
        .exec(tx.db())
        .await?;
    session::Entity::delete_many()
        .filter(session::Column::UserId.eq(person.id))
        .exec(tx.db())
        .await?;
    for membership in &memberships {
        tx.audit(Act::new(
            TenantId(membership.tenant_id),
            "set_password",
            "user",
            person.id,
        ));
    }
    tx.commit().await
}
