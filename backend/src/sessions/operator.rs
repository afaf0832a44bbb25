//! What the operator does for people who cannot help themselves, from the command line.

use super::{hash_password, notice, write::end_all_but};
use crate::{
    Backend, Error,
    scope::{Act, Tx},
};
use domain::{
    ids::{TenantId, UserId},
    sessions::new_password,
};
use entity::{membership, recovery_code, second_factor, user};
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
    let (person, tenants) = find(backend, email).await?;
    let hash = hash_password(backend, password).await?;
    let tx = begin(backend, &tenants, "quittance user password").await?;
    user::Entity::update_many()
        .set(user::ActiveModel {
            password_hash: Set(hash),
            ..Default::default()
        })
        .filter(user::Column::Id.eq(person.id))
        .exec(tx.db())
        .await?;
    end(tx, &person, &tenants, "set_password").await
}

/// Switches off the second factor of a person who lost phone and recovery codes, and ends all of their sessions. They are
/// told by mail, and the audit of each of their tenants names the operator.
///
/// # Errors
/// [`Error::NotFound`] when there is no such person or they have none; [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "a person stands outside of tenants; the operator names them"
)]
pub async fn switch_second_factor_off(backend: &Backend, email: &str) -> Result<(), Error> {
    let (person, tenants) = find(backend, email).await?;
    let first = tenants.first().ok_or(Error::NotFound)?;
    let tenant = backend.system().find_tenant(*first).await?;
    let tx = begin(backend, &tenants, "quittance user second-factor-off").await?;
    let gone = second_factor::Entity::delete_by_id(person.id)
        .exec(tx.db())
        .await?;
    if gone.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::UserId.eq(person.id))
        .exec(tx.db())
        .await?;
    let what = "The operator of the billing portal switched the second factor of your login off. From now on the password \
                alone is enough.";
    notice::tell(&tx, &person, &tenant, "Your second factor was switched off", what).await?;
    end(tx, &person, &tenants, "switch_second_factor_off").await
}

/// A person and the tenants that they belong to.
#[expect(
    clippy::disallowed_methods,
    reason = "a person stands outside of tenants; the operator names them"
)]
async fn find(backend: &Backend, email: &str) -> Result<(user::Model, Vec<TenantId>), Error> {
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
    let tenants = memberships.iter().map(|one| TenantId(one.tenant_id)).collect();
    Ok((person, tenants))
}

async fn begin(backend: &Backend, tenants: &[TenantId], name: &str) -> Result<Tx, Error> {
    let first = tenants.first().ok_or(Error::NotFound)?;
    backend.operator(*first, name).await?.found().await
}

/// Ends the person's sessions, tells each tenant, and commits.
async fn end(
    mut tx: Tx,
    person: &user::Model,
    tenants: &[TenantId],
    action: &'static str,
) -> Result<(), Error> {
    end_all_but(&tx, UserId(person.id), "").await?;
    for tenant in tenants {
        tx.audit(Act::new(*tenant, action, "user", person.id));
    }
    tx.commit().await
}
