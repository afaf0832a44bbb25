//! What the sandbox is told at its start, and what can go wrong before it runs.
//!
//! The defaults are the safe ones: loopback only, no control API. Keys are test keys by their prefix, so that a live
//! key can never end up here by mistake.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// Everything the sandbox needs to know.
#[derive(Clone)]
pub struct SandboxConfig {
    /// Where it listens. Port 0 takes a free one, which [`crate::Sandbox::address`] then tells.
    pub bind: SocketAddr,
    /// Whether an address other than loopback is accepted in `bind`.
    pub exposure: Exposure,
    /// Where its state lives.
    pub database: Database,
    /// The key that browsers use, `pk_test_…`.
    pub publishable_key: String,
    /// The key that the portal uses, `sk_test_…`. It also keys the card fingerprints.
    pub secret_key: String,
    /// Who is told of events. Tests may add targets later through the control API.
    pub webhooks: Vec<WebhookTarget>,
    /// The pause before the first repetition of a webhook; it doubles with each one.
    pub webhook_retry: Duration,
    /// How long a bank takes for a debit, after which it decides as soon as somebody looks.
    pub bank_takes: Duration,
    /// The portal's origins (`https://pay.example.com`), the only ones that may embed the card fields and call the
    /// API from a browser. Empty admits any, which is for development.
    pub portal_origins: Vec<String>,
    /// Whether `/_sandbox/…` exists.
    pub control: Control,
}

impl SandboxConfig {
    /// A configuration with the safe defaults: `127.0.0.1:8420`, no webhooks, no control API, any origin.
    pub fn new(
        database: Database,
        publishable_key: impl Into<String>,
        secret_key: impl Into<String>,
    ) -> Self {
        Self {
            bind: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8420),
            exposure: Exposure::Loopback,
            database,
            publishable_key: publishable_key.into(),
            secret_key: secret_key.into(),
            webhooks: Vec::new(),
            webhook_retry: Duration::from_secs(2),
            bank_takes: Duration::from_secs(60),
            portal_origins: Vec::new(),
            control: Control::Disabled,
        }
    }

    /// Refuses a configuration that cannot work or that would open the sandbox further than was said.
    pub(crate) fn check(&self) -> Result<(), SandboxError> {
        if self.exposure == Exposure::Loopback && !self.bind.ip().is_loopback() {
            return Err(SandboxError::NotLoopback(self.bind));
        }
        check_key(&self.publishable_key, "pk_test_")?;
        check_key(&self.secret_key, "sk_test_")?;
        for origin in &self.portal_origins {
            check_origin(origin)?;
        }
        Ok(())
    }
}

/// Keys stay out of logs.
impl fmt::Debug for SandboxConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxConfig")
            .field("bind", &self.bind)
            .field("exposure", &self.exposure)
            .field("database", &self.database)
            .field("webhooks", &self.webhooks.len())
            .field("portal_origins", &self.portal_origins)
            .field("control", &self.control)
            .finish_non_exhaustive()
    }
}

/// Who may reach the sandbox's port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exposure {
    /// This machine only; any other bind address is an error.
    Loopback,
    /// Whatever `bind` says.
    Network,
}

/// Whether tests may inject faults and erase the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// `/_sandbox/…` answers.
    Enabled,
    /// `/_sandbox/…` is not found.
    Disabled,
}

/// Where the state lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// An SQLite file, created when it is not there. It must belong to one sandbox only.
    File(PathBuf),
    /// Gone with the process.
    Memory,
}

/// One receiver of signed events.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookTarget {
    /// The address that events are posted to.
    pub url: String,
    /// The secret that signs them, `whsec_…`.
    pub secret: String,
}

/// Secrets stay out of logs.
impl fmt::Debug for WebhookTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookTarget")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// Why the sandbox did not start, or stopped.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The address is reachable from other machines and nobody allowed that.
    #[error("{0} is not a loopback address; set the exposure to the network to allow it")]
    NotLoopback(SocketAddr),
    /// A key lacks its test prefix or anything after it.
    #[error("a sandbox key must begin with {0} and go on after it")]
    Key(&'static str),
    /// An origin that could not be part of a response header.
    #[error("not an origin: {0}")]
    Origin(String),
    /// The state could not be opened or written.
    #[error("the sandbox's database: {0}")]
    Database(#[from] sea_orm::sqlx::Error),
    /// The client for webhooks could not be made.
    #[error("the sandbox's webhook client: {0}")]
    Client(#[from] reqwest::Error),
    /// The port could not be opened, or the listener failed.
    #[error("the sandbox's port: {0}")]
    Listen(#[from] std::io::Error),
}

fn check_key(key: &str, prefix: &'static str) -> Result<(), SandboxError> {
    match key.strip_prefix(prefix) {
        Some(rest) if !rest.is_empty() && rest.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') => {
            Ok(())
        }
        Some(_) | None => Err(SandboxError::Key(prefix)),
    }
}

/// An origin goes into headers as it is, so it may hold nothing that ends a header or a policy's directive.
fn check_origin(origin: &str) -> Result<(), SandboxError> {
    let host = origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"));
    match host {
        Some(host)
            if !host.is_empty()
                && host
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-.:[]".contains(c)) =>
        {
            Ok(())
        }
        Some(_) | None => Err(SandboxError::Origin(origin.to_owned())),
    }
}
