//! A gateway with the adapter in front of it, and what a browser would do at it.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use backend::ports::{GatewayError, Intent, IntentRequest, IntentState, PaymentGateway, Presence, Setup};
use domain::ids::{AccountId, AttemptId, TenantId};
use domain::payment_methods::MethodKind;
use domain::{Currency, Money};
use sandbox::{Control, Database, Sandbox, SandboxConfig};
use serde_json::Value;
use server::adapters::stripe::{Dialect, StripeGateway};
use server::config;
use uuid::Uuid;

pub const SELLER: TenantId = TenantId(Uuid::nil());
pub const PUBLISHABLE: &str = "pk_test_bench";
pub const SECRET: &str = "sk_test_bench";

pub const VISA: &str = "4242424242424242";
pub const DECLINED_AT_ATTACH: &str = "4000000000000002";
pub const DECLINED_AT_CHARGE: &str = "4000000000000341";
pub const THREE_D_SECURE: &str = "4000002760003184";

/// An account that both gateways know, and one whose bank refuses.
pub const IBAN: &str = "DE89370400440532013000";
pub const REFUSED_IBAN: &str = "DE62370400440532013001";
/// Accounts in the United States; the last one's bank takes the money back.
pub const ROUTING: &str = "110000000";
pub const US_ACCOUNT: &str = "000123456789";
pub const RETURNED_ACCOUNT: &str = "000555555559";

pub struct Bench {
    pub gateway: StripeGateway,
    pub base: String,
    pub browser: reqwest::Client,
    dialect: Dialect,
    /// Ends the sandbox with the test.
    _stop: Option<tokio::sync::oneshot::Sender<()>>,
}

impl Bench {
    pub async fn sandbox() -> Self {
        let mut config = SandboxConfig::new(Database::Memory, PUBLISHABLE, SECRET);
        config.bind = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        config.control = Control::Enabled;
        let sandbox = Sandbox::bind(config).await.unwrap();
        let base = format!("http://{}", sandbox.address());
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        tokio::spawn(sandbox.run(async move {
            let _ = stopped.await;
        }));
        Self {
            _stop: Some(stop),
            ..Self::at(base, Dialect::Full)
        }
    }

    pub fn localstripe() -> Self {
        static RUNNING: OnceLock<Process> = OnceLock::new();
        Self::at(RUNNING.get_or_init(localstripe).base.clone(), Dialect::Portable)
    }

    pub fn stateful_mock() -> Self {
        static RUNNING: OnceLock<Process> = OnceLock::new();
        Self::at(RUNNING.get_or_init(stateful_mock).base.clone(), Dialect::Portable)
    }

    pub fn at(base: String, dialect: Dialect) -> Self {
        let settings = config::Gateway {
            api_url: base.clone(),
            script_url: format!("{base}/v3/"),
            publishable_key: PUBLISHABLE.to_owned(),
            secret_key: SECRET.to_owned(),
            webhook_secrets: vec!["whsec_test".to_owned()],
            sellers: Default::default(),
        };
        let gateway = StripeGateway::new(&settings).unwrap().speaking(dialect);
        Self {
            gateway,
            base,
            browser: reqwest::Client::new(),
            dialect,
            _stop: None,
        }
    }

