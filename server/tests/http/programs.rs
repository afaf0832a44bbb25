//! The interface for programs over HTTP: who gets in, what is answered, and what is told of what cannot be taken.

use super::{
    site::{Site, whole},
    table::UPLOAD,
};
use axum::body::Body;
use backend::testing::Party;
use domain::{
    access::Permission,
    api_keys::{POSSIBLE, offered},
};
use http::{Method, Request, Response, StatusCode, header};
use serde_json::{Value, json};

mod paying;

async fn json(answer: Response<Body>) -> (StatusCode, Value) {
    let (status, bytes) = whole(answer).await;
    (status, serde_json::from_slice(&bytes).unwrap())
}

/// What an address answers to a key.
async fn get(site: &Site, key: &str, path: &str) -> (StatusCode, Value) {
    json(site.ask_with(None, Some(key), Method::GET, path, "").await).await
}

/// A key of a party that may do all that it can.
async fn key_of(site: &Site, party: &Party) -> String {
    site.key(party, "ERP", &offered(party.admin().rights())).await
}

/// A post of a payment.
fn post(key: &str, once: Option<&str>, body: impl Into<Body>) -> Request<Body> {
    let mut request = Request::post("/api/v1/payments")
        .header(header::HOST, "portal.test")
        .header(header::AUTHORIZATION, format!("Bearer {key}"))
        .header(header::CONTENT_TYPE, "application/json; charset=utf-8");
    if let Some(once) = once {
        request = request.header("Idempotency-Key", once);
    }
    request.body(body.into()).unwrap()
}

fn payment(amount: i64, invoices: &Value) -> Value {
    json!({ "currency": "USD", "amount": amount, "paid_on": "2026-03-15", "memo": "Wire 17", "invoices": invoices })
}

