//! One installation for one test: gateway and portal as processes, their databases in a folder of their own.

use crate::{
    figures::seed,
    ledger::Ledger,
    payer::{Answer, Card, Payer},
    program::{Program, Running, free_port},
    proxy::Proxy,
};
use sea_orm::{ConnectionTrait, Database};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    env, fmt,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use uuid::Uuid;

/// Who pays.
pub const BUYER: &str = "payer@partner.example";
/// A colleague who may pay as well.
pub const COLLEAGUE: &str = "admin@partner.example";
/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery";
/// Of the sandbox.
const PUBLISHABLE_KEY: &str = "pk_test_quittance_sandbox";
/// How long attempts may stay undecided.
const CONVERGES: Duration = Duration::from_secs(90);

/// Which database the portal works on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file of its own.
    Sqlite,
    /// A database of its own on this server.
    Postgres(String),
}

impl Engine {
    /// SQLite, and PostgreSQL where there is one.
    pub fn all() -> Vec<Self> {
        let server = env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty());
        std::iter::once(Self::Sqlite)
            .chain(server.map(Self::Postgres))
            .collect()
    }

    async fn create(&self, folder: &TempDir) -> String {
        match self {
            Self::Sqlite => format!("sqlite://{}", folder.path().join("portal.db").display()),
            Self::Postgres(server) => {
                let name = format!("faults_{}", Uuid::new_v4().simple());
                let connection = Database::connect(server).await.unwrap();
                connection
                    .execute_unprepared(&format!("CREATE DATABASE {name}"))
                    .await
                    .unwrap();
                connection.close().await.unwrap();
                let (base, _) = server.rsplit_once('/').unwrap();
                format!("{base}/{name}")
            }
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        })
    }
}

/// What the gateway really charged.
#[derive(Clone, Debug)]
pub struct Charges {
    /// In all.
    pub succeeded: usize,
    /// For each attempt of ours.
    pub by_attempt: BTreeMap<Uuid, usize>,
}

/// See the module.
pub struct World {
    /// A client without memory.
    pub http: reqwest::Client,
    /// What the portal keeps.
    pub ledger: Ledger,
    /// Between portal and gateway.
    pub gateway_proxy: Proxy,
    /// Port of the portal.
    pub port: u16,
    portal: Option<Running>,
    _gateway: Running,
    gateway_url: String,
    program: Program,
    // Last, so that the processes are gone before it is.
    _folder: TempDir,
}

