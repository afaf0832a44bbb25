//! OpenID Connect providers, by the authorization code flow with PKCE.
//!
//! A word counts when it is signed by a key of the provider with an asymmetric algorithm, names it and the portal, has not
//! run out, and answers the question that was asked. What a provider publishes about itself is kept for five minutes, and
//! read again when it signs with a key that is not known, once a minute at most.

use super::outgoing::{Outgoing, OutgoingError};
use async_trait::async_trait;
use backend::ports::{Answer, Client, Identity, IdentityProviders, ProviderError, Question};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::{
    AdditionalProviderMetadata, AsyncHttpClient, AuthType, AuthenticationFlow, AuthorizationCode,
    ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, DiscoveryError, HttpRequest, HttpResponse,
    IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, ProviderMetadata, RedirectUrl, RequestTokenError,
    Scope, SignatureVerificationError, TokenResponse,
    core::{
        CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClient, CoreClientAuthMethod, CoreGrantType,
        CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
        CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm, CoreResponseMode, CoreResponseType,
        CoreSubjectIdentifierType,
    },
};
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};

/// How long what a provider publishes is kept.
const KEPT: TimeDelta = TimeDelta::minutes(5);
/// Shortest time between two readings for the sake of an unknown key.
const AGAIN: TimeDelta = TimeDelta::minutes(1);
/// Providers that are kept.
const MOST: usize = 200;
/// How much the provider's clock may be ahead of ours, and how old its word may be.
const CLOCKS: (TimeDelta, TimeDelta) = (TimeDelta::minutes(5), TimeDelta::minutes(15));
/// Most bytes of a subject (OpenID Connect Core, section 2).
const SUBJECT: usize = 255;
/// What is believed: signatures that only who holds the private key can make.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];
/// The provider's word for more than one proof (RFC 8176).
const SEVERAL_PROOFS: &str = "mfa";

/// What a provider publishes beside what the standard's first part knows.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
struct Extra {
    /// It always says who answers (RFC 9207).
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for Extra {}

type Metadata = ProviderMetadata<
    Extra,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// The adapter.
pub struct OpenIdProviders {
    outgoing: Outgoing,
    known: Mutex<HashMap<String, Known>>,
}

#[derive(Clone)]
struct Known {
    metadata: Arc<Metadata>,
    at: DateTime<Utc>,
}

impl OpenIdProviders {
    /// Makes the adapter; nothing is sent yet.
    pub fn new(outgoing: Outgoing) -> Self {
        Self {
            outgoing,
            known: Mutex::default(),
        }
    }

    /// What a provider publishes, read not longer than some time ago.
    async fn metadata(
        &self,
        issuer: &str,
        now: DateTime<Utc>,
        not_older: TimeDelta,
    ) -> Result<Arc<Metadata>, ProviderError> {
        let kept = {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.get(issuer).cloned()
        };
        if let Some(known) = kept.filter(|known| now - known.at < not_older) {
            return Ok(known.metadata);
        }
        let url = IssuerUrl::new(issuer.to_owned())
            .map_err(|_| ProviderError::Unfit("an issuer that is no address".to_owned()))?;
        let read = Metadata::discover_async(url, &self.outgoing)
            .await
            .map_err(unpublished)?;
        let metadata = Arc::new(self.fitting(read)?);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST
            && !known.contains_key(issuer)
            && let Some(oldest) = known
                .iter()
                .min_by_key(|(_, one)| one.at)
                .map(|(name, _)| name.clone())
        {
            known.remove(&oldest);
        }
        known.insert(
            issuer.to_owned(),
            Known {
                metadata: metadata.clone(),
                at: now,
            },
        );
        Ok(metadata)
    }

    /// A provider that can do what is asked of it.
    fn fitting(&self, metadata: Metadata) -> Result<Metadata, ProviderError> {
        let unfit = |why: &str| ProviderError::Unfit(why.to_owned());
        let token = metadata
            .token_endpoint()
            .ok_or_else(|| unfit("no address to trade codes at"))?;
        self.outgoing
            .judge(token.url())
            .map_err(|_| unfit("codes are traded where nothing may be called"))?;
        self.outgoing
            .judge_for_browser(metadata.authorization_endpoint().url())
            .map_err(|_| unfit("browsers are sent to no page"))?;
        let code = metadata
            .response_types_supported()
            .iter()
            .any(|types| matches!(types.as_slice(), [CoreResponseType::Code]));
        if !code {
            return Err(unfit("no authorization codes"));
        }
        Ok(metadata)
    }

