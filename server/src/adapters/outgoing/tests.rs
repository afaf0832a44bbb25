//! Spellings of what must not be called, and what a server that is called may do.

use super::*;
use axum::{Router, response::Redirect, routing::get};

/// This machine, the clouds' metadata and private networks, as people hide them.
const INWARD: &[&str] = &[
    "https://127.0.0.1/",
    "https://127.0.0.1:443/",
    "https://127.1/",
    "https://127.0.1/",
    "https://127.000.000.001/",
    "https://0177.0.0.1/",
    "https://0x7f.0.0.1/",
    "https://0x7f000001/",
    "https://0X7F.1/",
    "https://2130706433/",
    "https://017700000001/",
    "https://127.0.0.1./",
    "https://127.255.255.254/",
    "https://0/",
    "https://0.0.0.0/",
    "https://[::1]/",
    "https://[0:0:0:0:0:0:0:1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[0:0:0:0:0:ffff:127.0.0.1]/",
    "https://[::127.0.0.1]/",
    "https://[64:ff9b::127.0.0.1]/",
    "https://[64:ff9b:1::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://①②⑦.⓪.⓪.①/",
    "https://127。0。0。1/",
    "https://%31%32%37.0.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://169.254.43518/",
    "https://0xa9fea9fe/",
    "https://2852039166/",
    "https://0251.0376.0251.0376/",
    "https://0xA9.0xFE.0xA9.0xFE/",
    "https://[::ffff:169.254.169.254]/",
    "https://[::ffff:a9fe:a9fe]/",
    "https://[64:ff9b::a9fe:a9fe]/",
    "https://[2002:a9fe:a9fe::1]/",
    "https://[fe80::a9fe:a9fe]/",
    "https://[fd00:ec2::254]/",
    "https://100.100.100.200/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://192.168.0.1/",
    "https://100.64.0.1/",
    "https://192.0.0.192/",
    "https://198.18.0.1/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://[fc00::1]/",
    "https://[fec0::1]/",
    "https://[ff02::1]/",
    "https://[2001:db8::1]/",
    "https://[2001::1]/",
];

/// What is no address for such a call whatever it leads to.
const UNFIT: &[&str] = &[
    "http://login.example/",
    "http://127.0.0.1/",
    "https://login.example:8443/",
    "https://login.example:22/",
    "https://user@login.example/",
    "https://user:secret@login.example/",
    "https://login.example@127.0.0.1/",
    "https://127.0.0.1#@login.example/",
    "https://127.0.0.1\\@login.example/",
    "file:///etc/passwd",
    "ftp://login.example/",
    "gopher://127.0.0.1:70/",
];

fn strict() -> Outgoing {
    Outgoing::new(Vec::new()).unwrap()
}

fn allowing(host: &str) -> Outgoing {
    Outgoing::new(vec![Allowed::read(host).unwrap()]).unwrap()
}

fn request(url: &str) -> Request<Vec<u8>> {
    Request::builder().uri(url).body(Vec::new()).unwrap()
}

#[test]
fn no_spelling_of_an_inward_address_may_be_called() {
    assert!(INWARD.len() >= 40);
    let outgoing = strict();
    for text in INWARD.iter().chain(UNFIT) {
        // What is no address at all is called even less.
        let Ok(url) = Url::parse(text) else { continue };
        assert!(outgoing.judge(&url).is_err(), "{text} is read as {url}");
    }
    for text in [
        "https://login.example/",
        "https://login.example:443/x",
        "https://8.8.8.8/",
        "https://[2606:4700::1111]/",
        "https://[::ffff:8.8.8.8]/",
    ] {
        outgoing.judge(&Url::parse(text).unwrap()).unwrap();
    }
}

#[tokio::test]
async fn a_name_that_leads_inward_is_not_called() {
    let outgoing = strict();
    for name in ["localhost", "LOCALHOST", "localhost.", "ip6-localhost"] {
        let answer = outgoing.ask(request(&format!("https://{name}/"))).await;
        assert!(
            matches!(answer, Err(OutgoingError::Unreachable(_) | OutgoingError::Slow)),
            "{name}"
        );
    }
    let resolver = PublicOnly {
        allowed: Vec::new().into(),
    };
    assert!(resolver.resolve("localhost".parse().unwrap()).await.is_err());
    let resolver = PublicOnly {
        allowed: vec![Allowed::read("localhost:4000").unwrap()].into(),
    };
    assert!(resolver.resolve("localhost".parse().unwrap()).await.is_ok());
}

#[test]
fn what_the_operator_names_may_be_called_and_nothing_beside_it() {
    let outgoing = allowing("login.internal:8443");
    let judge = |text: &str| outgoing.judge(&Url::parse(text).unwrap());
    judge("https://login.internal:8443/x").unwrap();
    judge("https://LOGIN.internal:8443/x").unwrap();
    for no in [
        "https://login.internal:8444/",
        "http://login.internal:8443/",
        "https://127.0.0.1:8443/",
        "https://x.login.internal:8443/",
        "https://user@login.internal:8443/",
    ] {
        assert!(judge(no).is_err(), "{no}");
    }
    allowing("10.1.2.3")
        .judge(&Url::parse("https://10.1.2.3:9000/").unwrap())
        .unwrap();
    allowing("127.0.0.1:4000")
        .judge(&Url::parse("http://127.0.0.1:4000/").unwrap())
        .unwrap();
    allowing("[::1]:4000")
        .judge(&Url::parse("http://[::1]:4000/").unwrap())
        .unwrap();
    for no in [
        "",
        "a b",
        "https://login.internal",
        "login.internal:99999",
        "login.internal/x",
        "a@b",
    ] {
        assert!(Allowed::read(no).is_err(), "{no}");
    }
}

#[test]
fn browsers_are_sent_to_pages_only() {
    let outgoing = strict();
    let judge = |text: &str| outgoing.judge_for_browser(&Url::parse(text).unwrap());
    judge("https://login.internal:8443/authorize").unwrap();
    for no in [
        "http://login.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///x",
    ] {
        assert!(judge(no).is_err(), "{no}");
    }
}

/// A server of this machine, and a client that may call it.
async fn server(routes: Router) -> (String, Outgoing) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    let outgoing = allowing(&address);
    (format!("http://{address}"), outgoing)
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let routes = Router::new()
        .route("/", get(|| async { Redirect::to("/inward") }))
        .route("/inward", get(|| async { "secret" }));
    let (base, outgoing) = server(routes).await;
    let answer = outgoing.ask(request(&base)).await.unwrap();
    assert_eq!(answer.status(), 303);
    assert!(!String::from_utf8_lossy(answer.body()).contains("secret"));
}

#[tokio::test]
async fn long_and_slow_answers_are_given_up() {
    let routes = Router::new()
        .route("/fits", get(|| async { vec![b'x'; LONGEST] }))
        .route("/long", get(|| async { vec![b'x'; LONGEST + 1] }))
        .route(
            "/slow",
            get(|| async { tokio::time::sleep(Duration::from_secs(60)).await }),
        );
    let (base, outgoing) = server(routes).await;
    let fits = outgoing.ask(request(&format!("{base}/fits"))).await.unwrap();
    assert_eq!(fits.body().len(), LONGEST);
    let long = outgoing.ask(request(&format!("{base}/long"))).await;
    assert!(matches!(long, Err(OutgoingError::Long)));
    let begun = std::time::Instant::now();
    let slow = outgoing.ask(request(&format!("{base}/slow"))).await;
    assert!(matches!(slow, Err(OutgoingError::Slow)), "{slow:?}");
    assert!(begun.elapsed() < PATIENCE + Duration::from_secs(2));
}
