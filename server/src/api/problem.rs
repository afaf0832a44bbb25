//! What is answered instead of what was asked for: `application/problem+json` (RFC 9457).
//!
//! A kind is a word that programs may depend on; title and detail are for people. Nothing of the database or of ours is in
//! it: that stands in the log under the request's id.

use axum::response::{IntoResponse, Response};
use backend::Error;
use domain::{FieldErrors, Refusal, locale::Locale};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

/// How refusals write amounts and dates. Programs read the codes, people who look after them English.
pub(super) const LOCALE: Locale = Locale::EnUs;

/// A refusal. It travels in the answer's extensions until the request's number is written into it.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    status: StatusCode,
    kind: &'static str,
    title: &'static str,
    detail: String,
    wrong: Vec<Wrong>,
    /// Seconds after which asking again makes sense.
    retry_after: Option<u32>,
    /// What went wrong on our side, for the log.
    cause: Option<String>,
}

/// Something in a request that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    /// Where.
    pub(super) at: Place,
    /// What is wrong with it.
    pub(super) message: String,
}

/// A place in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In the body, as a JSON pointer (RFC 6901).
    Body(String),
    /// A parameter of the address.
    Parameter(String),
    /// A header.
    Header(&'static str),
}

impl Wrong {
    /// At a place.
    pub(super) fn at(at: Place, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { at, message }
    }

    fn written(&self) -> Value {
        let (name, place) = match &self.at {
            Place::Body(pointer) => ("pointer", pointer.as_str()),
            Place::Parameter(name) => ("parameter", name.as_str()),
            Place::Header(name) => ("header", *name),
        };
        json!({ name: place, "message": self.message })
    }
}

impl Problem {
    fn new(status: StatusCode, kind: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            kind,
            title,
            detail: detail.into(),
            wrong: Vec::new(),
            retry_after: None,
            cause: None,
        }
    }

    /// No key, or one that opens nothing.
    pub(super) fn no_key() -> Self {
        let detail = "Send a key that is good: Authorization: Bearer qk_…";
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", "No good key", detail)
    }

    /// Too many keys that open nothing came from the address.
    pub(super) fn too_many(seconds: u32) -> Self {
        let detail = Refusal::TooManyTries { seconds }.message(LOCALE);
        Self {
            retry_after: Some(seconds),
            ..Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too-many-requests",
                "Too many wrong keys",
                detail,
            )
        }
    }

    /// There is no such thing, or none that the key may know of.
    pub(super) fn not_found() -> Self {
        let detail = "There is nothing at this address that this key may see.";
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail)
    }

    /// The address does not take the method.
    pub(super) fn wrong_method() -> Self {
        let detail = "This address does not take the method.";
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method-not-allowed",
            "Wrong method",
            detail,
        )
    }

    /// The body is no JSON by its type.
    pub(super) fn not_json() -> Self {
        let detail = "Send the body as application/json in UTF-8.";
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            "Wrong content type",
            detail,
        )
    }

    /// The body is larger than is read.
    pub(super) fn too_large() -> Self {
        let detail = "The body is larger than 256 KiB.";
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            "Body too large",
            detail,
        )
    }

    /// What is in the request cannot be read, wherever it stands.
    pub(super) fn unreadable(wrong: Vec<Wrong>) -> Self {
        let detail = "The request cannot be read. Nothing was done.";
        Self {
            wrong,
            ..Self::new(StatusCode::BAD_REQUEST, "bad-request", "Bad request", detail)
        }
    }

    /// What is in the request can be read and not be done.
    pub(super) fn invalid(wrong: Vec<Wrong>) -> Self {
        let detail = "Some fields cannot be taken as they are. Nothing was done.";
        Self {
            wrong,
            ..Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid",
                "Invalid fields",
                detail,
            )
        }
    }

    /// Something else was done under the same `Idempotency-Key`.
    pub(super) fn key_used() -> Self {
        let detail = "This Idempotency-Key was used for something else. Nothing was done. Use a new one.";
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Self::new(status, "idempotency-key-used", "Idempotency-Key used", detail)
    }

    /// As it is sent, for the request of that number to that path.
    pub(super) fn written(self, id: &str, path: &str) -> Response {
        let Self {
            status,
            kind,
            title,
            detail,
            wrong,
            retry_after,
            cause,
        } = self;
        if let Some(cause) = cause {
            tracing::error!(%id, cause, "an API call failed");
        }
        let errors: Vec<Value> = wrong.iter().map(Wrong::written).collect();
        let mut body = json!({
            "type": format!("urn:quittance:problem:{kind}"),
            "title": title,
            "status": status.as_u16(),
            "detail": detail,
            "instance": path,
            "request_id": id,
        });
        if !errors.is_empty() {
            body["errors"] = errors.into();
        }
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        let mut answer = (status, kind, body.to_string()).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer realm=\"quittance\"");
            answer.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
        }
        if let Some(seconds) = retry_after {
            answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        answer
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut answer = self.status.into_response();
        answer.extensions_mut().insert(self);
        answer
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => {
                let detail = refusal.message(LOCALE);
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "refused", "Refused", detail)
            }
            Error::Invalid(errors) => Self::invalid(in_body(&errors)),
            Error::NotFound => Self::not_found(),
            Error::Conflict => {
                let detail = "Somebody else changed it meanwhile. Nothing was done.";
                Self::new(StatusCode::CONFLICT, "conflict", "Changed meanwhile", detail)
            }
            Error::SignIn => Self::no_key(),
            Error::Forbidden(refusal) => {
                tracing::info!(?refusal, "refused to an API key");
                let detail = refusal.message(LOCALE);
                Self::new(
                    StatusCode::FORBIDDEN,
                    "forbidden",
                    "Not allowed to this key",
                    detail,
                )
            }
            ours @ (Error::Database(_) | Error::Port(_)) => {
                let cause = Some(format!("{ours}: {:?}", std::error::Error::source(&ours)));
                let (status, title) = if ours.is_unavailable() {
                    (StatusCode::SERVICE_UNAVAILABLE, "Not available right now")
                } else {
                    (StatusCode::INTERNAL_SERVER_ERROR, "Failed")
                };
                let detail = "Something failed on our side. Quote the request id when you ask about it.";
                Self {
                    cause,
                    ..Self::new(status, "failed", title, detail)
                }
            }
        }
    }
}

