//! Bank accounts: set up with a mandate, debited days later, refused, taken back.

use crate::gateway::*;
use serde_json::Value;

const US: &str = "type=us_bank_account&us_bank_account[account_holder_type]=company&us_bank_account[routing_number]=110000000&us_bank_account[account_number]";

async fn post(gateway: &Gateway, path: &str, form: &str) -> Value {
    gateway.post(path, form).await.ok()
}

/// A method that a browser entered, and its customer.
async fn entered(gateway: &Gateway, form: &str) -> (String, String) {
    let method = gateway
        .call("POST", "/v1/payment_methods", PUBLISHABLE, form, None)
        .await
        .ok();
    let customer = post(gateway, "/v1/customers", "name=Acme").await;
    let text = |value: &Value| value["id"].as_str().unwrap().to_owned();
    (text(&method), text(&customer))
}

async fn ordered(gateway: &Gateway, number: &str) -> Value {
    let (method, customer) = entered(gateway, &format!("{US}={number}")).await;
    let form = format!(
        "amount=1999&currency=usd&customer={customer}&payment_method={method}&confirm=true&payment_method_types[0]=us_bank_account"
    );
    post(gateway, "/v1/payment_intents", &form).await
}

async fn settled(gateway: &Gateway, intent: &Value) -> Value {
    let path = format!("/v1/payment_intents/{}/_settle", intent["id"].as_str().unwrap());
    post(gateway, &path, "").await
}

#[tokio::test]
async fn a_debit_is_under_way_until_the_bank_decides() {
    let gateway = Gateway::new().await;
    for (number, status) in [
        ("000123456789", "succeeded"),
        ("000111111113", "requires_payment_method"),
        ("000222222227", "requires_payment_method"),
        ("000555555559", "succeeded"),
    ] {
        let intent = ordered(&gateway, number).await;
        assert_eq!(intent["status"], "processing");
        let id = intent["id"].as_str().unwrap();
        for verb in ["confirm", "cancel"] {
            let path = format!("/v1/payment_intents/{id}/{verb}");
            gateway.post(&path, "").await.error(400);
        }
        assert_eq!(settled(&gateway, &intent).await["status"], status, "{number}");
        let again = format!("/v1/payment_intents/{id}/_settle");
        gateway.post(&again, "").await.error(400);
    }
}

#[tokio::test]
async fn once_its_time_is_over_the_bank_decides_when_somebody_looks() {
    let mut config = config(sandbox::Database::Memory);
    config.bank_takes = std::time::Duration::ZERO;
    let gateway = Gateway::with(config).await;
    let intent = ordered(&gateway, "000123456789").await;
    let path = format!("/v1/payment_intents/{}", intent["id"].as_str().unwrap());
    let secret = format!("client_secret={}", intent["client_secret"].as_str().unwrap());
    let browser = gateway.call("GET", &path, PUBLISHABLE, &secret, None).await.ok();
    assert_eq!(browser["status"], "processing", "browsers decide nothing");
    let server = gateway.get(&path, "").await.ok();
    assert_eq!(server["status"], "succeeded");
}

#[tokio::test]
async fn a_debit_that_comes_back_is_a_dispute_that_was_lost() {
    let gateway = Gateway::new().await;
    let intent = ordered(&gateway, "000555555559").await;
    settled(&gateway, &intent).await;
    let events = gateway.get("/v1/events", "").await.ok();
    let kinds: Vec<&str> = events["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|event| event["type"].as_str())
        .collect();
    assert!(kinds.contains(&"charge.dispute.created") && kinds.contains(&"payment_intent.processing"));
    let dispute = &events["data"][0]["data"]["object"];
    assert_eq!(
        (&dispute["status"], &dispute["reason"], &dispute["amount"]),
        (&"lost".into(), &"insufficient_funds".into(), &1999.into())
    );
}

#[tokio::test]
async fn setting_an_account_up_gives_a_mandate() {
    let gateway = Gateway::new().await;
    let (method, customer) = entered(
        &gateway,
        "type=sepa_debit&sepa_debit[iban]=DE89370400440532013000",
    )
    .await;
    let form = format!(
        "customer={customer}&payment_method={method}&confirm=true&payment_method_types[0]=sepa_debit"
    );
    let setup = post(&gateway, "/v1/setup_intents", &form).await;
    assert_eq!(setup["status"], "succeeded");
    let path = format!("/v1/mandates/{}", setup["mandate"].as_str().unwrap());
    let mandate = gateway.get(&path, "").await.ok();
    assert!(mandate["payment_method_details"]["sepa_debit"]["reference"].is_string());
    gateway.call("GET", &path, PUBLISHABLE, "", None).await.error(401);
}

#[tokio::test]
async fn an_account_pays_in_its_own_currency_and_only_test_accounts_are_taken() {
    let gateway = Gateway::new().await;
    let (method, customer) = entered(&gateway, &format!("{US}=000123456789")).await;
    let form = format!(
        "amount=1999&currency=eur&customer={customer}&payment_method={method}&payment_method_types[0]=us_bank_account"
    );
    gateway.post("/v1/payment_intents", &form).await.error(400);
    for form in [
        format!("{US}=123456789012"),
        "type=sepa_debit&sepa_debit[iban]=DE02120300000000202051".to_owned(),
    ] {
        gateway
            .call("POST", "/v1/payment_methods", PUBLISHABLE, &form, None)
            .await
            .error(400);
    }
}
