//! Coming in by a company's provider, over HTTP and with real signatures: where that leads, where it ends, and what a provider
//! must publish to be taken.

use super::{
    place::{Place, cookie, leads},
    provider::{CLIENT, SECRET, Signed},
    table::{Endpoint, KINDS, NONE, TABLE, Who},
};
use axum::body::Body;
use backend::{single_sign_on::write, testing::PASSWORD};
use domain::{Refusal, access::ManageSettings, single_sign_on::ProviderForm};
use http::{Method, Request, StatusCode, header};
use serde_json::json;

#[tokio::test]
async fn somebody_comes_in_and_stays_in_that_company() {
    let place = Place::new().await;
    let page = place.text(&format!("/login/with/{}", place.tenant()), "").await;
    assert!(page.contains("Log in with your company") && page.contains(&place.provider.host()));
    assert!(!page.contains("Acme"), "the page names nobody");
    let away = place.go().await;
    for (name, wanted) in [
        ("response_type", "code"),
        ("client_id", CLIENT),
        ("scope", "openid email"),
        ("code_challenge_method", "S256"),
        (
            "redirect_uri",
            &format!("http://127.0.0.1:3000/login/return/{}", place.tenant()),
        ),
    ] {
        assert_eq!(away.asked[name], wanted);
    }
    let claims = place.claims(&away);
    let code = place
        .provider
        .sign_in(&away.asked["code_challenge"], &claims, Signed::Well);
    let before = place.site.cookie("Acme");
    let arrived = place
        .get(&place.back(&away, &code), &format!("{}; {before}", away.cookie))
        .await;
    assert_eq!(leads(&arrived), "/people");
    assert_eq!(arrived.headers()[header::REFERRER_POLICY], "no-referrer");
    let session = cookie(&arrived, "session").unwrap();
    assert_ne!(session, before, "a new one");
    let offer = format!("Log in with {}", place.provider.host());
    let remembered = cookie(&arrived, "company").unwrap();
    assert!(place.text("/login", &remembered).await.contains(&offer));
    assert!(!place.text("/login", "").await.contains(&offer));
    let old = place.get("/people", &before).await;
    assert_eq!(old.status(), StatusCode::SEE_OTHER, "the one before is over");
    let account = place.text("/account", &session).await;
    assert!(account.contains("signed in with your company"));
    assert!(!account.contains("Password now"));
    assert_eq!(place.get("/people", &session).await.status(), StatusCode::OK);
    for (path, body) in [
        ("/api/change_password", "current=a&new=b&again=b"),
        ("/api/ask_for_email", "email=a@b.example&password=x"),
        ("/api/begin_second_factor", ""),
        ("/api/find_second_factor", ""),
        ("/api/confirm_second_factor", "code=000000"),
        ("/api/renew_recovery_codes", "code=000000"),
        ("/api/switch_second_factor_off", "password=x&off_code=0"),
        ("/api/switch_tenant", &format!("tenant={}", place.tenant())),
    ] {
        let request = Request::post(path)
            .header(header::HOST, "portal.test")
            .header(header::COOKIE, &session)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.to_owned()))
            .unwrap();
        let answer = place.site.send(request).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn what_a_provider_publishes_is_checked_before_it_is_taken() {
    let place = Place::without().await;
    let issuer = place.provider.issuer.clone();
    for (published, why) in [
        (
            json!({ "issuer": "https://evil.example" }),
            Refusal::ProviderUnfit,
        ),
        (json!({ "issuer": format!("{issuer}/") }), Refusal::ProviderUnfit),
        (json!({ "token_endpoint": null }), Refusal::ProviderUnfit),
        (
            json!({ "token_endpoint": "https://169.254.169.254/token" }),
            Refusal::ProviderUnfit,
        ),
        (
            json!({ "token_endpoint": "http://127.0.0.1:1/token" }),
            Refusal::ProviderUnfit,
        ),
        (
            json!({ "authorization_endpoint": "javascript:alert(1)" }),
            Refusal::ProviderUnfit,
        ),
        (
            json!({ "authorization_endpoint": "http://login.example/" }),
            Refusal::ProviderUnfit,
        ),
        (
            json!({ "response_types_supported": ["id_token"] }),
            Refusal::ProviderUnfit,
        ),
        (
            json!({ "jwks_uri": "https://[::ffff:169.254.169.254]/keys" }),
            Refusal::ProviderSilent,
        ),
        (
            json!({ "jwks_uri": "http://127.0.0.1:1/keys" }),
            Refusal::ProviderSilent,
        ),
    ] {
        let what = published.to_string();
        place.provider.publish(published);
        let scope = place.site.world.acme().scope::<ManageSettings>();
        let outcome = write::change(&scope, &place.form(), SECRET).await;
        let Err(backend::Error::Invalid(errors)) = outcome else {
            panic!("{what}: {outcome:?}");
        };
        assert_eq!(errors.get("issuer"), Some(&why), "{what}");
    }
    for inward in [
        "https://127.0.0.1",
        "https://localhost",
        "https://169.254.169.254",
        "https://[::1]",
        "http://127.0.0.1:1",
    ] {
        let form = ProviderForm {
            issuer: inward.to_owned(),
            ..place.form()
        };
        let scope = place.site.world.acme().scope::<ManageSettings>();
        let Err(backend::Error::Invalid(errors)) = write::change(&scope, &form, SECRET).await else {
            panic!("{inward} was taken");
        };
        assert_eq!(errors.get("issuer"), Some(&Refusal::ProviderSilent), "{inward}");
    }
}

