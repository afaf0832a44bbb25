//! The one wrapper around every server function: who calls, what may go wrong, how it is answered.
//!
//! `serve` answers programs with a typed error and a status. `serve_form` also answers plain HTML posts: success is a
//! redirect to the page that shows it, failure keeps what was typed in a short-lived row and redirects back with its
//! random id, so that nothing typed and no error text enters an address (D12).

mod cookies;

pub use cookies::{CookiePolicy, remember_columns, remembered_columns, remembered_company};

use crate::{Done, error::AppError};
use backend::{
    Actor, Backend, Error, Scope,
    sessions::typed::{find_typed, keep_typed},
};
use domain::{access::Permit, ids::Uuid, sessions::Viewer};
use http::{HeaderName, HeaderValue, StatusCode, header, request::Parts};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use serde::Serialize;
use std::{collections::BTreeMap, future::Future, net::IpAddr};

/// What the session layer found out about a request. It stands in the request's extensions, where pages and server
/// functions read the same.
#[derive(Clone)]
pub struct Caller {
    /// Everything behind the pages.
    pub backend: Backend,
    /// Who acts, if somebody is signed in.
    pub actor: Option<Actor>,
    /// The same person for the page.
    pub viewer: Option<Viewer>,
    /// The session token of the cookie.
    pub token: Option<String>,
    /// The token of a login that waits for its code.
    pub pending: Option<String>,
    /// The token of a browser that was sent to its company's provider.
    pub away: Option<String>,
    /// Address of the caller.
    pub address: Option<IpAddr>,
    /// Name and attributes of the session cookie.
    pub cookie: CookiePolicy,
}

impl Caller {
    /// The caller of the request that is being answered.
    ///
    /// # Panics
    /// When a route was mounted without the session layer, which a test of the router rules out.
    pub fn current() -> Self {
        Self::try_current().expect("the session layer wraps every route")
    }

    /// The caller, or none while the table of routes is made.
    pub fn try_current() -> Option<Self> {
        use_context::<Parts>()?.extensions.get::<Self>().cloned()
    }

    /// The signed-in actor.
    ///
    /// # Errors
    /// [`Error::SignIn`].
    pub fn actor(&self) -> Result<&Actor, Error> {
        self.actor.as_ref().ok_or(Error::SignIn)
    }

    /// Permission to act, for the signed-in actor.
    ///
    /// # Errors
    /// [`Error::SignIn`] or [`Error::Forbidden`].
    pub fn permit<P: Permit>(&self) -> Result<Scope<P>, Error> {
        self.actor()?.permit::<P>()
    }
}

/// Answers a program: the value, or a typed error with the fitting status.
///
/// # Errors
/// The backend's error as it travels; what is not the caller's business is logged here, once.
pub async fn serve<T, Act, Answer>(act: Act) -> Result<T, AppError>
where
    Act: FnOnce(Caller) -> Answer,
    Answer: Future<Output = Result<T, Error>>,
{
    match act(Caller::current()).await {
        Ok(value) => Ok(value),
        Err(error) => {
            let error = travelling(error);
            if let Some(options) = use_context::<ResponseOptions>() {
                options.set_status(status(&error));
            }
            Err(error)
        }
    }
}

/// Answers a form, be it posted by a program or by a browser without script.
///
/// `page` is the page of the form; it finds `?typed=ID` in its address after a failure. `act` names the page that
/// shows the success.
///
/// # Errors
/// As [`serve`], for callers that do not ask for HTML.
pub async fn serve_form<Act, Answer>(page: &str, typed: &impl Serialize, act: Act) -> Result<Done, AppError>
where
    Act: FnOnce(Caller) -> Answer,
    Answer: Future<Output = Result<String, Error>>,
{
    let html = wants_html();
    let caller = Caller::current();
    match act(caller.clone()).await {
        Ok(to) => {
            if html {
                see_other(&to);
            }
            Ok(Done { to })
        }
        Err(error) => {
            let error = travelling(error);
            if !html {
                if let Some(options) = use_context::<ResponseOptions>() {
                    options.set_status(status(&error));
                }
                return Err(error);
            }
            let fields = serde_json::to_value(typed).unwrap_or_default();
            let to = back(&caller, page, error, fields).await;
            see_other(&to);
            Ok(Done { to })
        }
    }
}

