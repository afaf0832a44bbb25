//! Finds out who calls, before any page or server function runs, and turns away posts from other sites.

use crate::proxies::Proxies;
use app::server::{Caller, CookiePolicy};
use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::{Html, IntoResponse, Redirect, Response},
};
use backend::Backend;
use domain::{
    sessions::{Confined, Viewer},
    tenants::Door as Shut,
};
use http::{HeaderMap, Method, StatusCode, header};
use std::{net::SocketAddr, sync::Arc};

/// What the layers need.
#[derive(Clone)]
pub struct Door {
    /// Everything behind the pages.
    pub backend: Backend,
    /// Name and attributes of the session cookie.
    pub cookie: CookiePolicy,
    /// Who is believed about whom a request comes from.
    pub proxies: Arc<Proxies>,
}

/// Puts the [`Caller`] into the request. A page for people asks who they are first.
pub async fn identify(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    let token = cookie(request.headers(), door.cookie.name());
    let pending = cookie(request.headers(), door.cookie.pending());
    let away = cookie(request.headers(), door.cookie.away());
    let address = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| door.proxies.caller(info.0.ip(), request.headers()));
    let found = match &token {
        Some(token) => backend::sessions::read::viewer(&door.backend, token).await,
        None => Ok(None),
    };
    let from = backend::scope::Request {
        id: Some(uuid::Uuid::now_v7().simple().to_string()),
        address: address.map(|address| address.to_string()),
    };
    let (actor, viewer) = match found {
        Ok(found) => found
            .map(|(actor, viewer)| (actor.in_request(from), viewer))
            .unzip(),
        Err(error) => {
            tracing::error!(%error, "cannot look up a session");
            return unavailable();
        }
    };
    if let Some(turned) = turn(&request, viewer.as_ref()) {
        return turned;
    }
    let caller = Caller {
        backend: door.backend,
        actor,
        viewer,
        token,
        pending,
        away,
        address,
        cookie: door.cookie,
    };
    request.extensions_mut().insert(caller);
    next.run(request).await
}

/// What everybody gets while the database does not answer. It needs nothing, not even the stylesheet.
fn unavailable() -> Response {
    const PAGE: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Not available right now</title>\
        <h1>Not available right now</h1><p>The portal’s database does not answer. Nothing is lost. Try again in a moment.</p></html>";
    let headers = [(header::RETRY_AFTER, "5")];
    (StatusCode::SERVICE_UNAVAILABLE, headers, Html(PAGE)).into_response()
}

/// Pages of links that come by mail, and of companies' own ways in: whoever has the link may open them.
fn is_open(path: &str) -> bool {
    path.starts_with("/invitation/")
        || path.starts_with("/login/with/")
        || path.starts_with("/login/return/")
        || path == "/password"
        || path.starts_with("/password/")
        || path.starts_with("/account/email/")
}

/// Pages that stay open to the people of a tenant whose pages are shut (T15): why, their own account, where else to work.
fn is_before_the_door(path: &str) -> bool {
    ["/door", "/account", "/switch", "/logo/"]
        .iter()
        .any(|begin| path.starts_with(begin))
}

/// The page on which a second factor is set up.
const SECOND_FACTOR: &str = "/account/second-factor";

/// What stays open to who is confined: setting up a second factor, the tenant's picture, and where else to work.
fn is_left_to_the_confined(path: &str) -> bool {
    matches!(path, SECOND_FACTOR | "/switch") || path.starts_with("/logo/")
}

/// Pages are for people who are signed in; the pages of logging in are for those who are not. Who must do something first
/// is led to that; that they may do nothing else, the backend sees to.
fn turn(request: &Request, viewer: Option<&Viewer>) -> Option<Response> {
    let path = request.uri().path();
    let signed_in = viewer.is_some();
    if request.method() != Method::GET || path.starts_with("/api/") || is_open(path) {
        return None;
    }
    if viewer.is_some_and(|viewer| viewer.tenant.door != Shut::Open) && !is_before_the_door(path) {
        return Some(Redirect::to("/door").into_response());
    }
    if let Some(viewer) = viewer
        && let Some(confined) = viewer.confined
        && !is_left_to_the_confined(path)
    {
        let to = match confined {
            Confined::SecondFactor => SECOND_FACTOR.to_owned(),
            Confined::Company => format!("/login/with/{}", viewer.tenant.id),
        };
        return Some(Redirect::to(&to).into_response());
    }
    match (matches!(path, "/login" | "/login/code"), signed_in) {
        (true, true) => Some(Redirect::to("/invoices").into_response()),
        (false, false) => {
            let wanted = request
                .uri()
                .path_and_query()
                .map_or("/", http::uri::PathAndQuery::as_str);
            let to = domain::address::query_string([("next", wanted)]);
            let to = if path == "/" {
                "/login".to_owned()
            } else {
                format!("/login?{to}")
            };
            Some(Redirect::to(&to).into_response())
        }
        _ => None,
    }
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    lines
        .flat_map(|line| line.split(';'))
        .find_map(|cookie| cookie.trim().strip_prefix(name)?.strip_prefix('='))
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
}

/// Refuses posts that another site caused, by `Sec-Fetch-Site` and, where a browser does not send that, by `Origin`
/// against `Host`. Requests with neither come from no browser and carry no cookie of one.
pub async fn same_site(request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS)
        || from_here(request.headers())
    {
        return next.run(request).await;
    }
    tracing::warn!(path = request.uri().path(), "refused a post from another site");
    (
        StatusCode::FORBIDDEN,
        "This request came from another site and was refused.",
    )
        .into_response()
}

fn from_here(headers: &HeaderMap) -> bool {
    let text = |name: http::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match text(http::HeaderName::from_static("sec-fetch-site")) {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => match text(header::ORIGIN) {
            None => true,
            Some(origin) => {
                let host = origin.split_once("://").map(|(_, host)| host);
                host.is_some() && host == text(header::HOST)
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    http::HeaderName::from_static(name),
                    http::HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    #[test]
    fn a_post_from_another_site_is_refused() {
        assert!(!from_here(&headers(&[("sec-fetch-site", "cross-site")])));
        assert!(!from_here(&headers(&[("sec-fetch-site", "same-site")])));
        assert!(!from_here(&headers(&[
            ("origin", "https://evil.example"),
            ("host", "pay.example")
        ])));
        assert!(!from_here(&headers(&[
            ("origin", "null"),
            ("host", "pay.example")
        ])));
    }

    #[test]
    fn a_post_of_our_own_page_passes() {
        assert!(from_here(&headers(&[("sec-fetch-site", "same-origin")])));
        assert!(from_here(&headers(&[
            ("origin", "https://pay.example"),
            ("host", "pay.example")
        ])));
        assert!(from_here(&headers(&[])));
    }
}
