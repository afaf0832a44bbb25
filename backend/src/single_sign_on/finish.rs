//! Letting in who comes back from their company's provider.
//!
//! What came back counts once, in the browser that went away, for the tenant whose address it came back to. The subject
//! decides who it is; the mail address only when there is no link yet, and only for who is a member already.

use super::{
    begin::{failed, question},
    read::{of_tenant, place, provider, return_address},
};
use crate::{
    Actor, Backend, Error,
    ports::{Answer, Client, Identity},
    scope::Act,
    sessions::{
        begin::{Arrival, Browser, Entry, enter, let_in},
        guard::Guard,
        notice,
        token::stored,
    },
    vault,
};
use domain::{
    Refusal,
    ids::{TenantId, UserId},
    single_sign_on::{AuthMethod, Provider, WayIn, linking_address},
};
use entity::{
    codes::MembershipState, membership, sign_in_link, sign_in_provider, sign_in_request, tenant, user,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// What a browser brings back.
#[derive(Clone, Copy, Default)]
pub struct Returned<'a> {
    /// As in the address.
    pub state: &'a str,
    /// What can be traded; none when the provider refused.
    pub code: Option<&'a str>,
    /// Who answers, if the address says so.
    pub issuer: Option<&'a str>,
    /// What the browser held meanwhile.
    pub token: &'a str,
    /// Where.
    pub browser: Browser<'a>,
}

/// Somebody who came back.
pub struct Arrived {
    /// What it leads to.
    pub entry: Entry,
    /// A path of this site to go on to.
    pub next: Option<String>,
}

/// Lets in who comes back to a tenant's address, and links them the first time. Whoever has a second factor is asked for its
/// code, unless the provider asked for one and the tenant takes its word for that.
///
/// # Errors
/// [`Refusal::CompanyFailed`] when what came back is not for this browser, too old, used, or cannot be believed;
/// [`Refusal::CompanyUnknown`] when there is nobody to link; [`Error::Database`].
pub async fn finish(backend: &Backend, tenant: TenantId, returned: Returned<'_>) -> Result<Arrived, Error> {
    let request = spend(backend, tenant, returned).await?;
    let row = of_tenant(backend, tenant).await.map_err(|error| match error {
        Error::NotFound => refused("the provider is gone"),
        other => other,
    })?;
    if row.issuer != request.issuer || row.client_id != request.client_id {
        return Err(refused("the provider is another one meanwhile"));
    }
    let identity = ask(backend, &row, returned).await?;
    let settings = provider(&row);
    let tenant = backend.system().find_tenant(tenant).await?;
    let (user, linked) = person(backend, &tenant, &settings, &identity).await?;
    let actor = notice::actor(backend, &user, &tenant)?.in_request(returned.browser.request());
    if !linked {
        link(&actor, &user, &tenant, &row, &identity).await?;
    }
    let strong = identity.second_factor;
    let arrival = Arrival {
        user: UserId(user.id),
        browser: returned.browser,
        unchosen: false,
        method: if strong {
            AuthMethod::CompanyStrong
        } else {
            AuthMethod::Company
        },
    };
    let entry = if strong && settings.second_factor {
        Entry::In(let_in(&actor, arrival).await?)
    } else {
        enter(&actor, arrival).await?
    };
    Guard::back_from_company(backend, returned.browser.address)
        .forgive()
        .await?;
    Ok(Arrived {
        entry,
        next: request.next,
    })
}

/// Whom the provider let in. No transaction is open meanwhile: it may take seconds.
async fn ask(
    backend: &Backend,
    row: &sign_in_provider::Model,
    returned: Returned<'_>,
) -> Result<Identity, Error> {
    let code = returned.code.ok_or_else(|| refused("the provider said no"))?;
    let tenant = TenantId(row.tenant_id);
    let secret = vault::open(backend.config(), place(tenant, &row.issuer), &row.secret)?;
    let return_to = return_address(backend, tenant);
    let client = Client {
        issuer: &row.issuer,
        id: &row.client_id,
        secret: &secret,
        return_to: &return_to,
        now: backend.now(),
    };
    let question = question(String::new(), returned.token);
    let answer = Answer {
        code,
        issuer: returned.issuer,
        nonce: &question.nonce,
        verifier: &question.verifier,
    };
    let identities = &backend.ports().identities;
    identities.identity(&client, &answer).await.map_err(failed)
}

