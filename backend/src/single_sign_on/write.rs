//! Changing the settings. They act on the next request of everybody.

use super::read::{place, provider};
use crate::{
    Error, Scope,
    people::may_speak_for_everybody,
    ports::ProviderError,
    scope::{Act, Tx},
    transact::transact,
    vault,
};
use domain::{
    FieldErrors, Refusal,
    access::ManageSettings,
    ids::UserId,
    single_sign_on::{AuthMethod, Provider, ProviderForm, may_demand, word},
};
use entity::{Json, session, sign_in_link, sign_in_provider};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};

/// Sets the tenant's provider. An empty secret leaves the one that there is; another provider or client needs one of its
/// own, ends all sessions that were begun by the one before, and forgets who was linked.
///
/// # Errors
/// [`Error::Invalid`] for a field, also when no such provider answers; [`Refusal::MoreThanOwn`] for who may do less than
/// somebody else in the tenant; [`Error::Conflict`] when somebody else does so at the same time; [`Error::Database`].
pub async fn change(scope: &Scope<ManageSettings>, form: &ProviderForm, secret: &str) -> Result<(), Error> {
    let wanted = form.read()?;
    let at = |field: &str, refusal| Error::Invalid(FieldErrors::one(field, refusal));
    let secret = match secret.trim() {
        "" => None,
        typed => Some(word(typed).map_err(|refusal| at("client_secret", refusal))?),
    };
    // Before the transaction: it may take seconds.
    let identities = &scope.ports().identities;
    identities
        .check(&wanted.issuer, scope.now())
        .await
        .map_err(|error| {
            tracing::info!(%error, "a provider was not taken");
            at("issuer", unfit(&error))
        })?;
    transact!(scope, tx => {
        may_speak_for_everybody(tx).await?;
        let row = tx.lock::<sign_in_provider::Entity>().one(tx.db()).await?;
        let before = row.as_ref().map(provider);
        may_demand(&wanted, before.as_ref(), tx.actor().method()).map_err(|refusal| at("required", refusal))?;
        let another = before.as_ref().is_none_or(|before| wanted.is_another(before));
        let tenant = tx.actor().tenant();
        let sealed = match (&secret, &row) {
            (Some(secret), _) => vault::seal(scope.backend().config(), place(tenant, &wanted.issuer), secret)
                .map_err(|error| match error {
                    Error::Refused(refusal) => at("client_secret", refusal),
                    other => other,
                })?,
            // The secret was given for another provider, and must not be sent to this one.
            (None, None) => return Err(at("client_secret", Refusal::Missing)),
            (None, Some(_)) if another => return Err(at("client_secret", Refusal::Missing)),
            (None, Some(row)) => row.secret.clone(),
        };
        if before.as_ref() == Some(&wanted) && secret.is_none() {
            return Ok(());
        }
        if another {
            withdraw(tx).await?;
        }
        keep(tx, &wanted, sealed).await?;
        let mut act = Act::new(tenant, "change_single_sign_on", "tenant", tenant.0);
        act.before = before.as_ref().map(told);
        let mut after = told(&wanted);
        if secret.is_some() {
            after["secret"] = "set anew".into();
        }
        tx.audit(act.after(after));
        Ok(())
    })
}

/// Switches this way in off: the provider and its secret are forgotten, and so is who was linked. Sessions begun by it end.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Database`].
pub async fn switch_off(scope: &Scope<ManageSettings>) -> Result<(), Error> {
    transact!(scope, tx => {
        forget(tx).await
    })
}

/// Takes the link of a person away, such as when the provider knows them anew. Who comes by it again is linked again.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Database`].
pub async fn unlink(scope: &Scope<ManageSettings>, person: UserId) -> Result<(), Error> {
    transact!(scope, tx => {
        let gone = tx
            .delete::<sign_in_link::Entity>()
            .filter(sign_in_link::Column::UserId.eq(person.0))
            .exec(tx.db())
            .await?;
        if gone.rows_affected == 0 {
            return Err(Error::NotFound);
        }
        tx.delete::<session::Entity>()
            .filter(session::Column::UserId.eq(person.0))
            .filter(session::Column::Method.ne(AuthMethod::Password.code()))
            .exec(tx.db())
            .await?;
        tx.audit(Act::new(tx.actor().tenant(), "unlink_company", "user", person.0));
        Ok(())
    })
}

/// Forgets the provider.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Database`].
pub(super) async fn forget(tx: &mut Tx) -> Result<(), Error> {
    let row = tx.lock::<sign_in_provider::Entity>().one(tx.db()).await?;
    let before = row.as_ref().map(provider).ok_or(Error::NotFound)?;
    tx.delete::<sign_in_provider::Entity>().exec(tx.db()).await?;
    withdraw(tx).await?;
    let tenant = tx.actor().tenant();
    let mut act = Act::new(tenant, "switch_single_sign_on_off", "tenant", tenant.0);
    act.before = Some(told(&before));
    tx.audit(act);
    Ok(())
}

/// What the provider said before is worth nothing any more.
async fn withdraw(tx: &Tx) -> Result<(), Error> {
    tx.delete::<sign_in_link::Entity>().exec(tx.db()).await?;
    tx.delete::<session::Entity>()
        .filter(session::Column::Method.ne(AuthMethod::Password.code()))
        .exec(tx.db())
        .await?;
    Ok(())
}

async fn keep(tx: &Tx, wanted: &Provider, secret: String) -> Result<(), Error> {
    let Provider {
        issuer,
        client_id,
        domains: _,
        required,
        second_factor,
    } = wanted.clone();
    tx.delete::<sign_in_provider::Entity>().exec(tx.db()).await?;
    let row = sign_in_provider::ActiveModel {
        tenant_id: Set(tx.actor().tenant().0),
        issuer: Set(issuer),
        client_id: Set(client_id),
        secret: Set(secret),
        domains: Set(wanted.domains_text()),
        required: Set(required),
        second_factor: Set(second_factor),
        changed_at: Set(tx.now()),
    };
    tx.insert(row).await.map_err(|error| {
        if error.is_duplicate() {
            Error::Conflict
        } else {
            error
        }
    })?;
    Ok(())
}

fn unfit(error: &ProviderError) -> Refusal {
    match error {
        ProviderError::Silent(_) => Refusal::ProviderSilent,
        ProviderError::Unfit(_) | ProviderError::Untrusted(_) => Refusal::ProviderUnfit,
    }
}

/// For the audit, without the secret.
fn told(provider: &Provider) -> Json {
    let Provider {
        issuer,
        client_id,
        domains: _,
        required,
        second_factor,
    } = provider;
    serde_json::json!({
        "issuer": issuer,
        "client_id": client_id,
        "domains": provider.domains_text(),
        "required": required,
        "second_factor": second_factor,
    })
}
