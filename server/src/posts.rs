//! What is judged of a request before anything reads its fields.
//!
//! No name, number or word that people type has the character NUL, PostgreSQL keeps none, and what sends one is no form
//! of ours. Fields that cannot be read never reach our code: Leptos would answer a browser with a way back to whatever
//! page the request names as its origin, and with the error in that address (D12).

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, StatusCode, header};

const BROKEN: &str = "The form did not arrive whole. Open it again and repeat.";

/// Refuses NUL in addresses and forms, and keeps errors of unread fields out of addresses.
pub async fn judge(request: Request, next: Next) -> Response {
    let has_nul = |text: &[u8]| text.contains(&0) || text.windows(3).any(|part| part == b"%00");
    let address = request.uri().path_and_query();
    if address.is_some_and(|address| has_nul(address.as_str().as_bytes())) {
        return broken();
    }
    if request.method() != Method::POST || !is_form(request.headers()) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    // How large it may be is limited around this.
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    if has_nul(&bytes) {
        return broken();
    }
    parts.headers.remove(header::REFERER);
    let answer = next.run(Request::from_parts(parts, Body::from(bytes))).await;
    // Our own forms lead on with `303 See Other`; what could not be read is a bad request, with or without a way back.
    let leads_on = answer.headers().contains_key(header::LOCATION);
    match answer.status() {
        StatusCode::FOUND => broken(),
        StatusCode::BAD_REQUEST if leads_on => broken(),
        _ => answer,
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
}

fn broken() -> Response {
    (StatusCode::BAD_REQUEST, BROKEN).into_response()
}
