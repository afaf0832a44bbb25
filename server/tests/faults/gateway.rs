//! The gateway as its own people see it: cards, money given back, faults on order, and what was really charged.

use reqwest::Client;
use serde_json::{Value, json};
use std::{collections::BTreeMap, time::Duration};
use uuid::Uuid;

/// Of the sandbox, for browsers.
pub const PUBLISHABLE_KEY: &str = "pk_test_quittance_sandbox";
/// Of the sandbox, for the seller.
const SECRET_KEY: &str = "sk_test_quittance_sandbox";
/// A fault that is not taken back by itself.
const FOR_EVER: u32 = 1_000_000;

/// What the gateway really charged.
#[derive(Clone, Debug)]
pub struct Charges {
    /// In all.
    pub succeeded: usize,
    /// For each attempt of ours.
    pub by_attempt: BTreeMap<Uuid, usize>,
}

/// See the module.
#[derive(Clone)]
pub struct Gateway {
    http: Client,
    url: String,
}

impl Gateway {
    /// At this address.
    pub fn new(http: &Client, url: &str) -> Self {
        Self {
            http: http.clone(),
            url: url.to_owned(),
        }
    }

    /// A card, as the gateway's script makes a token of it in the browser.
    pub async fn card(&self) -> String {
        let card = [
            ("type", "card"),
            ("card[number]", "4242424242424242"),
            ("card[exp_month]", "12"),
            ("card[exp_year]", "2044"),
            ("card[cvc]", "123"),
            ("key", PUBLISHABLE_KEY),
        ];
        let request = self.http.post(format!("{}/v1/payment_methods", self.url));
        let made: Value = request.form(&card).send().await.unwrap().json().await.unwrap();
        id_of(&made)
    }

    /// Gives a part of an intent's money back, and returns the id of that.
    pub async fn give_back(&self, intent: &str, minor: i64) -> String {
        let form = [
            ("payment_intent", intent.to_owned()),
            ("amount", minor.to_string()),
        ];
        id_of(&self.post("v1/refunds", &form).await)
    }

    /// Has the payer's bank take a part of an intent's money, and returns the id of that.
    pub async fn dispute(&self, intent: &str, minor: i64) -> String {
        let form = [
            ("payment_intent", intent.to_owned()),
            ("amount", minor.to_string()),
        ];
        id_of(&self.post("v1/_disputes", &form).await)
    }

    async fn post(&self, path: &str, form: &[(&str, String)]) -> Value {
        let request = self.http.post(format!("{}/{path}", self.url));
        let answer = request.bearer_auth(SECRET_KEY).form(form).send().await.unwrap();
        answer.json().await.unwrap()
    }

    /// What was really charged.
    pub async fn charges(&self) -> Charges {
        let url = format!("{}/_sandbox/charges", self.url);
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

    /// Orders a fault.
    pub async fn order(&self, fault: Value) {
        let request = self.http.post(format!("{}/_sandbox/faults", self.url));
        let answer = request.json(&fault).send().await.unwrap();
        answer.error_for_status().unwrap();
    }

    /// Takes all faults back.
    pub async fn heal(&self) {
        let request = self.http.delete(format!("{}/_sandbox/faults", self.url));
        request.send().await.unwrap().error_for_status().unwrap();
    }

    /// Posts nothing to the portal by itself from now on, so that the test alone does.
    pub async fn be_silent(&self) {
        self.order(json!({ "action": "webhook", "path": "*", "copies": 0, "count": FOR_EVER }))
            .await;
    }

    /// Pauses at each call from now on, before or after its effect, and does nothing else that was ordered.
    pub async fn pause(&self, pause: Duration, when: &str) {
        self.heal().await;
        let milliseconds = u64::try_from(pause.as_millis()).unwrap();
        self.order(json!({
            "action": "delay", "path": "/v1/*", "when": when, "milliseconds": milliseconds, "count": FOR_EVER,
        }))
        .await;
    }
}

fn id_of(made: &Value) -> String {
    made["id"]
        .as_str()
        .unwrap_or_else(|| panic!("refused: {made}"))
        .to_owned()
}
