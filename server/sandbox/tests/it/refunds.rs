//! Refunds never exceed the charge.

use crate::gateway::*;

async fn paid(gateway: &Gateway) -> String {
    let customer = gateway.customer().await;
    let card = gateway.attached(VISA, &customer).await;
    let intent = gateway.intent(&customer, &card, "a").await;
    id(&gateway.confirm(&intent).await.ok())
}

#[tokio::test]
async fn parts_can_be_refunded_up_to_the_whole() {
    let gateway = Gateway::new().await;
    let intent = paid(&gateway).await;
    let form = format!("payment_intent={intent}&amount=500&reason=requested_by_customer&metadata[note]=x");
    let refund = gateway.post("/v1/refunds", &form).await.ok();
    assert_eq!(
        (&refund["amount"], &refund["status"]),
        (&500.into(), &"succeeded".into())
    );
    assert_eq!(
        gateway
            .get(&format!("/v1/refunds/{}", id(&refund)), "")
            .await
            .ok(),
        refund
    );
    let error = gateway
        .post("/v1/refunds", &format!("payment_intent={intent}&amount=1500"))
        .await
        .error(400);
    assert_eq!(
        (&error["type"], &error["param"]),
        (&"invalid_request_error".into(), &"amount".into())
    );
    let rest = gateway
        .post("/v1/refunds", &format!("payment_intent={intent}"))
        .await
        .ok();
    assert_eq!(rest["amount"], 1499);
    let error = gateway
        .post("/v1/refunds", &format!("payment_intent={intent}&amount=1"))
        .await
        .error(400);
    assert_eq!(error["code"], "charge_already_refunded");
    let listed = gateway
        .get("/v1/refunds", &format!("payment_intent={intent}"))
        .await
        .ok();
    assert_eq!(listed["data"].as_array().unwrap().len(), 2);
    assert_eq!(gateway.charges().await["refunded"]["eur"], 1999);
}

#[tokio::test]
async fn what_was_not_paid_cannot_be_refunded() {
    let gateway = Gateway::new().await;
    let customer = gateway.customer().await;
    let card = gateway.attached(DECLINED_AT_CHARGE, &customer).await;
    let intent = gateway.intent(&customer, &card, "a").await;
    gateway
        .post("/v1/refunds", &format!("payment_intent={}", id(&intent)))
        .await
        .error(400);
    let charge = gateway.confirm(&intent).await.error(402)["charge"]
        .as_str()
        .unwrap()
        .to_owned();
    gateway
        .post("/v1/refunds", &format!("charge={charge}"))
        .await
        .error(400);
    gateway.post("/v1/refunds", "").await.error(400);
    gateway
        .post("/v1/refunds", "payment_intent=pi_none")
        .await
        .error(404);
}

#[tokio::test]
async fn zero_and_negative_refunds_are_refused() {
    let gateway = Gateway::new().await;
    let intent = paid(&gateway).await;
    for amount in ["0", "-5"] {
        gateway
            .post("/v1/refunds", &format!("payment_intent={intent}&amount={amount}"))
            .await
            .error(400);
    }
}

#[tokio::test]
async fn refunds_at_once_do_not_add_up_to_more() {
    let gateway = Gateway::new().await;
    let intent = paid(&gateway).await;
    let form = format!("payment_intent={intent}&amount=600");
    let replies = futures::future::join_all((0..8).map(|_| gateway.post("/v1/refunds", &form))).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 3);
}
