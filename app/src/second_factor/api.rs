//! Server functions of one's own second factor.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

#[cfg(feature = "ssr")]
use crate::server::{browser, serve, serve_form};
use crate::wire::Answer;
use crate::{Done, error::AppError};
#[cfg(feature = "ssr")]
use backend::{
    Error,
    second_factor::{read, write},
    sessions::write::Browser,
};
use domain::second_factor::SecondFactor;
#[cfg(feature = "ssr")]
use domain::{FieldErrors, Refusal};
use leptos::prelude::*;

/// One's own second factor, and the recovery codes that were made by what led here: they are shown this once.
///
/// # Errors
/// When the database does not answer.
#[server(prefix = "/api", endpoint = "find_second_factor", output = Answer)]
pub async fn find_second_factor() -> Result<(SecondFactor, Vec<String>), AppError> {
    serve(|caller| async move {
        let found = read::find(caller.actor()?).await?;
        let fresh = if found.on_since.is_some() {
            caller.shown_once()
        } else {
            Vec::new()
        };
        Ok((found, fresh))
    })
    .await
}

/// Draws a secret for one's app, to be confirmed by a code.
///
/// # Errors
/// When the second factor is on already, or the database does not answer.
#[server(prefix = "/api", endpoint = "begin_second_factor", output = Answer)]
pub async fn begin_second_factor() -> Result<Done, AppError> {
    serve_form(PAGE, &(), |caller| async move {
        write::begin(caller.actor()?).await?;
        Ok(PAGE.to_owned())
    })
    .await
}

/// Switches one's second factor on with a code of the app.
///
/// # Errors
/// A wrong code, nothing that waits to be confirmed, or the database does not answer.
#[server(prefix = "/api", endpoint = "confirm_second_factor", output = Answer)]
pub async fn confirm_second_factor(code: String) -> Result<Done, AppError> {
    serve_form(PAGE, &(), |caller| async move {
        let (agent, address) = browser(&caller);
        let here = Browser {
            user_agent: agent.as_deref(),
            address: address.as_deref(),
            replaces: caller.token.as_deref(),
        };
        let on = at_field(write::confirm(caller.actor()?, &code, here).await)?;
        caller.sign_in(&on.session);
        caller.show_once(&on.recovery);
        Ok(format!("{PAGE}?done=on"))
    })
    .await
}

/// Makes new recovery codes.
///
/// # Errors
/// A wrong code, too many tries, or the database does not answer.
#[server(prefix = "/api", endpoint = "renew_recovery_codes", output = Answer)]
pub async fn renew_recovery_codes(code: String) -> Result<Done, AppError> {
    serve_form(PAGE, &(), |caller| async move {
        let recovery = at_field(write::renew(caller.actor()?, &code).await)?;
        caller.show_once(&recovery);
        Ok(format!("{PAGE}?done=renewed"))
    })
    .await
}

/// Switches one's second factor off.
///
/// # Errors
/// A wrong password or code, too many tries, or the database does not answer.
#[server(prefix = "/api", endpoint = "switch_second_factor_off", output = Answer)]
pub async fn switch_second_factor_off(password: String, off_code: String) -> Result<Done, AppError> {
    serve_form(PAGE, &(), |caller| async move {
        let token = caller.token.as_deref().unwrap_or_default();
        match write::switch_off(caller.actor()?, token, &password, &off_code).await {
            Err(Error::Refused(refusal @ Refusal::WrongPassword)) => {
                Err(FieldErrors::one("password", refusal).into())
            }
            Err(Error::Refused(refusal @ Refusal::WrongCode)) => {
                Err(FieldErrors::one("off_code", refusal).into())
            }
            Err(error) => Err(error),
            Ok(()) => Ok(format!("{PAGE}?done=off")),
        }
    })
    .await
}

#[cfg(feature = "ssr")]
const PAGE: &str = "/account/second-factor";

/// A wrong code stands at its field.
#[cfg(feature = "ssr")]
fn at_field<T>(outcome: Result<T, Error>) -> Result<T, Error> {
    outcome.map_err(|error| match error {
        Error::Refused(refusal @ Refusal::WrongCode) => FieldErrors::one("code", refusal).into(),
        other => other,
    })
}