/// What is wrong, as `/amount` or `limit`; each with words for people.
fn wrong(problem: &Value) -> Vec<&str> {
    let errors = problem["errors"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    assert!(
        errors
            .iter()
            .all(|error| error["message"].as_str().is_some_and(|text| !text.is_empty()))
    );
    let names = ["pointer", "parameter", "header"];
    let place = errors
        .iter()
        .map(|error| names.iter().find_map(|name| error.get(*name)?.as_str()));
    place.flatten().collect()
}

#[tokio::test]
async fn one_answer_for_every_key_that_opens_nothing() {
    let site = Site::new().await;
    let acme = site.world.acme();
    let good = key_of(&site, acme).await;
    let revoked = site.key(acme, "Old", &POSSIBLE).await;
    site.revoke(acme, "Old").await;
    // Its last character is another one, whichever that is.
    let last = if good.ends_with('0') { '1' } else { '0' };
    let mut answers = Vec::new();
    for line in [
        None,
        Some(String::new()),
        Some("Bearer".to_owned()),
        Some("Bearer qk_wrong".to_owned()),
        Some(format!("Basic {good}")),
        Some(format!("Bearer {revoked}")),
        Some(format!("Bearer {}{last}", &good[..good.len() - 1])),
    ] {
        let mut request = Request::get("/api/v1/invoices").header(header::HOST, "portal.test");
        if let Some(line) = &line {
            request = request.header(header::AUTHORIZATION, line);
        }
        let answer = site.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(
            answer.headers()[header::WWW_AUTHENTICATE],
            "Bearer realm=\"quittance\""
        );
        assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
        let (status, mut problem) = json(answer).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{line:?}");
        problem.as_object_mut().unwrap().remove("request_id").unwrap();
        answers.push(problem);
    }
    assert!(answers.iter().all(|one| *one == answers[0]), "{answers:#?}");
    assert_eq!(get(&site, &good, "/api/v1").await.0, StatusCode::OK);
}

#[tokio::test]
async fn cookies_open_nothing_here_and_keys_nothing_elsewhere() {
    let site = Site::new().await;
    let key = key_of(&site, site.world.acme()).await;
    let by_cookie = site
        .ask(Some("Acme"), Method::GET, "/api/v1/invoices?side=issued", "")
        .await;
    assert_eq!(by_cookie.status(), StatusCode::UNAUTHORIZED);
    // A page of another site could make a browser send the cookie, and never the key.
    let mut forged = post("none", Some("k"), payment(100, &json!([])).to_string());
    forged.headers_mut().remove(header::AUTHORIZATION);
    forged
        .headers_mut()
        .insert(header::COOKIE, site.cookie("Acme").parse().unwrap());
    forged
        .headers_mut()
        .insert("sec-fetch-site", "cross-site".parse().unwrap());
    let answer = site.send(forged).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert!(!answer.headers().contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
    for (method, path, body) in [
        (Method::GET, "/invoices", ""),
        (Method::GET, "/invoices/export.csv", ""),
        (Method::POST, "/api/list_invoices", "side=seller&query="),
        (Method::POST, "/invoices/import/upload", UPLOAD),
    ] {
        let answer = site.ask_with(None, Some(&key), method, path, body).await;
        let turned = [StatusCode::SEE_OTHER, StatusCode::UNAUTHORIZED];
        assert!(turned.contains(&answer.status()), "{path}: {}", answer.status());
    }
}

#[tokio::test]
async fn a_change_of_rights_acts_on_the_next_call() {
    let site = Site::new().await;
    let acme = site.world.acme();
    let key = site.key(acme, "ERP", &[Permission::ViewIssuedInvoices]).await;
    let ask = async || get(&site, &key, "/api/v1/invoices").await.0;
    assert_eq!(ask().await, StatusCode::OK);
    site.world
        .give_rights(acme, domain::access::Side::Seller, domain::access::Rights::NONE)
        .await;
    assert_eq!(ask().await, StatusCode::FORBIDDEN);
    site.world.shut_out(acme, true).await;
    assert_eq!(ask().await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn lists_are_walked_by_their_cursors() {
    let site = Site::new().await;
    let daisy = site.world.daisy();
    let key = key_of(&site, daisy).await;
    for number in 1..=5 {
        daisy.invoice(&format!("{number}.00")).due(number).await;
    }
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let (status, part) = get(&site, &key, &format!("/api/v1/invoices?limit=2{after}")).await;
        assert_eq!(status, StatusCode::OK);
        let rows = part["data"].as_array().unwrap();
        assert!(rows.len() <= 2);
        found.extend(rows.iter().map(|row| row["total"].as_i64().unwrap()));
        match part["next_cursor"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break assert_eq!(part["has_more"], json!(false)),
        }
    }
    assert_eq!(found, [100, 200, 300, 400, 500]);
    let (_, some) = get(
        &site,
        &key,
        "/api/v1/invoices?currency=USD&total_from=200&total_to=300",
    )
    .await;
    assert_eq!(some["data"].as_array().unwrap().len(), 2);
    let first = some["data"][0].clone();
    assert_eq!((&first["currency"], &first["open"]), (&json!("USD"), &json!(200)));
    assert_eq!(first["due_date"], json!("2026-03-17"));
    let (status, whole) = get(
        &site,
        &key,
        &format!("/api/v1/invoices/{}", first["id"].as_str().unwrap()),
    )
    .await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(whole["lines"][0]["quantity"], json!("1"));
    assert_eq!(whole["seller"]["name"], json!("Acme"));
}

#[tokio::test]
async fn what_cannot_be_read_of_an_address_is_named() {
    let site = Site::new().await;
    let (acme, daisy) = (site.world.acme(), site.world.daisy());
    let (both, buyer) = (key_of(&site, acme).await, key_of(&site, daisy).await);
    for (key, path, names) in [
        (&both, "/api/v1/invoices", vec!["side"]),
        (&both, "/api/v1/invoices?side=mine", vec!["side"]),
        (
            &buyer,
            "/api/v1/invoices?stauts=open&limit=1000",
            vec!["stauts", "limit"],
        ),
        (
            &buyer,
            "/api/v1/invoices?status=lost&due_from=soon",
            vec!["due_from", "status"],
        ),
        (&buyer, "/api/v1/invoices?total_from=1.5", vec!["total_from"]),
        (&buyer, "/api/v1/invoices?total_from=15", vec!["currency"]),
        (&buyer, "/api/v1/invoices?number=a%00b", vec!["number"]),
        (&buyer, "/api/v1/payments?from=2026-02-30", vec!["from"]),
        (&buyer, "/api/v1/payments?after=no", vec!["after"]),
        (&buyer, "/api/v1/credit-notes?page=last", vec!["page"]),
    ] {
        let (status, problem) = get(&site, key, path).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(wrong(&problem), names, "{path}");
        assert_eq!(problem["instance"], json!(path.split('?').next().unwrap()));
        assert!(
            problem["type"]
                .as_str()
                .unwrap()
                .starts_with("urn:quittance:problem:")
        );
    }
    for path in [
        "/api/v1/nothing",
        "/api/v1/invoices/1",
        "/api/v1/invoices/1/2",
        "/api/v1/payments/x",
    ] {
        let (status, problem) = get(&site, &buyer, path).await;
        assert_eq!(
            (status, &problem["status"]),
            (StatusCode::NOT_FOUND, &json!(404)),
            "{path}"
        );
    }
    let answer = site
        .ask_with(None, Some(&buyer), Method::DELETE, "/api/v1/invoices", "")
        .await;
    assert_eq!(json(answer).await.0, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn wrong_keys_are_told_to_wait() {
    let site = Site::new().await;
    let good = key_of(&site, site.world.acme()).await;
    for _ in 0..20 {
        assert_eq!(
            get(&site, "qk_wrong", "/api/v1").await.0,
            StatusCode::UNAUTHORIZED
        );
    }
    let answer = site
        .ask_with(None, Some("qk_wrong"), Method::GET, "/api/v1", "")
        .await;
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.headers()[header::RETRY_AFTER], "30");
    assert_eq!(get(&site, &good, "/api/v1").await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_key_is_shown_once_and_not_in_an_address() {
    let site = Site::new().await;
    let body = format!(
        "key={}&name=ERP&lasts=year&may[]=invoices.view_issued",
        uuid::Uuid::new_v4()
    );
    let request = Request::post("/api/make_api_key")
        .header(header::HOST, "portal.test")
        .header(header::ACCEPT, "text/html")
        .header(header::COOKIE, site.cookie("Acme"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .unwrap();
    let answer = site.send(request).await;
    assert_eq!(answer.headers()[header::LOCATION], "/company/keys?done=made");
    let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap().to_owned();
    let (once, attributes) = cookie.split_once(';').unwrap();
    assert!(attributes.contains("HttpOnly") && attributes.contains("Max-Age=120"));
    let key = once.strip_prefix("once=").unwrap().to_owned();
    let page = async |cookies: String| {
        let request = Request::get("/company/keys?done=made")
            .header(header::HOST, "portal.test")
            .header(header::COOKIE, cookies);
        site.send(request.body(Body::empty()).unwrap()).await
    };
    let shown = page(format!("{}; {once}", site.cookie("Acme"))).await;
    assert_eq!(shown.headers()[header::CACHE_CONTROL], "no-store");
    let taken = shown.headers().get_all(header::SET_COOKIE).iter();
    assert!(
        taken
            .into_iter()
            .any(|line| line.to_str().unwrap().starts_with("once=;"))
    );
    assert!(String::from_utf8(whole(shown).await.1).unwrap().contains(&key));
    let again = String::from_utf8(whole(page(site.cookie("Acme")).await).await.1).unwrap();
    assert!(!again.contains(&key) && again.contains(&key[..11]));
    assert_eq!(get(&site, &key, "/api/v1/invoices").await.0, StatusCode::OK);
}
