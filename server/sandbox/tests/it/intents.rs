//! Payment and setup intents: their states, who may see them, 3-D Secure.

use serde_json::Value;

use crate::gateway::*;

async fn intent_for(gateway: &Gateway, number: &str) -> (Value, String) {
    let customer = gateway.customer().await;
    let card = gateway.attached(number, &customer).await;
    (gateway.intent(&customer, &card, "attempt-1").await, customer)
}

#[tokio::test]
async fn an_intent_moves_money_only_when_confirmed_and_only_once() {
    let gateway = Gateway::new().await;
    let (intent, _) = intent_for(&gateway, VISA).await;
    assert_eq!(intent["status"], "requires_confirmation");
    assert_eq!(gateway.charges().await["succeeded"], 0);
    let paid = gateway.confirm(&intent).await.ok();
    assert_eq!(
        (&paid["status"], &paid["amount_received"]),
        (&"succeeded".into(), &1999.into())
    );
    assert_eq!(paid["metadata"]["attempt"], "attempt-1");
    assert!(paid["latest_charge"].as_str().unwrap().starts_with("ch_"));
    let error = gateway.confirm(&intent).await.error(400);
    assert_eq!(error["code"], "payment_intent_unexpected_state");
    assert_eq!(error["payment_intent"]["status"], "succeeded");
    assert_eq!(gateway.charges().await["by_attempt"]["attempt-1"], 1);
}

#[tokio::test]
async fn the_charge_can_be_expanded() {
    let gateway = Gateway::new().await;
    let (intent, _) = intent_for(&gateway, VISA).await;
    gateway.confirm(&intent).await.ok();
    let path = format!("/v1/payment_intents/{}", id(&intent));
    let found = gateway.get(&path, "expand[]=latest_charge").await.ok();
    assert_eq!(found["latest_charge"]["paid"], true);
}

#[tokio::test]
async fn a_cancelled_intent_cannot_be_confirmed_and_a_paid_one_not_cancelled() {
    let gateway = Gateway::new().await;
    let (intent, _) = intent_for(&gateway, VISA).await;
    let cancel = format!("/v1/payment_intents/{}/cancel", id(&intent));
    assert_eq!(gateway.post(&cancel, "").await.ok()["status"], "canceled");
    gateway.confirm(&intent).await.error(400);
    let (paid, _) = intent_for(&gateway, VISA).await;
    gateway.confirm(&paid).await.ok();
    gateway
        .post(&format!("/v1/payment_intents/{}/cancel", id(&paid)), "")
        .await
        .error(400);
}

#[tokio::test]
async fn after_a_refusal_another_card_can_be_tried() {
    let gateway = Gateway::new().await;
    let (intent, customer) = intent_for(&gateway, DECLINED_AT_CHARGE).await;
    gateway.confirm(&intent).await.error(402);
    gateway.confirm(&intent).await.error(400);
    let card = gateway.attached(VISA, &customer).await;
    let path = format!("/v1/payment_intents/{}/confirm", id(&intent));
    assert_eq!(
        gateway.post(&path, &format!("payment_method={card}")).await.ok()["status"],
        "succeeded"
    );
}

#[tokio::test]
async fn a_customers_intents_are_listed_newest_first_in_pages() {
    let gateway = Gateway::new().await;
    let customer = gateway.customer().await;
    let card = gateway.attached(VISA, &customer).await;
    let mut made = Vec::new();
    for number in 0..5 {
        made.insert(
            0,
            id(&gateway.intent(&customer, &card, &number.to_string()).await),
        );
    }
    gateway
        .intent(&gateway.customer().await, &gateway.card(VISA).await, "other")
        .await;
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = gateway
            .get(
                "/v1/payment_intents",
                &format!("customer={customer}&limit=2{after}"),
            )
            .await
            .ok();
        seen.extend(page["data"].as_array().unwrap().iter().map(id));
        if page["has_more"] == false {
            break;
        }
        after = format!("&starting_after={}", seen.last().unwrap());
    }
    assert_eq!(seen, made);
}

#[tokio::test]
async fn a_card_of_another_customer_is_refused() {
    let gateway = Gateway::new().await;
    let card = gateway.attached(VISA, &gateway.customer().await).await;
    let other = gateway.customer().await;
    for customer in [format!("&customer={other}"), String::new()] {
        let form = format!("amount=1&currency=eur&payment_method={card}{customer}");
        gateway.post("/v1/payment_intents", &form).await.error(400);
    }
}

#[tokio::test]
async fn off_session_belongs_to_the_confirmation() {
    let gateway = Gateway::new().await;
    let error = gateway
        .post("/v1/payment_intents", "amount=1&currency=eur&off_session=true")
        .await
        .error(400);
    assert_eq!(error["param"], "off_session");
}

