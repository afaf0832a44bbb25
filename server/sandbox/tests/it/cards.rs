//! What each test card does, and what happens to wrong details.

use crate::gateway::*;

#[tokio::test]
async fn a_card_shows_brand_last_four_and_expiry_only() {
    let gateway = Gateway::new().await;
    let form = card_form("5555+5555+5555+4444");
    let card = gateway.post("/v1/payment_methods", &form).await.ok();
    assert_eq!(card["card"]["brand"], "mastercard");
    assert_eq!(card["card"]["last4"], "4444");
    assert_eq!(
        (&card["card"]["exp_month"], &card["card"]["exp_year"]),
        (&12.into(), &2040.into())
    );
    assert!(card.get("_card").is_none());
}

#[tokio::test]
async fn one_number_has_one_fingerprint() {
    let gateway = Gateway::new().await;
    let mut prints = Vec::new();
    for number in [VISA, VISA, "5555555555554444"] {
        let card = gateway.post("/v1/payment_methods", &card_form(number)).await.ok();
        prints.push(card["card"]["fingerprint"].as_str().unwrap().to_owned());
    }
    assert_eq!(prints[0], prints[1]);
    assert_ne!(prints[0], prints[2]);
}

#[tokio::test]
async fn wrong_details_are_card_errors_with_their_field() {
    let gateway = Gateway::new().await;
    for (form, code) in [
        (card_form("4242424242424241"), "incorrect_number"),
        (card_form(VISA).replace("2040", "2019"), "invalid_expiry_year"),
        (
            card_form(VISA).replace("[exp_month]=12", "[exp_month]=13"),
            "invalid_expiry_month",
        ),
        (card_form(VISA).replace("[cvc]=123", "[cvc]=12"), "invalid_cvc"),
    ] {
        let error = gateway.post("/v1/payment_methods", &form).await.error(402);
        assert_eq!(
            (&error["type"], &error["code"]),
            (&"card_error".into(), &code.into())
        );
    }
}

#[tokio::test]
async fn expiry_and_holder_of_a_saved_card_can_be_changed() {
    let gateway = Gateway::new().await;
    let customer = gateway.customer().await;
    let card = gateway.card(VISA).await;
    let path = format!("/v1/payment_methods/{card}");
    let change = "card[exp_month]=3&card[exp_year]=2041&billing_details[name]=Ada+Byron";
    // One that nobody saved has nothing that could be kept.
    gateway.post(&path, change).await.error(400);
    gateway
        .post(&format!("{path}/attach"), &format!("customer={customer}"))
        .await
        .ok();
    let changed = gateway.post(&path, change).await.ok();
    assert_eq!(
        (&changed["card"]["exp_month"], &changed["card"]["exp_year"]),
        (&3.into(), &2041.into())
    );
    let again = gateway.post(&path, "card[exp_month]=4").await.ok();
    assert_eq!(
        (&again["card"]["exp_month"], &again["card"]["exp_year"]),
        (&4.into(), &2041.into())
    );
    assert_eq!(again["billing_details"]["name"], "Ada Byron");
    let error = gateway.post(&path, "card[exp_year]=2019").await.error(402);
    assert_eq!(error["code"], "invalid_expiry_year");
    gateway.post(&path, "card[number]=4242").await.error(400);
}

#[tokio::test]
async fn a_real_card_is_refused() {
    let error = Gateway::new()
        .await
        .post("/v1/payment_methods", &card_form("4111111111111111"))
        .await
        .error(402);
    assert_eq!(error["decline_code"], "test_mode_live_card");
}

#[tokio::test]
async fn some_cards_are_declined_when_they_are_attached() {
    let gateway = Gateway::new().await;
    let customer = gateway.customer().await;
    for (number, code, decline) in [
        (DECLINED_AT_ATTACH, "card_declined", Some("generic_decline")),
        ("4000000000000069", "expired_card", None),
        ("4000000000000127", "incorrect_cvc", None),
    ] {
        let card = gateway.card(number).await;
        let path = format!("/v1/payment_methods/{card}/attach");
        let error = gateway
            .post(&path, &format!("customer={customer}"))
            .await
            .error(402);
        assert_eq!(
            (&error["type"], &error["code"]),
            (&"card_error".into(), &code.into())
        );
        assert_eq!(error["decline_code"].as_str(), decline);
    }
}

#[tokio::test]
async fn some_cards_are_declined_when_they_are_charged() {
    let gateway = Gateway::new().await;
    let customer = gateway.customer().await;
    for (number, decline) in [
        (DECLINED_AT_CHARGE, "generic_decline"),
        (INSUFFICIENT_FUNDS, "insufficient_funds"),
    ] {
        let card = gateway.attached(number, &customer).await;
        let intent = gateway.intent(&customer, &card, "a").await;
        let error = gateway.confirm(&intent).await.error(402);
        assert_eq!(
            (&error["code"], &error["decline_code"]),
            (&"card_declined".into(), &decline.into())
        );
        assert_eq!(error["payment_intent"]["status"], "requires_payment_method");
        assert_eq!(
            error["payment_intent"]["last_payment_error"]["decline_code"],
            decline
        );
        let charge = gateway
            .get(&format!("/v1/charges/{}", error["charge"].as_str().unwrap()), "")
            .await
            .ok();
        assert_eq!(
            (&charge["paid"], &charge["status"]),
            (&false.into(), &"failed".into())
        );
    }
    assert_eq!(gateway.charges().await["succeeded"], 0);
}

#[tokio::test]
async fn a_card_is_attached_again_only_to_the_same_customer() {
    let gateway = Gateway::new().await;
    let (first, second) = (gateway.customer().await, gateway.customer().await);
    let card = gateway.attached(VISA, &first).await;
    let path = format!("/v1/payment_methods/{card}/attach");
    gateway.post(&path, &format!("customer={first}")).await.ok();
    gateway
        .post(&path, &format!("customer={second}"))
        .await
        .error(400);
}

#[tokio::test]
async fn a_detached_card_is_listed_and_used_no_more() {
    let gateway = Gateway::new().await;
    let customer = gateway.customer().await;
    let card = gateway.attached(VISA, &customer).await;
    let query = format!("customer={customer}&type=card");
    assert_eq!(
        gateway.get("/v1/payment_methods", &query).await.ok()["data"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    gateway
        .post(&format!("/v1/payment_methods/{card}/detach"), "")
        .await
        .ok();
    assert_eq!(
        gateway.get("/v1/payment_methods", &query).await.ok()["data"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
    gateway
        .post(
            &format!("/v1/payment_methods/{card}/attach"),
            &format!("customer={customer}"),
        )
        .await
        .error(400);
    let form = format!("amount=1&currency=eur&customer={customer}&payment_method={card}");
    gateway.post("/v1/payment_intents", &form).await.error(400);
    gateway
        .post(&format!("/v1/payment_methods/{card}/detach"), "")
        .await
        .error(400);
}