    /// Trades the code for the signed word.
    async fn trade(
        &self,
        metadata: &Metadata,
        client: &Client<'_>,
        answer: &Answer<'_>,
    ) -> Result<CoreIdToken, ProviderError> {
        let Client {
            issuer: _,
            id,
            secret,
            return_to,
            now: _,
        } = *client;
        let untrusted = |why: &str| ProviderError::Untrusted(why.to_owned());
        let speaker = CoreClient::from_provider_metadata(
            metadata.clone(),
            ClientId::new(id.to_owned()),
            Some(ClientSecret::new(secret.to_owned())),
        )
        .set_redirect_uri(redirect(return_to)?)
        .set_auth_type(how_to_prove(metadata));
        let traded = speaker
            .exchange_code(AuthorizationCode::new(answer.code.to_owned()))
            .map_err(|_| untrusted("no address to trade codes at"))?
            .set_pkce_verifier(PkceCodeVerifier::new(answer.verifier.to_owned()))
            .request_async(&self.outgoing)
            .await
            .map_err(|error| match error {
                RequestTokenError::Request(error) => ProviderError::Silent(error.to_string()),
                RequestTokenError::ServerResponse(_) => untrusted("it refused the code"),
                RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
                    untrusted("no answer to the code")
                }
            })?;
        traded
            .id_token()
            .cloned()
            .ok_or_else(|| untrusted("no signed word"))
    }
}

#[async_trait]
impl IdentityProviders for OpenIdProviders {
    async fn check(&self, issuer: &str, now: DateTime<Utc>) -> Result<(), ProviderError> {
        self.metadata(issuer, now, TimeDelta::zero()).await.map(|_| ())
    }

    async fn address(&self, client: &Client<'_>, question: &Question) -> Result<String, ProviderError> {
        let metadata = self.metadata(client.issuer, client.now, KEPT).await?;
        let speaker = CoreClient::from_provider_metadata(
            Metadata::clone(&metadata),
            ClientId::new(client.id.to_owned()),
            None,
        )
        .set_redirect_uri(redirect(client.return_to)?);
        let Question {
            state,
            nonce,
            verifier,
        } = question.clone();
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(verifier));
        let (url, ..) = speaker
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        Ok(url.into())
    }

    async fn identity(&self, client: &Client<'_>, answer: &Answer<'_>) -> Result<Identity, ProviderError> {
        let untrusted = |why: &str| ProviderError::Untrusted(why.to_owned());
        let mut metadata = self.metadata(client.issuer, client.now, KEPT).await?;
        let always = metadata
            .additional_metadata()
            .authorization_response_iss_parameter_supported;
        match answer.issuer {
            Some(issuer) if issuer != client.issuer => return Err(untrusted("another provider answers")),
            None if always => return Err(untrusted("it does not say who answers")),
            Some(_) | None => {}
        }
        let token = self.trade(&metadata, client, answer).await?;
        let mut read = believed(&token, &metadata, client, answer.nonce);
        if matches!(
            read,
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey
            ))
        ) {
            metadata = self.metadata(client.issuer, client.now, AGAIN).await?;
            read = believed(&token, &metadata, client, answer.nonce);
        }
        read.map_err(|error| untrusted(reason(&error)))
    }
}

impl<'c> AsyncHttpClient<'c> for Outgoing {
    type Error = OutgoingError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, OutgoingError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}

