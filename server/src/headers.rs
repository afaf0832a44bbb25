//! The security headers of every answer.
//!
//! Pages set a content policy of their own, with the nonce that stands in them; whatever sets none gets one that
//! allows nothing.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderMap, HeaderName, HeaderValue, header};

/// Adds what is missing.
pub async fn guard(request: Request, next: Next, secure: bool) -> Response {
    // Their addresses hold the secret of a mail, or of a login.
    let secret = ["/invitation/", "/password/", "/account/email/", "/login/return/"]
        .iter()
        .any(|begin| request.uri().path().starts_with(begin));
    let kept = request.uri().path();
    let kept = kept.starts_with("/pkg/") || kept.starts_with("/assets/") || kept.starts_with("/fonts/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    say_how_it_is_written(headers);
    let mut put = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    put(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    );
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(
        header::REFERRER_POLICY,
        if secret { "no-referrer" } else { "same-origin" },
    );
    put(header::X_FRAME_OPTIONS, "DENY");
    put(
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    put(
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    put(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=()",
    );
    put(
        header::CACHE_CONTROL,
        if kept {
            "public, max-age=31536000, immutable"
        } else {
            "no-store"
        },
    );
    if secure {
        put(
            header::STRICT_TRANSPORT_SECURITY,
            "max-age=63072000; includeSubDomains",
        );
    }
    response
}

/// The file service names the type of a text and not how it is written; all of ours are UTF-8.
fn say_how_it_is_written(headers: &mut HeaderMap) {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let Some(kind) = kind.filter(|kind| kind.starts_with("text/") || kind.ends_with("+xml")) else {
        return;
    };
    if kind.contains("charset") {
        return;
    }
    if let Ok(said) = HeaderValue::from_str(&format!("{kind}; charset=utf-8")) {
        headers.insert(header::CONTENT_TYPE, said);
    }
}
