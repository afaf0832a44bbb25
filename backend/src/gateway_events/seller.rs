//! Whose money a post of the gateway is about.
//!
//! A post says an account of the gateway and an intent of it. Several sellers may use one account, so the attempt that the
//! intent belongs to says whose it is. The job behind the post is that seller's: their people see it when it fails.

use crate::{Backend, Error};
use domain::ids::TenantId;
use entity::{payment_attempt, tenant};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// The seller that a post is about, as far as it can be told before the gateway was asked: by the attempt of its intent,
/// or since nobody else uses the account. A dispute in an account of several says nothing.
pub(super) async fn of_post(
    backend: &Backend,
    account: &str,
    about: &str,
    object: &str,
) -> Result<Option<TenantId>, Error> {
    let attempt = match about {
        "dispute" => None,
        _ => attempt(backend, account, object).await?,
    };
    match attempt {
        Some(attempt) => Ok(Some(TenantId(attempt.seller_id))),
        None => only_user(backend, account).await,
    }
}

/// The attempt of an intent, if its seller uses the account that the post came for: one account must not speak about
/// another's money.
#[expect(
    clippy::disallowed_methods,
    reason = "a post belongs to no tenant until it was read"
)]
pub(super) async fn attempt(
    backend: &Backend,
    account: &str,
    intent: &str,
) -> Result<Option<payment_attempt::Model>, Error> {
    let found = payment_attempt::Entity::find()
        .filter(payment_attempt::Column::GatewayIntent.eq(intent))
        .all(backend.system().db())
        .await?;
    let gateway = &backend.ports().gateway;
    let of_account = |row: &payment_attempt::Model| gateway.account_of(TenantId(row.seller_id)) == account;
    Ok(found.into_iter().find(of_account))
}

/// The seller that an account is kept for alone. The settings may name one that is no tenant.
#[expect(clippy::disallowed_methods, reason = "the settings name the tenant")]
async fn only_user(backend: &Backend, account: &str) -> Result<Option<TenantId>, Error> {
    let Some(seller) = backend.ports().gateway.seller_of(account) else {
        return Ok(None);
    };
    let known = tenant::Entity::find_by_id(seller.0)
        .one(backend.system().db())
        .await?;
    Ok(known.map(|_| seller))
}