#[tokio::test]
async fn another_sites_link_does_not_send_a_browser_away() {
    let place = Place::new().await;
    let path = format!("/login/with/{}/go", place.tenant());
    for (site, away) in [
        ("cross-site", false),
        ("same-site", false),
        ("same-origin", true),
        ("none", true),
    ] {
        let request = Request::get(&path)
            .header(header::HOST, "portal.test")
            .header("sec-fetch-site", site)
            .body(Body::empty())
            .unwrap();
        let answer = place.site.send(request).await;
        assert_eq!(cookie(&answer, "away").is_some(), away, "{site}");
        assert_eq!(leads(&answer).starts_with("/login/with/"), !away, "{site}");
    }
}

#[tokio::test]
async fn a_way_in_that_was_switched_off_is_offered_no_more() {
    let place = Place::new().await;
    let arrived = place.come(Signed::Well, |_| {}).await;
    let (session, remembered) = (
        cookie(&arrived, "session").unwrap(),
        cookie(&arrived, "company").unwrap(),
    );
    let scope = place.site.world.acme().scope::<ManageSettings>();
    write::switch_off(&scope).await.unwrap();
    let page = place.text("/login", &remembered).await;
    assert!(page.contains("Log in") && !page.contains(&place.provider.host()));
    assert!(
        leads(&place.get("/people", &session).await).starts_with("/login"),
        "the session is over"
    );
}

#[tokio::test]
async fn a_way_in_that_is_none_looks_like_any_other_that_is_none() {
    let place = Place::new().await;
    let other = place.site.world.borealis().id().to_string();
    for path in [
        format!("/login/with/{other}"),
        format!("/login/with/{NONE}"),
        "/login/with/x".to_owned(),
    ] {
        assert_eq!(
            place.get(&path, "").await.status(),
            StatusCode::NOT_FOUND,
            "{path}"
        );
        let answer = place.get(&format!("{path}/go"), "").await;
        assert!(leads(&answer).starts_with("/login"), "{path}");
        assert!(cookie(&answer, "away").is_none());
    }
    let evil = place
        .get("/login/with/x%2F..%2F..%2F%2Fevil.example/go", "")
        .await;
    assert!(leads(&evil).starts_with("/login?typed="));
}

#[tokio::test]
async fn where_it_is_demanded_a_password_reaches_nothing_but_the_way_in() {
    let place = Place::new().await;
    let arrived = place.come(Signed::Well, |_| {}).await;
    let company = cookie(&arrived, "session").unwrap();
    let body = format!(
        "issuer={}&client_id={}&domains=acme.example&required=true",
        place.provider.issuer,
        CLIENT.replace(' ', "+").replace('&', "%26")
    );
    let request = Request::post("/api/change_single_sign_on")
        .header(header::HOST, "portal.test")
        .header(header::ACCEPT, "text/html")
        .header(header::COOKIE, &company)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .unwrap();
    let saved = place.site.send(request).await;
    assert_eq!(leads(&saved), "/security/single-sign-on?done=changed");
    let password = place.site.cookie("Acme");
    let way = format!("/login/with/{}", place.tenant());
    for page in [
        "/",
        "/invoices",
        "/account",
        "/people",
        "/security/single-sign-on",
    ] {
        assert_eq!(leads(&place.get(page, &password).await), way, "{page}");
    }
    assert!(
        place
            .text(&way, &password)
            .await
            .contains("Your company asks you")
    );
    assert_eq!(place.get("/switch", &password).await.status(), StatusCode::OK);
    let mut asked = 0;
    for Endpoint(method, _, path, body, who) in TABLE {
        let open = [
            "/api/find_second_factor",
            "/api/begin_second_factor",
            "/api/confirm_second_factor",
            "/api/list_workplaces",
            "/api/switch_tenant",
            "/api/find_door",
            // A preference of the browser.
            "/api/choose_columns",
        ];
        if *method != "POST" || matches!(who, Who::Anyone | Who::Keys(_)) || open.contains(path) {
            continue;
        }
        let fill = |text: &str| {
            let text = text.replace("{none}", NONE);
            KINDS
                .iter()
                .fold(text, |text, kind| text.replace(&format!("{{{kind}}}"), NONE))
        };
        let answer = place
            .site
            .ask(Some("Acme"), Method::POST, &fill(path), &fill(body))
            .await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}");
        asked += 1;
    }
    assert!(asked > 20, "only {asked}");
    assert_eq!(place.get("/people", &company).await.status(), StatusCode::OK);
    // A fresh login by password ends there as well.
    let login = format!(
        "email=admin%40acme.example&password={}",
        PASSWORD.replace(' ', "+")
    );
    let answer = place.site.ask(None, Method::POST, "/api/log_in", &login).await;
    let fresh = cookie(&answer, "session").unwrap();
    assert_eq!(leads(&place.get("/invoices", &fresh).await), way);
}

#[tokio::test]
async fn the_page_of_the_settings_never_holds_the_secret() {
    let place = Place::new().await;
    let admin = place.site.cookie("Acme");
    let page = place.text("/security/single-sign-on", &admin).await;
    assert!(page.contains(&place.provider.issuer) && page.contains("Return address"));
    for part in [SECRET, "s3cret", "v1."] {
        assert!(!page.contains(part), "{part}");
    }
    // Nor after a post that failed.
    let request = Request::post("/api/change_single_sign_on")
        .header(header::HOST, "portal.test")
        .header(header::ACCEPT, "text/html")
        .header(header::COOKIE, &admin)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(
            "issuer=nothing&client_id=x&client_secret=another-s3cret&domains=acme.example",
        ))
        .unwrap();
    let answer = place.site.send(request).await;
    let page = place.text(&leads(&answer), &admin).await;
    assert!(page.contains("is not an address of a sign-in provider"));
    assert!(!page.contains("s3cret"));
}