/// What a word says, if it can be believed.
fn believed(
    token: &CoreIdToken,
    metadata: &Metadata,
    client: &Client<'_>,
    nonce: &str,
) -> Result<Identity, ClaimsVerificationError> {
    let now = client.now;
    // As one without a secret: whatever is signed with a shared one is refused then, whoever shares it.
    let verifier = CoreIdTokenVerifier::new_public_client(
        ClientId::new(client.id.to_owned()),
        metadata.issuer().clone(),
        metadata.jwks().clone(),
    )
    .set_allowed_algs(ALGORITHMS)
    .set_time_fn(move || now)
    .set_issue_time_verifier_fn(move |issued| {
        let (ahead, old) = CLOCKS;
        if issued <= now + ahead && issued >= now - old {
            Ok(())
        } else {
            Err("issued at another time".to_owned())
        }
    });
    let claims = token.claims(&verifier, &Nonce::new(nonce.to_owned()))?;
    if claims
        .authorized_party()
        .is_some_and(|party| party.as_str() != client.id)
    {
        return Err(ClaimsVerificationError::InvalidAudience(
            "meant for another party".to_owned(),
        ));
    }
    if not_before(token).is_some_and(|from| from > (now + CLOCKS.0).timestamp()) {
        return Err(ClaimsVerificationError::Expired("not valid yet".to_owned()));
    }
    let subject = claims.subject().as_str();
    if subject.is_empty() || subject.len() > SUBJECT {
        return Err(ClaimsVerificationError::InvalidSubject("no subject".to_owned()));
    }
    let proofs = claims.auth_method_refs();
    Ok(Identity {
        subject: subject.to_owned(),
        email: claims.email().map(|email| email.as_str().to_owned()),
        email_verified: claims.email_verified() == Some(true),
        second_factor: proofs
            .is_some_and(|proofs| proofs.iter().any(|proof| proof.as_str() == SEVERAL_PROOFS)),
    })
}

/// From when on a word is valid, which the library does not read. What cannot be read is never valid.
fn not_before(token: &CoreIdToken) -> Option<i64> {
    #[derive(Deserialize)]
    struct Times {
        #[serde(default)]
        nbf: Option<serde_json::Number>,
    }
    let text = token.to_string();
    let payload = text.split('.').nth(1).unwrap_or_default();
    let times = BASE64
        .decode(payload)
        .ok()
        .and_then(|bytes| serde_json::from_slice::<Times>(&bytes).ok());
    match times {
        Some(Times { nbf: None }) => None,
        Some(Times { nbf: Some(from) }) => Some(from.as_i64().unwrap_or(i64::MAX)),
        None => Some(i64::MAX),
    }
}

/// Why a word is not believed, without what it says.
fn reason(error: &ClaimsVerificationError) -> &'static str {
    match error {
        ClaimsVerificationError::Expired(_) => "its word has run out, or is of another time",
        ClaimsVerificationError::InvalidAudience(_) => "its word is meant for somebody else",
        ClaimsVerificationError::InvalidIssuer(_) => "its word names another provider",
        ClaimsVerificationError::InvalidNonce(_) => "its word answers another question",
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => {
            "its word is signed with an unknown key"
        }
        ClaimsVerificationError::SignatureVerification(_) => "its word is not signed as it must be",
        _ => "its word cannot be read",
    }
}

/// How the portal proves itself where codes are traded: in the header unless the provider takes only the form.
fn how_to_prove(metadata: &Metadata) -> AuthType {
    let form_only = metadata
        .token_endpoint_auth_methods_supported()
        .is_some_and(|ways| {
            !ways.contains(&CoreClientAuthMethod::ClientSecretBasic)
                && ways.contains(&CoreClientAuthMethod::ClientSecretPost)
        });
    if form_only {
        AuthType::RequestBody
    } else {
        AuthType::BasicAuth
    }
}

fn redirect(return_to: &str) -> Result<RedirectUrl, ProviderError> {
    RedirectUrl::new(return_to.to_owned())
        .map_err(|_| ProviderError::Unfit("the portal's own address".to_owned()))
}

fn unpublished(error: DiscoveryError<OutgoingError>) -> ProviderError {
    match error {
        DiscoveryError::Request(error) => ProviderError::Silent(error.to_string()),
        DiscoveryError::Validation(_) => ProviderError::Unfit("it names itself otherwise".to_owned()),
        _ => ProviderError::Unfit("it publishes nothing about itself".to_owned()),
    }
}
