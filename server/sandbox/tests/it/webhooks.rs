//! Events reach their receivers: signed, repeated, twice or late when ordered.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::routing::post;
use http::{HeaderMap, StatusCode};
use sandbox::{Database, WebhookTarget};
use serde_json::{Value, json};

use crate::gateway::*;

const SIGNING: &str = "whsec_test";

#[derive(Clone, Default)]
struct Receiver {
    seen: Arc<Mutex<Vec<(String, String)>>>,
    refusals: Arc<Mutex<u32>>,
}

impl Receiver {
    /// Starts it and gives its address.
    async fn listen(&self) -> String {
        let router = axum::Router::new()
            .route("/hook", post(receive))
            .with_state(self.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    fn events(&self, kind: &str) -> Vec<Value> {
        let seen = self.seen.lock().unwrap();
        let all = seen
            .iter()
            .map(|(_, body)| serde_json::from_str::<Value>(body).unwrap());
        all.filter(|event| event["type"] == kind).collect()
    }

    /// Waits until so many events of a kind have come.
    async fn wait(&self, kind: &str, count: usize) -> Vec<Value> {
        let start = Instant::now();
        while self.events(kind).len() < count {
            assert!(
                start.elapsed() < Duration::from_secs(20),
                "only {} of {count} {kind}",
                self.events(kind).len()
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.events(kind)
    }
}

async fn receive(State(receiver): State<Receiver>, headers: HeaderMap, body: String) -> StatusCode {
    let mut refusals = receiver.refusals.lock().unwrap();
    if *refusals > 0 {
        *refusals -= 1;
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    let signature = headers["stripe-signature"].to_str().unwrap().to_owned();
    receiver.seen.lock().unwrap().push((signature, body));
    StatusCode::OK
}

async fn connected() -> (Receiver, Gateway) {
    let receiver = Receiver::default();
    let mut config = config(Database::Memory);
    config.webhook_retry = Duration::from_millis(50);
    config.webhooks = vec![WebhookTarget {
        url: receiver.listen().await,
        secret: SIGNING.to_owned(),
    }];
    (receiver, Gateway::with(config).await)
}

async fn pay(gateway: &Gateway) -> Value {
    let customer = gateway.customer().await;
    let card = gateway.attached(VISA, &customer).await;
    let intent = gateway.intent(&customer, &card, "a").await;
    gateway.confirm(&intent).await.ok()
}

#[tokio::test]
async fn a_payment_is_told_and_the_signature_verifies() {
    let (receiver, gateway) = connected().await;
    let intent = pay(&gateway).await;
    let events = receiver.wait("payment_intent.succeeded", 1).await;
    assert_eq!(events[0]["data"]["object"]["id"], intent["id"]);
    assert_eq!(events[0]["data"]["object"]["metadata"]["attempt"], "a");
    let seen = receiver.seen.lock().unwrap().clone();
    for (signature, body) in seen {
        let timestamp = signature
            .strip_prefix("t=")
            .unwrap()
            .split(',')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        assert_eq!(sandbox::sign(SIGNING, timestamp, &body), signature);
        assert_ne!(sandbox::sign("whsec_other", timestamp, &body), signature);
    }
}

#[test]
fn the_signature_is_the_documented_one() {
    // HMAC-SHA256 of "1700000000.{}" under "whsec_test", by `openssl dgst -sha256 -hmac whsec_test`.
    let expected = "t=1700000000,v1=35495024f4ef3f94e5a93e22221544c4b75e9a42300cd965ab81cb85cd994e91";
    assert_eq!(sandbox::sign("whsec_test", 1_700_000_000, "{}"), expected);
}

#[tokio::test]
async fn a_receiver_that_fails_is_told_again() {
    let (receiver, gateway) = connected().await;
    *receiver.refusals.lock().unwrap() = 3;
    gateway.customer().await;
    receiver.wait("customer.created", 1).await;
    loop {
        let deliveries = gateway.control("GET", "/_sandbox/deliveries", Value::Null).await;
        if deliveries["deliveries"][0]["state"] == "delivered" {
            assert_eq!(deliveries["deliveries"][0]["attempts"], 4);
            break;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_event_can_come_twice_late_or_never() {
    let (receiver, gateway) = connected().await;
    for (path, copies, milliseconds) in [
        ("payment_intent.succeeded", 3, 0),
        ("charge.succeeded", 1, 400),
        ("customer.created", 0, 0),
    ] {
        let fault =
            json!({"action": "webhook", "path": path, "copies": copies, "milliseconds": milliseconds});
        gateway.control("POST", "/_sandbox/faults", fault).await;
    }
    let start = Instant::now();
    pay(&gateway).await;
    let copies = receiver.wait("payment_intent.succeeded", 3).await;
    assert!(copies.iter().all(|event| event["id"] == copies[0]["id"]));
    receiver.wait("charge.succeeded", 1).await;
    assert!(start.elapsed() >= Duration::from_millis(400));
    assert!(receiver.events("customer.created").is_empty());
}

#[tokio::test]
async fn an_event_can_be_sent_again_and_to_a_new_receiver() {
    let (receiver, gateway) = connected().await;
    let late = Receiver::default();
    pay(&gateway).await;
    let event = id(&receiver.wait("payment_intent.succeeded", 1).await[0]);
    let target = json!({"url": late.listen().await, "secret": "whsec_late"});
    gateway.control("POST", "/_sandbox/webhooks", target).await;
    gateway
        .control(
            "POST",
            &format!("/_sandbox/events/{event}/deliver"),
            json!({"copies": 2}),
        )
        .await;
    late.wait("payment_intent.succeeded", 2).await;
    receiver.wait("payment_intent.succeeded", 3).await;
    assert_eq!(
        gateway.get(&format!("/v1/events/{event}"), "").await.ok()["type"],
        "payment_intent.succeeded"
    );
}

#[tokio::test]
async fn events_wait_out_a_restart() {
    let folder = Folder::new();
    let receiver = Receiver::default();
    let url = receiver.listen().await;
    let mut config = config(folder.database());
    config.webhook_retry = Duration::from_millis(20);
    config.webhooks = vec![WebhookTarget {
        url,
        secret: SIGNING.to_owned(),
    }];
    let mut unreachable = config.clone();
    // The secret is looked up at delivery, so the address must be known; nobody listens while it is refused.
    unreachable.webhook_retry = Duration::from_millis(300);
    *receiver.refusals.lock().unwrap() = 1;
    let first = Gateway::with(unreachable).await;
    first.customer().await;
    while *receiver.refusals.lock().unwrap() > 0 {
        tokio::task::yield_now().await;
    }
    drop(first);
    let _second = Gateway::with(config).await;
    receiver.wait("customer.created", 1).await;
}
