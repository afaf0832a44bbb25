//! A provider that says what a test tells it to, and remembers what it was asked.

use super::held;
use crate::ports::{Answer, Client, Identity, IdentityProviders, ProviderError, Question};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use std::{collections::BTreeMap, sync::Mutex};

/// Providers in memory. Every issuer whose address contains `silent` does not answer, and `unfit` is no provider.
#[derive(Default)]
pub struct FakeProviders(Mutex<State>);

#[derive(Default)]
struct State {
    /// Whom each code stands for.
    codes: BTreeMap<String, Identity>,
    asked: Vec<Question>,
    secrets: Vec<String>,
}

impl FakeProviders {
    /// A code stands for somebody, once.
    pub fn script(&self, code: &str, identity: Identity) {
        held(&self.0).codes.insert(code.to_owned(), identity);
    }

    /// The last question that a browser was sent away with.
    pub fn last_question(&self) -> Option<Question> {
        held(&self.0).asked.last().cloned()
    }

    /// The secrets that codes were traded with.
    pub fn secrets(&self) -> Vec<String> {
        held(&self.0).secrets.clone()
    }
}

fn there(issuer: &str) -> Result<(), ProviderError> {
    if issuer.contains("silent") {
        return Err(ProviderError::Silent("scripted".to_owned()));
    }
    if issuer.contains("unfit") {
        return Err(ProviderError::Unfit("scripted".to_owned()));
    }
    Ok(())
}

#[async_trait]
impl IdentityProviders for FakeProviders {
    async fn check(&self, issuer: &str, _now: DateTime<Utc>) -> Result<(), ProviderError> {
        there(issuer)
    }

    async fn address(&self, client: &Client<'_>, question: &Question) -> Result<String, ProviderError> {
        there(client.issuer)?;
        held(&self.0).asked.push(question.clone());
        Ok(format!("{}/authorize?state={}", client.issuer, question.state))
    }

    async fn identity(&self, client: &Client<'_>, answer: &Answer<'_>) -> Result<Identity, ProviderError> {
        there(client.issuer)?;
        let mut state = held(&self.0);
        state.secrets.push(client.secret.to_owned());
        let untrusted = |why: &str| ProviderError::Untrusted(why.to_owned());
        if answer.issuer.is_some_and(|issuer| issuer != client.issuer) {
            return Err(untrusted("another issuer"));
        }
        let known = state
            .asked
            .iter()
            .any(|one| one.nonce == answer.nonce && one.verifier == answer.verifier);
        if !known {
            return Err(untrusted("never asked"));
        }
        state
            .codes
            .remove(answer.code)
            .ok_or_else(|| untrusted("no such code"))
    }
}
