//! Nobody gets more than the table says, and an endpoint that is not in it fails a test.

use super::people::PEOPLE;
use super::site::Site;
use super::table::{Endpoint, KINDS, NONE, TABLE, Who};
use axum::body::Body;
use domain::access::{Rights, Roles};
use http::{Method, Response, StatusCode};
use server::{
    api::ROUTES,
    router::{OTHER_ROUTES, page_routes},
};
use std::collections::BTreeSet;

/// What an answer says of the caller's right: none without a session, no, or yes. A page sends who has no session to
/// `Log in`.
fn verdict(method: &str, path: &str, answer: &Response<Body>) -> Option<bool> {
    let page = method == "GET";
    match answer.status() {
        StatusCode::UNAUTHORIZED => None,
        // The ways to a company's provider and back lead on by themselves.
        StatusCode::SEE_OTHER if page && !path.starts_with("/login") => None,
        StatusCode::FORBIDDEN => Some(false),
        status => {
            // Answers such as "your form is incomplete" would hide that nobody asked for the right.
            assert!(
                !matches!(
                    status,
                    StatusCode::BAD_REQUEST | StatusCode::INTERNAL_SERVER_ERROR
                ),
                "{method} {path} does not fit the endpoint: {status}"
            );
            Some(true)
        }
    }
}

async fn ask(site: &Site, who: Option<&'static str>, endpoint: &Endpoint) -> Option<bool> {
    let Endpoint(method, _, path, body, _) = endpoint;
    let fill = |text: &str| {
        let text = text.replace("{none}", NONE).replace("{token}", &"0".repeat(64));
        KINDS
            .iter()
            .fold(text, |text, kind| text.replace(&format!("{{{kind}}}"), NONE))
    };
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let answer = site.ask(who, method.clone(), &fill(path), &fill(body)).await;
    verdict(method.as_str(), path, &answer)
}

#[tokio::test]
async fn every_endpoint_stands_in_the_table() {
    // The routes are known once a site was built.
    let _site = Site::new().await;
    let pages = page_routes()
        .iter()
        .map(|route| ("GET".to_owned(), route.path().to_owned()));
    let functions = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, method)| (method.to_string(), path.to_owned()));
    let others = OTHER_ROUTES.map(|(method, path)| (method.to_owned(), path.to_owned()));
    let programs = ROUTES.map(|(method, path)| (method.to_owned(), path.to_owned()));
    let there: BTreeSet<(String, String)> = pages.chain(functions).chain(others).chain(programs).collect();
    let told: BTreeSet<(String, String)> = TABLE
        .iter()
        .map(|Endpoint(method, pattern, ..)| ((*method).to_owned(), (*pattern).to_owned()))
        .collect();
    let missing: Vec<_> = there.difference(&told).collect();
    let gone: Vec<_> = told.difference(&there).collect();
    assert!(missing.is_empty(), "not in the table: {missing:?}");
    assert!(gone.is_empty(), "in the table only: {gone:?}");
}

#[tokio::test]
async fn nobody_gets_in_without_a_session() {
    let site = Site::new().await;
    for endpoint in TABLE {
        let Endpoint(method, _, path, _, who) = endpoint;
        let verdict = ask(&site, None, endpoint).await;
        let expected = (*who == Who::Anyone).then_some(true);
        assert_eq!(verdict, expected, "{method} {path} without a session");
    }
}

#[tokio::test]
async fn everybody_may_do_what_the_table_says_and_no_more() {
    let site = Site::new().await;
    for (name, caller) in PEOPLE {
        site.give_roles(caller).await;
        let roles = Roles {
            seller: caller.seller,
            buyer: caller.buyer,
        };
        let rights = Rights::of(site.world.party(caller.party).kind(), roles);
        for endpoint in TABLE {
            let Endpoint(method, _, path, body, who) = endpoint;
            // These would end the session that the others need.
            let ends = ["/api/log_", "/api/set_password", "/login"];
            if ends.iter().any(|begin| path.starts_with(begin)) {
                continue;
            }
            let expected = match who {
                Who::Anyone | Who::Everybody => Some(true),
                Who::May(permissions) => Some(permissions.iter().any(|one| rights.has(*one))),
                // No session opens what is for programs.
                Who::Keys(_) => None,
            };
            let verdict = ask(&site, Some(caller.party), endpoint).await;
            assert_eq!(verdict, expected, "{name}: {method} {path} {body}");
        }
    }
}

#[tokio::test]
async fn a_call_that_lacks_its_fields_is_the_callers_fault() {
    let site = Site::new().await;
    let mut unread = 0;
    for Endpoint(method, _, path, body, _) in TABLE {
        if *method != "POST" || body.is_empty() || path.contains('{') {
            continue;
        }
        let status = site.ask(None, Method::POST, path, "").await.status();
        assert!(!status.is_server_error(), "{path}: {status}");
        unread += usize::from(status == StatusCode::BAD_REQUEST);
    }
    assert!(unread > 0, "no function needs a field");
}
