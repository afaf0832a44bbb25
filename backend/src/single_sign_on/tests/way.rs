//! The way there and back, and who it lets in.

use super::*;
use crate::{
    audit,
    jobs::{run_due, standard},
    sessions::pending,
    testing::code,
};
use domain::{access::ViewAudit, audit::AuditQuery, single_sign_on::AuthMethod};

#[tokio::test]
async fn who_comes_the_first_time_is_linked_and_told_and_then_the_subject_decides() {
    let world = world().await;
    let session = came(&world, ada()).await;
    assert_eq!(session.tenant, world.acme().id());
    let (_, viewer) = seen(&world, &session.token).await.unwrap();
    assert_eq!(viewer.user, world.acme().user());
    assert_eq!(viewer.method, AuthMethod::Company);
    assert_eq!(viewer.rights, world.acme().admin().rights());
    run_due(&world.backend, &standard()).await.unwrap();
    let sent = world.mailer.sent();
    let told = sent.iter().find(|mail| mail.to == EMAIL).unwrap();
    assert!(told.subject.contains("linked"), "{}", told.subject);
    assert!(told.text.contains("login.acme.example"), "{}", told.text);

    // Another address, of another domain and not proven: the link is what counts.
    let renamed = Identity {
        email: Some("ada@elsewhere.example".to_owned()),
        email_verified: false,
        ..ada()
    };
    let again = came(&world, renamed).await;
    assert_eq!(
        seen(&world, &again.token).await.unwrap().1.user,
        world.acme().user()
    );
    run_due(&world.backend, &standard()).await.unwrap();
    assert_eq!(world.mailer.sent().len(), sent.len(), "told once");
    let list = audit::read::list(&world.acme().scope::<ViewAudit>(), &AuditQuery::default())
        .await
        .unwrap();
    let count = |action: &str| list.rows.iter().filter(|row| row.action == action).count();
    assert_eq!(count("Linked to the company’s sign-in"), 1);
    assert_eq!(count("Logged in"), 2);
}

#[tokio::test]
async fn whoever_cannot_be_linked_does_not_get_in_and_is_told_one_thing() {
    let world = world().await;
    world.shut_out(world.party("Daisy"), false).await;
    let unknown = |email: Option<&str>, verified| Identity {
        email: email.map(str::to_owned),
        email_verified: verified,
        ..ada()
    };
    for identity in [
        unknown(Some(EMAIL), false),
        unknown(None, true),
        unknown(Some("nobody@acme.example"), true),
        unknown(Some("admin@sub.acme.example"), true),
        // A login of another tenant, whose domain Acme did not name.
        unknown(Some("admin@borealis.example"), true),
    ] {
        let outcome = come(&world, world.acme().id(), identity).await;
        assert_eq!(refusal(outcome), Refusal::CompanyUnknown);
    }
    // Acme names the domain of others: still nobody who is not a member.
    let greedy = ProviderForm {
        domains: "acme.example borealis.example".to_owned(),
        ..form(ISSUER)
    };
    write::change(&setters(world.acme()), &greedy, "").await.unwrap();
    let outcome = come(
        &world,
        world.acme().id(),
        unknown(Some("admin@borealis.example"), true),
    )
    .await;
    assert_eq!(refusal(outcome), Refusal::CompanyUnknown);
    world.shut_out(world.acme(), true).await;
    let outcome = come(&world, world.acme().id(), ada()).await;
    assert_eq!(refusal(outcome), Refusal::CompanyUnknown);
    world.shut_out(world.acme(), false).await;
    world.disable_login(world.acme(), true).await;
    let outcome = come(&world, world.acme().id(), ada()).await;
    assert_eq!(refusal(outcome), Refusal::CompanyUnknown);
    world.disable_login(world.acme(), false).await;
    came(&world, ada()).await;
    world.shut_out(world.acme(), true).await;
    let outcome = come(&world, world.acme().id(), ada()).await;
    assert_eq!(
        refusal(outcome),
        Refusal::CompanyUnknown,
        "a link lets in members only"
    );
}

