//! Sending a browser to its company's provider.
//!
//! All that is secret about the way there and back comes of 32 random bytes that the browser holds: the row keeps hashes
//! alone, so who reads the table can end nobody's way. What comes back to another browser is of no use there.

use super::read::{of_tenant, place, return_address};
use crate::{
    Backend, Error,
    ports::{Client, ProviderError, Question},
    sessions::{
        guard::Guard,
        token::{digest, fresh, stored},
    },
    vault,
};
use chrono::{DateTime, Utc};
use domain::{Refusal, address::is_path_of_ours, ids::TenantId, single_sign_on::REQUEST_KEPT};
use entity::sign_in_request;
use sea_orm::{ActiveValue::Set, EntityTrait};

/// A browser that is sent away.
pub struct Begun {
    /// Where to.
    pub address: String,
    /// What it is to hold meanwhile. It is nowhere else.
    pub token: String,
    /// Until when it may come back.
    pub expires_at: DateTime<Utc>,
}

/// Notes that a browser goes to the provider of a tenant. `next` is a path of this site to go on to afterwards.
///
/// # Errors
/// [`Error::NotFound`] when the tenant has none; [`Refusal::CompanyFailed`] when it does not answer;
/// [`Refusal::TooManyTries`]; [`Error::Database`].
pub async fn begin(
    backend: &Backend,
    tenant: TenantId,
    next: Option<&str>,
    address: Option<&str>,
) -> Result<Begun, Error> {
    let provider = of_tenant(backend, tenant).await?;
    Guard::of_company(backend, address).await?;
    let draw = || fresh().map_err(|error| Error::Port(Box::new(error)));
    let (state, token) = (draw()?, draw()?);
    let question = question(state, &token);
    let secret = vault::open(
        backend.config(),
        place(tenant, &provider.issuer),
        &provider.secret,
    )?;
    let return_to = return_address(backend, tenant);
    let client = Client {
        issuer: &provider.issuer,
        id: &provider.client_id,
        secret: &secret,
        return_to: &return_to,
        now: backend.now(),
    };
    let identities = &backend.ports().identities;
    let to = identities.address(&client, &question).await.map_err(failed)?;
    let hash = |token: &str| stored(token).ok_or_else(|| Error::corrupt("a fresh token"));
    let expires_at = backend.now() + REQUEST_KEPT;
    let row = sign_in_request::ActiveModel {
        state_hash: Set(hash(&question.state)?),
        browser_hash: Set(hash(&token)?),
        tenant_id: Set(tenant.0),
        issuer: Set(provider.issuer),
        client_id: Set(provider.client_id),
        next: Set(next
            .filter(|next| is_path_of_ours(next) && next.len() <= 2_000)
            .map(str::to_owned)),
        created_at: Set(backend.now()),
        expires_at: Set(expires_at),
    };
    sign_in_request::Entity::insert(row)
        .exec_without_returning(backend.system().writer())
        .await?;
    Ok(Begun {
        address: to,
        token,
        expires_at,
    })
}

/// What goes along, out of what the browser holds.
pub(super) fn question(state: String, token: &str) -> Question {
    Question {
        state,
        nonce: digest(&format!("nonce:{token}")),
        verifier: digest(&format!("verifier:{token}")),
    }
}

/// To people every failure is the same; the log knows which.
pub(super) fn failed(error: ProviderError) -> Error {
    tracing::warn!(%error, "a company's sign-in failed");
    Refusal::CompanyFailed.into()
}
