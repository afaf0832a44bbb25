//! What all requests share, and what one call of the API has in its hands.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sea_orm::sqlx::sqlite::SqlitePool;
use serde_json::Value;
use tokio::sync::Notify;

use crate::auth::Access;
use crate::config::{SandboxConfig, SandboxError, WebhookTarget};
use crate::error::ApiError;
use crate::faults::Faults;
use crate::form::Form;
use crate::objects::public;
use crate::store::{self, Tx};
use crate::{events, webhooks};

/// One running sandbox.
pub struct Shared {
    /// As given at the start.
    pub config: SandboxConfig,
    /// The state.
    pub pool: SqlitePool,
    /// Idempotency keys of requests that have not ended.
    pub in_flight: Mutex<HashSet<String>>,
    /// Failures that tests ordered.
    pub faults: Faults,
    /// Receivers of events: the configured ones and those added by tests.
    pub targets: Mutex<Vec<WebhookTarget>>,
    /// Rung when events wait for delivery.
    pub wake: Arc<Notify>,
    /// Posts the webhooks.
    pub client: reqwest::Client,
}

impl Shared {
    /// Opens the state and starts the delivery of webhooks, which ends with the last reference to it.
    pub async fn open(config: SandboxConfig) -> Result<Arc<Self>, SandboxError> {
        config.check()?;
        let pool = store::open(&config.database).await?;
        let client = webhook_client()?;
        let shared = Arc::new(Self {
            targets: Mutex::new(config.webhooks.clone()),
            config,
            pool,
            in_flight: Mutex::default(),
            faults: Faults::default(),
            wake: Arc::default(),
            client,
        });
        tokio::spawn(webhooks::deliver_forever(
            Arc::downgrade(&shared),
            shared.wake.clone(),
        ));
        Ok(shared)
    }

    /// The receivers of events at this moment.
    pub fn targets(&self) -> Vec<WebhookTarget> {
        lock(&self.targets).clone()
    }
}

/// One call of the API, inside its transaction.
pub struct Call {
    /// Commits when the call ends well or with a refused card.
    pub tx: Tx,
    /// The parameters that nobody has taken yet.
    pub form: Form,
    /// Which key the caller has.
    pub access: Access,
    /// The sandbox.
    pub shared: Arc<Shared>,
    /// Unix seconds.
    pub now: i64,
    /// The caller's idempotency key.
    pub key: Option<String>,
    /// The id that the answer's `Request-Id` carries.
    pub request_id: String,
}

impl Call {
    /// Records an event with the object's present state; it is delivered after the commit.
    pub async fn emit(&mut self, kind: &str, object: &impl serde::Serialize) -> Result<(), ApiError> {
        events::emit(self, kind, public(object)?).await
    }

    /// Refuses a browser that does not know an intent's secret. To it, the intent does not exist.
    pub fn admit(&mut self, noun: &str, id: &str, client_secret: &str) -> Result<(), ApiError> {
        let given = self.form.text("client_secret");
        let known = given.as_deref() == Some(client_secret);
        let trusted = self.access == Access::Secret && given.is_none();
        if known || trusted {
            Ok(())
        } else {
            Err(ApiError::missing(noun, id, "intent"))
        }
    }

    /// An intent as this caller may see it: browsers get nothing that the portal noted for itself.
    pub fn show(&self, intent: &impl serde::Serialize) -> Result<Value, ApiError> {
        let mut value = public(intent)?;
        if let (Access::Publishable, Value::Object(fields)) = (self.access, &mut value) {
            fields.retain(|name, _| !matches!(name.as_str(), "metadata" | "customer" | "latest_charge"));
        }
        Ok(value)
    }
}

/// A client for receivers on the operator's own machines, where a proxy for the outside world is of no use. Without
/// root certificates on this machine it reaches those without TLS.
fn webhook_client() -> Result<reqwest::Client, reqwest::Error> {
    // The process has one TLS provider; whoever comes first installs it, and a second attempt changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = || {
        reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(10))
    };
    builder()
        .build()
        .or_else(|_| builder().tls_certs_only([]).build())
}

/// Unix milliseconds. The one place that asks the clock.
pub fn now_milliseconds() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Unix seconds.
pub fn now_seconds() -> i64 {
    now_milliseconds() / 1000
}

/// Locks also after another holder panicked: what these mutexes guard is whole after every statement.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
