//! Sessions: who gets in, who does not, and how long it lasts.

mod email;
mod guessing;

use super::{
    read::{own, viewer},
    write::{Browser, LogIn, change_password, end, end_others, log_out},
};
use crate::{
    Error,
    testing::{PASSWORD, World, log_in},
};
use domain::{
    Refusal,
    access::{Permission, TenantKind},
};

const HERE: Browser<'static> = Browser {
    user_agent: Some("test"),
    address: Some("192.0.2.1"),
    replaces: None,
};

fn attempt<'a>(email: &'a str, password: &'a str) -> LogIn<'a> {
    LogIn {
        email,
        password,
        browser: HERE,
    }
}

fn refusal<T>(outcome: Result<T, Error>) -> Option<Refusal> {
    match outcome {
        Err(Error::Refused(refusal)) => Some(refusal),
        Ok(_) => None,
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn signing_in_gives_a_session_of_the_person_and_their_tenant() {
    let world = World::new().await;
    let session = log_in(&world.backend, attempt(" Admin@Acme.example ", PASSWORD))
        .await
        .unwrap();
    let (actor, viewer) = viewer(&world.backend, &session.token).await.unwrap().unwrap();
    assert_eq!(viewer.email, "admin@acme.example");
    assert_eq!(viewer.tenant.kind, TenantKind::Partner);
    assert_eq!(viewer.tenant.id, world.acme().id());
    assert!(viewer.may(Permission::PayInvoices) && viewer.may(Permission::ViewIssuedInvoices));
    assert_eq!(actor.user(), Some(world.acme().user()));
    assert_eq!(viewer.today, world.today());
}

#[tokio::test]
async fn an_unknown_address_a_wrong_password_and_nonsense_get_the_same_answer() {
    let world = World::new().await;
    for (email, password) in [
        ("admin@acme.example", "wrong password"),
        ("nobody@acme.example", PASSWORD),
        ("", ""),
        ("admin@acme.example", &"x".repeat(5_000)),
    ] {
        let outcome = log_in(&world.backend, attempt(email, password)).await;
        assert_eq!(refusal(outcome), Some(Refusal::WrongCredentials), "{email}");
    }
}

#[tokio::test]
async fn a_token_that_was_not_given_out_signs_nobody_in() {
    let world = World::new().await;
    let session = log_in(&world.backend, attempt("admin@acme.example", PASSWORD))
        .await
        .unwrap();
    for token in [
        "",
        "x",
        &"0".repeat(64),
        &session.token[..63],
        &session.token.to_uppercase(),
    ] {
        assert!(viewer(&world.backend, token).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn five_wrong_tries_are_free_then_the_right_password_waits_too() {
    let world = World::new().await;
    for _ in 0..5 {
        let outcome = log_in(&world.backend, attempt("admin@acme.example", "wrong password")).await;
        assert_eq!(refusal(outcome), Some(Refusal::WrongCredentials));
    }
    let outcome = log_in(&world.backend, attempt("admin@acme.example", PASSWORD)).await;
    assert_eq!(refusal(outcome), Some(Refusal::TooManyTries { seconds: 30 }));
    world.seconds_pass(31);
    log_in(&world.backend, attempt("admin@acme.example", PASSWORD))
        .await
        .unwrap();
}

#[tokio::test]
async fn waits_grow_and_a_success_starts_anew() {
    let world = World::new().await;
    for _ in 0..5 {
        let _ = log_in(&world.backend, attempt("admin@acme.example", "wrong password")).await;
    }
    world.seconds_pass(31);
    let _ = log_in(&world.backend, attempt("admin@acme.example", "wrong password")).await;
    let outcome = log_in(&world.backend, attempt("admin@acme.example", PASSWORD)).await;
    assert_eq!(refusal(outcome), Some(Refusal::TooManyTries { seconds: 60 }));
    world.seconds_pass(61);
    log_in(&world.backend, attempt("admin@acme.example", PASSWORD))
        .await
        .unwrap();
    let outcome = log_in(&world.backend, attempt("admin@acme.example", "wrong password")).await;
    assert_eq!(refusal(outcome), Some(Refusal::WrongCredentials));
}

#[tokio::test]
async fn a_stranger_elsewhere_cannot_lock_a_person_out() {
    let world = World::new().await;
    for _ in 0..12 {
        let stranger = LogIn {
            browser: Browser {
                address: Some("198.51.100.7"),
                ..HERE
            },
            ..attempt("admin@acme.example", "wrong password")
        };
        let _ = log_in(&world.backend, stranger).await;
    }
    log_in(&world.backend, attempt("admin@acme.example", PASSWORD))
        .await
        .unwrap();
}

#[tokio::test]
async fn many_guesses_at_once_are_not_all_the_first() {
    let world = World::new().await;
    let guesses = (0..20).map(|_| log_in(&world.backend, attempt("admin@acme.example", "wrong password")));
    let outcomes = futures::future::join_all(guesses).await;
    let refusals: Vec<Refusal> = outcomes
        .into_iter()
        .map(|outcome| refusal(outcome).unwrap())
        .collect();
    let looked_at = refusals
        .iter()
        .filter(|refusal| **refusal == Refusal::WrongCredentials)
        .count();
    assert_eq!(looked_at, 5);
}

#[tokio::test]
async fn a_session_ends_when_idle_and_in_any_case_after_twelve_hours() {
    let world = World::new().await;
    let session = log_in(&world.backend, attempt("admin@acme.example", PASSWORD))
        .await
        .unwrap();
    let idle = log_in(&world.backend, attempt("admin@acme.example", PASSWORD))
        .await
        .unwrap();
    for _ in 0..35 {
        world.seconds_pass(20 * 60);
        assert!(viewer(&world.backend, &session.token).await.unwrap().is_some());
    }
    assert!(viewer(&world.backend, &idle.token).await.unwrap().is_none());
    world.seconds_pass(20 * 60);
    assert!(viewer(&world.backend, &session.token).await.unwrap().is_none());
}

#[tokio::test]
async fn a_session_lives_through_an_hour_back_and_does_not_wait_for_a_day_that_a_wrong_clock_was_ahead() {
    let world = World::new().await;
    let session = log_in(&world.backend, attempt("admin@acme.example", PASSWORD))
        .await
        .unwrap();
    world.seconds_pass(-60 * 60);
    assert!(viewer(&world.backend, &session.token).await.unwrap().is_some());
    world.seconds_pass(-25 * 60 * 60);
    assert!(viewer(&world.backend, &session.token).await.unwrap().is_none());
}

#[tokio::test]
async fn signing_out_ends_the_session_and_a_new_one_replaces_the_old() {
    let world = World::new().await;
    let first = log_in(&world.backend, attempt("admin@acme.example", PASSWORD))
        .await
        .unwrap();
    let again = LogIn {
        browser: Browser {
            replaces: Some(&first.token),
            ..HERE
        },
        ..attempt("admin@acme.example", PASSWORD)
    };
    let second = log_in(&world.backend, again).await.unwrap();
    assert!(viewer(&world.backend, &first.token).await.unwrap().is_none());
    log_out(&world.backend, &second.token).await.unwrap();
    assert!(viewer(&world.backend, &second.token).await.unwrap().is_none());
}

#[tokio::test]
async fn changing_the_password_ends_the_other_sessions() {
    let world = World::new().await;
    let here = log_in(&world.backend, attempt("admin@acme.example", PASSWORD))
        .await
        .unwrap();
    let elsewhere = log_in(&world.backend, attempt("admin@acme.example", PASSWORD))
        .await
        .unwrap();
    let (actor, _) = viewer(&world.backend, &here.token).await.unwrap().unwrap();
    let wrong = change_password(&actor, &here.token, "not mine", "a quite new password").await;
    assert_eq!(refusal(wrong), Some(Refusal::WrongPassword));
    let weak = change_password(&actor, &here.token, PASSWORD, "short").await;
    assert!(matches!(refusal(weak), Some(Refusal::WeakPassword { .. })));
    change_password(&actor, &here.token, PASSWORD, "a quite new password")
        .await
        .unwrap();
    assert!(viewer(&world.backend, &here.token).await.unwrap().is_some());
    assert!(viewer(&world.backend, &elsewhere.token).await.unwrap().is_none());
    let old = log_in(&world.backend, attempt("admin@acme.example", PASSWORD)).await;
    assert_eq!(refusal(old), Some(Refusal::WrongCredentials));
    log_in(
        &world.backend,
        attempt("admin@acme.example", "a quite new password"),
    )
    .await
    .unwrap();
}

#[tokio::test]
async fn a_person_sees_and_ends_their_own_sessions_and_nobody_elses() {
    let world = World::new().await;
    let sign_in = async |email: &str, agent: &str| {
        let attempt = LogIn {
            browser: Browser {
                user_agent: Some(agent),
                ..HERE
            },
            ..attempt(email, PASSWORD)
        };
        log_in(&world.backend, attempt).await.unwrap().token
    };
    let actor = async |token: &str| viewer(&world.backend, token).await.unwrap().unwrap().0;
    let desk = sign_in(
        "admin@acme.example",
        "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0",
    )
    .await;
    world.seconds_pass(60);
    let phone = sign_in("admin@acme.example", "Mozilla/5.0 (iPhone) Safari/604.1").await;
    let stranger = sign_in("admin@daisy.example", "").await;

    let seen = own(&actor(&desk).await, &desk).await.unwrap();
    let told: Vec<_> = seen.iter().map(|one| (one.device.as_str(), one.here)).collect();
    assert!(told.contains(&("Firefox on Windows", true)), "{told:?}");
    assert!(told.contains(&("Safari on iPhone", false)), "{told:?}");
    assert!(
        seen.iter()
            .all(|one| one.tenant == "Acme" && one.address.as_deref() == Some("192.0.2.1"))
    );
    let phones = seen.iter().find(|one| !one.here).unwrap().id.clone();

    // What a stranger knows of it, or invents, ends nothing.
    for id in [
        phones.as_str(),
        "",
        "%",
        "________________",
        "0123456789abcdef",
        &phones[..8],
    ] {
        let outcome = end(&actor(&stranger).await, id).await;
        assert!(matches!(outcome, Err(Error::NotFound)), "{id}");
    }
    end(&actor(&desk).await, &phones).await.unwrap();
    assert!(viewer(&world.backend, &phone).await.unwrap().is_none());
    assert!(viewer(&world.backend, &stranger).await.unwrap().is_some());
    assert!(matches!(
        end(&actor(&desk).await, &phones).await,
        Err(Error::NotFound)
    ));

    let (third, fourth) = (
        sign_in("admin@acme.example", "").await,
        sign_in("admin@acme.example", "").await,
    );
    end_others(&actor(&third).await, &third).await.unwrap();
    assert!(viewer(&world.backend, &third).await.unwrap().is_some());
    for ended in [&desk, &fourth] {
        assert!(viewer(&world.backend, ended).await.unwrap().is_none());
    }
    assert!(viewer(&world.backend, &stranger).await.unwrap().is_some());
    assert_eq!(own(&actor(&third).await, &third).await.unwrap().len(), 1);
}
