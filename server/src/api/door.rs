//! Who calls: each request gets a number, and nothing but a key lets one in.

use super::problem::Problem;
use crate::proxies::Proxies;
use axum::{
    extract::{ConnectInfo, OriginalUri, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use backend::{Backend, Error, api_keys};
use domain::Refusal;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use std::{net::SocketAddr, sync::Arc};

/// What the layers need.
#[derive(Clone)]
pub(super) struct Door {
    pub(super) backend: Backend,
    /// Who is believed about whom a request comes from.
    pub(super) proxies: Arc<Proxies>,
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Numbers the request; the number goes with it into the audit, and with the answer. What was refused inside is written
/// here, so that every refusal names it.
pub(super) async fn number(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    let id = uuid::Uuid::now_v7().simple().to_string();
    // As it was asked for: the router takes the part off that all of these share.
    let asked = request.extensions().get::<OriginalUri>();
    let path = asked
        .map_or_else(|| request.uri().path(), |uri| uri.path())
        .to_owned();
    let connection = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let address = connection.map(|info| door.proxies.caller(info.0.ip(), request.headers()));
    request.extensions_mut().insert(backend::scope::Request {
        id: Some(id.clone()),
        address: address.map(|address| address.to_string()),
    });
    let mut answer = next.run(request).await;
    if let Some(problem) = answer.extensions_mut().remove::<Problem>() {
        answer = problem.written(&id, &path);
    }
    // Digits only.
    if let Ok(id) = HeaderValue::from_str(&id) {
        answer.headers_mut().insert(REQUEST_ID, id);
    }
    answer
}

/// Lets in who has a key. Whoever has none, a wrong one or one that ended gets one and the same answer.
pub(super) async fn enter(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    let from = request.extensions().get::<backend::scope::Request>();
    let from = from.cloned().unwrap_or_default();
    let Some(key) = bearer(request.headers()) else {
        return Problem::no_key().into_response();
    };
    match api_keys::enter::actor(&door.backend, key, from).await {
        Ok(Some(actor)) => {
            request.extensions_mut().insert(actor);
            next.run(request).await
        }
        Ok(None) => Problem::no_key().into_response(),
        Err(Error::Refused(Refusal::TooManyTries { seconds })) => {
            tracing::warn!("API keys that open nothing are braked");
            Problem::too_many(seconds).into_response()
        }
        Err(error) => Problem::from(error).into_response(),
    }
}

/// The key of a request; none when there is none, or more than one.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let line = lines.next().filter(|_| lines.next().is_none())?;
    let (scheme, key) = line.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[&'static str]) -> HeaderMap {
        let pair = |line: &&'static str| (header::AUTHORIZATION, HeaderValue::from_static(line));
        lines.iter().map(pair).collect()
    }

    #[test]
    fn one_key_by_its_scheme_is_a_key() {
        assert_eq!(bearer(&of(&["Bearer qk_1"])), Some("qk_1"));
        assert_eq!(bearer(&of(&["bearer  qk_1 "])), Some("qk_1"));
        for none in [
            &[][..],
            &["qk_1"],
            &["Basic qk_1"],
            &["Bearer qk_1", "Bearer qk_2"],
        ] {
            assert_eq!(bearer(&of(none)), None, "{none:?}");
        }
    }
}
