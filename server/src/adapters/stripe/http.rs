//! One request to the gateway and what its answer means.
//!
//! The distinction that matters: a refusal is an answer that says so; everything that may hide an effect, a lost
//! answer, a time-out, a server error, an answer that does not parse, leaves the outcome unknown.

use std::time::{Duration, Instant};

use super::breaker::Breaker;
use backend::ports::GatewayError;
use reqwest::{RequestBuilder, Response, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The shapes that `wire.rs` was written for.
const VERSION: &str = "2025-03-31.basil";
/// To open a connection takes less than to get an answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// The gateway's API.
pub struct Http {
    client: reqwest::Client,
    base: String,
    timeout: Duration,
    breaker: Breaker,
}

impl Http {
    /// * `api`: address without the version.
    /// * `timeout`: for a whole call.
    pub fn new(api: &str, timeout: Duration) -> Result<Self, reqwest::Error> {
        // The process has one TLS provider; whoever comes first installs it, and a second attempt changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("quittance/", env!("CARGO_PKG_VERSION")));
        // The sandbox on this machine is reached without TLS, also where no root certificates are installed.
        let client = if api.starts_with("https:") {
            builder
        } else {
            builder.tls_certs_only([])
        }
        .build()?;
        Ok(Self {
            client,
            base: format!("{}/v1", api.trim_end_matches('/')),
            timeout,
            breaker: Breaker::default(),
        })
    }

    /// For calls from now on.
    pub fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = timeout;
    }

    /// Reads.
    pub async fn get<T: DeserializeOwned>(
        &self,
        secret: &str,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<T, Failure> {
        let mut address = format!("{}/{path}", self.base);
        for (place, (name, value)) in query.iter().enumerate() {
            // Names are our own words and values are ids and numbers, so nothing needs escaping.
            address.push(if place == 0 { '?' } else { '&' });
            address.push_str(name);
            address.push('=');
            address.push_str(value);
        }
        self.send(self.client.get(address), secret, path).await
    }

    /// Changes something. A request that carries `key` has its effect once, however often it arrives.
    pub async fn post<T: DeserializeOwned>(
        &self,
        secret: &str,
        path: &str,
        form: &[(&str, &str)],
        key: Option<&str>,
    ) -> Result<T, Failure> {
        let mut request = self.client.post(format!("{}/{path}", self.base)).form(form);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        self.send(request, secret, path).await
    }

    async fn send<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
        secret: &str,
        path: &str,
    ) -> Result<T, Failure> {
        let request = request
            .timeout(self.timeout)
            .bearer_auth(secret)
            .header("stripe-version", VERSION);
        // Nothing was sent, so nothing can have happened: the same as being told to ask later.
        self.breaker
            .pass(Instant::now())
            .map_err(|_| Failure::RateLimited)?;
        let answered = answer(request).await;
        let well = answered
            .as_ref()
            .is_ok_and(|(status, ..)| !status.is_server_error());
        self.breaker.note(well, Instant::now());
        let (status, request_id, body) = answered.map_err(unknown)?;
        if status.is_success() {
            return serde_json::from_slice(body.as_ref()).map_err(unknown);
        }
        let failure = Failure::read(status, body.as_ref(), request_id);
        tracing::info!(status = status.as_u16(), call = call_of(path), %failure, "the gateway refused a call");
        Err(failure)
    }
}

/// The whole answer to a request.
async fn answer(
    request: RequestBuilder,
) -> Result<(StatusCode, Option<String>, impl AsRef<[u8]>), reqwest::Error> {
    let response = request.send().await?;
    let (status, request_id) = (response.status(), request_id(&response));
    Ok((status, request_id, response.bytes().await?))
}

/// Why a call did not give what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The card was refused.
    #[error("declined: {0}")]
    Declined(String),
    /// The bank wants the payer to confirm.
    #[error("authentication required")]
    NeedsAuthentication,
    /// Asked too often, or not asked at all since it did not answer lately.
    #[error("rate limited")]
    RateLimited,
    /// What happened is unknown.
    #[error("outcome unknown: {0}")]
    Unknown(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The call as such was refused.
    #[error("{status} {reason}")]
    Misuse {
        /// The HTTP status.
        status: u16,
        /// Code, parameter and the gateway's id of the request; no text that could echo a value.
        reason: String,
    },
}

impl Failure {
    /// A token or id that cannot be one.
    pub fn bad_id() -> Self {
        Self::Misuse {
            status: 400,
            reason: "an id with characters that no id has".to_owned(),
        }
    }

    /// An answer that cannot be trusted.
    pub fn untrusted(reason: &str) -> Self {
        Self::Unknown(reason.to_owned().into())
    }

