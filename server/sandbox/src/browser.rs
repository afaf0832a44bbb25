//! What a browser loads: the script for the portal's page, and the two pages that live in frames.
//!
//! The card fields and the bank's challenge are pages of the gateway's own origin under a policy of their own, so the
//! portal's page never sees a card number. The portal's origins are the only ones that may frame them.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use crate::config::SandboxConfig;
use crate::state::Shared;

/// The script, at Stripe's path and at the one where a stand-in serves it.
const SCRIPT: Asset = Asset {
    text: include_str!("web/stripe.js"),
    kind: "text/javascript; charset=utf-8",
};

/// What the frames consist of.
const FRAME_FILES: [(&str, Asset); 7] = [
    (
        "/v3/card.html",
        Asset {
            text: include_str!("web/card.html"),
            kind: "text/html; charset=utf-8",
        },
    ),
    (
        "/v3/card.js",
        Asset {
            text: include_str!("web/card.js"),
            kind: "text/javascript; charset=utf-8",
        },
    ),
    (
        "/v3/bank.html",
        Asset {
            text: include_str!("web/bank.html"),
            kind: "text/html; charset=utf-8",
        },
    ),
    (
        "/v3/bank.js",
        Asset {
            text: include_str!("web/bank.js"),
            kind: "text/javascript; charset=utf-8",
        },
    ),
    (
        "/v3/challenge.html",
        Asset {
            text: include_str!("web/challenge.html"),
            kind: "text/html; charset=utf-8",
        },
    ),
    (
        "/v3/challenge.js",
        Asset {
            text: include_str!("web/challenge.js"),
            kind: "text/javascript; charset=utf-8",
        },
    ),
    (
        "/v3/frame.css",
        Asset {
            text: include_str!("web/frame.css"),
            kind: "text/css; charset=utf-8",
        },
    ),
];

#[derive(Clone, Copy)]
struct Asset {
    text: &'static str,
    kind: &'static str,
}

/// The routes of the script and the frames.
pub fn routes(config: &SandboxConfig) -> Router<Arc<Shared>> {
    let policy = policy(&config.portal_origins);
    let mut router = Router::new();
    for path in ["/v3/", "/v3", "/js.stripe.com/v3/", "/js.stripe.com/v3"] {
        let policy = policy.clone();
        router = router.route(path, get(async move || file(SCRIPT, &policy)));
    }
    for (path, asset) in FRAME_FILES {
        let policy = policy.clone();
        router = router.route(path, get(async move || file(asset, &policy)));
    }
    router
}

/// Lets the portal's pages call the API with the publishable key.
pub async fn cors(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let allowed = allowed_origin(&shared.config.portal_origins, request.headers());
    let mut response = if request.method() == Method::OPTIONS {
        StatusCode::NO_CONTENT.into_response()
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = allowed {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_METHODS,
            HeaderValue::from_static("GET, POST"),
        );
        let names = HeaderValue::from_static("Authorization, Content-Type, Idempotency-Key, Stripe-Version");
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names);
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    }
    response
}

fn allowed_origin(origins: &[String], headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    let known = origins.is_empty() || origins.iter().any(|known| known.as_bytes() == origin.as_bytes());
    known.then(|| origin.clone())
}

/// The frames' content security policy: their own files, their own API, and the portal around them.
fn policy(origins: &[String]) -> HeaderValue {
    let ancestors = if origins.is_empty() {
        "*".to_owned()
    } else {
        origins.join(" ")
    };
    let text = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors {ancestors}"
    );
    HeaderValue::from_str(&text).expect("origins were checked at the start")
}

fn file(asset: Asset, policy: &HeaderValue) -> Response {
    let fixed = [
        (header::CONTENT_TYPE, asset.kind),
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        // The portal's page loads the script across origins.
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "cross-origin",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=()",
        ),
    ];
    let mut response = (fixed, asset.text).into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, policy.clone());
    response
}
