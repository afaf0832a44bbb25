//! The API's errors, in the shape that Stripe gives them.
//!
//! An error knows whether the call had begun to execute: only then is its answer kept for the idempotency key, as
//! with Stripe, where a request that failed validation may be corrected and sent again under the same key.

use serde_json::{Map, Value, json};

use crate::cards::Decline;

/// What a call answers instead of an object.
#[derive(Debug, Clone)]
pub struct ApiError {
    /// The HTTP status.
    pub status: u16,
    /// Whether the answer belongs to the idempotency key from now on.
    pub stage: Stage,
    // Boxed, since every call returns a `Result` of it.
    inner: Box<Inner>,
}

#[derive(Debug, Clone)]
struct Inner {
    kind: &'static str,
    code: Option<&'static str>,
    decline_code: Option<&'static str>,
    param: Option<String>,
    message: String,
    object: Option<(&'static str, Value)>,
    charge: Option<String>,
}

/// How far a failed call had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It was refused before it began; nothing is remembered.
    Validation,
    /// It was executed; the same key gets the same answer.
    Execution,
}

impl ApiError {
    fn new(status: u16, kind: &'static str, code: Option<&'static str>, message: impl Into<String>) -> Self {
        let (message, decline_code, param, object, charge) = (message.into(), None, None, None, None);
        let inner = Box::new(Inner {
            kind,
            code,
            decline_code,
            param,
            message,
            object,
            charge,
        });
        Self {
            status,
            stage: Stage::Validation,
            inner,
        }
    }

    fn at(mut self, param: &str) -> Self {
        self.inner.param = Some(param.to_owned());
        self
    }

    /// A parameter that is missing, unknown or malformed.
    pub fn parameter(code: &'static str, param: &str, message: impl Into<String>) -> Self {
        Self::new(400, "invalid_request_error", Some(code), message).at(param)
    }

    /// A malformed parameter for which Stripe has no code.
    pub fn invalid(param: &str, message: impl Into<String>) -> Self {
        Self::new(400, "invalid_request_error", None, message).at(param)
    }

    /// A request that is well formed but impossible in the present state.
    pub fn state(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            stage: Stage::Execution,
            ..Self::new(400, "invalid_request_error", Some(code), message)
        }
    }

    /// An impossible request without a code of its own; Stripe gives none for these either.
    pub fn refused(param: &str, message: impl Into<String>) -> Self {
        Self {
            stage: Stage::Execution,
            ..Self::invalid(param, message)
        }
    }

    /// An id that names nothing.
    pub fn missing(noun: &str, id: &str, param: &str) -> Self {
        let message = format!("No such {noun}: '{id}'");
        Self::new(404, "invalid_request_error", Some("resource_missing"), message).at(param)
    }

    /// A path that the API does not have.
    pub fn route(method: &str, path: &str) -> Self {
        let message = format!("Unrecognized request URL ({method}: {path}).");
        Self::new(404, "invalid_request_error", None, message)
    }

    /// No key, or a wrong one.
    pub fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(401, "invalid_request_error", None, message)
    }

    /// A browser's key on a call that only the server may make.
    pub fn secret_key_required() -> Self {
        let message =
            "This API call cannot be made with a publishable API key. Please use a secret API key instead.";
        Self::new(401, "invalid_request_error", Some("secret_key_required"), message)
    }

    /// The card was refused. The effect (a failed charge, the intent's new state) is to be committed.
    pub fn declined(decline: &Decline) -> Self {
        let mut error = Self::new(402, "card_error", Some(decline.code), decline.message);
        error.stage = Stage::Execution;
        error.inner.decline_code = decline.decline_code;
        error.inner.param = decline.param.map(str::to_owned);
        error
    }

    /// The key was used before with other parameters.
    pub fn key_reused() -> Self {
        let message = "Keys for idempotent requests can only be used with the same parameters they were first used \
                       with. Try using a key other than the one you gave if you meant to execute a different request.";
        Self::new(400, "idempotency_error", None, message)
    }

    /// A request with the same key has not ended yet.
    pub fn key_in_use() -> Self {
        let message = "There is currently another in-progress request using this idempotency key. Please try again later.";
        Self::new(409, "idempotency_error", Some("idempotency_key_in_use"), message)
    }

    /// An injected or a real failure of the gateway.
    pub fn gateway(status: u16) -> Self {
        match status {
            429 => Self::new(
                429,
                "invalid_request_error",
                Some("rate_limit"),
                "Too many requests in a short time.",
            ),
            _ => Self::new(
                status,
                "api_error",
                None,
                "An error occurred on the gateway's side.",
            ),
        }
    }

    /// Adds the object that the error is about, such as the intent.
    pub fn about(mut self, name: &'static str, object: Value) -> Self {
        self.inner.object = Some((name, object));
        self
    }

    /// Adds the id of the failed charge.
    pub fn with_charge(mut self, id: &str) -> Self {
        self.inner.charge = Some(id.to_owned());
        self
    }

    /// Whether what the call wrote is to be kept although it failed: a refused card leaves its trace.
    pub fn keeps_effect(&self) -> bool {
        self.status == 402
    }

    /// The inner object, as `last_payment_error` also shows it.
    pub fn detail(&self) -> Value {
        let Inner {
            kind,
            code,
            decline_code,
            param,
            message,
            object,
            charge,
        } = &*self.inner;
        let mut detail = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                detail.insert(name.to_owned(), value);
            }
        };
        put("type", Some(json!(kind)));
        put("code", code.map(Value::from));
        put("decline_code", decline_code.map(Value::from));
        put("message", Some(json!(message)));
        put("param", param.clone().map(Value::from));
        put("charge", charge.clone().map(Value::from));
        if let Some((name, object)) = object {
            put(name, Some(object.clone()));
        }
        Value::Object(detail)
    }

    /// The body of the answer.
    pub fn body(&self) -> Value {
        json!({ "error": self.detail() })
    }
}

/// A failure of the sandbox's own database is logged here and told without its text.
impl From<sea_orm::sqlx::Error> for ApiError {
    fn from(error: sea_orm::sqlx::Error) -> Self {
        tracing::error!(%error, "the sandbox's database failed");
        Self::gateway(500)
    }
}

/// A row that no longer parses is a defect of the sandbox.
impl From<serde_json::Error> for ApiError {
    fn from(error: serde_json::Error) -> Self {
        tracing::error!(%error, "a stored object of the sandbox does not parse");
        Self::gateway(500)
    }
}
