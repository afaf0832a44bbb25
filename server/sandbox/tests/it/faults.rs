//! Faults on demand, over a real socket where the connection itself is the point.

use std::time::{Duration, Instant};

use sandbox::{Control, Database};
use serde_json::{Value, json};

use crate::gateway::*;

/// Orders a fault on a listening sandbox and posts a payment with the given key; gives its status, if there was one.
struct Wire {
    base: String,
    client: reqwest::Client,
    _stop: tokio::sync::oneshot::Sender<()>,
}

impl Wire {
    async fn new() -> Self {
        let (base, stop) = listening(config(Database::Memory)).await;
        let client = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(20))
            .build()
            .unwrap();
        Self {
            base,
            client,
            _stop: stop,
        }
    }

    async fn fault(&self, fault: Value) {
        let request = self.client.post(format!("{}/_sandbox/faults", self.base));
        let request = request
            .header("content-type", "application/json")
            .body(fault.to_string());
        assert_eq!(request.send().await.unwrap().status(), 200);
    }

    async fn post(&self, path: &str, form: &str, key: &str) -> Result<(u16, Value), reqwest::Error> {
        let request = self
            .client
            .post(format!("{}{path}", self.base))
            .bearer_auth(SECRET)
            .header("idempotency-key", key);
        let request = request
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.to_owned());
        let response = request.send().await?;
        let status = response.status().as_u16();
        Ok((status, serde_json::from_str(&response.text().await?).unwrap()))
    }

    /// Pays 7 EUR under a key.
    async fn pay(&self, card: &str, key: &str) -> Result<(u16, Value), reqwest::Error> {
        let form =
            format!("amount=700&currency=eur&confirm=true&payment_method={card}&metadata[attempt]={key}");
        self.post("/v1/payment_intents", &form, key).await
    }

    async fn card(&self) -> String {
        id(&self
            .post(
                "/v1/payment_methods",
                &card_form(VISA),
                &format!("{:x}", rand::random::<u64>()),
            )
            .await
            .unwrap()
            .1)
    }

    async fn succeeded(&self) -> Value {
        let response = self
            .client
            .get(format!("{}/_sandbox/charges", self.base))
            .send()
            .await
            .unwrap();
        serde_json::from_str::<Value>(&response.text().await.unwrap()).unwrap()["succeeded"].clone()
    }
}

#[tokio::test]
async fn a_dropped_reply_hides_an_effect_that_the_key_finds_again() {
    let wire = Wire::new().await;
    let card = wire.card().await;
    wire.fault(json!({"action": "drop", "when": "after", "path": "/v1/payment_intents"}))
        .await;
    assert!(wire.pay(&card, "k").await.is_err());
    assert_eq!(wire.succeeded().await, 1);
    assert_eq!(wire.pay(&card, "k").await.unwrap().0, 200);
    assert_eq!(wire.succeeded().await, 1);
}

#[tokio::test]
async fn a_request_dropped_before_its_effect_has_none() {
    let wire = Wire::new().await;
    let card = wire.card().await;
    wire.fault(json!({"action": "drop", "when": "before", "path": "/v1/*", "method": "POST"}))
        .await;
    assert!(wire.pay(&card, "k").await.is_err());
    assert_eq!(wire.succeeded().await, 0);
}

#[tokio::test]
async fn a_caller_who_hangs_up_does_not_stop_the_charge() {
    let wire = Wire::new().await;
    let card = wire.card().await;
    let fault =
        json!({"action": "delay", "when": "before", "milliseconds": 300, "path": "/v1/payment_intents"});
    wire.fault(fault).await;
    assert!(
        tokio::time::timeout(Duration::from_millis(100), wire.pay(&card, "k"))
            .await
            .is_err()
    );
    while wire.succeeded().await != 1 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn delays_last_as_ordered_before_and_after() {
    let wire = Wire::new().await;
    let card = wire.card().await;
    for when in ["before", "after"] {
        wire.fault(
            json!({"action": "delay", "when": when, "milliseconds": 150, "path": "/v1/payment_intents"}),
        )
        .await;
        let start = Instant::now();
        assert_eq!(wire.pay(&card, when).await.unwrap().0, 200);
        assert!(start.elapsed() >= Duration::from_millis(150));
    }
}

#[tokio::test]
async fn a_hanging_gateway_gives_no_answer_and_still_takes_the_money() {
    let wire = Wire::new().await;
    let card = wire.card().await;
    wire.fault(json!({"action": "hang", "when": "after", "path": "/v1/payment_intents"}))
        .await;
    assert!(
        tokio::time::timeout(Duration::from_secs(1), wire.pay(&card, "k"))
            .await
            .is_err()
    );
    assert_eq!(wire.succeeded().await, 1);
}

#[tokio::test]
async fn errors_are_answered_as_often_as_ordered() {
    let wire = Wire::new().await;
    let card = wire.card().await;
    wire.fault(json!({"action": "status", "when": "before", "path": "/v1/payment_intents", "count": 2}))
        .await;
    wire.fault(json!({"action": "status", "when": "before", "status": 429, "skip": 3, "path": "/v1/payment_intents"})).await;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(wire.pay(&card, "k").await.unwrap().0);
    }
    assert_eq!(statuses, [500, 500, 200, 429]);
    assert_eq!(wire.succeeded().await, 1);
}

#[tokio::test]
async fn an_error_after_the_effect_hides_it() {
    let wire = Wire::new().await;
    let card = wire.card().await;
    wire.fault(json!({"action": "status", "when": "after", "path": "/v1/payment_intents"}))
        .await;
    assert_eq!(wire.pay(&card, "k").await.unwrap().0, 500);
    assert_eq!(wire.succeeded().await, 1);
    assert_eq!(wire.pay(&card, "k").await.unwrap().0, 200);
    assert_eq!(wire.succeeded().await, 1);
}

#[tokio::test]
async fn erasing_forgets_objects_keys_and_faults() {
    let gateway = Gateway::new().await;
    gateway
        .call("POST", "/v1/customers", SECRET, "name=x", Some("k"))
        .await
        .ok();
    let fault = json!({"action": "status", "when": "before", "path": "/v1/*"});
    gateway.control("POST", "/_sandbox/faults", fault).await;
    gateway.control("DELETE", "/_sandbox/data", Value::Null).await;
    assert_eq!(
        gateway.get("/v1/customers", "").await.ok()["data"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
    gateway
        .call("POST", "/v1/customers", SECRET, "name=y", Some("k"))
        .await
        .ok();
}

#[tokio::test]
async fn without_permission_there_is_no_control() {
    let mut closed = config(Database::Memory);
    closed.control = Control::Disabled;
    let gateway = Gateway::with(closed).await;
    gateway.get("/_sandbox/charges", "").await.error(404);
    gateway
        .call("DELETE", "/_sandbox/data", SECRET, "", None)
        .await
        .error(404);
}

#[tokio::test]
async fn an_order_that_makes_no_sense_is_refused() {
    let wire = Wire::new().await;
    for body in [
        "{}",
        r#"{"action":"drop","path":"/v1/x"}"#,
        r#"{"action":"explode","path":"*"}"#,
    ] {
        let request = wire.client.post(format!("{}/_sandbox/faults", wire.base));
        let request = request.header("content-type", "application/json").body(body);
        assert_eq!(request.send().await.unwrap().status(), 400, "{body}");
    }
}