/// Takes the request that a browser comes back from. One guarded statement decides, so that an address works once.
#[expect(clippy::disallowed_methods, reason = "sign-in comes before any scope")]
async fn spend(
    backend: &Backend,
    tenant: TenantId,
    returned: Returned<'_>,
) -> Result<sign_in_request::Model, Error> {
    let unknown = || refused("nobody went away so");
    let state = stored(returned.state).ok_or_else(unknown)?;
    let browser = stored(returned.token).ok_or_else(|| refused("another browser"))?;
    let system = backend.system();
    let found = sign_in_request::Entity::find_by_id(state.as_str())
        .one(system.db())
        .await?
        .ok_or_else(unknown)?;
    if found.browser_hash != browser || found.tenant_id != tenant.0 {
        return Err(refused("another browser or tenant"));
    }
    let gone = sign_in_request::Entity::delete_by_id(state)
        .exec(system.writer())
        .await?;
    if gone.rows_affected == 0 || found.expires_at <= backend.now() {
        return Err(refused("used or too old"));
    }
    Ok(found)
}

/// Who the provider means, and whether they are linked already.
#[expect(clippy::disallowed_methods, reason = "sign-in comes before any scope")]
async fn person(
    backend: &Backend,
    tenant: &tenant::Model,
    settings: &Provider,
    identity: &Identity,
) -> Result<(user::Model, bool), Error> {
    let unknown = |why: &'static str| {
        tracing::info!(why, "a company's sign-in leads to nobody");
        Error::Refused(Refusal::CompanyUnknown)
    };
    let db = backend.system().db();
    let key = (tenant.id, settings.issuer.clone(), identity.subject.clone());
    let link = sign_in_link::Entity::find_by_id(key).one(db).await?;
    let linked = link.is_some();
    let which = match link {
        Some(link) => user::Column::Id.eq(link.user_id),
        None => {
            let email = linking_address(
                &settings.domains,
                identity.email.as_deref(),
                identity.email_verified,
            )
            .ok_or_else(|| unknown("no proven address of a named domain"))?;
            user::Column::Email.eq(email)
        }
    };
    let user = user::Entity::find()
        .filter(which)
        .filter(user::Column::DisabledAt.is_null())
        .one(db)
        .await?
        .ok_or_else(|| unknown("no such login"))?;
    membership::Entity::find_by_id((user.id, tenant.id))
        .filter(membership::Column::State.eq(MembershipState::Active))
        .one(db)
        .await?
        .ok_or_else(|| unknown("no member"))?;
    Ok((user, linked))
}

/// Links a person to what the provider knows them by, and tells them.
async fn link(
    actor: &Actor,
    user: &user::Model,
    tenant: &tenant::Model,
    provider: &sign_in_provider::Model,
    identity: &Identity,
) -> Result<(), Error> {
    let mut tx = actor.found().await?;
    // Whoever names another provider meanwhile withdraws what this one said.
    let now = tx.lock::<sign_in_provider::Entity>().one(tx.db()).await?;
    if now.is_none_or(|now| now.issuer != provider.issuer || now.client_id != provider.client_id) {
        return Err(refused("the provider is another one meanwhile"));
    }
    let row = sign_in_link::ActiveModel {
        tenant_id: Set(tenant.id),
        issuer: Set(provider.issuer.clone()),
        subject: Set(identity.subject.clone()),
        user_id: Set(user.id),
        linked_at: Set(tx.now()),
    };
    tx.insert(row).await.map_err(|error| {
        if error.is_duplicate() {
            // The provider knows this person by another name since: somebody must say that it is still the same one.
            tracing::info!("a company's sign-in leads to somebody who is linked otherwise");
            Refusal::CompanyUnknown.into()
        } else {
            error
        }
    })?;
    let host = WayIn::to(&provider.issuer).host;
    let what = format!(
        "Your login to the billing portal was linked to your company's sign-in at {host}. From now on you can come in \
         that way to work for {}. Your password stays as it is.",
        tenant.name
    );
    notice::tell(
        &tx,
        user,
        tenant,
        "Your login was linked to your company's sign-in",
        &what,
    )
    .await?;
    let act = Act::new(actor.tenant(), "link_company", "user", user.id);
    tx.audit(act.after(serde_json::json!({ "issuer": provider.issuer })));
    tx.commit().await
}

/// To people every failure is the same; the log knows which.
fn refused(why: &'static str) -> Error {
    tracing::info!(why, "a company's sign-in was refused");
    Refusal::CompanyFailed.into()
}
