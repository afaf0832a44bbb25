//! What the adapter makes of a gateway that loses replies, fails, hangs or is asked twice.

use std::time::Duration;

use backend::ports::{DisputeState, GatewayError, IntentState, PaymentGateway, RefundRequest};
use domain::{
    Money,
    ids::{AccountId, RefundId},
};
use serde_json::{Value, json};
use server::adapters::stripe::Dialect;
use uuid::Uuid;

use crate::bench::*;

async fn order(bench: &Bench, fault: Value) {
    let request = bench
        .browser
        .post(format!("{}/_sandbox/faults", bench.base))
        .json(&fault);
    request.send().await.unwrap().error_for_status().unwrap();
}

async fn charges(bench: &Bench) -> Value {
    let request = bench.browser.get(format!("{}/_sandbox/charges", bench.base));
    request.send().await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn a_lost_reply_is_unknown_and_the_payment_is_found() {
    let bench = Bench::sandbox().await;
    for action in ["drop", "status"] {
        let (request, intent) = bench.intent(VISA).await;
        let path = "/v1/payment_intents/*/confirm";
        order(&bench, json!({ "action": action, "when": "after", "path": path })).await;
        let lost = bench.confirm(&request, &intent).await;
        assert!(matches!(lost, Err(GatewayError::Unreachable(_))), "{lost:?}");
        assert_eq!(bench.find(&intent).await.state, IntentState::Succeeded);
        // Asked again under the same key, it is the same payment.
        assert_eq!(
            bench.confirm(&request, &intent).await.unwrap().state,
            IntentState::Succeeded
        );
        assert_eq!(
            charges(&bench).await["by_attempt"][request.attempt.to_string()],
            1
        );
    }
}

#[tokio::test]
async fn a_gateway_that_hangs_is_given_up_on() {
    let mut bench = Bench::sandbox().await;
    bench.gateway = Bench::at(bench.base.clone(), Dialect::Full)
        .gateway
        .giving_up_after(Duration::from_millis(300));
    let (request, intent) = bench.intent(VISA).await;
    order(
        &bench,
        json!({ "action": "hang", "when": "after", "path": "/v1/payment_intents/*/confirm" }),
    )
    .await;
    let hung = bench.confirm(&request, &intent).await;
    assert!(matches!(hung, Err(GatewayError::Unreachable(_))), "{hung:?}");
}

#[tokio::test]
async fn nobody_listening_is_unreachable() {
    let bench = Bench::at("http://127.0.0.1:1".to_owned(), Dialect::Full);
    let found = bench.gateway.find_intent(SELLER, "pi_1").await;
    assert!(matches!(found, Err(GatewayError::Unreachable(_))), "{found:?}");
}

#[tokio::test]
async fn too_many_requests_are_told_apart_from_failures() {
    let bench = Bench::sandbox().await;
    let (request, intent) = bench.intent(VISA).await;
    order(
        &bench,
        json!({ "action": "status", "status": 429, "when": "before", "path": "/v1/*" }),
    )
    .await;
    assert!(matches!(
        bench.confirm(&request, &intent).await,
        Err(GatewayError::RateLimited)
    ));
    assert_eq!(
        bench.confirm(&request, &intent).await.unwrap().state,
        IntentState::Succeeded
    );
}

#[tokio::test]
async fn one_attempt_has_one_intent_and_one_account_one_customer() {
    let bench = Bench::sandbox().await;
    let (request, intent) = bench.intent(VISA).await;
    assert_eq!(
        bench.gateway.create_intent(SELLER, &request).await.unwrap(),
        intent
    );
    let account = AccountId(Uuid::from_u128(7));
    let first = bench
        .gateway
        .create_customer(SELLER, account, "Acme", None)
        .await
        .unwrap();
    assert_eq!(
        bench
            .gateway
            .create_customer(SELLER, account, "Acme", None)
            .await
            .unwrap(),
        first
    );
    // A new name is another request and must not be an error.
    bench
        .gateway
        .create_customer(SELLER, account, "Acme Ltd", None)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_request_still_running_is_unknown_and_not_refused() {
    let bench = Bench::sandbox().await;
    let (request, intent) = bench.intent(VISA).await;
    let path = "/v1/payment_intents/*/confirm";
    order(
        &bench,
        json!({ "action": "delay", "when": "before", "milliseconds": 400, "path": path }),
    )
    .await;
    let (first, second) = tokio::join!(bench.confirm(&request, &intent), async {
        while !faults(&bench).await.is_empty() {
            tokio::task::yield_now().await;
        }
        bench.confirm(&request, &intent).await
    });
    assert_eq!(first.unwrap().state, IntentState::Succeeded);
    assert!(matches!(second, Err(GatewayError::Unreachable(_))), "{second:?}");
}

async fn faults(bench: &Bench) -> Vec<Value> {
    let request = bench.browser.get(format!("{}/_sandbox/faults", bench.base));
    let body: Value = request.send().await.unwrap().json().await.unwrap();
    body["faults"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_wrong_key_is_our_fault_and_says_nothing_secret() {
    let bench = Bench::sandbox().await;
    let settings = server::config::Gateway {
        api_url: bench.base.clone(),
        script_url: String::new(),
        publishable_key: PUBLISHABLE.to_owned(),
        secret_key: "sk_test_wrong".to_owned(),
        webhook_secrets: Vec::new(),
        sellers: Default::default(),
    };
    let gateway = server::adapters::stripe::StripeGateway::new(&settings).unwrap();
    let error = gateway.find_intent(SELLER, "pi_1").await.unwrap_err();
    assert!(
        matches!(&error, GatewayError::Misuse(text) if text.contains("401") && !text.contains("sk_")),
        "{error}"
    );
}

#[tokio::test]
async fn many_intents_are_searched_page_by_page() {
    let bench = Bench::sandbox().await;
    let (request, intent) = bench.intent(VISA).await;
    for _ in 0..205 {
        let later = backend::ports::IntentRequest {
            attempt: attempt(),
            ..request.clone()
        };
        bench.gateway.create_intent(SELLER, &later).await.unwrap();
    }
    let found = bench
        .gateway
        .find_intent_of(SELLER, &request.customer, request.attempt)
        .await
        .unwrap();
    assert_eq!(found, Some(intent));
}

#[tokio::test]
async fn a_refund_whose_answer_was_lost_is_found_by_its_id_and_not_made_twice() {
    let bench = Bench::sandbox().await;
    let (request, intent) = bench.intent(VISA).await;
    bench.confirm(&request, &intent).await.unwrap();
    let wanted = RefundRequest {
        refund: RefundId(Uuid::now_v7()),
        intent: intent.id.clone(),
        amount: request.amount,
    };
    let first = bench.gateway.create_refund(SELLER, &wanted).await.unwrap();
    assert_eq!(bench.gateway.create_refund(SELLER, &wanted).await.unwrap(), first);
    assert_eq!(
        bench.gateway.refunds_of(SELLER, &intent.id).await.unwrap(),
        [first]
    );
    let more = RefundRequest {
        refund: RefundId(Uuid::now_v7()),
        ..wanted
    };
    let refused = bench.gateway.create_refund(SELLER, &more).await;
    assert!(matches!(refused, Err(GatewayError::Misuse(_))), "{refused:?}");
}

#[tokio::test]
async fn a_disputed_charge_is_read_with_its_fee_and_its_end() {
    let bench = Bench::sandbox().await;
    let (request, intent) = bench.intent("4000000000000259").await;
    bench.confirm(&request, &intent).await.unwrap();
    let events = bench.get("events?limit=10").await;
    let id = events["data"]
        .as_array()
        .unwrap()
        .iter()
        .find(|event| event["type"] == "charge.dispute.created")
        .and_then(|event| event["data"]["object"]["id"].as_str())
        .unwrap()
        .to_owned();
    let dispute = bench.gateway.find_dispute("default", &id).await.unwrap().unwrap();
    assert_eq!(
        (dispute.state, dispute.amount, &dispute.intent),
        (DisputeState::Open, request.amount, &intent.id)
    );
    assert_eq!(dispute.fee, Money::new(1_500, request.amount.currency()));
    bench.post(&format!("_disputes/{id}"), &[("status", "won")]).await;
    let dispute = bench.gateway.find_dispute("default", &id).await.unwrap().unwrap();
    assert_eq!(dispute.state, DisputeState::Won);
}
