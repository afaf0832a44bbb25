//! The settings for their page, and the way in for whoever opens it.

use crate::{Backend, Error, Scope, vault::Place};
use domain::{
    access::ManageSettings,
    ids::{TenantId, UserId},
    single_sign_on::{LINKED_SHOWN, Linked, Provider, SingleSignOn, WayIn},
};
use entity::{sign_in_link, sign_in_provider, user};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// The tenant's settings. The secret is not among them: it never comes back.
///
/// # Errors
/// [`Error::Database`].
pub async fn find(scope: &Scope<ManageSettings>) -> Result<SingleSignOn, Error> {
    let row = scope.find::<sign_in_provider::Entity>().one(scope.db()).await?;
    let links = scope
        .find::<sign_in_link::Entity>()
        .order_by_desc(sign_in_link::Column::LinkedAt)
        .order_by_asc(sign_in_link::Column::UserId)
        .limit(LINKED_SHOWN)
        .all(scope.db())
        .await?;
    let people = scope
        .find::<user::Entity>()
        .filter(user::Column::Id.is_in(links.iter().map(|link| link.user_id)))
        .all(scope.db())
        .await?;
    let mut linked: Vec<Linked> = links
        .into_iter()
        .filter_map(|link| {
            let person = people.iter().find(|person| person.id == link.user_id)?;
            Some(Linked {
                user: UserId(person.id),
                name: person.name.clone(),
                email: person.email.clone(),
                since: link.linked_at,
            })
        })
        .collect();
    linked.sort_by(|a, b| (&a.name, a.user).cmp(&(&b.name, b.user)));
    Ok(SingleSignOn {
        provider: row.as_ref().map(provider),
        return_address: return_address(scope.backend(), scope.tenant()),
        login_address: format!(
            "{}/login/with/{}",
            scope.backend().config().public_url,
            scope.tenant()
        ),
        linked,
    })
}

/// The way in of a tenant.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Database`].
pub async fn way_in(backend: &Backend, tenant: TenantId) -> Result<WayIn, Error> {
    Ok(WayIn::to(&of_tenant(backend, tenant).await?.issuer))
}

/// The provider of a tenant that somebody is about to come in to.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Database`].
#[expect(clippy::disallowed_methods, reason = "sign-in comes before any scope")]
pub(super) async fn of_tenant(backend: &Backend, tenant: TenantId) -> Result<sign_in_provider::Model, Error> {
    sign_in_provider::Entity::find_by_id(tenant.0)
        .one(backend.system().db())
        .await?
        .ok_or(Error::NotFound)
}

/// Where a tenant's provider sends people back to. It is another address for each tenant: a provider that answers in
/// another one's stead is found out by where its answer arrives.
pub(super) fn return_address(backend: &Backend, tenant: TenantId) -> String {
    format!("{}/login/return/{tenant}", backend.config().public_url)
}

/// What a row says, without the secret.
pub(super) fn provider(row: &sign_in_provider::Model) -> Provider {
    let sign_in_provider::Model {
        tenant_id: _,
        issuer,
        client_id,
        secret: _,
        domains,
        required,
        second_factor,
        changed_at: _,
    } = row;
    Provider {
        issuer: issuer.clone(),
        client_id: client_id.clone(),
        domains: Provider::domains_from(domains),
        required: *required,
        second_factor: *second_factor,
    }
}

/// Where a provider's secret is kept: beside its issuer, so that nobody who writes the table can have it sent to another.
pub(super) fn place(tenant: TenantId, issuer: &str) -> Place<'_> {
    Place {
        column: "sign_in_providers.secret",
        owner: tenant.0,
        beside: issuer,
    }
}