/// The fields of a form by their places in the body: `lines[0][amount]` is `/invoices/0/amount`.
fn in_body(errors: &FieldErrors) -> Vec<Wrong> {
    let place = |field: &str| {
        let path = field.replace("lines[", "invoices[").replace(['[', ']'], "/");
        let parts = path.split('/').filter(|part| !part.is_empty());
        parts.fold(String::new(), |pointer, part| format!("{pointer}/{part}"))
    };
    let message = |refusal: &Refusal| match refusal {
        // What a form cannot say unless it was tampered with.
        Refusal::FormBroken => {
            "This invoice is on another account than the first one, or is named twice.".to_owned()
        }
        other => other.message(LOCALE),
    };
    let wrong = |(field, refusal): (&str, &Refusal)| Wrong::at(Place::Body(place(field)), message(refusal));
    errors.iter().map(wrong).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_s_fields_are_named_by_their_places_in_the_body() {
        let mut errors = FieldErrors::one("lines[3][amount]", Refusal::FormBroken);
        errors.add("paid_on", Refusal::Missing);
        let places: Vec<Place> = in_body(&errors).into_iter().map(|wrong| wrong.at).collect();
        let body = |pointer: &str| Place::Body(pointer.to_owned());
        assert_eq!(places, [body("/invoices/3/amount"), body("/paid_on")]);
    }

    #[test]
    fn nothing_of_ours_is_told() {
        let secret = Error::Port("the password is hunter2".into());
        let problem = Problem::from(secret);
        assert!(problem.cause.clone().unwrap_or_default().contains("hunter2"));
        assert!(!problem.detail.contains("hunter2") && !problem.title.contains("hunter2"));
        assert_eq!(problem.status, StatusCode::INTERNAL_SERVER_ERROR);
    }
}
