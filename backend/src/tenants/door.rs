//! Why a tenant's pages are shut, and whom to ask (T15).

use crate::{Actor, Error, codes::Stored};
use domain::tenants::{Door, DoorNotice, TenantState};
use entity::{tenant, tenant_group};
use sea_orm::EntityTrait;

/// What the people of the actor's tenant are told at its door.
///
/// # Errors
/// What [`Actor::person`] refuses; [`Error::Database`].
pub async fn notice(actor: &Actor) -> Result<DoorNotice, Error> {
    actor.person()?;
    let system = actor.backend().system();
    let own = system.find_tenant(actor.tenant()).await?;
    let state: TenantState = own.state.to_domain();
    let above = match own.parent_id {
        Some(parent) => Some(system.find_tenant(parent.into()).await?),
        None => None,
    };
    let door = Door::of(state, group_is_on(actor, &own).await?);
    let (contact, phone, email) = match above {
        Some(above) => (Some(above.name), above.support_phone, above.billing_email),
        None => (None, None, None),
    };
    Ok(DoorNotice {
        door,
        tenant: own.name,
        reason: own.state_reason,
        contact,
        phone,
        email,
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the group is of the tenant above; all that is told of it is whether it is on"
)]
async fn group_is_on(actor: &Actor, own: &tenant::Model) -> Result<Option<bool>, Error> {
    let (Some(parent), Some(group)) = (own.parent_id, own.group_id) else {
        return Ok(None);
    };
    let found = tenant_group::Entity::find_by_id((parent, group))
        .one(actor.backend().system().db())
        .await?;
    Ok(found.map(|group| group.opened_at.is_some()))
}
