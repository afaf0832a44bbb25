//! The door of the payment gateway: what it posts by itself is proven, kept, and answered at once.
//!
//! Nobody is signed in here; the signature over the body is the proof (K6). What is refused gets one short answer,
//! whatever was wrong with it.

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, State},
    response::IntoResponse,
    routing::post,
};
use backend::Backend;
use http::{HeaderMap, StatusCode};

/// The largest post that is read, in bytes.
const BODY_LIMIT: usize = 512 * 1024;

/// The route. It stands outside of sessions: the gateway has none, and no page posts here.
pub fn routes(backend: Backend) -> Router {
    Router::new()
        .route("/gateway/events/{account}", post(receive))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(backend)
}

async fn receive(
    State(backend): State<Backend>,
    Path(account): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> impl IntoResponse {
    let signature = headers
        .get("stripe-signature")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    match backend::gateway_events::receive(&backend, &account, signature, &body).await {
        Ok(Ok(received)) => {
            tracing::debug!(?received, "the gateway told something");
            (StatusCode::OK, "received")
        }
        Ok(Err(why)) => {
            tracing::warn!(%why, "a post to the gateway's door was refused");
            (StatusCode::BAD_REQUEST, "not accepted")
        }
        Err(error) => {
            let cause = std::error::Error::source(&error);
            tracing::error!(%error, ?cause, "what the gateway told could not be kept");
            // It sends it again.
            (StatusCode::SERVICE_UNAVAILABLE, "later")
        }
    }
}
