//! What comes in: posts of other sites, large bodies, foreign ids. What goes out: headers, whole streams.

use super::site::{Site, whole};
use axum::{body::Body, extract::ConnectInfo};
use domain::{access::ViewAudit, audit::AuditQuery};
use http::{Method, Request, StatusCode, header};
use std::net::SocketAddr;

#[tokio::test]
async fn a_post_of_another_site_is_refused() {
    let site = Site::new().await;
    for (name, value, allowed) in [
        ("sec-fetch-site", "cross-site", false),
        ("sec-fetch-site", "same-site", false),
        ("sec-fetch-site", "same-origin", true),
        ("origin", "https://evil.test", false),
        ("origin", "null", false),
        ("origin", "http://portal.test", true),
    ] {
        let request = Request::post("/api/log_out")
            .header(header::HOST, "portal.test")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(name, value)
            .body(Body::empty())
            .unwrap();
        let status = site.send(request).await.status();
        assert_eq!(
            status != StatusCode::FORBIDDEN,
            allowed,
            "{name}: {value} gave {status}"
        );
    }
}

#[tokio::test]
async fn a_body_has_a_limit() {
    let site = Site::new().await;
    let body = format!("side=buyer&query={}", "a".repeat(3 * 1024 * 1024));
    let request = Request::post("/api/list_invoices")
        .header(header::COOKIE, site.cookie("Acme"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::CONTENT_LENGTH, body.len())
        .body(Body::from(body))
        .unwrap();
    assert_eq!(site.send(request).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn what_is_another_tenants_is_not_there() {
    let site = Site::new().await;
    let own = site.world.acme().invoice("100.00").await;
    let foreign = site.world.borealis().invoice("100.00").await;
    for (id, status) in [(own, StatusCode::OK), (foreign, StatusCode::NOT_FOUND)] {
        for (method, path, body) in [
            (Method::GET, format!("/invoices/{id}"), String::new()),
            (Method::POST, "/api/find_invoice".to_owned(), format!("id={id}")),
        ] {
            let answer = site.ask(Some("Acme"), method.clone(), &path, &body).await;
            assert_eq!(answer.status(), status, "{method} {path} {body}");
        }
    }
    let chosen = format!("invoices[]={own}&invoices[]={foreign}");
    let answer = site
        .ask(
            Some("Acme"),
            Method::POST,
            "/invoices/export.csv?side=to-pay",
            &chosen,
        )
        .await;
    let (_, text) = whole(answer).await;
    assert_eq!(
        String::from_utf8(text).unwrap().trim_end().lines().count(),
        2,
        "the head and one row"
    );
}

#[tokio::test]
async fn an_address_that_leads_nowhere_says_so() {
    let site = Site::new().await;
    let (status, text) = whole(site.ask(Some("Acme"), Method::GET, "/nowhere", "").await).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(String::from_utf8(text).unwrap().contains("There is nothing here"));
    let (status, _) = whole(site.ask(Some("Acme"), Method::POST, "/api/nothing", "").await).await;
    assert!(status.is_client_error(), "{status}");
}

#[tokio::test]
async fn every_answer_is_guarded() {
    let site = Site::new().await;
    for path in [
        "/login",
        "/invoices",
        "/invoices/export.csv",
        "/livez",
        "/nowhere",
    ] {
        let answer = site.ask(Some("Acme"), Method::GET, path, "").await;
        let says = |name: &str| {
            answer
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
                .to_owned()
        };
        assert!(
            says("content-security-policy").contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert_eq!(says("x-content-type-options"), "nosniff", "{path}");
        assert!(
            !says("content-security-policy").contains("unsafe-inline"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn an_export_is_whole_however_it_is_packed() {
    let site = Site::new().await;
    for _ in 0..3 {
        site.world.acme().invoice("100.00").await;
    }
    for packed in ["identity", "gzip", "br"] {
        let request = Request::get("/invoices/export.csv?side=to-pay")
            .header(header::COOKIE, site.cookie("Acme"))
            .header(header::ACCEPT_ENCODING, packed)
            .body(Body::empty())
            .unwrap();
        let answer = site.send(request).await;
        let said = answer.headers().get(header::CONTENT_ENCODING).cloned();
        assert_eq!(said.is_some(), packed != "identity", "{packed}");
        let (status, bytes) = whole(answer).await;
        assert_eq!(status, StatusCode::OK, "{packed}");
        if packed == "identity" {
            assert_eq!(String::from_utf8(bytes).unwrap().trim_end().lines().count(), 4);
        } else {
            assert!(!bytes.is_empty(), "{packed}");
        }
    }
}

#[tokio::test]
async fn what_is_done_is_told_with_where_it_came_from() {
    let site = Site::new().await;
    let mut request = Request::post("/api/end_other_sessions")
        .header(header::HOST, "portal.test")
        .header(header::COOKIE, site.cookie("Acme"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::empty())
        .unwrap();
    let from: SocketAddr = "192.0.2.5:4711".parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(from));
    assert!(site.send(request).await.status().is_success());
    let scope = site.world.acme().scope::<ViewAudit>();
    let told = backend::audit::read::list(&scope, &AuditQuery::default())
        .await
        .unwrap();
    assert_eq!(told.rows[0].action, "Sessions ended");
    assert_eq!(told.rows[0].address.as_deref(), Some("192.0.2.5"));
}

#[tokio::test]
async fn only_a_proxy_of_the_operators_is_believed_about_where_it_came_from() {
    let mut config = server::config::Config::default();
    config.server.trusted_proxies = vec!["10.0.0.0/8".to_owned()];
    let site = Site::set(backend::testing::World::new().await, config).await;
    for (connected, header_text, told) in [
        ("10.0.0.1:4711", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("192.0.2.5:4711", "203.0.113.9", "192.0.2.5"),
    ] {
        let mut request = Request::post("/api/end_other_sessions")
            .header(header::HOST, "portal.test")
            .header(header::COOKIE, site.cookie("Acme"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("x-forwarded-for", header_text)
            .body(Body::empty())
            .unwrap();
        let from: SocketAddr = connected.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(from));
        assert!(site.send(request).await.status().is_success());
        let scope = site.world.acme().scope::<ViewAudit>();
        let page = backend::audit::read::list(&scope, &AuditQuery::default())
            .await
            .unwrap();
        assert_eq!(page.rows[0].address.as_deref(), Some(told), "{connected}");
    }
}

/// A post as a browser sends it from a page of its own choice.
fn posted(site: &Site, path: &str, body: &str) -> Request<Body> {
    Request::post(path)
        .header(header::HOST, "portal.test")
        .header(header::COOKIE, site.cookie("Acme"))
        .header(header::ACCEPT, "text/html")
        .header(header::REFERER, "https://evil.test/x?y=1")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body.to_owned()))
        .unwrap()
}

#[tokio::test]
async fn what_no_form_of_ours_sends_leads_nowhere() {
    let site = Site::new().await;
    for (path, body) in [
        ("/api/log_in", "email=a%00b@x.example&password=x"),
        ("/api/ask_for_password", "email=a%00b@x.example"),
        ("/api/make_group", "group_name=a\0b"),
        ("/api/find_invoice", "id=nouuid"),
        ("/api/switch_tenant", ""),
    ] {
        let answer = site.send(posted(&site, path, body)).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{path} {body:?}");
        assert!(
            !answer.headers().contains_key(header::LOCATION),
            "{path} leads on"
        );
    }
    for address in ["/invoices?number=%00", "/audit?document=a%00b"] {
        let answer = site.ask(Some("Acme"), Method::GET, address, "").await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{address}");
    }
    for day in ["-262143-01-01", "-9999-01-01", "%2B99999-01-01", "soon"] {
        let answer = site
            .ask(
                Some("Acme"),
                Method::GET,
                &format!("/audit?from={day}&to={day}"),
                "",
            )
            .await;
        assert_eq!(answer.status(), StatusCode::OK, "{day}");
    }
}

#[tokio::test]
async fn signing_in_leads_to_no_other_site() {
    let site = Site::new().await;
    for (next, to) in [
        ("%2Finvoices%3Fside%3Dissued", "/invoices?side=issued"),
        ("https%3A%2F%2Fevil.test%2F", "/"),
        ("%2F%2Fevil.test%2F", "/"),
        ("%2F%5Cevil.test%2F", "/"),
        ("%2F%09%2Fevil.test%2F", "/"),
        ("%2F%0A%2Fevil.test%2F", "/"),
    ] {
        let body = format!("email=admin%40acme.example&password=correct%20horse%20battery&next={next}");
        let answer = site.send(posted(&site, "/api/log_in", &body)).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{next}");
        assert_eq!(answer.headers()[header::LOCATION], to, "{next}");
    }
}

#[tokio::test]
async fn every_text_says_how_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("pkg")).unwrap();
    for name in ["pkg/quittance.js", "pkg/quittance.wasm", "favicon.svg"] {
        std::fs::write(folder.path().join(name), "x").unwrap();
    }
    let mut config = server::config::Config::default();
    config.server.site = folder.path().to_owned();
    let site = Site::set(backend::testing::World::new().await, config).await;
    for (path, kind) in [
        ("/pkg/quittance.js", "text/javascript; charset=utf-8"),
        ("/pkg/quittance.wasm", "application/wasm"),
        ("/favicon.svg", "image/svg+xml; charset=utf-8"),
        ("/livez", "text/plain; charset=utf-8"),
        ("/login", "text/html; charset=utf-8"),
    ] {
        let answer = site.ask(None, Method::GET, path, "").await;
        assert_eq!(answer.headers()[header::CONTENT_TYPE], kind, "{path}");
    }
}
