//! Server functions of a company's API keys.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

#[cfg(feature = "ssr")]
use crate::server::{serve, serve_form};
use crate::wire::Answer;
use crate::{Done, error::AppError};
#[cfg(feature = "ssr")]
use backend::api_keys::{read, write};
#[cfg(feature = "ssr")]
use domain::{access::ManageSettings, api_keys::PREFIX};
use domain::{
    api_keys::{ApiKeyFields, ApiKeys},
    ids::ApiKeyId,
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
const PAGE: &str = "/company/keys";

/// The keys of the tenant, and the one that was made by what led here: it is shown this once.
///
/// # Errors
/// When the viewer does not look after the settings, or the database does not answer.
#[server(prefix = "/api", endpoint = "list_api_keys", output = Answer)]
pub async fn list_api_keys() -> Result<(ApiKeys, Option<String>), AppError> {
    serve(|caller| async move {
        let keys = read::list(&caller.permit::<ManageSettings>()?).await?;
        let fresh = caller.shown_once();
        Ok((keys, fresh.into_iter().find(|word| word.starts_with(PREFIX))))
    })
    .await
}

/// Makes a key.
///
/// # Errors
/// What is wrong with each field, there are too many, or the database does not answer.
#[server(prefix = "/api", endpoint = "make_api_key", output = Answer)]
pub async fn make_api_key(
    #[server(default)] key: String,
    #[server(default)] name: String,
    #[server(default)] lasts: String,
    #[server(default)] may: Vec<String>,
) -> Result<Done, AppError> {
    let fields = ApiKeyFields {
        key,
        name,
        lasts,
        may,
    };
    let typed = fields.clone();
    serve_form(PAGE, &typed, |caller| async move {
        let made = write::make(&caller.permit::<ManageSettings>()?, &fields).await?;
        caller.show_once(&[made]);
        Ok(format!("{PAGE}?done=made"))
    })
    .await
}

/// Takes a key back.
///
/// # Errors
/// Not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "revoke_api_key", output = Answer)]
pub async fn revoke_api_key(id: ApiKeyId) -> Result<Done, AppError> {
    serve_form(PAGE, &(), |caller| async move {
        write::revoke(&caller.permit::<ManageSettings>()?, id).await?;
        Ok(format!("{PAGE}?done=revoked"))
    })
    .await
}