/// Where a browser goes after a post that failed: back to the form, which finds there what was typed and why it failed.
pub async fn back_with(caller: &Caller, page: &str, error: Error, fields: serde_json::Value) -> String {
    back(caller, page, travelling(error), fields).await
}

/// Answers an upload that failed: a browser goes back to the page of the form, which finds what was typed beside the file, a
/// program gets the status.
pub async fn upload_failed(
    caller: &Caller,
    headers: &http::HeaderMap,
    page: &str,
    error: Error,
    typed: &impl Serialize,
) -> axum::response::Response {
    use axum::response::{IntoResponse, Redirect};
    if accepts_html(headers) {
        let fields = serde_json::to_value(typed).unwrap_or_default();
        let to = back_with(caller, page, error, fields).await;
        return Redirect::to(&to).into_response();
    }
    status(&travelling(error)).into_response()
}

async fn back(caller: &Caller, page: &str, error: AppError, fields: serde_json::Value) -> String {
    if error == AppError::SignIn {
        return "/login".to_owned();
    }
    let error = Some(error);
    keep(caller, page, Typed { error, fields }).await
}

/// Where a browser goes after a post that is to be shown again as it was typed, such as with what it adds up to: back to the
/// form. Nothing went wrong and nothing was done.
pub async fn shown_again(caller: &Caller, page: &str, typed: &impl Serialize) -> String {
    let fields = serde_json::to_value(typed).unwrap_or_default();
    let error = None;
    keep(caller, page, Typed { error, fields }).await
}

async fn keep(caller: &Caller, page: &str, typed: Typed) -> String {
    let kept = serde_json::json!(typed);
    match keep_typed(&caller.backend, caller.actor.as_ref(), kept).await {
        Ok(id) => {
            let mark = if page.contains('?') { '&' } else { '?' };
            format!("{page}{mark}typed={id}")
        }
        Err(error) => {
            travelling(error);
            page.to_owned()
        }
    }
}

/// What was typed into a form that is shown again, and why it failed if it did.
#[derive(Clone, Debug, Serialize, serde::Deserialize)]
pub struct Typed {
    /// Why.
    pub error: Option<AppError>,
    /// The fields as posted.
    pub fields: serde_json::Value,
}

/// Finds what `serve_form` kept.
///
/// # Errors
/// When the database does not answer.
pub async fn typed(caller: &Caller, id: &str) -> Result<Option<Typed>, Error> {
    let kept = find_typed(&caller.backend, caller.actor.as_ref(), id).await?;
    Ok(kept.and_then(|value| serde_json::from_value(value).ok()))
}

fn travelling(error: Error) -> AppError {
    match error {
        Error::SignIn => AppError::SignIn,
        Error::NotFound => AppError::NotFound,
        Error::Conflict => AppError::Conflict,
        Error::Forbidden(refusal) => {
            tracing::info!(?refusal, "refused");
            AppError::Forbidden(refusal)
        }
        Error::Refused(refusal) => AppError::Refused(refusal),
        Error::Invalid(errors) => AppError::Invalid(errors),
        other => {
            let id = Uuid::new_v4().simple().to_string();
            tracing::error!(%id, error = %other, cause = ?std::error::Error::source(&other), "request failed");
            if other.is_unavailable() {
                AppError::Unavailable { id }
            } else {
                AppError::Failed { id }
            }
        }
    }
}

