//! Logging in with a code, and what somebody who must set up a second factor reaches.

use super::{
    site::{Site, whole},
    table::{Endpoint, NONE, TABLE, Who},
};
use axum::body::Body;
use backend::{
    security::write::change,
    testing::{PASSWORD, code},
};
use domain::{access::ManageSettings, security::SecurityForm};
use http::{Method, Request, Response, StatusCode, header};

/// Posts a form as a browser without script does.
async fn post(site: &Site, path: &str, cookie: &str, body: &str) -> Response<Body> {
    let request = Request::post(path)
        .header(header::HOST, "portal.test")
        .header(header::ACCEPT, "text/html")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body.to_owned()))
        .unwrap();
    site.send(request).await
}

/// Where an answer leads.
fn leads(answer: &Response<Body>) -> String {
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    answer.headers()[header::LOCATION].to_str().unwrap().to_owned()
}

/// A cookie that an answer sets, as a request carries it.
fn cookie(answer: &Response<Body>, name: &str) -> Option<String> {
    let all = answer.headers().get_all(header::SET_COOKIE).iter();
    let mut pairs = all.filter_map(|line| line.to_str().ok()?.split(';').next());
    let found = pairs.find(|pair| pair.strip_prefix(name).is_some_and(|rest| rest.starts_with('=')))?;
    (!found.ends_with('=')).then(|| found.to_owned())
}

async fn page(site: &Site, path: &str, cookie: &str) -> Response<Body> {
    let request = Request::get(path)
        .header(header::HOST, "portal.test")
        .header(header::COOKIE, cookie)
        .body(Body::empty())
        .unwrap();
    site.send(request).await
}

async fn text(answer: Response<Body>) -> String {
    String::from_utf8(whole(answer).await.1).unwrap()
}

#[tokio::test]
async fn a_second_factor_is_set_up_and_asked_for() {
    let site = Site::new().await;
    let me = site.cookie("Acme");
    let begun = post(&site, "/api/begin_second_factor", &me, "").await;
    assert_eq!(leads(&begun), "/account/second-factor");
    let shown = text(page(&site, "/account/second-factor", &me).await).await;
    assert!(
        shown.contains("<svg") && !shown.contains("otpauth"),
        "only the picture says it"
    );
    let (_, rest) = shown.split_once("id=\"key\"").unwrap();
    let secret = rest.split(['>', '<']).nth(1).unwrap().to_owned();
    let typed = code(&secret, site.world.backend.now());
    let on = post(&site, "/api/confirm_second_factor", &me, &format!("code={typed}")).await;
    assert_eq!(leads(&on), "/account/second-factor?done=on");
    let (session, once) = (cookie(&on, "session").unwrap(), cookie(&on, "once").unwrap());
    assert_ne!(session, me);
    let both = format!("{session}; {once}");
    let shown = page(&site, "/account/second-factor?done=on", &both).await;
    let taken = shown.headers().get_all(header::SET_COOKIE).iter();
    assert!(
        taken
            .into_iter()
            .any(|line| line.to_str().unwrap().starts_with("once=;")),
        "the page takes the codes from the browser"
    );
    let first = once
        .strip_prefix("once=")
        .unwrap()
        .split('.')
        .next()
        .unwrap()
        .to_owned();
    assert!(text(shown).await.contains(&first));
    let again = text(page(&site, "/account/second-factor", &session).await).await;
    assert!(again.contains("10 recovery codes are left") && !again.contains(&first));

    site.world.seconds_pass(60);
    let login = format!(
        "email=admin%40acme.example&password={}&next=%2Faccount",
        PASSWORD.replace(' ', "+")
    );
    let half = post(&site, "/api/log_in", "", &login).await;
    assert_eq!(leads(&half), "/login/code?next=%2Faccount");
    assert!(cookie(&half, "session").is_none(), "there is no session yet");
    let pending = cookie(&half, "pending").unwrap();
    let as_session = pending.replace("pending=", "session=");
    assert!(leads(&page(&site, "/account", &as_session).await).starts_with("/login"));
    let wrong = post(&site, "/api/log_in_code", &pending, "code=000000&next=%2Faccount").await;
    assert!(leads(&wrong).starts_with("/login/code?next=%2Faccount&typed="));
    assert!(
        text(page(&site, &leads(&wrong), &pending).await)
            .await
            .contains("This code is wrong")
    );
    let without = post(&site, "/api/log_in_code", "", "code=000000").await;
    assert!(leads(&without).starts_with("/login?typed="));
    let typed = code(&secret, site.world.backend.now());
    let done = post(
        &site,
        "/api/log_in_code",
        &pending,
        &format!("code={typed}&next=%2Faccount"),
    )
    .await;
    assert_eq!(leads(&done), "/account");
    let session = cookie(&done, "session").unwrap();
    assert_eq!(page(&site, "/account", &session).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn who_must_set_up_a_second_factor_reaches_nothing_else() {
    let site = Site::new().await;
    let form = SecurityForm {
        second_factor: vec!["to-pay:admin".to_owned()],
        ..Default::default()
    };
    change(&site.world.daisy().scope::<ManageSettings>(), &form)
        .await
        .unwrap();
    // What they may still do; the columns of the grid are a preference of the browser.
    let open = [
        "/api/find_second_factor",
        "/api/begin_second_factor",
        "/api/confirm_second_factor",
        "/api/list_workplaces",
        "/api/switch_tenant",
        "/api/choose_columns",
    ];
    for Endpoint(method, _, path, body, who) in TABLE {
        let ends = ["/api/log_", "/api/set_password", "/login"];
        let for_others = matches!(who, Who::Anyone | Who::Keys(_));
        if ends.iter().any(|begin| path.starts_with(begin)) || for_others {
            continue;
        }
        let fill = |text: &str| {
            let mut text = text.replace("{none}", NONE);
            while let Some((before, rest)) = text.clone().split_once('{') {
                let (_, after) = rest.split_once('}').unwrap();
                text = format!("{before}{NONE}{after}");
            }
            text
        };
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let answer = site
            .ask(Some("Daisy"), method.clone(), &fill(path), &fill(body))
            .await;
        match (method == Method::GET, *path) {
            (true, "/account/second-factor" | "/switch") => assert_eq!(answer.status(), StatusCode::OK),
            // The frame around the page shows the tenant's picture; this tenant is not there.
            (true, path) if path.starts_with("/logo/") => assert_eq!(answer.status(), StatusCode::NOT_FOUND),
            (true, _) => assert_eq!(leads(&answer), "/account/second-factor", "{path}"),
            (false, path) if open.contains(&path) => {
                assert_ne!(answer.status(), StatusCode::FORBIDDEN, "{path}");
            }
            (false, path) => assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}"),
        }
    }
    let shown = text(page(&site, "/account/second-factor", &site.cookie("Daisy")).await).await;
    assert!(shown.contains("Your company asks for a second factor"));
    let left = post(&site, "/api/log_out", &site.cookie("Daisy"), "").await;
    assert_eq!(leads(&left), "/login");
}

#[tokio::test]
async fn a_link_for_another_address_is_spent_by_a_post_and_tells_nobody_where_it_came_from() {
    let site = Site::new().await;
    let path = format!("/account/email/{}", "0".repeat(64));
    let answer = page(&site, &path, "").await;
    assert_eq!(answer.headers()["referrer-policy"], "no-referrer");
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text(answer).await.contains("This link does not work any more"));
}
