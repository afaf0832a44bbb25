//! The site of a test: a world behind the real routes, and people who ask.

use axum::{
    Router,
    body::{Body, to_bytes},
};
use backend::{
    api_keys::{read, write},
    sessions::write::{Browser, LogIn},
    testing::{PASSWORD, Party, World, log_in},
};
use domain::{
    access::{BuyerRole, Permission, Roles, SellerRole},
    api_keys::ApiKeyFields,
};
use http::{Method, Request, Response, StatusCode, header};
use leptos::config::LeptosOptions;
use server::{config::Config, router::router};
use std::collections::BTreeMap;
use tower::ServiceExt;

/// Who asks: a party's admin, given these roles for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Name of the party.
    pub party: &'static str,
    /// Role on the seller's side.
    pub seller: Option<SellerRole>,
    /// Role on the buyer's side.
    pub buyer: Option<BuyerRole>,
}

/// A world behind the routes.
pub struct Site {
    pub world: World,
    router: Router,
    tokens: BTreeMap<&'static str, String>,
}

impl Site {
    pub async fn new() -> Self {
        Self::of(World::new().await).await
    }

    /// The site of a world.
    pub async fn of(world: World) -> Self {
        Self::set(world, Config::default()).await
    }

    /// The same with other settings.
    pub async fn set(world: World, config: Config) -> Self {
        let options = LeptosOptions::builder()
            .output_name("quittance")
            .site_root("nowhere")
            .build();
        let router = router(&config, options, world.backend.clone());
        let mut tokens = BTreeMap::new();
        for party in ["Northwind", "Acme", "Daisy"] {
            let attempt = LogIn {
                email: &email(party),
                password: PASSWORD,
                browser: Browser::default(),
            };
            let session = log_in(&world.backend, attempt).await.unwrap();
            tokens.insert(party, session.token);
        }
        Self {
            world,
            router,
            tokens,
        }
    }

    /// Gives a party's admin these roles. Rights are read with every request, so the next one feels it.
    pub async fn give_roles(&self, caller: Caller) {
        let roles = Roles {
            seller: caller.seller,
            buyer: caller.buyer,
        };
        self.world.give_roles(self.world.party(caller.party), roles).await;
    }

    /// The name that a party goes by here.
    pub fn name_of(&self, party: &Party) -> &'static str {
        let known = self.tokens.keys().find(|name| **name == party.name());
        known.copied().unwrap()
    }

    /// The cookie that a party's admin holds.
    pub fn cookie(&self, party: &str) -> String {
        format!("session={}", self.tokens[party])
    }

    /// A key of a party's admin that may do this.
    pub async fn key(&self, party: &Party, name: &str, may: &[Permission]) -> String {
        let fields = ApiKeyFields {
            key: uuid::Uuid::new_v4().to_string(),
            name: name.to_owned(),
            lasts: "forever".to_owned(),
            may: may.iter().map(|one| one.code().to_owned()).collect(),
        };
        write::make(&party.scope(), &fields).await.unwrap()
    }

    /// Takes a key of a name back.
    pub async fn revoke(&self, party: &Party, name: &str) {
        let keys = read::list(&party.scope()).await.unwrap().keys;
        let key = keys.iter().find(|key| key.name == name).unwrap();
        write::revoke(&party.scope(), key.id).await.unwrap();
    }

    /// Asks, as somebody or as nobody, as a program does.
    pub async fn ask(
        &self,
        who: Option<&'static str>,
        method: Method,
        path: &str,
        body: &str,
    ) -> Response<Body> {
        self.ask_with(who, None, method, path, body).await
    }

    /// The same with a key for programs.
    pub async fn ask_with(
        &self,
        who: Option<&'static str>,
        key: Option<&str>,
        method: Method,
        path: &str,
        body: &str,
    ) -> Response<Body> {
        let mut request = Request::builder()
            .method(method.clone())
            .uri(path)
            .header(header::HOST, "portal.test");
        if let Some(party) = who {
            request = request.header(header::COOKIE, self.cookie(party));
        }
        if let Some(key) = key {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        if method == Method::POST {
            let kind = match body.get(..1) {
                Some("-") => "multipart/form-data; boundary=x",
                Some("{") => "application/json",
                Some(_) | None => "application/x-www-form-urlencoded",
            };
            request = request.header(header::CONTENT_TYPE, kind);
            if kind == "application/json" {
                request = request.header("idempotency-key", "one");
            }
        }
        self.send(request.body(Body::from(body.to_owned())).unwrap())
            .await
    }

    /// Sends any request.
    pub async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }
}

/// All of an answer.
pub async fn whole(answer: Response<Body>) -> (StatusCode, Vec<u8>) {
    let status = answer.status();
    (
        status,
        to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec(),
    )
}

fn email(party: &str) -> String {
    format!("admin@{}.example", party.to_lowercase())
}
