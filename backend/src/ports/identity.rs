//! OpenID Connect providers as signing in needs them: whether one is there, where to send a browser, and who came back.
//!
//! An adapter believes nothing that is not signed by the provider and meant for this very request; what the words of a
//! provider are good for, the caller decides.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use thiserror::Error;

/// Asks providers.
#[async_trait]
pub trait IdentityProviders: Send + Sync {
    /// Looks whether there is a provider that names itself exactly so.
    ///
    /// # Errors
    /// [`ProviderError`].
    async fn check(&self, issuer: &str, now: DateTime<Utc>) -> Result<(), ProviderError>;

    /// The provider's address to send a browser to.
    ///
    /// # Errors
    /// [`ProviderError`].
    async fn address(&self, client: &Client<'_>, question: &Question) -> Result<String, ProviderError>;

    /// Trades what the browser brought back for what the provider says about the person. A code is traded once.
    ///
    /// # Errors
    /// [`ProviderError`].
    async fn identity(&self, client: &Client<'_>, answer: &Answer<'_>) -> Result<Identity, ProviderError>;
}

/// The portal as a provider knows it. It has no `Debug`, so that no secret is logged.
#[derive(Clone, Copy)]
pub struct Client<'a> {
    /// The provider's address as it names itself.
    pub issuer: &'a str,
    /// What it knows the portal by.
    pub id: &'a str,
    /// What the portal proves itself with.
    pub secret: &'a str,
    /// Where it sends browsers back to.
    pub return_to: &'a str,
    /// Now.
    pub now: DateTime<Utc>,
}

/// What goes along with a browser. It has no `Debug`: it is secret.
#[derive(Clone)]
pub struct Question {
    /// Comes back with the browser.
    pub state: String,
    /// Comes back inside of what is signed.
    pub nonce: String,
    /// Only who knows it can trade the code (PKCE). The browser takes its hash along.
    pub verifier: String,
}

/// What a browser brought back, with what it went away with. It has no `Debug`: it is secret.
#[derive(Clone, Copy)]
pub struct Answer<'a> {
    /// The code to trade.
    pub code: &'a str,
    /// Who answers, if the answer says so (RFC 9207).
    pub issuer: Option<&'a str>,
    /// As in the question.
    pub nonce: &'a str,
    /// As in the question.
    pub verifier: &'a str,
}

/// Whom a provider let in. It has no `Debug`, so that nobody is named in the log.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// What the provider knows the person by, for good.
    pub subject: String,
    /// Their address.
    pub email: Option<String>,
    /// The provider says that the address is theirs.
    pub email_verified: bool,
    /// The provider says that it asked for more than one proof.
    pub second_factor: bool,
}

/// Why a provider is of no use. The reasons are for the log: they name nobody and hold nothing secret.
#[derive(Debug, Error)]
pub enum ProviderError {
    /// Nothing that may be called answered.
    #[error("the provider is silent: {0}")]
    Silent(String),
    /// What answered is no provider of that name.
    #[error("no such provider: {0}")]
    Unfit(String),
    /// It refused, or what it says cannot be believed.
    #[error("the provider's word is worth nothing: {0}")]
    Untrusted(String),
}
