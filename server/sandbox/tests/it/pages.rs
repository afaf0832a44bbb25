//! The script and the frames: headers, size, and who may embed and call.

use axum::body::Body;
use http::Request;
use sandbox::Database;

use crate::gateway::*;

const PORTAL: &str = "https://pay.example.com";

async fn framed() -> Gateway {
    let mut config = config(Database::Memory);
    config.portal_origins = vec![PORTAL.to_owned()];
    Gateway::with(config).await
}

async fn fetch(gateway: &Gateway, path: &str) -> Reply {
    gateway
        .send(Request::get(path).body(Body::empty()).unwrap())
        .await
}

#[tokio::test]
async fn the_script_is_small_and_at_both_addresses() {
    let gateway = framed().await;
    let script = fetch(&gateway, "/v3/").await;
    assert!(script.text.len() < 14 * 1024, "{} bytes", script.text.len());
    assert!(
        script.headers["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/javascript")
    );
    assert_eq!(fetch(&gateway, "/js.stripe.com/v3/").await.text, script.text);
}

#[tokio::test]
async fn the_frames_have_a_strict_policy_and_nothing_inline() {
    let gateway = framed().await;
    for path in ["/v3/card.html", "/v3/bank.html", "/v3/challenge.html"] {
        let page = fetch(&gateway, path).await;
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert!(policy.ends_with(&format!("frame-ancestors {PORTAL}")), "{policy}");
        assert!(!policy.contains("unsafe"));
        for inline in [" style=", " onclick=", "<style", "<script>"] {
            assert!(!page.text.contains(inline), "{path} has {inline}");
        }
        assert_eq!(page.headers["x-content-type-options"], "nosniff");
        assert_eq!(page.headers["referrer-policy"], "no-referrer");
    }
}

#[tokio::test]
async fn no_script_evaluates_text_or_writes_markup() {
    let gateway = framed().await;
    for path in ["/v3/", "/v3/card.js", "/v3/challenge.js"] {
        let script = fetch(&gateway, path).await.text;
        for word in [
            "eval(",
            "new Function",
            "innerHTML",
            "document.write",
            "setAttribute('style'",
            "'*'",
        ] {
            assert!(!script.contains(word), "{path} has {word}");
        }
    }
}

#[tokio::test]
async fn the_fields_have_names_and_fill_in_hints() {
    let page = fetch(&framed().await, "/v3/card.html").await.text;
    for (id, label, hint) in [
        ("number", "Card number", "cc-number"),
        ("expiry", "Expiry", "cc-exp"),
        ("cvc", "CVC", "cc-csc"),
    ] {
        assert!(page.contains(&format!(r#"<label for="{id}">{label}</label>"#)));
        assert!(page.contains(&format!(r#"autocomplete="{hint}""#)));
    }
}

#[tokio::test]
async fn only_the_portals_pages_may_call_across_origins() {
    let gateway = framed().await;
    for (origin, allowed) in [(PORTAL, Some(PORTAL)), ("https://evil.example", None)] {
        for method in ["OPTIONS", "POST"] {
            let request = Request::builder()
                .method(method)
                .uri("/v1/payment_methods")
                .header("origin", origin);
            let reply = gateway.send(request.body(Body::empty()).unwrap()).await;
            let header = reply
                .headers
                .get("access-control-allow-origin")
                .map(|value| value.to_str().unwrap());
            assert_eq!(header, allowed, "{method} {origin}");
        }
    }
}

#[tokio::test]
async fn an_origin_that_could_break_a_header_is_refused() {
    for origin in [
        "pay.example.com",
        "https://a.example; script-src *",
        "https://a.example/path",
        "https://",
    ] {
        let mut config = config(Database::Memory);
        config.portal_origins = vec![origin.to_owned()];
        assert!(sandbox::router(config).await.is_err(), "{origin}");
    }
}