#[tokio::test]
async fn a_payer_who_is_there_is_asked_and_one_who_is_not_is_needed() {
    let gateway = Gateway::new().await;
    let (intent, customer) = intent_for(&gateway, THREE_D_SECURE).await;
    let waiting = gateway.confirm(&intent).await.ok();
    assert_eq!(waiting["status"], "requires_action");
    assert_eq!(waiting["next_action"]["type"], "use_stripe_sdk");
    let card = gateway.attached(THREE_D_SECURE, &customer).await;
    let absent = gateway.intent(&customer, &card, "absent").await;
    let path = format!("/v1/payment_intents/{}/confirm", id(&absent));
    let error = gateway.post(&path, "off_session=true").await.error(402);
    assert_eq!(
        (&error["type"], &error["code"]),
        (&"card_error".into(), &"authentication_required".into())
    );
    assert_eq!(gateway.charges().await["succeeded"], 0);
}

#[tokio::test]
async fn a_challenge_ends_in_a_payment_or_in_none() {
    let gateway = Gateway::new().await;
    for (success, status, charges) in [("false", "requires_payment_method", 0), ("true", "succeeded", 1)] {
        let (intent, _) = intent_for(&gateway, THREE_D_SECURE).await;
        gateway.confirm(&intent).await.ok();
        let path = format!("/v1/payment_intents/{}/_authenticate", id(&intent));
        let secret = intent["client_secret"].as_str().unwrap();
        let form = format!("client_secret={secret}&success={success}");
        let after = gateway.call("POST", &path, PUBLISHABLE, &form, None).await.ok();
        assert_eq!(after["status"], status);
        assert_eq!(gateway.charges().await["succeeded"], charges);
        gateway
            .call("POST", &path, PUBLISHABLE, &form, None)
            .await
            .error(400);
    }
}

#[tokio::test]
async fn a_browser_sees_an_intent_only_with_its_secret_and_without_the_portals_notes() {
    let gateway = Gateway::new().await;
    let (intent, _) = intent_for(&gateway, VISA).await;
    let path = format!("/v1/payment_intents/{}", id(&intent));
    let secret = intent["client_secret"].as_str().unwrap();
    let found = gateway
        .call(
            "GET",
            &path,
            PUBLISHABLE,
            &format!("client_secret={secret}"),
            None,
        )
        .await
        .ok();
    assert!(found.get("metadata").is_none() && found.get("customer").is_none());
    for query in ["", "client_secret=pi_x_secret_y"] {
        gateway
            .call("GET", &path, PUBLISHABLE, query, None)
            .await
            .error(404);
    }
}

#[tokio::test]
async fn a_browser_may_make_no_other_call() {
    let gateway = Gateway::new().await;
    let (intent, customer) = intent_for(&gateway, VISA).await;
    for (method, path) in [
        ("POST", "/v1/customers".to_owned()),
        ("GET", format!("/v1/customers/{customer}")),
        ("GET", "/v1/payment_intents".to_owned()),
        ("POST", "/v1/payment_intents".to_owned()),
        ("POST", format!("/v1/payment_intents/{}/cancel", id(&intent))),
        ("POST", "/v1/refunds".to_owned()),
        ("GET", "/v1/events".to_owned()),
    ] {
        let error = gateway
            .call(method, &path, PUBLISHABLE, "", None)
            .await
            .error(401);
        assert_eq!(error["code"], "secret_key_required", "{path}");
    }
}

#[tokio::test]
async fn a_confirmed_setup_attaches_the_card() {
    let gateway = Gateway::new().await;
    for number in [VISA, THREE_D_SECURE] {
        let customer = gateway.customer().await;
        let setup = gateway
            .post(
                "/v1/setup_intents",
                &format!("customer={customer}&usage=off_session"),
            )
            .await
            .ok();
        let card = gateway.card(number).await;
        let (path, secret) = (
            format!("/v1/setup_intents/{}", id(&setup)),
            setup["client_secret"].as_str().unwrap(),
        );
        let form = format!("client_secret={secret}&payment_method={card}");
        let mut after = gateway
            .call("POST", &format!("{path}/confirm"), PUBLISHABLE, &form, None)
            .await
            .ok();
        if number == THREE_D_SECURE {
            assert_eq!(after["status"], "requires_action");
            let form = format!("client_secret={secret}&success=true");
            after = gateway
                .call("POST", &format!("{path}/_authenticate"), PUBLISHABLE, &form, None)
                .await
                .ok();
        }
        assert_eq!(after["status"], "succeeded");
        let card = gateway.get(&format!("/v1/payment_methods/{card}"), "").await.ok();
        assert_eq!(card["customer"], customer.as_str());
    }
}

#[tokio::test]
async fn a_declined_setup_leaves_the_card_alone() {
    let gateway = Gateway::new().await;
    let customer = gateway.customer().await;
    let setup = gateway
        .post("/v1/setup_intents", &format!("customer={customer}"))
        .await
        .ok();
    let card = gateway.card(DECLINED_AT_ATTACH).await;
    let path = format!("/v1/setup_intents/{}/confirm", id(&setup));
    let error = gateway
        .post(&path, &format!("payment_method={card}"))
        .await
        .error(402);
    assert_eq!(error["setup_intent"]["status"], "requires_payment_method");
}