#[tokio::test]
async fn whom_the_provider_knows_anew_must_be_unlinked_first() {
    let world = world().await;
    let session = came(&world, ada()).await;
    let anew = Identity {
        subject: "another".to_owned(),
        ..ada()
    };
    let outcome = come(&world, world.acme().id(), anew.clone()).await;
    assert_eq!(refusal(outcome), Refusal::CompanyUnknown);
    write::unlink(&setters(world.acme()), world.acme().user())
        .await
        .unwrap();
    assert!(seen(&world, &session.token).await.is_none(), "their sessions end");
    came(&world, anew).await;
    let outcome = come(&world, world.acme().id(), ada()).await;
    assert_eq!(
        refusal(outcome),
        Refusal::CompanyUnknown,
        "the one before is no longer them"
    );
}

#[tokio::test]
async fn what_comes_back_counts_once_in_its_browser_at_its_address_in_time() {
    let world = world().await;
    let acme = world.acme().id();
    write::change(
        &setters(world.borealis()),
        &ProviderForm {
            domains: "borealis.example".to_owned(),
            ..form(ISSUER)
        },
        "another secret",
    )
    .await
    .unwrap();
    let away = async || {
        let away = begin::begin(&world.backend, acme, Some("/people"), None)
            .await
            .unwrap();
        world.identities.script("code", ada());
        (away, world.identities.last_question().unwrap().state)
    };
    let back = async |tenant, state: &str, token: &str, issuer: Option<&str>, code: Option<&str>| {
        let returned = finish::Returned {
            state,
            code,
            issuer,
            token,
            browser: Browser::default(),
        };
        finish::finish(&world.backend, tenant, returned).await
    };
    let (one, state) = away().await;
    let (other, other_state) = away().await;
    let failed = Refusal::CompanyFailed;
    let code = Some("code");
    // The state of another browser, none, or one that was never drawn.
    assert_eq!(
        refusal(back(acme, &other_state, &one.token, None, code).await),
        failed
    );
    assert_eq!(refusal(back(acme, &state, "", None, code).await), failed);
    assert_eq!(
        refusal(back(acme, &"0".repeat(64), &one.token, None, code).await),
        failed
    );
    // The address of another tenant.
    assert_eq!(
        refusal(back(world.borealis().id(), &state, &one.token, None, code).await),
        failed
    );
    // None of that spent it.
    let arrived = back(acme, &state, &one.token, Some(ISSUER), code).await.unwrap();
    assert_eq!(arrived.next.as_deref(), Some("/people"));
    world.identities.script("code", ada());
    assert_eq!(
        refusal(back(acme, &state, &one.token, None, code).await),
        failed,
        "once"
    );
    // Another provider answers.
    let mixed = back(
        acme,
        &other_state,
        &other.token,
        Some("https://evil.example"),
        code,
    )
    .await;
    assert_eq!(refusal(mixed), failed);
    assert_eq!(
        refusal(back(acme, &other_state, &other.token, None, code).await),
        failed,
        "what failed is spent as well"
    );
    // The provider says no.
    let (third, state) = away().await;
    assert_eq!(
        refusal(back(acme, &state, &third.token, None, None).await),
        failed
    );
    // Too late.
    let (fourth, state) = away().await;
    world.seconds_pass(601);
    assert_eq!(
        refusal(back(acme, &state, &fourth.token, None, code).await),
        failed
    );
    // Another provider meanwhile.
    let (fifth, state) = away().await;
    write::change(
        &setters(world.acme()),
        &form("https://other.acme.example"),
        SECRET,
    )
    .await
    .unwrap();
    assert_eq!(
        refusal(back(acme, &state, &fifth.token, None, code).await),
        failed
    );
}