    fn read(status: StatusCode, body: &[u8], request_id: Option<String>) -> Self {
        let Ok(Envelope {
            error:
                Detail {
                    kind,
                    code,
                    decline_code,
                    param,
                },
        }) = serde_json::from_slice(body)
        else {
            // Something on the way answered, not the gateway. Above all, its 404 says nothing about an intent.
            return Self::Unknown(format!("status {status} without the gateway's form of an error").into());
        };
        // A key that came with another request has a type and no code.
        let code = code.or(kind).unwrap_or_else(|| "no_code".to_owned());
        let known =
            code == "authentication_required" || decline_code.as_deref() == Some("authentication_required");
        match status.as_u16() {
            402 if known => Self::NeedsAuthentication,
            // "Declined" alone says less than the bank's reason.
            402 => Self::Declined(decline_code.filter(|_| code == "card_declined").unwrap_or(code)),
            429 => Self::RateLimited,
            // A request with the same key is still running; it may yet succeed.
            409 => Self::untrusted("a conflict with another request"),
            400..=499 => {
                let param = param.map(|param| format!(" at {param}")).unwrap_or_default();
                let request = request_id.map(|id| format!(", request {id}")).unwrap_or_default();
                Self::Misuse {
                    status: status.as_u16(),
                    reason: format!("{code}{param}{request}"),
                }
            }
            other => Self::Unknown(format!("status {other}").into()),
        }
    }
}

impl From<Failure> for GatewayError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Declined(code) => Self::Declined { code },
            Failure::NeedsAuthentication => Self::NeedsAuthentication,
            Failure::RateLimited => Self::RateLimited,
            Failure::Unknown(source) => Self::Unreachable(source),
            Failure::Misuse { status, reason } => Self::Misuse(format!("{status} {reason}")),
        }
    }
}

#[derive(Deserialize)]
struct Envelope {
    error: Detail,
}

/// What is read of an error. Its message is left alone: it may repeat what was sent.
#[derive(Deserialize)]
struct Detail {
    #[serde(rename = "type")]
    kind: Option<String>,
    code: Option<String>,
    decline_code: Option<String>,
    param: Option<String>,
}

fn unknown(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    Failure::Unknown(Box::new(error))
}

fn request_id(response: &Response) -> Option<String> {
    let id = response.headers().get("request-id")?.to_str().ok()?;
    id.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        .then(|| id.to_owned())
}

/// The call without ids, for the log.
fn call_of(path: &str) -> String {
    let words = path.split('/').map(|part| {
        if part.contains('_') && part.bytes().any(|b| b.is_ascii_digit()) {
            "…"
        } else {
            part
        }
    });
    words.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: u16, body: &str) -> GatewayError {
        Failure::read(
            StatusCode::from_u16(status).unwrap(),
            body.as_bytes(),
            Some("req_1".to_owned()),
        )
        .into()
    }

    #[test]
    fn a_refusal_is_told_by_the_banks_reason() {
        let body =
            r#"{"error":{"type":"card_error","code":"card_declined","decline_code":"insufficient_funds"}}"#;
        assert!(matches!(read(402, body), GatewayError::Declined { code } if code == "insufficient_funds"));
        let body =
            r#"{"error":{"type":"card_error","code":"expired_card","decline_code":"generic_decline"}}"#;
        assert!(matches!(read(402, body), GatewayError::Declined { code } if code == "expired_card"));
    }

    #[test]
    fn authentication_is_not_a_refusal() {
        for body in [
            r#"{"error":{"code":"authentication_required"}}"#,
            r#"{"error":{"code":"card_declined","decline_code":"authentication_required"}}"#,
        ] {
            assert!(matches!(read(402, body), GatewayError::NeedsAuthentication));
        }
    }

    #[test]
    fn server_errors_and_conflicts_leave_the_outcome_open() {
        for status in [409, 500, 502, 503, 504, 301] {
            assert!(
                matches!(read(status, r#"{"error":{}}"#), GatewayError::Unreachable(_)),
                "{status}"
            );
        }
    }

    #[test]
    fn an_answer_of_something_else_on_the_way_says_nothing() {
        for status in [400, 402, 403, 404, 429] {
            for body in ["<html>", "{}", ""] {
                assert!(
                    matches!(read(status, body), GatewayError::Unreachable(_)),
                    "{status} {body}"
                );
            }
        }
    }

    #[test]
    fn misuse_names_code_and_request_and_repeats_no_value() {
        let body = r#"{"error":{"code":"parameter_unknown","param":"amout","message":"4242424242424242"}}"#;
        let text = read(400, body).to_string();
        assert!(text.contains("parameter_unknown") && text.contains("amout") && text.contains("req_1"));
        assert!(!text.contains("4242"));
        assert!(matches!(read(401, r#"{"error":{}}"#), GatewayError::Misuse(_)));
        assert!(matches!(read(429, r#"{"error":{}}"#), GatewayError::RateLimited));
    }

    #[test]
    fn the_log_gets_no_ids() {
        assert_eq!(
            call_of("payment_intents/pi_3Abc9/confirm"),
            "payment_intents/…/confirm"
        );
    }
}
