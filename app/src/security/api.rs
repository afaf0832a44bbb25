//! Server functions of the security settings.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

#[cfg(feature = "ssr")]
use crate::server::{serve, serve_form};
use crate::wire::Answer;
use crate::{Done, error::AppError};
#[cfg(feature = "ssr")]
use backend::security::{read, write};
use domain::security::Security;
#[cfg(feature = "ssr")]
use domain::{access::ManageSettings, security::SecurityForm};
use leptos::prelude::*;

/// What the tenant asks of logins.
///
/// # Errors
/// When the viewer does not look after the settings, or the database does not answer.
#[server(prefix = "/api", endpoint = "find_security", output = Answer)]
pub async fn find_security() -> Result<Security, AppError> {
    serve(|caller| async move { read::find(&caller.permit::<ManageSettings>()?).await }).await
}

/// Sets what the tenant asks of logins: numbers as typed, and the words of the roles that are ticked.
///
/// # Errors
/// What is wrong with each field, or the database does not answer.
#[server(prefix = "/api", endpoint = "change_security", output = Answer)]
pub async fn change_security(
    #[server(default)] second_factor: Vec<String>,
    #[server(default)] office_idle_minutes: String,
    #[server(default)] idle_minutes: String,
    #[server(default)] absolute_hours: String,
) -> Result<Done, AppError> {
    let form = SecurityForm {
        office_idle_minutes,
        idle_minutes,
        absolute_hours,
        second_factor,
    };
    let wanted = form.clone();
    serve_form("/security", &form, |caller| async move {
        write::change(&caller.permit::<ManageSettings>()?, &wanted).await?;
        Ok("/security?done=changed".to_owned())
    })
    .await
}
