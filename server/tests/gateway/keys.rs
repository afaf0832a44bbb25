//! Idempotency keys, judged by a stand-in that keeps them as the gateway's manual says: the same request gets the same
//! answer, also where it was an error, and a key that comes with another request is refused by name.

use backend::ports::{GatewayError, PaymentGateway, RefundRequest};
use domain::{
    Currency, Money,
    ids::{AccountId, RefundId},
};
use uuid::Uuid;

use crate::bench::*;

/// What a refusal says, without the gateway's number of the request, which differs each time.
fn said(error: GatewayError) -> String {
    match error {
        GatewayError::Misuse(why) => why.split(", request").next().unwrap_or_default().to_owned(),
        other => panic!("{other:?}"),
    }
}

/// A refund of an intent, whose key is the same as long as the refund is.
fn refund(refund: RefundId, intent: &str, minor: i64) -> RefundRequest {
    RefundRequest {
        refund,
        intent: intent.to_owned(),
        amount: Money::new(minor, Currency::EUR),
    }
}

#[tokio::test]
async fn the_same_request_gets_the_same_answer() {
    let gateway = Bench::stateful_mock().gateway;
    let account = AccountId(Uuid::from_u128(rand::random()));
    let make = |name: &'static str| gateway.create_customer(SELLER, account, name, Some("pay@acme.example"));
    let first = make("Acme").await.unwrap();
    assert_eq!(make("Acme").await.unwrap(), first);
    // A new name is another request under another key, and not an error.
    assert_ne!(make("Acme Ltd").await.unwrap(), first);
}

#[tokio::test]
async fn an_error_is_kept_for_its_key_and_another_request_is_refused_by_name() {
    let gateway = Bench::stateful_mock().gateway;
    let id = RefundId(Uuid::now_v7());
    // It knows charges and no intents, so there is nothing to give back.
    let ask = async |minor| {
        gateway
            .create_refund(SELLER, &refund(id, "pi_none", minor))
            .await
            .unwrap_err()
    };
    let first = said(ask(400).await);
    assert_eq!(said(ask(400).await), first);
    assert_eq!(said(ask(500).await), "400 idempotency_error");
    assert_eq!(said(ask(400).await), first);
}

#[tokio::test]
async fn the_sandbox_names_it_alike() {
    let bench = Bench::sandbox().await;
    let (request, intent) = bench.intent(VISA).await;
    bench.confirm(&request, &intent).await.unwrap();
    let id = RefundId(Uuid::now_v7());
    let ask = async |minor| {
        bench
            .gateway
            .create_refund(SELLER, &refund(id, &intent.id, minor))
            .await
    };
    let first = ask(400).await.unwrap();
    assert_eq!(ask(400).await.unwrap(), first);
    assert_eq!(said(ask(500).await.unwrap_err()), "400 idempotency_error");
}
