//! The interface for programs, `/api/v1` (docs/API.md): the pages' queries and commands in JSON.
//!
//! Only a key opens it. It stands outside of sessions: no cookie is looked at, so that no browser can be made to call, and no
//! key opens a page or a server function. Whatever is refused is answered as RFC 9457 has it, with the id of the request.

mod body;
mod credit_notes;
mod door;
mod invoices;
mod payments;
mod problem;
mod query;
mod shape;

use self::{door::Door, problem::Problem};
use crate::proxies::Proxies;
use axum::{
    Extension, Json, Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    response::IntoResponse,
    routing::get,
};
use backend::{Actor, Backend};
use domain::access::Permission;
use serde_json::json;
use std::sync::Arc;

/// The largest body that is read, in bytes: a payment over all the invoices that one can be put to has a tenth of it.
const BODY_LIMIT: usize = 256 * 1024;

/// The addresses, for the authorisation matrix: a test compares them with its table.
pub const ROUTES: [(&str, &str); 7] = [
    ("GET", "/api/v1"),
    ("GET", "/api/v1/invoices"),
    ("GET", "/api/v1/invoices/{id}"),
    ("GET", "/api/v1/payments"),
    ("POST", "/api/v1/payments"),
    ("GET", "/api/v1/payments/{id}"),
    ("GET", "/api/v1/credit-notes"),
];

/// The routes.
pub fn routes(backend: Backend, proxies: Arc<Proxies>) -> Router {
    let door = Door { backend, proxies };
    let api = Router::new()
        .route("/", get(describe))
        .route("/invoices", get(invoices::list))
        .route("/invoices/{id}", get(invoices::find))
        .route("/payments", get(payments::list).post(payments::record))
        .route("/payments/{id}", get(payments::find))
        .route("/credit-notes", get(credit_notes::list))
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(async || Problem::wrong_method())
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn_with_state(door.clone(), door::enter))
        .layer(from_fn_with_state(door, door::number))
        .layer(from_fn(crate::router::to_the_end));
    Router::new().nest("/api/v1", api)
}

/// What there is, and what the key may do now.
async fn describe(Extension(actor): Extension<Actor>) -> impl IntoResponse {
    let may: Vec<&str> = actor.rights().iter().map(Permission::code).collect();
    let endpoints: Vec<String> = ROUTES
        .iter()
        .map(|(method, path)| format!("{method} {path}"))
        .collect();
    Json(json!({ "tenant": actor.tenant(), "permissions": may, "endpoints": endpoints }))
}