#[tokio::test]
async fn two_nodes_that_get_the_same_answer_let_in_one() {
    let world = world().await;
    came(&world, ada()).await;
    let acme = world.acme().id();
    let away = begin::begin(&world.backend, acme, None, None).await.unwrap();
    let state = world.identities.last_question().unwrap().state;
    let returned = finish::Returned {
        state: &state,
        code: Some("code"),
        token: &away.token,
        ..Default::default()
    };
    world.identities.script("code", ada());
    let tries = (0..4).map(|_| finish::finish(&world.backend, acme, returned));
    let outcomes = futures::future::join_all(tries).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
}

#[tokio::test]
async fn nothing_of_the_way_can_be_read_in_the_database() {
    let world = world().await;
    let away = begin::begin(&world.backend, world.acme().id(), None, None)
        .await
        .unwrap();
    let question = world.identities.last_question().unwrap();
    let db = world.outside().await;
    #[expect(clippy::disallowed_methods, reason = "a test looks at what is stored")]
    let rows = entity::sign_in_request::Entity::find()
        .into_json()
        .all(&db)
        .await
        .unwrap();
    let text = serde_json::to_string(&rows).unwrap();
    for secret in [&question.state, &question.nonce, &question.verifier, &away.token] {
        assert!(!text.contains(secret.as_str()));
    }
    assert!((43..=128).contains(&question.verifier.len()), "RFC 7636");
    db.close().await.unwrap();
}

#[tokio::test]
async fn only_paths_of_ours_are_gone_on_to() {
    let world = world().await;
    let acme = world.acme().id();
    for next in [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "people",
    ] {
        let away = begin::begin(&world.backend, acme, Some(next), None)
            .await
            .unwrap();
        let state = world.identities.last_question().unwrap().state;
        world.identities.script("code", ada());
        let returned = finish::Returned {
            state: &state,
            code: Some("code"),
            token: &away.token,
            ..Default::default()
        };
        let arrived = finish::finish(&world.backend, acme, returned).await.unwrap();
        assert_eq!(arrived.next, None, "{next}");
    }
}

#[tokio::test]
async fn a_second_factor_is_asked_for_unless_the_tenant_takes_the_providers_word() {
    let world = world().await;
    let mine = by_password(&world).await;
    let (secret, _) = world.second_factor(&mine.token).await;
    let acme = world.acme().id();
    let strong = Identity {
        second_factor: true,
        ..ada()
    };
    for identity in [ada(), strong.clone()] {
        let Entry::Code(waiting) = come(&world, acme, identity).await.unwrap() else {
            panic!("the code is asked for");
        };
        let typed = code(&secret, world.backend.now());
        let session = pending::finish(&world.backend, &waiting.token, &typed, Browser::default())
            .await
            .unwrap();
        assert!(seen(&world, &session.token).await.unwrap().1.method.is_company());
        world.seconds_pass(60);
    }
    let trusting = ProviderForm {
        second_factor: true,
        ..form(ISSUER)
    };
    write::change(&setters(world.acme()), &trusting, "")
        .await
        .unwrap();
    assert!(matches!(come(&world, acme, ada()).await.unwrap(), Entry::Code(_)));
    assert!(matches!(come(&world, acme, strong).await.unwrap(), Entry::In(_)));
}

#[tokio::test]
async fn who_goes_away_too_often_waits_and_who_comes_back_is_not_counted() {
    let world = world().await;
    let acme = world.acme().id();
    for _ in 0..3 {
        came(&world, ada()).await;
    }
    for _ in 0..100 {
        begin::begin(&world.backend, acme, None, None).await.unwrap();
    }
    assert!(matches!(
        refusal(begin::begin(&world.backend, acme, None, None).await),
        Refusal::TooManyTries { .. }
    ));
    begin::begin(&world.backend, acme, None, Some("192.0.2.7"))
        .await
        .unwrap();
}
