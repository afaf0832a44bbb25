//! One installation for one test: gateway and portal as processes, their databases in a folder of their own.

use crate::{
    events::Event,
    figures::seed,
    gateway::{Gateway, PUBLISHABLE_KEY},
    ledger::Ledger,
    payer::{Answer, Card, Payer},
    program::{Program, Running, free_port},
    proxy::Proxy,
    seeded::{self, PASSWORD},
};
use reqwest::StatusCode;
use std::{
    env, fmt,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use tempfile::TempDir;
use uuid::Uuid;

/// Who pays.
pub const BUYER: &str = "payer@partner.example";
/// A colleague who may pay as well.
pub const COLLEAGUE: &str = "admin@partner.example";
/// How long what the gateway told may wait: as long as a killed node's leases and some pauses between tries.
const SETTLES: Duration = Duration::from_secs(1_800);
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

    async fn create(&self, folder: &Path) -> String {
        match self {
            Self::Sqlite => seeded::copy_into(folder),
            Self::Postgres(server) => seeded::copy_on(server).await,
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

/// See the module.
pub struct World {
    /// A client without memory.
    pub http: reqwest::Client,
    /// What the portal keeps.
    pub ledger: Ledger,
    /// Where that is.
    pub database_url: String,
    /// Between portal and gateway.
    pub gateway_proxy: Proxy,
    /// Port of the portal.
    pub port: u16,
    /// How the portal is started.
    pub portal_program: Program,
    /// The portal, while it runs.
    pub portal: Option<Running>,
    _gateway: Running,
    /// At the gateway, in the seller's name.
    pub gateway: Gateway,
    /// How everything else is run.
    pub program: Program,
    // Last, so that the processes are gone before it is.
    _folder: TempDir,
}

impl World {
    /// Copies a database with demo data and starts gateway and portal.
    pub async fn new(engine: &Engine) -> Self {
        Self::with(engine, |program| program).await
    }

    /// The same with a portal that is started otherwise.
    pub async fn with(engine: &Engine, adapt: impl FnOnce(Program) -> Program) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().to_owned();
        Self::within(folder, &database, engine, adapt).await
    }

    /// The same with SQLite's database in this folder.
    pub async fn on_disk(engine: &Engine, disk: &Path) -> Self {
        Self::within(tempfile::tempdir().unwrap(), disk, engine, |program| program).await
    }

    async fn within(
        folder: TempDir,
        disk: &Path,
        engine: &Engine,
        adapt: impl FnOnce(Program) -> Program,
    ) -> Self {
        // A second installation is the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .tls_certs_only([])
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(30))
            .pool_max_idle_per_host(0)
            .build()
            .unwrap();
        let (port, gateway_port) = (free_port(), free_port());
        let gateway_proxy = Proxy::to(gateway_port, seed()).await;
        let gateway_url = format!("http://127.0.0.1:{gateway_port}");
        let url = engine.create(disk).await;
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
        let gateway = program
            .start("sandbox", &format!("{gateway_url}/_sandbox/faults"), &http)
            .await;
        let ledger = Ledger::open(&url).await;
        let mut world = Self {
            gateway: Gateway::new(&http, &gateway_url),
            http,
            ledger,
            database_url: url,
            gateway_proxy,
            port,
            portal_program: adapt(program.clone()),
            portal: None,
            _gateway: gateway,
            program,
            _folder: folder,
        };
        world.start().await;
        world
    }

    /// Starts the portal, and waits until it answers.
    pub async fn start(&mut self) {
        let ready = format!("{}/readyz", self.url());
        self.portal = Some(self.portal_program.start("serve", &ready, &self.http).await);
    }

    /// Another portal on the same database.
    pub async fn another(&self, port: u16) -> Running {
        let program = self
            .portal_program
            .clone()
            .with("server__listen", format!("127.0.0.1:{port}"))
            .logging_to("another");
        let ready = format!("http://127.0.0.1:{port}/readyz");
        program.start("serve", &ready, &self.http).await
    }

    /// The files of SQLite's database: itself, and what it writes ahead.
    pub fn database_files(&self) -> [PathBuf; 2] {
        let file = self.database_url.strip_prefix("sqlite://").unwrap();
        [PathBuf::from(file), PathBuf::from(format!("{file}-wal"))]
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
        let token = self.gateway.card().await;
        let form = payer.open(invoice).await.form.unwrap();
        let fields = form.pay(100, &Card::New(token));
        let answer = payer.post(&self.url(), &fields).await;
        assert!(
            matches!(answer, Answer::Receipt(_)),
            "the first payment: {answer:?}"
        );
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
        let charges = self.gateway.charges().await;
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

    /// Pays a little of an invoice with the saved card, and returns the intent at the gateway.
    pub async fn pay(&self, payer: &Payer, invoice: Uuid, minor: i64) -> String {
        let form = payer.open(invoice).await.form.expect("the invoice runs out");
        let answer = payer.post(&self.url(), &form.pay(minor, &Card::Saved)).await;
        assert!(matches!(answer, Answer::Receipt(_)), "no receipt: {answer:?}");
        self.ledger.intent(form.key).await
    }

    /// Sends what the gateway tells to the portal, on its port or another node's, and returns the status.
    pub async fn tell(&self, port: u16, event: &Event, signature: &str) -> Option<StatusCode> {
        let request = self
            .http
            .post(format!("http://127.0.0.1:{port}/gateway/events/default"))
            .header("stripe-signature", signature)
            .body(event.body.clone());
        request.send().await.ok().map(|answer| answer.status())
    }

    /// Waits until nothing of what the gateway told waits to be looked at.
    pub async fn settle(&self) {
        let begun = Instant::now();
        while self.ledger.count("gateway_events WHERE state = 'waiting'").await > 0 {
            assert!(begun.elapsed() < SETTLES, "events are still waiting");
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    /// `quittance check`, which changes nothing and must pass.
    pub async fn check(&self) {
        self.program.run(&["check"]);
        self.ledger.close().await;
    }
}
