//! Server functions of signing in with one's company. The way to the provider and back are routes of the server.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

#[cfg(feature = "ssr")]
use crate::server::{serve, serve_form};
use crate::wire::Answer;
use crate::{Done, error::AppError};
#[cfg(feature = "ssr")]
use backend::{
    Error,
    single_sign_on::{read, write},
};
#[cfg(feature = "ssr")]
use domain::{access::ManageSettings, ids::TenantId, single_sign_on::ProviderForm};
use domain::{
    ids::UserId,
    single_sign_on::{SingleSignOn, WayIn},
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
const PAGE: &str = "/security/single-sign-on";

/// The tenant's provider, without its secret, and who is linked.
///
/// # Errors
/// When the viewer does not look after the settings, or the database does not answer.
#[server(prefix = "/api", endpoint = "find_single_sign_on", output = Answer)]
pub async fn find_single_sign_on() -> Result<SingleSignOn, AppError> {
    serve(|caller| async move { read::find(&caller.permit::<ManageSettings>()?).await }).await
}

/// Sets the tenant's provider. An empty secret leaves the one that there is.
///
/// # Errors
/// What is wrong with each field, or the database does not answer.
#[server(prefix = "/api", endpoint = "change_single_sign_on", output = Answer)]
pub async fn change_single_sign_on(
    #[server(default)] issuer: String,
    #[server(default)] client_id: String,
    #[server(default)] client_secret: String,
    #[server(default)] domains: String,
    #[server(default)] required: bool,
    #[server(default)] second_factor: bool,
) -> Result<Done, AppError> {
    let form = ProviderForm {
        issuer,
        client_id,
        domains,
        required,
        second_factor,
    };
    let wanted = form.clone();
    // What was typed comes back to the page, the secret does not.
    serve_form(PAGE, &form, |caller| async move {
        write::change(&caller.permit::<ManageSettings>()?, &wanted, &client_secret).await?;
        Ok(format!("{PAGE}?done=changed"))
    })
    .await
}

/// Switches single sign-on off and forgets the provider.
///
/// # Errors
/// Not found when there is none, or the database does not answer.
#[server(prefix = "/api", endpoint = "switch_single_sign_on_off", output = Answer)]
pub async fn switch_single_sign_on_off() -> Result<Done, AppError> {
    serve_form(PAGE, &(), |caller| async move {
        write::switch_off(&caller.permit::<ManageSettings>()?).await?;
        Ok(format!("{PAGE}?done=off"))
    })
    .await
}

/// Takes a person's link to the provider away.
///
/// # Errors
/// Not found when there is none, or the database does not answer.
#[server(prefix = "/api", endpoint = "unlink_person", output = Answer)]
pub async fn unlink_person(id: UserId) -> Result<Done, AppError> {
    serve_form(PAGE, &(), |caller| async move {
        write::unlink(&caller.permit::<ManageSettings>()?, id).await?;
        Ok(format!("{PAGE}?done=unlinked#linked"))
    })
    .await
}

/// Where the people of a tenant are led to, by its id; none when there is no such way in.
///
/// # Errors
/// When the database does not answer.
#[server(prefix = "/api", endpoint = "find_way_in", output = Answer)]
pub async fn find_way_in(tenant: Option<String>) -> Result<Option<WayIn>, AppError> {
    serve(|caller| async move {
        let Some(Ok(tenant)) = tenant.map(|tenant| tenant.parse()) else {
            return Ok(None);
        };
        match read::way_in(&caller.backend, TenantId(tenant)).await {
            Ok(way) => Ok(Some(way)),
            Err(Error::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    })
    .await
}