impl World {
    /// Seeds a database and starts gateway and portal.
    pub async fn new(engine: &Engine) -> Self {
        // A second installation is the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .tls_certs_only([])
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(30))
            .pool_max_idle_per_host(0)
            .build()
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (port, gateway_port) = (free_port(), free_port());
        let gateway_proxy = Proxy::to(gateway_port, seed()).await;
        let gateway_url = format!("http://127.0.0.1:{gateway_port}");
        let url = engine.create(&folder).await;
        let program = Program::new(folder.path())
            .with("database__url", &url)
            .with("server__listen", format!("127.0.0.1:{port}"))
            .with("server__public_url", format!("http://127.0.0.1:{port}"))
            .with("gateway__api_url", gateway_proxy.url())
            .with("gateway__script_url", format!("{gateway_url}/v3/"))
            .with("gateway__publishable_key", PUBLISHABLE_KEY)
            .with("sandbox__enabled", false)
            .with("sandbox__control", true)
            .with("sandbox__listen", format!("127.0.0.1:{gateway_port}"))
            .with("sandbox__database", folder.path().join("sandbox.db").display())
            .with("payments__lookup_after_seconds", 1);
        program.run(&["seed", "--password", PASSWORD]);
        let gateway = program
            .start("sandbox", &format!("{gateway_url}/_sandbox/faults"), &http)
            .await;
        let ledger = Ledger::open(&url).await;
        let mut world = Self {
            http,
            ledger,
            gateway_proxy,
            port,
            portal: None,
            _gateway: gateway,
            gateway_url,
            program,
            _folder: folder,
        };
        world.start().await;
        world
    }

    /// Starts the portal, and waits until it answers.
    pub async fn start(&mut self) {
        let ready = format!("{}/readyz", self.url());
        self.portal = Some(self.program.start("serve", &ready, &self.http).await);
    }

    /// SIGKILL to the portal.
    pub fn kill(&mut self) {
        self.portal.take().unwrap().kill();
    }

    /// Address of the portal.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Signs somebody in.
    pub async fn payer(&self, email: &str) -> Payer {
        Payer::sign_in(&self.http, &self.url(), email, PASSWORD).await
    }

    /// Pays once without any fault with a new card, which is kept: from now on the account has a saved one.
    pub async fn save_card(&self, payer: &Payer, invoice: Uuid) {
        let token = self.token().await;
        let form = payer.open(invoice).await.form.unwrap();
        let fields = form.pay(100, &Card::New(token));
        let answer = payer.post(&self.url(), &fields).await;
        assert!(
            matches!(answer, Answer::Receipt(_)),
            "the first payment: {answer:?}"
        );
    }

    /// A card, as the gateway's script makes a token of it in the browser.
    async fn token(&self) -> String {
        let card = [
            ("type", "card"),
            ("card[number]", "4242424242424242"),
            ("card[exp_month]", "12"),
            ("card[exp_year]", "2044"),
            ("card[cvc]", "123"),
            ("key", PUBLISHABLE_KEY),
        ];
        let url = format!("{}/v1/payment_methods", self.gateway_url);
        let made: Value = self
            .http
            .post(url)
            .form(&card)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        made["id"]
            .as_str()
            .unwrap_or_else(|| panic!("no token: {made}"))
            .to_owned()
    }

    /// What the gateway really charged.
    pub async fn charges(&self) -> Charges {
        let url = format!("{}/_sandbox/charges", self.gateway_url);
        let told: Value = self.http.get(url).send().await.unwrap().json().await.unwrap();
        let count = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
        let by_attempt = told["by_attempt"].as_object().unwrap();
        Charges {
            succeeded: count(&told["succeeded"]),
            by_attempt: by_attempt
                .iter()
                .map(|(id, n)| (id.parse().unwrap(), count(n)))
                .collect(),
        }
    }

    /// Has the gateway pause at each call from now on, before or after its effect.
    pub async fn gateway_pauses(&self, pause: Duration, when: &str) {
        let url = format!("{}/_sandbox/faults", self.gateway_url);
        self.http
            .delete(&url)
            .send()
            .await
            .unwrap()
            .error_for_status()
            .unwrap();
        let fault = json!({
            "action": "delay", "path": "/v1/*", "when": when, "milliseconds": pause.as_millis() as u64, "count": 1_000_000,
        });
        self.http
            .post(&url)
            .json(&fault)
            .send()
            .await
            .unwrap()
            .error_for_status()
            .unwrap();
    }

    /// Waits until every attempt has its outcome.
    pub async fn converge(&self) {
        let begun = Instant::now();
        while self.ledger.undecided().await > 0 {
            assert!(
                begun.elapsed() < CONVERGES,
                "attempts without an outcome: {:?}",
                self.ledger.attempts().await
            );
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    /// Attempts of which portal and gateway say different things: charged and not succeeded, succeeded and not charged
    /// exactly once.
    pub async fn differences(&self) -> usize {
        let succeeded = self.ledger.succeeded().await;
        let charges = self.charges().await;
        let unknown_to_us = charges
            .by_attempt
            .keys()
            .filter(|id| !succeeded.contains(id))
            .count();
        let not_once = succeeded
            .iter()
            .filter(|id| charges.by_attempt.get(id) != Some(&1))
            .count();
        let foreign = charges.succeeded - charges.by_attempt.values().sum::<usize>();
        unknown_to_us + not_once + foreign
    }

    /// `quittance check`, which changes nothing and must pass.
    pub async fn check(&self) {
        self.program.run(&["check"]);
        self.ledger.close().await;
    }
}
