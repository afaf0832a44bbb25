//! Idempotency keys: one effect, one answer.

use crate::gateway::*;

const FORM: &str = "amount=700&currency=eur&metadata[attempt]=one";

#[tokio::test]
async fn the_same_request_gets_the_same_bytes_and_has_one_effect() {
    let gateway = Gateway::new().await;
    let first = gateway
        .call("POST", "/v1/payment_intents", SECRET, FORM, Some("k1"))
        .await;
    let second = gateway
        .call("POST", "/v1/payment_intents", SECRET, FORM, Some("k1"))
        .await;
    assert_eq!(first.ok(), second.ok());
    assert_eq!(first.text, second.text);
    assert!(first.headers.get("idempotent-replayed").is_none());
    assert_eq!(second.headers["idempotent-replayed"], "true");
    assert_eq!(
        gateway.get("/v1/payment_intents", "").await.ok()["data"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn another_request_under_the_same_key_is_an_error() {
    let gateway = Gateway::new().await;
    gateway
        .call("POST", "/v1/payment_intents", SECRET, FORM, Some("k1"))
        .await
        .ok();
    let changed = FORM.replace("700", "701");
    let error = gateway
        .call("POST", "/v1/payment_intents", SECRET, &changed, Some("k1"))
        .await
        .error(400);
    assert_eq!(error["type"], "idempotency_error");
    let error = gateway
        .call("POST", "/v1/customers", SECRET, "", Some("k1"))
        .await
        .error(400);
    assert_eq!(error["type"], "idempotency_error");
}

#[tokio::test]
async fn a_refused_card_is_remembered_and_a_misspelt_parameter_is_not() {
    let gateway = Gateway::new().await;
    let customer = gateway.customer().await;
    let card = gateway.attached(DECLINED_AT_CHARGE, &customer).await;
    let intent = gateway.intent(&customer, &card, "a").await;
    let path = format!("/v1/payment_intents/{}/confirm", id(&intent));
    let first = gateway.call("POST", &path, SECRET, "", Some("k")).await;
    let second = gateway.call("POST", &path, SECRET, "", Some("k")).await;
    first.error(402);
    assert_eq!(first.text, second.text);
    assert_eq!(gateway.charges().await["failed"], 1);
    gateway
        .call("POST", "/v1/customers", SECRET, "nmae=x", Some("fresh"))
        .await
        .error(400);
    gateway
        .call("POST", "/v1/customers", SECRET, "name=x", Some("fresh"))
        .await
        .ok();
}

#[tokio::test]
async fn a_restart_forgets_nothing() {
    let folder = Folder::new();
    let (first, customer, paid) = {
        let (base, stop) = listening(config(folder.database())).await;
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let post = async |path: &str, form: &str, key: &str| {
            let request = client
                .post(format!("{base}{path}"))
                .bearer_auth(SECRET)
                .header("idempotency-key", key);
            let request = request
                .header("content-type", "application/x-www-form-urlencoded")
                .body(form.to_owned());
            request.send().await.unwrap().text().await.unwrap()
        };
        let customer = post("/v1/customers", "name=Acme", "customer").await;
        let card = post("/v1/payment_methods", &card_form(VISA), "card").await;
        let card: serde_json::Value = serde_json::from_str(&card).unwrap();
        let form = format!("{FORM}&confirm=true&payment_method={}", id(&card));
        let paid = post("/v1/payment_intents", &form, "pay").await;
        let _ = stop.send(());
        (form, customer, paid)
    };
    let gateway = Gateway::with(config(folder.database())).await;
    let again = gateway
        .call("POST", "/v1/payment_intents", SECRET, &first, Some("pay"))
        .await;
    assert_eq!(again.text, paid);
    assert_eq!(
        gateway
            .call("POST", "/v1/customers", SECRET, "name=Acme", Some("customer"))
            .await
            .text,
        customer
    );
    let charges = gateway.charges().await;
    assert_eq!(
        (&charges["succeeded"], &charges["by_key"]["pay"]),
        (&1.into(), &1.into())
    );
    assert_eq!(charges["by_attempt"]["one"], 1);
}

#[tokio::test]
async fn a_key_in_use_is_a_conflict_and_free_afterwards() {
    let gateway = Gateway::new().await;
    let fault = r#"{"action":"delay","path":"/v1/payment_intents","when":"before","milliseconds":400}"#;
    gateway
        .control("POST", "/_sandbox/faults", serde_json::from_str(fault).unwrap())
        .await;
    let slow = gateway.clone();
    let slow = tokio::spawn(async move {
        slow.call("POST", "/v1/payment_intents", SECRET, FORM, Some("k"))
            .await
    });
    // The fault list is empty as soon as the slow request has been struck; from then on it holds its key.
    while gateway
        .control("GET", "/_sandbox/faults", serde_json::Value::Null)
        .await["faults"][0]
        .is_object()
    {
        tokio::task::yield_now().await;
    }
    let mut conflicts = 0;
    let answer = loop {
        let reply = gateway
            .call("POST", "/v1/payment_intents", SECRET, FORM, Some("k"))
            .await;
        match reply.status.as_u16() {
            409 => conflicts += 1,
            _ => break reply,
        }
    };
    assert!(conflicts > 0);
    assert_eq!(slow.await.unwrap().ok(), answer.ok());
}

#[tokio::test]
async fn many_at_once_make_one() {
    let gateway = Gateway::new().await;
    let calls = (0..20).map(|_| gateway.call("POST", "/v1/payment_intents", SECRET, FORM, Some("k")));
    let replies = futures::future::join_all(calls).await;
    assert!(
        replies
            .iter()
            .all(|reply| matches!(reply.status.as_u16(), 200 | 409))
    );
    assert_eq!(
        gateway.get("/v1/payment_intents", "").await.ok()["data"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}