const fn status(error: &AppError) -> StatusCode {
    match error {
        AppError::SignIn => StatusCode::UNAUTHORIZED,
        AppError::Forbidden(_) => StatusCode::FORBIDDEN,
        AppError::NotFound => StatusCode::NOT_FOUND,
        AppError::Conflict => StatusCode::CONFLICT,
        AppError::Refused(_) | AppError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        AppError::Unavailable { .. } | AppError::Offline => StatusCode::SERVICE_UNAVAILABLE,
        AppError::Failed { .. } => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn wants_html() -> bool {
    accepts_html(&expect_context::<Parts>().headers)
}

fn accepts_html(headers: &http::HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// Sends the browser to a page of ours with a GET. Only paths of this site are followed.
fn see_other(to: &str) {
    let to = if domain::address::is_path_of_ours(to) {
        to
    } else {
        "/"
    };
    if let Some(options) = use_context::<ResponseOptions>() {
        options.set_status(StatusCode::SEE_OTHER);
    }
    set_header(header::LOCATION, to);
}

fn set_header(name: HeaderName, value: &str) {
    if let (Some(options), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(value)) {
        options.append_header(name, value);
    }
}

/// Sets the status of a page that shows an error.
pub fn answer_with(error: &AppError) {
    if let Some(options) = use_context::<ResponseOptions>() {
        options.set_status(status(error));
    }
}

/// Answers a call whose fields cannot be read at all, which no form of ours posts: the caller's fault, not ours.
pub fn malformed() -> AppError {
    if let Some(options) = use_context::<ResponseOptions>() {
        options.set_status(StatusCode::BAD_REQUEST);
    }
    AppError::Failed { id: String::new() }
}

/// What is kept of a browser that is to be signed in: what it calls itself, and its address.
pub fn browser(caller: &Caller) -> (Option<String>, Option<String>) {
    (user_agent(), caller.address.map(|address| address.to_string()))
}

/// The same, for a route that is no server function.
pub fn browser_of(caller: &Caller, headers: &http::HeaderMap) -> (Option<String>, Option<String>) {
    (
        agent_of(headers),
        caller.address.map(|address| address.to_string()),
    )
}

/// What the browser calls itself, cut to a length that is worth keeping.
fn user_agent() -> Option<String> {
    agent_of(&expect_context::<Parts>().headers)
}

fn agent_of(headers: &http::HeaderMap) -> Option<String> {
    let agent = headers.get(header::USER_AGENT)?.to_str().ok()?;
    Some(agent.chars().take(200).collect())
}

/// A page with the path to go on to in its address.
pub fn with_next(page: &str, next: Option<&str>) -> String {
    match next {
        Some(next) => format!("{page}?{}", domain::address::query_string([("next", next)])),
        None => page.to_owned(),
    }
}

/// Whether the page that is being drawn is plain, so that no program comes with it.
pub fn is_plain() -> bool {
    use_context::<Parts>().is_some_and(|parts| crate::awake::is_plain(parts.uri.path()))
}

/// Sets the content policy of the page that is being drawn. Only the pages with card fields may reach the gateway, by
/// its origin (D11).
pub fn guard_page(nonce: Option<&str>) {
    let nonce = nonce.unwrap_or_default();
    let gateway = gateway_origin().unwrap_or_default();
    let frames = if gateway.is_empty() {
        "'none'"
    } else {
        gateway.as_str()
    };
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self' \
         'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self' {gateway}; frame-src {frames}; \
         form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    );
    set_header(header::CONTENT_SECURITY_POLICY, &policy);
}

/// Origin of the gateway's script, on the pages that show card fields or the bank's question.
fn gateway_origin() -> Option<String> {
    let path = expect_context::<Parts>().uri.path().to_owned();
    let pages = ["/payments/new", "/payments/result/", "/methods/enter"];
    if !pages.iter().any(|page| path.starts_with(page)) {
        return None;
    }
    let caller = Caller::try_current()?;
    let script = caller
        .backend
        .ports()
        .gateway
        .form(caller.viewer?.tenant.id)
        .script;
    let (scheme, rest) = script.split_once("://")?;
    Some(format!("{scheme}://{}", rest.split('/').next()?))
}

/// The fields of a form by the names under which it posts them: `lines[0][amount]`.
pub fn flat(fields: &serde_json::Value) -> BTreeMap<String, String> {
    fn walk(name: String, value: &serde_json::Value, into: &mut BTreeMap<String, String>) {
        let below = |key: &str| {
            if name.is_empty() {
                key.to_owned()
            } else {
                format!("{name}[{key}]")
            }
        };
        match value {
            serde_json::Value::Null => {}
            serde_json::Value::String(text) => {
                into.insert(name, text.clone());
            }
            serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {
                into.insert(name, value.to_string());
            }
            serde_json::Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    walk(below(&index.to_string()), item, into);
                }
            }
            serde_json::Value::Object(items) => {
                for (key, item) in items {
                    walk(below(key), item, into);
                }
            }
        }
    }
    let mut into = BTreeMap::new();
    walk(String::new(), fields, &mut into);
    into
}
