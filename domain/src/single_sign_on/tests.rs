//! What a form may say, who is linked, and when this way in may be demanded.

use super::*;

fn form(issuer: &str, domains: &str) -> ProviderForm {
    ProviderForm {
        issuer: issuer.to_owned(),
        client_id: " portal ".to_owned(),
        domains: domains.to_owned(),
        required: false,
        second_factor: false,
    }
}

#[test]
fn an_issuer_is_kept_as_it_is_written() {
    for issuer in [
        "https://login.acme.example",
        "https://login.acme.example/",
        "https://login.acme.example:8443/realms/Acme",
        "http://127.0.0.1:4000",
        "http://localhost/x",
        "http://[::1]:4000",
    ] {
        let read = form(issuer, "acme.example").read().unwrap();
        assert_eq!(read.issuer, issuer);
        assert_eq!(read.client_id, "portal");
    }
}

#[test]
fn what_is_no_issuer_is_refused() {
    for text in [
        "login.acme.example",
        "http://login.acme.example",
        "http://127.0.0.1.evil.example",
        "http://localhost@evil.example",
        "https://user@login.acme.example",
        "https://login.acme.example/?x=1",
        "https://login.acme.example/#x",
        "https://login.acme.example/a b",
        "https://login.acme.example\\@evil.example",
        "https://",
        "https:///x",
        "ftp://login.acme.example",
        "javascript://login.acme.example",
        "https://lögin.example",
    ] {
        let errors = form(text, "acme.example").read().unwrap_err();
        assert!(
            matches!(errors.get("issuer"), Some(Refusal::NotAnIssuer { .. })),
            "{text}: {errors:?}"
        );
    }
    let errors = form("", "").read().unwrap_err();
    assert_eq!(errors.get("issuer"), Some(&Refusal::Missing));
    assert_eq!(errors.get("domains"), Some(&Refusal::Missing));
}

#[test]
fn domains_are_read_with_or_without_the_sign_and_each_once() {
    let read = form(
        "https://a.example",
        "@Acme.example, acme.example\nacme.org;x-y.example",
    )
    .read();
    assert_eq!(read.unwrap().domains, ["acme.example", "acme.org", "x-y.example"]);
    for text in [
        "acme",
        "acme..example",
        "-a.example",
        "*.example",
        "a_b.example",
        "ada@acme.example",
    ] {
        let errors = form("https://a.example", text).read().unwrap_err();
        assert!(
            matches!(errors.get("domains"), Some(Refusal::NotADomain { .. })),
            "{text}"
        );
    }
    let many: Vec<String> = (0..21).map(|n| format!("d{n}.example")).collect();
    let errors = form("https://a.example", &many.join(" ")).read().unwrap_err();
    assert_eq!(errors.get("domains"), Some(&Refusal::TooMany { at_most: 20 }));
}

#[test]
fn only_a_proven_address_of_a_named_domain_links() {
    let domains = ["acme.example".to_owned()];
    let links = |email: &str, verified| linking_address(&domains, Some(email), verified);
    assert_eq!(
        links("Ada@Acme.example", true).as_deref(),
        Some("ada@acme.example")
    );
    assert_eq!(links("ada@acme.example", false), None);
    assert_eq!(linking_address(&domains, None, true), None);
    for foreign in [
        "ada@other.example",
        "ada@sub.acme.example",
        "ada@notacme.example",
        "ada@acme.example.evil.example",
        "ada@acme.example@evil.example",
        "ada@evil.example@acme.example",
        "ada@acme.example.",
        "acme.example",
        "@acme.example",
    ] {
        assert_eq!(links(foreign, true), None, "{foreign}");
    }
}

#[test]
fn who_did_not_come_that_way_cannot_demand_it() {
    let provider = |issuer: &str, required| Provider {
        issuer: issuer.to_owned(),
        client_id: "portal".to_owned(),
        required,
        ..Provider::default()
    };
    let (one, other) = ("https://one.example", "https://other.example");
    let first = Err(Refusal::CompanyFirst);
    let known = provider(one, false);
    let wanted = provider(one, true);
    assert_eq!(may_demand(&wanted, Some(&known), AuthMethod::Company), Ok(()));
    assert_eq!(
        may_demand(&wanted, Some(&known), AuthMethod::CompanyStrong),
        Ok(())
    );
    assert_eq!(may_demand(&wanted, Some(&known), AuthMethod::Password), first);
    assert_eq!(may_demand(&wanted, None, AuthMethod::Company), first);
    assert_eq!(
        may_demand(&provider(other, true), Some(&wanted), AuthMethod::Company),
        first,
        "nobody came by the new provider yet"
    );
    assert_eq!(
        may_demand(&wanted, Some(&wanted), AuthMethod::Password),
        Ok(()),
        "what is demanded already may stay"
    );
    assert_eq!(may_demand(&known, Some(&wanted), AuthMethod::Password), Ok(()));
}

#[test]
fn methods_have_a_word_each() {
    for method in AuthMethod::ALL {
        assert_eq!(AuthMethod::from_code(method.code()), Some(method));
    }
    assert_eq!(AuthMethod::from_code("magic"), None);
    assert!(!AuthMethod::Password.is_company());
}

#[test]
fn the_page_names_the_host_that_one_is_led_to() {
    assert_eq!(
        WayIn::to("https://login.acme.example:8443/realms/x").host,
        "login.acme.example:8443"
    );
}
