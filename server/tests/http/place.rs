//! A site whose portal may call a provider that runs in the test, and browsers that go there and come back.

use super::{
    provider::{CLIENT, Provider, SECRET, Signed},
    site::{Site, whole},
};
use axum::body::Body;
use backend::{single_sign_on::write, testing::World};
use domain::{Refusal, access::ManageSettings, single_sign_on::ProviderForm};
use http::{Request, Response, StatusCode, header};
use serde_json::Value;
use server::adapters::{
    openid::OpenIdProviders,
    outgoing::{Allowed, Outgoing},
};
use std::{collections::HashMap, sync::Arc};
use url::Url;

/// A site whose portal may call a provider that runs in the test.
pub struct Place {
    pub site: Site,
    pub provider: Provider,
}

impl Place {
    pub async fn new() -> Self {
        let place = Self::without().await;
        place.set(&place.form()).await;
        place
    }

    /// Before Acme named the provider.
    pub async fn without() -> Self {
        let provider = Provider::start().await;
        let allowed = vec![Allowed::read(&provider.host()).unwrap()];
        let adapter = Arc::new(OpenIdProviders::new(Outgoing::new(allowed).unwrap()));
        let world = World::asking(|_| adapter).await;
        Self {
            site: Site::of(world).await,
            provider,
        }
    }

    pub fn form(&self) -> ProviderForm {
        ProviderForm {
            issuer: self.provider.issuer.clone(),
            client_id: CLIENT.to_owned(),
            domains: "acme.example".to_owned(),
            required: false,
            second_factor: false,
        }
    }

    pub async fn set(&self, form: &ProviderForm) {
        let scope = self.site.world.acme().scope::<ManageSettings>();
        write::change(&scope, form, SECRET).await.unwrap();
    }

    pub fn tenant(&self) -> String {
        self.site.world.acme().id().to_string()
    }

    pub async fn get(&self, path: &str, cookie: &str) -> Response<Body> {
        let request = Request::get(path)
            .header(header::HOST, "portal.test")
            .header(header::COOKIE, cookie);
        self.site.send(request.body(Body::empty()).unwrap()).await
    }

    pub async fn text(&self, path: &str, cookie: &str) -> String {
        String::from_utf8(whole(self.get(path, cookie).await).await.1).unwrap()
    }

    /// A browser goes away.
    pub async fn go(&self) -> Away {
        let answer = self
            .get(&format!("/login/with/{}/go?next=%2Fpeople", self.tenant()), "")
            .await;
        let to: Url = leads(&answer).parse().unwrap();
        assert!(
            to.as_str()
                .starts_with(&format!("{}/authorize?", self.provider.issuer))
        );
        Away {
            asked: to.query_pairs().into_owned().collect(),
            cookie: cookie(&answer, "away").unwrap(),
        }
    }

    /// What the provider says when all is well.
    pub fn claims(&self, away: &Away) -> Value {
        self.provider
            .claims(&away.asked["nonce"], self.site.world.backend.now())
    }

    pub fn back(&self, away: &Away, code: &str) -> String {
        format!(
            "/login/return/{}?code={code}&state={}",
            self.tenant(),
            away.asked["state"]
        )
    }

    /// A browser goes away and comes back with these claims, signed so.
    pub async fn come(&self, signed: Signed, change: impl FnOnce(&mut Value)) -> Response<Body> {
        let away = self.go().await;
        let mut claims = self.claims(&away);
        change(&mut claims);
        let code = self
            .provider
            .sign_in(&away.asked["code_challenge"], &claims, signed);
        self.get(&self.back(&away, &code), &away.cookie).await
    }

    /// That an answer let nobody in, and says why on the page that it leads to.
    pub async fn refuses(&self, answer: Response<Body>, why: Refusal, what: &str) {
        assert!(cookie(&answer, "session").is_none(), "{what}: somebody is in");
        let to = leads(&answer);
        assert!(to.starts_with("/login"), "{what} leads to {to}");
        let page = self.text(&to, "").await;
        let words = why.message(domain::locale::Locale::EnUs);
        assert!(page.contains(&words), "{what}: {page}");
    }
}

/// A browser that is away.
pub struct Away {
    pub asked: HashMap<String, String>,
    pub cookie: String,
}

/// Where an answer leads.
pub fn leads(answer: &Response<Body>) -> String {
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    answer.headers()[header::LOCATION].to_str().unwrap().to_owned()
}

/// A cookie that an answer sets, as a request carries it.
pub fn cookie(answer: &Response<Body>, name: &str) -> Option<String> {
    let all = answer.headers().get_all(header::SET_COOKIE).iter();
    let mut pairs = all.filter_map(|line| line.to_str().ok()?.split(';').next());
    let found = pairs.find(|pair| pair.strip_prefix(name).is_some_and(|rest| rest.starts_with('=')))?;
    (!found.ends_with('=')).then(|| found.to_owned())
}
