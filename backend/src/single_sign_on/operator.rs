//! What the operator does from the command line: opening the other way in again, and sealing secrets with a new key.

use super::{read::place, write::forget};
use crate::{Backend, Error, second_factor, vault};
use domain::ids::TenantId;
use entity::{Uuid, sign_in_provider, tenant};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// Switches a tenant's single sign-on off, so that its people come in by password again. Sessions begun by it end, and the
/// tenant's audit names the operator. The tenant is named by its id or, where only one has it, by its name.
///
/// # Errors
/// [`Error::NotFound`] when there is no such tenant or it has none; [`Error::Conflict`] when several have the name;
/// [`Error::Database`].
pub async fn switch_off(backend: &Backend, named: &str) -> Result<(), Error> {
    let id = tenant_named(backend, named).await?;
    let actor = backend
        .operator(id, "quittance tenant single-sign-on-off")
        .await?;
    let mut tx = actor.found().await?;
    forget(&mut tx).await?;
    tx.commit().await
}

/// Seals all secrets of tenants and people that are not sealed with the present key. Returns how many there were.
///
/// # Errors
/// [`domain::Refusal::NoKey`] when there is no key, or one is gone that a secret was sealed with; [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "every tenant's secrets, which stay what and where they are"
)]
pub async fn renew_secrets(backend: &Backend) -> Result<u64, Error> {
    let config = backend.config();
    let system = backend.system();
    let mut renewed = 0;
    for row in sign_in_provider::Entity::find().all(system.db()).await? {
        if vault::is_current(config, &row.secret) {
            continue;
        }
        let place = place(TenantId(row.tenant_id), &row.issuer);
        let secret = vault::open(config, place, &row.secret)?;
        let change = sign_in_provider::ActiveModel {
            secret: Set(vault::seal(config, place, &secret)?),
            ..Default::default()
        };
        // Whoever changed it meanwhile sealed it with the present key.
        let done = sign_in_provider::Entity::update_many()
            .set(change)
            .filter(sign_in_provider::Column::TenantId.eq(row.tenant_id))
            .filter(sign_in_provider::Column::Secret.eq(row.secret.as_str()))
            .exec(system.writer())
            .await?;
        renewed += done.rows_affected;
    }
    Ok(renewed + second_factor::kept::renew_all(backend).await?)
}

#[expect(clippy::disallowed_methods, reason = "the operator names the tenant")]
async fn tenant_named(backend: &Backend, named: &str) -> Result<TenantId, Error> {
    if let Ok(id) = named.trim().parse::<Uuid>() {
        return Ok(TenantId(id));
    }
    let found: Vec<Uuid> = tenant::Entity::find()
        .select_only()
        .column(tenant::Column::Id)
        .filter(tenant::Column::Name.eq(named.trim()))
        .order_by_asc(tenant::Column::Id)
        .limit(2)
        .into_tuple()
        .all(backend.system().db())
        .await?;
    match found.as_slice() {
        [] => Err(Error::NotFound),
        [one] => Ok(TenantId(*one)),
        [_, ..] => Err(Error::Conflict),
    }
}
