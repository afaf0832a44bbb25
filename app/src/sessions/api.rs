//! Server functions of signing in and of one's own account.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

#[cfg(feature = "ssr")]
use crate::server::{back_with, browser, serve, serve_form, typed, with_next};
use crate::wire::Answer;
use crate::{Done, error::AppError, ui::form::Failed};
#[cfg(feature = "ssr")]
use backend::{
    Error,
    sessions::{
        email, pending,
        read::{own, workplaces},
        reset,
        write::{
            Browser, Entry, LogIn as Credentials, change_password as change_own_password, end, end_others,
            log_in, log_out, switch,
        },
    },
};
#[cfg(feature = "ssr")]
use domain::{FieldErrors, Refusal};
use domain::{
    ids::TenantId,
    sessions::{OwnSession, Workplace},
};
use leptos::prelude::*;

/// What a form that failed is shown again with.
///
/// # Errors
/// When the database does not answer.
#[server(prefix = "/api", endpoint = "typed", output = Answer)]
pub async fn find_typed(id: Option<String>) -> Result<Failed, AppError> {
    serve(|caller| async move {
        let kept = match id {
            Some(id) => typed(&caller, &id).await?,
            None => None,
        };
        Ok(kept
            .map(|kept| Failed {
                error: kept.error,
                fields: crate::server::flat(&kept.fields),
            })
            .unwrap_or_default())
    })
    .await
}

/// Signs in. `next` is a path of this site to go on to.
///
/// # Errors
/// Wrong e-mail or password, too many tries, or the database does not answer.
#[server(name = LogIn, prefix = "/api", endpoint = "log_in", output = Answer)]
pub async fn sign_in(email: String, password: String, next: Option<String>) -> Result<Done, AppError> {
    let next = next.filter(|next| !next.is_empty());
    let back = with_next("/login", next.as_deref());
    let fields = serde_json::json!({ "email": email });
    serve_form(&back, &fields, |caller| async move {
        let (agent, address) = browser(&caller);
        let entry = log_in(
            &caller.backend,
            Credentials {
                email: &email,
                password: &password,
                browser: Browser {
                    user_agent: agent.as_deref(),
                    address: address.as_deref(),
                    replaces: caller.token.as_deref(),
                },
            },
        )
        .await?;
        caller.enter(&entry, next).await
    })
    .await
}

/// Signs in who gave the right password and now the code of their second factor, or a recovery code.
///
/// # Errors
/// A wrong or spent code, too many tries, too much time since the password, or the database does not answer.
#[server(name = LogInCode, prefix = "/api", endpoint = "log_in_code", output = Answer)]
pub async fn sign_in_with_code(code: String, next: Option<String>) -> Result<Done, AppError> {
    let next = next.filter(|next| !next.is_empty());
    let back = with_next("/login/code", next.as_deref());
    serve_form(&back, &(), |caller| async move {
        let (agent, address) = browser(&caller);
        let here = Browser {
            user_agent: agent.as_deref(),
            address: address.as_deref(),
            replaces: caller.token.as_deref(),
        };
        let token = caller.pending.as_deref().unwrap_or_default();
        match pending::finish(&caller.backend, token, &code, here).await {
            Ok(session) => caller.enter(&Entry::In(session), next).await,
            Err(error @ Error::Refused(Refusal::LogInAgain)) => {
                let page = with_next("/login", next.as_deref());
                Ok(back_with(&caller, &page, error, serde_json::Value::Null).await)
            }
            Err(error) => Err(error),
        }
    })
    .await
}

/// Signs out here.
///
/// # Errors
/// When the database does not answer.
#[server(name = LogOut, prefix = "/api", endpoint = "log_out", output = Answer)]
pub async fn sign_out() -> Result<Done, AppError> {
    serve_form("/", &(), |caller| async move {
        if let Some(token) = &caller.token {
            log_out(&caller.backend, token).await?;
        }
        caller.sign_out();
        Ok("/login".to_owned())
    })
    .await
}

/// Changes one's own password and ends one's other sessions (T17).
///
/// # Errors
/// Wrong present password, weak or mistyped new one, or the database does not answer.
#[server(prefix = "/api", endpoint = "change_password", output = Answer)]
pub async fn change_password(current: String, new: String, again: String) -> Result<Done, AppError> {
    serve_form("/account", &(), |caller| async move {
        let invalid = |field: &str, refusal| Err(Error::Invalid(FieldErrors::one(field, refusal)));
        if new != again {
            return invalid("again", Refusal::PasswordsDiffer);
        }
        let token = caller.token.as_deref().unwrap_or_default();
        match change_own_password(caller.actor()?, token, &current, &new).await {
            Err(Error::Refused(refusal @ Refusal::WrongPassword)) => invalid("current", refusal),
            Err(Error::Refused(refusal @ Refusal::WeakPassword { .. })) => invalid("new", refusal),
            Err(error) => Err(error),
            Ok(()) => Ok("/account?saved=1".to_owned()),
        }
    })
    .await
}

/// Where one is signed in, the last used first.
///
/// # Errors
/// When the database does not answer.
#[server(prefix = "/api", endpoint = "list_own_sessions", output = Answer)]
pub async fn list_own_sessions() -> Result<Vec<OwnSession>, AppError> {
    serve(|caller| async move { own(caller.actor()?, caller.token.as_deref().unwrap_or_default()).await })
        .await
}