    /// What the card fields do: names a card to the gateway and gets a token.
    pub async fn token(&self, number: &str) -> String {
        let form = [
            ("key", PUBLISHABLE),
            ("type", "card"),
            ("card[number]", number),
            ("card[exp_month]", "12"),
            ("card[exp_year]", "2040"),
            ("card[cvc]", "123"),
        ];
        self.browse("payment_methods", &form).await["id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// What the field for an IBAN does.
    pub async fn iban(&self, iban: &str) -> String {
        let form = [
            ("key", PUBLISHABLE),
            ("type", "sepa_debit"),
            ("sepa_debit[iban]", iban),
            ("billing_details[name]", "Acme"),
            ("billing_details[email]", "pay@acme.example"),
        ];
        self.browse("payment_methods", &form).await["id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// What the window for accounts in the United States does.
    pub async fn us_account(&self, number: &str) -> String {
        let form = [
            ("key", PUBLISHABLE),
            ("type", "us_bank_account"),
            ("us_bank_account[routing_number]", ROUTING),
            ("us_bank_account[account_number]", number),
        ];
        self.browse("payment_methods", &form).await["id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// The browser has the gateway set up what was entered.
    pub async fn enter(&self, setup: &Setup, token: &str) {
        let secret = setup.client_secret.as_deref().unwrap();
        let form = [
            ("key", PUBLISHABLE),
            ("client_secret", secret),
            ("payment_method", token),
        ];
        self.browse(&format!("setup_intents/{}/confirm", setup.id), &form)
            .await;
    }

    /// The bank decides about a debit: the sandbox when it is told, the other one by itself in a moment.
    pub async fn bank_decides(&self, intent: &Intent) -> Intent {
        if self.dialect == Dialect::Full {
            self.post(&format!("payment_intents/{}/_settle", intent.id), &[])
                .await;
        }
        let start = Instant::now();
        loop {
            let found = self.find(intent).await;
            if found.state != IntentState::Processing {
                return found;
            }
            assert!(
                start.elapsed() < Duration::from_secs(10),
                "the bank does not decide"
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// The payer's answer to the bank.
    pub async fn authenticate(&self, intent: &Intent, success: &str) {
        let secret = intent.client_secret.as_deref().unwrap();
        let form = [
            ("key", PUBLISHABLE),
            ("client_secret", secret),
            ("success", success),
        ];
        self.browse(&format!("payment_intents/{}/_authenticate", intent.id), &form)
            .await;
    }

    async fn browse(&self, path: &str, form: &[(&str, &str)]) -> Value {
        let mut request = self.browser.post(format!("{}/v1/{path}", self.base)).form(form);
        if self.dialect == Dialect::Portable {
            // localstripe does not let browsers make payment methods.
            request = request.bearer_auth(SECRET);
        }
        request
            .send()
            .await
            .unwrap()
            .error_for_status()
            .unwrap()
            .json()
            .await
            .unwrap()
    }

    /// Reads as the server does.
    pub async fn get(&self, path: &str) -> Value {
        let request = self
            .browser
            .get(format!("{}/v1/{path}", self.base))
            .bearer_auth(SECRET);
        request
            .send()
            .await
            .unwrap()
            .error_for_status()
            .unwrap()
            .json()
            .await
            .unwrap()
    }

    /// Posts as the server does.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) {
        let request = self.browser.post(format!("{}/v1/{path}", self.base)).form(form);
        request
            .bearer_auth(SECRET)
            .send()
            .await
            .unwrap()
            .error_for_status()
            .unwrap();
    }

    pub async fn customer(&self) -> String {
        let account = AccountId(Uuid::from_u128(rand::random()));
        let (name, email) = ("Acme & Söhne", Some("pay@acme.example"));
        self.gateway
            .create_customer(SELLER, account, name, email)
            .await
            .unwrap()
    }

    /// A customer with a card.
    pub async fn payer(&self, number: &str) -> (String, String) {
        let (customer, token) = (self.customer().await, self.token(number).await);
        self.gateway.attach_card(SELLER, &customer, &token).await.unwrap();
        (customer, token)
    }

    /// An unconfirmed intent over 19.99 EUR of a new customer with a card.
    pub async fn intent(&self, number: &str) -> (IntentRequest, Intent) {
        let (customer, card_token) = self.payer(number).await;
        let amount = Money::new(1999, Currency::EUR);
        let request = IntentRequest {
            attempt: attempt(),
            customer,
            card_token,
            kind: MethodKind::Card,
            amount,
        };
        let intent = self.gateway.create_intent(SELLER, &request).await.unwrap();
        (request, intent)
    }

    pub async fn confirm(&self, request: &IntentRequest, intent: &Intent) -> Result<Intent, GatewayError> {
        self.confirm_as(request, intent, Presence::OnSession).await
    }

    pub async fn confirm_as(
        &self,
        request: &IntentRequest,
        intent: &Intent,
        payer: Presence,
    ) -> Result<Intent, GatewayError> {
        let IntentRequest {
            attempt, card_token, ..
        } = request;
        self.gateway
            .confirm_intent(SELLER, *attempt, &intent.id, card_token, payer)
            .await
    }

    pub async fn find(&self, intent: &Intent) -> Intent {
        self.gateway
            .find_intent(SELLER, &intent.id)
            .await
            .unwrap()
            .unwrap()
    }
}

/// An attempt of this moment.
pub fn attempt() -> AttemptId {
    let now = std::time::UNIX_EPOCH.elapsed().unwrap();
    let millis = u64::try_from(now.as_millis()).unwrap();
    AttemptId(uuid::Builder::from_unix_timestamp_millis(millis, &rand::random()).into_uuid())
}

fn tools() -> PathBuf {
    let tools =
        std::env::var("QUITTANCE_TOOLS").expect("run this through setup/env, which sets QUITTANCE_TOOLS");
    PathBuf::from(tools)
}

/// The Python of the independent gateway.
pub fn python() -> PathBuf {
    let python = tools().join("localstripe/bin/python");
    assert!(
        python.exists(),
        "{} is missing; run: setup/install gateway",
        python.display()
    );
    python
}

pub fn script(name: &str) -> PathBuf {
    // At run time: a compiled test may serve several checkouts.
    let package = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo runs the tests");
    Path::new(&package).join("tests").join(name)
}

/// Another gateway that runs beside the test.
struct Process {
    base: String,
    /// It ends when its standard input does, which is when this process ends.
    _child: Child,
}

fn localstripe() -> Process {
    let mut command = Command::new(python());
    command.arg(script("localstripe.py"));
    Process::start(command)
}

fn stateful_mock() -> Process {
    let folder = tools().join("stateful-mock");
    assert!(
        folder.exists(),
        "{} is missing; run: setup/install gateway",
        folder.display()
    );
    let mut command = Command::new("node");
    command.arg(script("stateful_mock.js")).arg(folder);
    Process::start(command)
}

impl Process {
    /// Starts a program that takes its port as the last argument.
    fn start(mut command: Command) -> Self {
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .unwrap()
            .local_addr()
            .unwrap();
        command.arg(address.port().to_string());
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let start = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(
                child.try_wait().unwrap().is_none(),
                "the gateway ended at once; run: setup/install gateway"
            );
            assert!(
                start.elapsed() < Duration::from_secs(60),
                "the gateway does not answer"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        Self {
            base: format!("http://{address}"),
            _child: child,
        }
    }
}
