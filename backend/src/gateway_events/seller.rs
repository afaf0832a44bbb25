//! Whose money a post of the gateway is about.
//!
//! A post says an account of the gateway and an intent of it. Several sellers may use one account, so what the intent is
//! known as here says whose it is. The job behind the post is that seller's: their people see it when it fails.

use crate::{Backend, Error};
use domain::ids::TenantId;
use entity::{codes::Method, payment, payment_attempt, tenant};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// What an intent of the gateway is known as here.
pub(super) enum Known {
    /// Somebody asked for it here.
    Attempt(payment_attempt::Model),
    /// Nobody did, and it was recorded once it was found.
    Recorded(payment::Model),
}

impl Known {
    /// Whose money it is.
    pub(super) const fn seller(&self) -> TenantId {
        match self {
            Self::Attempt(attempt) => TenantId(attempt.seller_id),
            Self::Recorded(payment) => TenantId(payment.seller_id),
        }
    }
}

/// The seller that a post is about, as far as it can be told before the gateway was asked: by the attempt of its intent,
/// or since nobody else uses the account. A dispute in an account of several says nothing.
pub(super) async fn of_post(
    backend: &Backend,
    account: &str,
    about: &str,
    object: &str,
) -> Result<Option<TenantId>, Error> {
    let known = match about {
        "dispute" => None,
        _ => known(backend, account, object).await?,
    };
    match known {
        Some(known) => Ok(Some(known.seller())),
        None => only_user(backend, account).await,
    }
}

/// What an intent is known as, if its seller uses the account that the post came for: one account must not speak about
/// another's money.
#[expect(
    clippy::disallowed_methods,
    reason = "a post belongs to no tenant until it was read"
)]
pub(super) async fn known(backend: &Backend, account: &str, intent: &str) -> Result<Option<Known>, Error> {
    let db = backend.system().db();
    let attempts = payment_attempt::Entity::find()
        .filter(payment_attempt::Column::GatewayIntent.eq(intent))
        .all(db)
        .await?;
    let recorded = payment::Entity::find()
        .filter(payment::Column::Reference.eq(intent))
        .filter(payment::Column::AttemptId.is_null())
        .filter(payment::Column::Method.is_in([Method::Card, Method::BankDebit]))
        .all(db)
        .await?;
    let gateway = &backend.ports().gateway;
    let of_account = |known: &Known| gateway.account_of(known.seller()) == account;
    let attempts = attempts.into_iter().map(Known::Attempt);
    Ok(attempts
        .chain(recorded.into_iter().map(Known::Recorded))
        .find(of_account))
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
