//! The way of a browser to its company's provider and back. Both are addresses that one is led to, so they answer by
//! leading on.
//!
//! Going there begins with a click on a page of ours or with the address itself; another site's link leads to that page
//! first. Coming back counts only in the browser that went.

use app::server::{Caller, back_with, browser_of, with_next};
use axum::{
    Extension, Router,
    extract::{Path, RawQuery},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
    routing::get,
};
use backend::{
    Error,
    sessions::write::Browser,
    single_sign_on::{
        begin::begin,
        finish::{Returned, finish},
    },
};
use domain::{
    address::pairs,
    ids::{TenantId, Uuid},
};
use http::{HeaderMap, header};
use leptos::config::LeptosOptions;

/// The routes.
pub fn routes() -> Router<LeptosOptions> {
    Router::new()
        .route("/login/with/{tenant}/go", get(go))
        .route("/login/return/{tenant}", get(come_back))
}

/// A field of a query that stands in it once.
fn one(query: &str, name: &str) -> Option<String> {
    let mut found = pairs(query).filter(|(key, _)| key == name);
    match (found.next(), found.next()) {
        (Some((_, value)), None) => Some(value),
        _ => None,
    }
}

/// An address as people may mistype it.
fn tenant_of(text: &str) -> Result<TenantId, Error> {
    text.parse::<Uuid>().map(TenantId).map_err(|_| Error::NotFound)
}

/// The page of a tenant's way in. Whatever else the address had in its place is left out.
fn page_of(tenant: &str) -> String {
    match tenant_of(tenant) {
        Ok(tenant) => format!("/login/with/{tenant}"),
        Err(_) => "/login".to_owned(),
    }
}

async fn go(
    Extension(caller): Extension<Caller>,
    Path(tenant): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let next = one(query.as_deref().unwrap_or_default(), "next");
    let page = with_next(&page_of(&tenant), next.as_deref());
    if !from_here(&headers) {
        return Redirect::to(&page).into_response();
    }
    let (_, address) = browser_of(&caller, &headers);
    let begun = match tenant_of(&tenant) {
        Ok(tenant) => begin(&caller.backend, tenant, next.as_deref(), address.as_deref()).await,
        Err(error) => Err(error),
    };
    match begun {
        Ok(begun) => {
            let cookie = caller.sent_away(&begun);
            (
                AppendHeaders([(header::SET_COOKIE, cookie)]),
                Redirect::to(&begun.address),
            )
                .into_response()
        }
        Err(error) => failed(&caller, &page, error).await,
    }
}

async fn come_back(
    Extension(caller): Extension<Caller>,
    Path(tenant): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    let page = page_of(&tenant);
    let (agent, address) = browser_of(&caller, &headers);
    let (state, code, issuer) = (one(&query, "state"), one(&query, "code"), one(&query, "iss"));
    let refused = one(&query, "error").is_some();
    let returned = Returned {
        state: state.as_deref().unwrap_or_default(),
        code: code.as_deref().filter(|_| !refused),
        issuer: issuer.as_deref(),
        token: caller.away.as_deref().unwrap_or_default(),
        browser: Browser {
            user_agent: agent.as_deref(),
            address: address.as_deref(),
            replaces: caller.token.as_deref(),
        },
    };
    let arrived = match tenant_of(&tenant) {
        Ok(tenant) => match finish(&caller.backend, tenant, returned).await {
            Ok(arrived) => caller.arrived(tenant, arrived).await,
            Err(error) => Err(error),
        },
        Err(error) => Err(error),
    };
    match arrived {
        Ok((cookies, to)) => {
            let cookies = AppendHeaders(cookies.into_iter().map(|cookie| (header::SET_COOKIE, cookie)));
            (cookies, Redirect::to(&to)).into_response()
        }
        Err(error) => failed(&caller, &page, error).await,
    }
}

/// Back to the page, which says why.
async fn failed(caller: &Caller, page: &str, error: Error) -> Response {
    let to = back_with(caller, page, error, serde_json::Value::Null).await;
    Redirect::to(&to).into_response()
}

/// Whether the browser was led here by a page of ours, or by nobody.
fn from_here(headers: &HeaderMap) -> bool {
    let site = headers
        .get("sec-fetch-site")
        .and_then(|value| value.to_str().ok());
    site.is_none_or(|site| matches!(site, "same-origin" | "none"))
}
