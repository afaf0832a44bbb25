//! What a forged word, a stolen address or another browser is worth to who comes in by a company's provider: nothing.

use super::{
    place::{Away, Place, cookie},
    provider::{CLIENT, Signed},
};
use domain::Refusal;
use serde_json::{Value, json};

#[tokio::test]
async fn a_forged_word_lets_nobody_in() {
    let place = Place::new().await;
    let failed = Refusal::CompanyFailed;
    for signed in [
        Signed::UnknownKey,
        Signed::StrangersKey,
        Signed::NotAtAll,
        Signed::NoneInName,
        Signed::PublicKeyAsSecret,
        Signed::ClientSecret,
        Signed::ChangedAfterwards,
    ] {
        let answer = place.come(signed, |_| {}).await;
        place
            .refuses(answer, failed.clone(), &format!("{signed:?}"))
            .await;
    }
    let now = place.site.world.backend.now().timestamp();
    let issuer = place.provider.issuer.clone();
    let changes: [(&str, Value); 24] = [
        ("aud", json!("another client")),
        ("aud", json!([CLIENT, "another client"])),
        ("aud", json!([])),
        ("aud", Value::Null),
        ("azp", json!("another client")),
        ("iss", json!("https://evil.example")),
        ("iss", json!(format!("{issuer}/"))),
        ("iss", Value::Null),
        ("exp", json!(now)),
        ("exp", json!(now - 3_600)),
        ("exp", Value::Null),
        ("iat", json!(now + 3_600)),
        ("iat", json!(now - 3_600)),
        ("iat", Value::Null),
        ("nbf", json!(now + 3_600)),
        ("nbf", json!("now")),
        ("nonce", json!("another")),
        ("nonce", json!("")),
        ("nonce", Value::Null),
        ("sub", json!("")),
        ("sub", json!("x".repeat(256))),
        ("sub", Value::Null),
        ("email_verified", json!("true")),
        ("email", json!({ "address": "admin@acme.example" })),
    ];
    for (name, value) in changes {
        let what = format!("{name} = {value}");
        let answer = place
            .come(Signed::Well, |claims| {
                if value.is_null() {
                    claims.as_object_mut().unwrap().remove(name);
                } else {
                    claims[name] = value;
                }
            })
            .await;
        place.refuses(answer, failed.clone(), &what).await;
    }
    let well = place.come(Signed::Well, |_| {}).await;
    assert!(cookie(&well, "session").is_some(), "and the true one does");
}

#[tokio::test]
async fn a_true_word_about_a_stranger_links_nobody() {
    let place = Place::new().await;
    for (email, verified) in [
        (json!("admin@acme.example"), json!(false)),
        (json!("admin@acme.example"), Value::Null),
        (json!("admin@borealis.example"), json!(true)),
        (json!("nobody@acme.example"), json!(true)),
        (json!("admin@acme.example.evil.example"), json!(true)),
        (json!("admin@acme.example\n"), json!(false)),
        (Value::Null, json!(true)),
    ] {
        let what = format!("{email} {verified}");
        let answer = place
            .come(Signed::Well, |claims| {
                for (name, value) in [("email", email), ("email_verified", verified)] {
                    if value.is_null() {
                        claims.as_object_mut().unwrap().remove(name);
                    } else {
                        claims[name] = value;
                    }
                }
            })
            .await;
        place.refuses(answer, Refusal::CompanyUnknown, &what).await;
    }
}

#[tokio::test]
async fn what_comes_back_counts_once_and_in_its_browser() {
    let place = Place::new().await;
    let failed = Refusal::CompanyFailed;
    let (mine, theirs) = (place.go().await, place.go().await);
    let sign_in = |away: &Away| {
        let claims = place.claims(away);
        place
            .provider
            .sign_in(&away.asked["code_challenge"], &claims, Signed::Well)
    };
    // Another's code and state are planted in my browser, or mine in another's: nobody is in.
    let code = sign_in(&theirs);
    let planted = place.get(&place.back(&theirs, &code), &mine.cookie).await;
    place
        .refuses(planted, failed.clone(), "the state of another browser")
        .await;
    let bare = place.get(&place.back(&theirs, &code), "").await;
    place.refuses(bare, failed.clone(), "no cookie").await;
    // Another's code with my state: it was given for another question.
    let injected = place.get(&place.back(&mine, &code), &mine.cookie).await;
    place.refuses(injected, failed.clone(), "an injected code").await;
    // My own way, twice.
    let away = place.go().await;
    let code = sign_in(&away);
    let address = place.back(&away, &code);
    let well = place.get(&address, &away.cookie).await;
    assert!(cookie(&well, "session").is_some());
    let (_, traded) = place.provider.counts();
    let again = place.get(&address, &away.cookie).await;
    place.refuses(again, failed.clone(), "a replayed address").await;
    assert_eq!(
        place.provider.counts().1,
        traded,
        "the provider is not even asked"
    );
    // The address of another tenant, two states, an error beside a code, who answers.
    for (what, change) in [
        ("another tenant", "tenant"),
        ("two states", "&state=x"),
        ("a refusal", "&error=access_denied"),
        ("another provider", "&iss=https%3A%2F%2Fevil.example"),
    ] {
        let away = place.go().await;
        let code = sign_in(&away);
        let mut address = place.back(&away, &code);
        if change == "tenant" {
            address = address.replace(&place.tenant(), &place.site.world.borealis().id().to_string());
        } else {
            address.push_str(change);
        }
        let answer = place.get(&address, &away.cookie).await;
        if change == "tenant" {
            // That tenant has no such page, so its words are others.
            assert!(cookie(&answer, "session").is_none());
        } else {
            place.refuses(answer, failed.clone(), what).await;
        }
    }
    let away = place.go().await;
    let code = sign_in(&away);
    let named = format!(
        "{}&iss={}",
        place.back(&away, &code),
        url::form_urlencoded::byte_serialize(place.provider.issuer.as_bytes()).collect::<String>()
    );
    assert!(cookie(&place.get(&named, &away.cookie).await, "session").is_some());
}

#[tokio::test]
async fn a_provider_that_says_who_answers_must_say_it() {
    let place = Place::without().await;
    place
        .provider
        .publish(json!({ "authorization_response_iss_parameter_supported": true }));
    place.set(&place.form()).await;
    let answer = place.come(Signed::Well, |_| {}).await;
    place
        .refuses(answer, Refusal::CompanyFailed, "no word of who answers")
        .await;
}

#[tokio::test]
async fn keys_are_read_anew_when_they_turn_but_not_at_every_strangers_wish() {
    let place = Place::new().await;
    let (discovered, _) = place.provider.counts();
    for _ in 0..5 {
        place.come(Signed::UnknownKey, |_| {}).await;
    }
    assert_eq!(
        place.provider.counts().0,
        discovered,
        "within a minute it is not asked again"
    );
    place.provider.turn_key("two");
    let early = place.come(Signed::Well, |_| {}).await;
    place
        .refuses(early, Refusal::CompanyFailed, "a new key within the minute")
        .await;
    place.site.world.seconds_pass(61);
    let well = place.come(Signed::Well, |_| {}).await;
    assert!(cookie(&well, "session").is_some());
    assert_eq!(place.provider.counts().0, discovered + 1);
    place.site.world.seconds_pass(301);
    place.come(Signed::Well, |_| {}).await;
    assert_eq!(
        place.provider.counts().0,
        discovered + 2,
        "and what was read is kept for minutes"
    );
}
