//! Posts of payments: one of all that carry the same key, and what cannot be taken named by its place.

use super::{get, json, key_of, payment, post, wrong};
use crate::site::Site;
use axum::extract::ConnectInfo;
use domain::{access::ViewAudit, audit::AuditQuery, ids::InvoiceId};
use http::{StatusCode, header};
use serde_json::Value;
use std::net::SocketAddr;

#[tokio::test]
async fn a_payment_is_recorded_once_with_the_same_answer_each_time() {
    let site = Site::new().await;
    let (acme, daisy) = (site.world.acme(), site.world.daisy());
    let key = key_of(&site, acme).await;
    let (one, other) = (daisy.invoice("10.00").await, daisy.invoice("20.00").await);
    let body = payment(
        2_500,
        &json!([{ "id": one, "amount": 1_000 }, { "id": other, "amount": 1_200 }]),
    );
    let mut request = post(&key, Some("wire-17"), body.to_string());
    let from: SocketAddr = "192.0.2.5:4711".parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(from));
    let first = site.send(request).await;
    let number = first.headers()["x-request-id"].to_str().unwrap().to_owned();
    let location = first.headers()[header::LOCATION].to_str().unwrap().to_owned();
    let (status, recorded) = json(first).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(recorded["unapplied"], json!(300));
    let (status, found) = get(&site, &key, &location).await;
    assert_eq!(
        (status, &found["receipt_number"]),
        (StatusCode::OK, &recorded["receipt_number"])
    );
    assert_eq!(found["invoices"].as_array().unwrap().len(), 2);
    let again = site.send(post(&key, Some("wire-17"), body.to_string())).await;
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert_eq!(json(again).await, (StatusCode::CREATED, recorded));
    let other_body = payment(2_400, &json!([{ "id": one, "amount": 1_000 }]));
    let (status, problem) = json(
        site.send(post(&key, Some("wire-17"), other_body.to_string()))
            .await,
    )
    .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        problem["type"],
        json!("urn:quittance:problem:idempotency-key-used")
    );
    let told = backend::audit::read::list(&acme.scope::<ViewAudit>(), &AuditQuery::default())
        .await
        .unwrap();
    let row = told.rows.iter().find(|row| row.kind == "Payment").unwrap();
    assert_eq!((row.actor.as_str(), row.by_key), ("ERP", true));
    assert_eq!(row.address.as_deref(), Some("192.0.2.5"));
    assert_eq!(number.len(), 32);
}

#[tokio::test]
async fn what_cannot_be_taken_of_a_body_is_named_by_its_place() {
    let site = Site::new().await;
    let (acme, daisy) = (site.world.acme(), site.world.daisy());
    let key = key_of(&site, acme).await;
    let (own, foreign) = (
        daisy.invoice("10.00").await,
        site.world.party("Fjord").invoice("10.00").await,
    );
    let elms = site.world.party("Elm").invoice("10.00").await;
    let line = |id: InvoiceId, amount: Value| json!({ "id": id, "amount": amount });
    let send = async |body: String| json(site.send(post(&key, Some("k"), body)).await).await;
    for (body, names) in [
        (json!({}), vec!["/currency", "/amount", "/paid_on", "/invoices"]),
        (payment(0, &json!([line(own, json!(1))])), vec!["/amount"]),
        (payment(1, &json!([])), vec!["/invoices"]),
        (payment(1, &json!("all")), vec!["/invoices"]),
        (
            payment(1, &json!([7, line(own, json!(1.5))])),
            vec!["/invoices/0", "/invoices/1/amount"],
        ),
        (
            payment(1, &json!([json!({ "id": "INV-1", "amount": "1" })])),
            vec!["/invoices/0/id", "/invoices/0/amount"],
        ),
        (
            payment(2_000, &json!([line(own, json!(1_001))])),
            vec!["/invoices/0/amount"],
        ),
        (payment(1, &json!([line(own, json!(2))])), vec!["/amount"]),
        (
            payment(100, &json!([line(own, json!(1)), line(elms, json!(1))])),
            vec!["/invoices/1/amount"],
        ),
        (
            payment(100, &json!([line(own, json!(1)), line(own, json!(1))])),
            vec!["/invoices/1/amount"],
        ),
    ] {
        let (status, problem) = send(body.to_string()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert_eq!(wrong(&problem), names, "{body}");
    }
    let mut odd = payment(1, &json!([line(own, json!(1))]));
    odd["paid_on"] = json!("tomorrow");
    odd["memo"] = json!("4111 1111 1111 1111");
    odd["status"] = json!("paid");
    odd["tenant/id"] = json!(1);
    let (_, problem) = send(odd.to_string()).await;
    assert_eq!(wrong(&problem), ["/paid_on", "/memo", "/status", "/tenant~1id"]);
    let mut early = payment(1, &json!([line(own, json!(1))]));
    early["paid_on"] = json!("2026-03-16");
    assert_eq!(
        wrong(&send(early.to_string()).await.1),
        ["/paid_on"],
        "it has not come yet"
    );
    let beside = payment(100, &json!([line(own, json!(1)), line(foreign, json!(1))]));
    assert_eq!(send(beside.to_string()).await.0, StatusCode::NOT_FOUND);
    for text in ["", "{", "[]", "nothing", "{\"amount\": 1e400}"] {
        let (status, problem) = send(text.to_owned()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{text}");
        assert_eq!(wrong(&problem), [""], "{text}");
    }
    let right = payment(100, &json!([line(own, json!(100))]));
    assert_eq!(
        send(right.to_string()).await.0,
        StatusCode::CREATED,
        "nothing of it took the key"
    );
}

#[tokio::test]
async fn a_post_needs_its_headers_and_a_body_that_fits() {
    let site = Site::new().await;
    let key = key_of(&site, site.world.acme()).await;
    let invoice = site.world.daisy().invoice("10.00").await;
    let body = payment(100, &json!([{ "id": invoice, "amount": 100 }])).to_string();
    for once in [None, Some(""), Some(&*"k".repeat(65))] {
        let (status, problem) = json(site.send(post(&key, once, body.clone())).await).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert_eq!(wrong(&problem), ["Idempotency-Key"]);
    }
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=latin1",
    ] {
        let mut request = post(&key, Some("k"), body.clone());
        request
            .headers_mut()
            .insert(header::CONTENT_TYPE, kind.parse().unwrap());
        let (status, _) = json(site.send(request).await).await;
        assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
    }
    let large = format!("{}{}", " ".repeat(256 * 1024), body);
    let (status, _) = json(site.send(post(&key, Some("k"), large)).await).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
}
