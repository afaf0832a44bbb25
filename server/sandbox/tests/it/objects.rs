//! Customers, keys, parameters and errors in general.

use axum::body::Body;
use http::Request;

use crate::gateway::*;

#[tokio::test]
async fn a_customer_lives_from_creation_to_deletion() {
    let gateway = Gateway::new().await;
    let form = "name=Acme+%26+S%C3%B6hne&email=pay%40acme.example&metadata[account]=7&address[city]=Wien";
    let made = gateway.post("/v1/customers", form).await.ok();
    assert_eq!(
        (&made["name"], &made["metadata"]["account"]),
        (&"Acme & Söhne".into(), &"7".into())
    );
    let path = format!("/v1/customers/{}", id(&made));
    let changed = gateway
        .post(&path, "email=&metadata[account]=&metadata[tier]=gold")
        .await
        .ok();
    assert!(changed["email"].is_null() && changed["metadata"].get("account").is_none());
    assert_eq!(
        (&changed["metadata"]["tier"], &changed["address"]["city"]),
        (&"gold".into(), &"Wien".into())
    );
    assert_eq!(gateway.get(&path, "").await.ok(), changed);
    assert_eq!(
        gateway.get("/v1/customers", "").await.ok()["data"][0]["id"],
        made["id"]
    );
    let gone = gateway.call("DELETE", &path, SECRET, "", None).await.ok();
    assert_eq!(gone["deleted"], true);
    assert_eq!(gateway.get(&path, "").await.ok()["deleted"], true);
    assert_eq!(
        gateway.post(&path, "name=x").await.error(404)["code"],
        "resource_missing"
    );
}

#[tokio::test]
async fn the_default_card_must_be_the_customers() {
    let gateway = Gateway::new().await;
    let customer = gateway.customer().await;
    let path = format!("/v1/customers/{customer}");
    let (own, foreign) = (gateway.attached(VISA, &customer).await, gateway.card(VISA).await);
    let form = |card: &str| format!("invoice_settings[default_payment_method]={card}");
    let changed = gateway.post(&path, &form(&own)).await.ok();
    assert_eq!(
        changed["invoice_settings"]["default_payment_method"],
        own.as_str()
    );
    gateway.post(&path, &form(&foreign)).await.error(400);
}

#[tokio::test]
async fn an_unknown_parameter_is_refused_by_name() {
    let gateway = Gateway::new().await;
    for (path, form, param) in [
        ("/v1/customers", "nmae=Acme", "nmae"),
        ("/v1/payment_intents", "amount=1&currency=eur&amout=1", "amout"),
        ("/v1/refunds", "charge=ch_1&sum=3", "sum"),
        ("/v1/setup_intents", "customr=1", "customr"),
    ] {
        let error = gateway.post(path, form).await.error(400);
        assert_eq!(
            (&error["code"], &error["param"]),
            (&"parameter_unknown".into(), &param.into())
        );
    }
}

#[tokio::test]
async fn missing_and_malformed_parameters_have_stripes_codes() {
    let gateway = Gateway::new().await;
    for (form, code) in [
        ("currency=eur", "parameter_missing"),
        ("amount=12.50&currency=eur", "parameter_invalid_integer"),
        ("amount=0&currency=eur", "parameter_invalid_integer"),
        ("amount=1", "parameter_missing"),
    ] {
        assert_eq!(
            gateway.post("/v1/payment_intents", form).await.error(400)["code"],
            code,
            "{form}"
        );
    }
}

#[tokio::test]
async fn without_the_right_key_nothing_works() {
    let gateway = Gateway::new().await;
    gateway
        .call("GET", "/v1/customers", "sk_test_other", "", None)
        .await
        .error(401);
    let bare = Request::builder()
        .uri("/v1/customers")
        .body(Body::empty())
        .unwrap();
    gateway.send(bare).await.error(401);
}

#[tokio::test]
async fn an_unknown_path_and_an_unknown_id_are_not_found() {
    let gateway = Gateway::new().await;
    gateway.get("/v1/checkout/sessions", "").await.error(404);
    let error = gateway.get("/v1/payment_intents/pi_none", "").await.error(404);
    assert_eq!(
        (&error["type"], &error["code"]),
        (&"invalid_request_error".into(), &"resource_missing".into())
    );
    gateway.get("/elsewhere", "").await.error(404);
}

#[tokio::test]
async fn json_bodies_are_refused_like_at_stripe() {
    let gateway = Gateway::new().await;
    let request = Request::post("/v1/customers").header("authorization", format!("Bearer {SECRET}"));
    let request = request
        .header("content-type", "application/json")
        .body(Body::from("{}"))
        .unwrap();
    gateway.send(request).await.error(400);
}

#[tokio::test]
async fn only_loopback_and_test_keys_are_accepted_unless_told_otherwise() {
    let mut open = config(sandbox::Database::Memory);
    open.bind = "0.0.0.0:0".parse().unwrap();
    assert!(sandbox::router(open.clone()).await.is_err());
    open.exposure = sandbox::Exposure::Network;
    assert!(sandbox::router(open).await.is_ok());
    let live = sandbox::SandboxConfig::new(sandbox::Database::Memory, "pk_live_1", "sk_live_1");
    assert!(sandbox::router(live).await.is_err());
}
