//! A sandbox to talk to, with the few steps that most tests begin with.

use std::net::SocketAddr;
use std::path::PathBuf;

use axum::Router;
use axum::body::{Body, to_bytes};
use http::{HeaderMap, Request, StatusCode};
use sandbox::{Control, Database, Sandbox, SandboxConfig};
use serde_json::Value;
use tower::ServiceExt;

pub const SECRET: &str = "sk_test_secret";
pub const PUBLISHABLE: &str = "pk_test_public";

pub const VISA: &str = "4242424242424242";
pub const DECLINED_AT_ATTACH: &str = "4000000000000002";
pub const DECLINED_AT_CHARGE: &str = "4000000000000341";
pub const INSUFFICIENT_FUNDS: &str = "4000000000009995";
pub const THREE_D_SECURE: &str = "4000002760003184";

pub fn config(database: Database) -> SandboxConfig {
    SandboxConfig {
        bind: SocketAddr::from(([127, 0, 0, 1], 0)),
        control: Control::Enabled,
        ..SandboxConfig::new(database, PUBLISHABLE, SECRET)
    }
}

/// A path for a database that no other test uses, removed at the end.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        let unique = format!("sandbox-{}-{:x}", std::process::id(), rand::random::<u64>());
        let path = std::env::temp_dir().join(unique);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn database(&self) -> Database {
        Database::File(self.0.join("sandbox.db"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// The object of a call that must have worked.
    pub fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        self.json()
    }

    /// The error of a call that must have failed with this status.
    pub fn error(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self.json()["error"].clone()
    }
}

#[derive(Clone)]
pub struct Gateway {
    pub router: Router,
}

impl Gateway {
    pub async fn new() -> Self {
        Self::with(config(Database::Memory)).await
    }

    pub async fn with(config: SandboxConfig) -> Self {
        Self {
            router: sandbox::router(config).await.unwrap(),
        }
    }

    pub async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), usize::MAX)
            .await
            .unwrap_or_default();
        Reply {
            status,
            headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    pub async fn call(
        &self,
        method: &str,
        path: &str,
        key: &str,
        form: &str,
        idempotency: Option<&str>,
    ) -> Reply {
        let uri = if method == "GET" && !form.is_empty() {
            format!("{path}?{form}")
        } else {
            path.to_owned()
        };
        let mut request = Request::builder()
            .method(method)
            .uri(uri)
            .header("authorization", format!("Bearer {key}"));
        if let Some(value) = idempotency {
            request = request.header("idempotency-key", value);
        }
        let body = if method == "GET" {
            String::new()
        } else {
            form.to_owned()
        };
        let request = request
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body));
        self.send(request.unwrap()).await
    }

    pub async fn post(&self, path: &str, form: &str) -> Reply {
        self.call("POST", path, SECRET, form, None).await
    }

    pub async fn get(&self, path: &str, query: &str) -> Reply {
        self.call("GET", path, SECRET, query, None).await
    }

    pub async fn control(&self, method: &str, path: &str, body: Value) -> Value {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap())
            .await
            .ok()
    }

    pub async fn customer(&self) -> String {
        id(&self.post("/v1/customers", "name=Acme").await.ok())
    }

    pub async fn card(&self, number: &str) -> String {
        id(&self
            .call(
                "POST",
                "/v1/payment_methods",
                PUBLISHABLE,
                &card_form(number),
                None,
            )
            .await
            .ok())
    }

    /// A card that a customer has already.
    pub async fn attached(&self, number: &str, customer: &str) -> String {
        let card = self.card(number).await;
        self.post(
            &format!("/v1/payment_methods/{card}/attach"),
            &format!("customer={customer}"),
        )
        .await
        .ok();
        card
    }

    /// An unconfirmed intent over 19.99 EUR of an attempt.
    pub async fn intent(&self, customer: &str, card: &str, attempt: &str) -> Value {
        let form = format!(
            "amount=1999&currency=eur&customer={customer}&payment_method={card}&metadata[attempt]={attempt}"
        );
        self.post("/v1/payment_intents", &form).await.ok()
    }

    pub async fn confirm(&self, intent: &Value) -> Reply {
        self.post(&format!("/v1/payment_intents/{}/confirm", id(intent)), "")
            .await
    }

    pub async fn charges(&self) -> Value {
        self.control("GET", "/_sandbox/charges", Value::Null).await
    }
}

/// A sandbox on a port.
pub async fn listening(config: SandboxConfig) -> (String, tokio::sync::oneshot::Sender<()>) {
    let sandbox = Sandbox::bind(config).await.unwrap();
    let base = format!("http://{}", sandbox.address());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    tokio::spawn(sandbox.run(async move {
        let _ = stopped.await;
    }));
    (base, stop)
}

pub fn id(object: &Value) -> String {
    object["id"].as_str().unwrap().to_owned()
}

pub fn card_form(number: &str) -> String {
    format!("type=card&card[number]={number}&card[exp_month]=12&card[exp_year]=2040&card[cvc]=123")
}
