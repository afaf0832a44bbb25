//! The settings, for their page and for who signs in.

use crate::{Backend, Error, Scope, roles};
use chrono::TimeDelta;
use domain::{
    access::{ManageSettings, Roles, SellerRole},
    ids::TenantId,
    security::{Limits, Security, SecuritySettings},
};
use entity::security_setting;
use sea_orm::{ConnectionTrait, EntityTrait};

/// The tenant's settings with what they can be set to.
///
/// # Errors
/// [`Error::Database`].
pub async fn find(scope: &Scope<ManageSettings>) -> Result<Security, Error> {
    let row = scope.find::<security_setting::Entity>().one(scope.db()).await?;
    let (nothing_set, otherwise) = (SecuritySettings::default(), otherwise(scope.backend()));
    let finance = Roles {
        seller: Some(SellerRole::Finance),
        buyer: None,
    };
    let office = nothing_set.limits(otherwise, finance);
    Ok(Security {
        settings: row.as_ref().map(settings).unwrap_or_default(),
        roles: roles::read::of_scope(scope).await?,
        otherwise: (
            office.idle.num_minutes(),
            otherwise.idle.num_minutes(),
            otherwise.absolute.num_hours(),
        ),
    })
}

/// The settings of a tenant that somebody is about to work in.
///
/// # Errors
/// [`Error::Database`].
#[expect(clippy::disallowed_methods, reason = "the session comes before any scope")]
pub(crate) async fn of_tenant(
    db: &impl ConnectionTrait,
    tenant: TenantId,
) -> Result<SecuritySettings, Error> {
    let row = security_setting::Entity::find_by_id(tenant.0).one(db).await?;
    Ok(row.as_ref().map(settings).unwrap_or_default())
}

/// How long sessions last where a tenant set nothing.
pub(crate) fn otherwise(backend: &Backend) -> Limits {
    let config = backend.config();
    Limits {
        idle: TimeDelta::from_std(config.session_idle).unwrap_or(TimeDelta::MAX),
        absolute: TimeDelta::from_std(config.session_absolute).unwrap_or(TimeDelta::MAX),
    }
}

/// The settings out of their columns.
pub(crate) fn from_columns(
    second_factor: Option<&str>,
    office_idle_minutes: Option<i32>,
    idle_minutes: Option<i32>,
    absolute_hours: Option<i32>,
) -> SecuritySettings {
    let number = |stored: Option<i32>| stored.and_then(|number| u32::try_from(number).ok());
    SecuritySettings {
        second_factor: SecuritySettings::second_factor_from(second_factor.unwrap_or_default()),
        office_idle_minutes: number(office_idle_minutes),
        idle_minutes: number(idle_minutes),
        absolute_hours: number(absolute_hours),
    }
}

pub(super) fn settings(row: &security_setting::Model) -> SecuritySettings {
    let security_setting::Model {
        tenant_id: _,
        second_factor,
        office_idle_minutes,
        idle_minutes,
        absolute_hours,
        changed_at: _,
    } = row;
    from_columns(
        Some(second_factor.as_str()),
        *office_idle_minutes,
        *idle_minutes,
        *absolute_hours,
    )
}
