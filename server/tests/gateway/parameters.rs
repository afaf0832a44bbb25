//! Every parameter that the adapter sends is one that Stripe's own library declares for the call.
//!
//! The names are recorded on the wire while the suite's cases run, so none can be forgotten here.

use std::collections::BTreeSet;
use std::io::Write;
use std::net::Ipv4Addr;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use backend::ports::PaymentGateway;
use sandbox::{Database, SandboxConfig};
use server::adapters::stripe::Dialect;

use crate::bench::*;
use crate::{suite, taken};

type Calls = Arc<Mutex<BTreeSet<String>>>;

/// Notes method, path and names of a call of the server, in the script's form.
async fn record(State(calls): State<Calls>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let of_the_server = parts.headers.contains_key("authorization");
    let text = format!(
        "{}&{}",
        parts.uri.query().unwrap_or_default(),
        String::from_utf8_lossy(&body)
    );
    let names = text
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, _)| name);
    let names = names
        .map(|name| name.replace("%5B", "[").replace("%5D", "]"))
        .collect::<Vec<_>>()
        .join(" ");
    if of_the_server {
        calls
            .lock()
            .unwrap()
            .insert(format!("{} {} {names}", parts.method, parts.uri.path()));
    }
    next.run(Request::from_parts(parts, Body::from(body))).await
}

#[tokio::test]
async fn every_parameter_is_one_that_stripe_knows() {
    let calls = Calls::default();
    let router = sandbox::router(SandboxConfig::new(Database::Memory, PUBLISHABLE, SECRET))
        .await
        .unwrap();
    let router = router.layer(from_fn_with_state(calls.clone(), record));
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });

    let bench = Bench::at(base, Dialect::Full);
    suite::a_payment_goes_from_customer_to_charge(&bench).await;
    suite::a_card_can_be_attached_and_detached_again_and_again(&bench).await;
    suite::what_is_kept_of_a_card_can_be_changed(&bench).await;
    suite::a_lost_intent_is_found_by_its_attempt(&bench).await;
    suite::cancelling_twice_is_cancelled(&bench).await;
    suite::money_goes_back_and_is_found_again(&bench).await;
    taken::what_was_taken_is_listed_whoever_asked_for_it(&bench).await;
    taken::a_listed_charge_says_whose_it_is_and_what_was_kept(&bench).await;
    suite::nobody_is_asked_off_session(&bench).await;
    suite::a_card_is_set_up_without_paying(&bench).await;
    suite::a_mandate_is_kept_and_a_returned_debit_is_a_lost_dispute(&bench).await;
    assert_eq!(
        bench.gateway.find_dispute("default", "dp_none").await.unwrap(),
        None
    );

    // What the tests themselves do as the server would is not the adapter's.
    calls
        .lock()
        .unwrap()
        .retain(|line| !line.contains("/_settle") && !line.contains("/v1/events"));
    let lines: Vec<String> = calls.lock().unwrap().iter().cloned().collect();
    assert!(
        lines.iter().any(|line| line.contains("metadata[attempt]")),
        "{lines:#?}"
    );
    let mut check = Command::new(python())
        .arg(script("stripe_parameters.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    check
        .stdin
        .take()
        .unwrap()
        .write_all(lines.join("\n").as_bytes())
        .unwrap();
    let output = check.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}