/// Ends one of one's own sessions.
///
/// # Errors
/// Not found when it is over already, or the database does not answer.
#[server(prefix = "/api", endpoint = "end_session", output = Answer)]
pub async fn end_session(id: String) -> Result<Done, AppError> {
    serve_form("/account", &(), |caller| async move {
        match end(caller.actor()?, &id).await {
            // It ended meanwhile, which is what was asked for.
            Ok(()) | Err(Error::NotFound) => Ok("/account?ended=1#sessions".to_owned()),
            Err(error) => Err(error),
        }
    })
    .await
}

/// Ends all of one's own sessions but this one.
///
/// # Errors
/// When the database does not answer.
#[server(prefix = "/api", endpoint = "end_other_sessions", output = Answer)]
pub async fn end_other_sessions() -> Result<Done, AppError> {
    serve_form("/account", &(), |caller| async move {
        end_others(caller.actor()?, caller.token.as_deref().unwrap_or_default()).await?;
        Ok("/account?ended=1#sessions".to_owned())
    })
    .await
}

/// The companies that one can work in.
///
/// # Errors
/// When the database does not answer.
#[server(prefix = "/api", endpoint = "list_workplaces", output = Answer)]
pub async fn list_workplaces() -> Result<Vec<Workplace>, AppError> {
    serve(|caller| async move { workplaces(caller.actor()?).await }).await
}

/// Goes on in another of one's companies.
///
/// # Errors
/// Not found when one cannot work there, or the database does not answer.
#[server(prefix = "/api", endpoint = "switch_tenant", output = Answer)]
pub async fn switch_tenant(tenant: TenantId) -> Result<Done, AppError> {
    serve_form("/switch", &(), |caller| async move {
        let (agent, address) = browser(&caller);
        let here = Browser {
            user_agent: agent.as_deref(),
            address: address.as_deref(),
            replaces: caller.token.as_deref(),
        };
        let session = switch(caller.actor()?, tenant, here).await?;
        caller.sign_in(&session);
        Ok("/".to_owned())
    })
    .await
}

/// Asks for a link to set a new password. The answer is the same whether there is such a login or not.
///
/// # Errors
/// Too many tries, or the database does not answer.
#[server(prefix = "/api", endpoint = "ask_for_password", output = Answer)]
pub async fn ask_for_password(email: String) -> Result<Done, AppError> {
    let fields = serde_json::json!({ "email": email });
    serve_form("/password", &fields, |caller| async move {
        let (_, address) = browser(&caller);
        reset::ask(&caller.backend, &email, address.as_deref()).await?;
        Ok("/password?done=asked".to_owned())
    })
    .await
}

/// Whether a link to set a new password still works.
///
/// # Errors
/// When it was used, replaced or is too old, or the database does not answer.
#[server(prefix = "/api", endpoint = "find_password_link", output = Answer)]
pub async fn find_password_link(token: String) -> Result<(), AppError> {
    serve(|caller| async move { reset::find(&caller.backend, &token).await }).await
}

/// Sets a new password through a link.
///
/// # Errors
/// When the link is spent, the password is weak or mistyped, or the database does not answer.
#[server(prefix = "/api", endpoint = "set_password", output = Answer)]
pub async fn set_password(token: String, new: String, again: String) -> Result<Done, AppError> {
    let token: String = token
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(64)
        .collect();
    let page = format!("/password/{token}");
    serve_form(&page, &(), |caller| async move {
        let invalid = |field: &str, refusal| Err(Error::Invalid(FieldErrors::one(field, refusal)));
        if new != again {
            return invalid("again", Refusal::PasswordsDiffer);
        }
        let (_, address) = browser(&caller);
        match reset::spend(&caller.backend, &token, &new, address.as_deref()).await {
            Err(Error::Refused(refusal @ Refusal::WeakPassword { .. })) => invalid("new", refusal),
            Err(error) => Err(error),
            Ok(()) => {
                caller.sign_out();
                Ok("/login?done=password".to_owned())
            }
        }
    })
    .await
}

/// Asks for another address of one's login: the new one gets a link. The answer is the same whether it is taken or not.
///
/// # Errors
/// What is wrong with the address, a wrong password, too many tries, or the database does not answer.
#[server(prefix = "/api", endpoint = "ask_for_email", output = Answer)]
pub async fn ask_for_email(email: String, password: String) -> Result<Done, AppError> {
    let fields = serde_json::json!({ "email": email });
    serve_form("/account/email", &fields, |caller| async move {
        match email::ask(caller.actor()?, &email, &password).await {
            Err(Error::Refused(refusal @ Refusal::WrongPassword)) => {
                Err(FieldErrors::one("password", refusal).into())
            }
            Err(error) => Err(error),
            Ok(()) => Ok("/account/email?done=asked".to_owned()),
        }
    })
    .await
}

/// Whether a link that changes an address still works.
///
/// # Errors
/// When it was used, replaced or is too old, or the database does not answer.
#[server(prefix = "/api", endpoint = "find_email_link", output = Answer)]
pub async fn find_email_link(token: String) -> Result<(), AppError> {
    serve(|caller| async move { email::find(&caller.backend, &token).await }).await
}

/// Changes an address through a link.
///
/// # Errors
/// When the link is spent, or the database does not answer.
#[server(prefix = "/api", endpoint = "change_email", output = Answer)]
pub async fn change_email(token: String) -> Result<Done, AppError> {
    let token: String = token
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(64)
        .collect();
    let page = format!("/account/email/{token}");
    serve_form(&page, &(), |caller| async move {
        let (_, address) = browser(&caller);
        email::spend(
            &caller.backend,
            &token,
            caller.token.as_deref(),
            address.as_deref(),
        )
        .await?;
        let to = if caller.actor.is_some() {
            "/account"
        } else {
            "/login"
        };
        Ok(format!("{to}?done=email"))
    })
    .await
}
