//! An OpenID Connect provider inside of a test: it signs whatever a test tells it to, with keys that are good for nothing
//! else (`keys/`), and remembers what it was asked.

use axum::{
    Form, Json, Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode, header};
use openidconnect::{
    JsonWebKeyId, PrivateSigningKey,
    core::{CoreHmacKey, CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// What the portal is known by here.
pub const CLIENT: &str = "portal & co";
/// What it proves itself with.
pub const SECRET: &str = "s3cret: with/odd+signs";

const KEY: &str = include_str!("keys/provider.pem");
const STRANGERS: &str = include_str!("keys/stranger.pem");

/// How a token is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed {
    /// As it should be.
    Well,
    /// With the published key, under a name that is not published.
    UnknownKey,
    /// With a key that is not published, under the name of the one that is.
    StrangersKey,
    /// Not at all: `alg` is `none`.
    NotAtAll,
    /// `alg` is `none`, with the signature of something.
    NoneInName,
    /// With the published key's own text as a shared secret.
    PublicKeyAsSecret,
    /// With the client's secret.
    ClientSecret,
    /// Well, and changed afterwards.
    ChangedAfterwards,
}

/// The provider.
#[derive(Clone)]
pub struct Provider {
    pub issuer: String,
    state: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    /// What each code is traded for, and the challenge that it was given for.
    codes: HashMap<String, (String, String)>,
    /// The name under which the key is published.
    kid: String,
    /// Changes of what is published about the provider.
    published: Option<Value>,
    discovered: usize,
    traded: usize,
}

impl Provider {
    /// One that listens on this machine.
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let provider = Self {
            issuer,
            state: Arc::default(),
        };
        provider.held().kid = "one".to_owned();
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        provider
    }

    fn held(&self) -> MutexGuard<'_, Inner> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The host with its port, as the operator allows it.
    pub fn host(&self) -> String {
        self.issuer.trim_start_matches("http://").to_owned()
    }

    /// Publishes something else about itself: these fields.
    pub fn publish(&self, changes: Value) {
        self.held().published = Some(changes);
    }

    /// Publishes its key under another name, and signs under it.
    pub fn turn_key(&self, kid: &str) {
        kid.clone_into(&mut self.held().kid);
    }

    /// How often it was discovered, and how often a code was traded.
    pub fn counts(&self) -> (usize, usize) {
        let held = self.held();
        (held.discovered, held.traded)
    }

    /// Somebody signs in here: gives the code that their browser takes along.
    pub fn sign_in(&self, challenge: &str, claims: &Value, signed: Signed) -> String {
        let token = self.token(claims, signed);
        let mut held = self.held();
        let code = format!("code-{}", held.codes.len());
        held.codes.insert(code.clone(), (token, challenge.to_owned()));
        code
    }

    /// What it says about somebody when all is well.
    pub fn claims(&self, nonce: &str, now: DateTime<Utc>) -> Value {
        json!({
            "iss": self.issuer, "aud": CLIENT, "sub": "248289761001", "nonce": nonce,
            "iat": now.timestamp(), "exp": now.timestamp() + 300,
            "email": "admin@acme.example", "email_verified": true,
        })
    }

    fn token(&self, claims: &Value, signed: Signed) -> String {
        let kid = match signed {
            Signed::UnknownKey => "nobody's".to_owned(),
            _ => self.held().kid.clone(),
        };
        let algorithm = match signed {
            Signed::NotAtAll | Signed::NoneInName => "none",
            Signed::PublicKeyAsSecret | Signed::ClientSecret => "HS256",
            _ => "RS256",
        };
        let part = |value: &Value| BASE64.encode(value.to_string());
        let head = part(&json!({ "alg": algorithm, "kid": kid, "typ": "JWT" }));
        let text = format!("{head}.{}", part(claims));
        let rsa = CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256;
        let shared = CoreJwsSigningAlgorithm::HmacSha256;
        let signature = match signed {
            Signed::Well | Signed::UnknownKey | Signed::ChangedAfterwards | Signed::NoneInName => {
                key(KEY, &kid).sign(&rsa, text.as_bytes())
            }
            Signed::StrangersKey => key(STRANGERS, &kid).sign(&rsa, text.as_bytes()),
            Signed::NotAtAll => Ok(Vec::new()),
            Signed::PublicKeyAsSecret => {
                CoreHmacKey::new(self.published_key().to_string()).sign(&shared, text.as_bytes())
            }
            Signed::ClientSecret => CoreHmacKey::new(SECRET).sign(&shared, text.as_bytes()),
        };
        let signature = BASE64.encode(signature.unwrap());
        if signed == Signed::ChangedAfterwards {
            let mut claims = claims.clone();
            claims["sub"] = "somebody else".into();
            return format!("{head}.{}.{signature}", part(&claims));
        }
        format!("{text}.{signature}")
    }

    fn published_key(&self) -> Value {
        let kid = self.held().kid.clone();
        let mut published = serde_json::to_value(key(KEY, &kid).as_verification_key()).unwrap();
        published["alg"] = "RS256".into();
        published
    }
}

fn key(pem: &str, kid: &str) -> CoreRsaPrivateSigningKey {
    CoreRsaPrivateSigningKey::from_pem(pem, Some(JsonWebKeyId::new(kid.to_owned()))).unwrap()
}

async fn discovery(State(provider): State<Provider>) -> Json<Value> {
    let issuer = &provider.issuer;
    let mut about = json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"), "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"], "subject_types_supported": ["public"],
        // It boasts of more than is taken.
        "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
    });
    let mut held = provider.held();
    held.discovered += 1;
    if let Some(Value::Object(changes)) = &held.published {
        for (name, value) in changes {
            about[name] = value.clone();
        }
    }
    Json(about)
}

async fn keys(State(provider): State<Provider>) -> Json<Value> {
    Json(json!({ "keys": [provider.published_key()] }))
}

async fn token(
    State(provider): State<Provider>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let refused = |why: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": why }))).into_response();
    // RFC 6749, section 2.3.1: each half is form-encoded before they are joined.
    let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encode(CLIENT), encode(SECRET));
    let pair = base64::engine::general_purpose::STANDARD.encode(pair);
    let proof = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    if proof != Some(&format!("Basic {pair}")) {
        return refused("invalid_client");
    }
    let mut held = provider.held();
    held.traded += 1;
    let Some((token, challenge)) = form.get("code").and_then(|code| held.codes.remove(code)) else {
        return refused("invalid_grant");
    };
    let verifier = form.get("code_verifier").map(String::as_str).unwrap_or_default();
    if BASE64.encode(Sha256::digest(verifier)) != challenge {
        return refused("invalid_grant");
    }
    Json(json!({ "access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": token }))
        .into_response()
}
