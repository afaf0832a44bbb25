//! The gateway's door: only what is signed is taken, once, and a refusal does not tell why (K4, K6).

use super::site::{Site, whole};
use axum::body::Body;
use http::{Method, Request, StatusCode};

const BODY: &str = "evt_1 intent pi_1";

async fn answer(site: &Site, signature: Option<&str>, body: Vec<u8>) -> (StatusCode, String) {
    let mut request = Request::post("/gateway/events/default").header("content-type", "application/json");
    if let Some(signature) = signature {
        request = request.header("stripe-signature", signature);
    }
    let (status, text) = whole(site.send(request.body(Body::from(body)).unwrap()).await).await;
    (status, String::from_utf8(text).unwrap())
}

#[tokio::test]
async fn only_what_is_signed_is_taken_and_a_second_time_changes_nothing() {
    let site = Site::new().await;
    let before = site.world.fingerprint().await;
    for signature in [None, Some(""), Some("forged")] {
        let refused = answer(&site, signature, BODY.into()).await;
        assert_eq!(refused, (StatusCode::BAD_REQUEST, "not accepted".to_owned()));
    }
    assert_eq!(site.world.fingerprint().await, before);
    assert_eq!(answer(&site, Some("good"), BODY.into()).await.0, StatusCode::OK);
    let once = site.world.fingerprint().await;
    assert_ne!(once, before);
    assert_eq!(answer(&site, Some("good"), BODY.into()).await.0, StatusCode::OK);
    assert_eq!(site.world.fingerprint().await, once);
}

#[tokio::test]
async fn the_door_has_a_limit_and_takes_posts_alone() {
    let site = Site::new().await;
    let large = answer(&site, Some("good"), vec![b'a'; 600 * 1024]).await;
    assert_eq!(large.0, StatusCode::PAYLOAD_TOO_LARGE);
    let read = site.ask(None, Method::GET, "/gateway/events/default", "").await;
    assert_eq!(read.status(), StatusCode::METHOD_NOT_ALLOWED);
}
