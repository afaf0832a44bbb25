//! Switching on, logging in with a code, and what is refused.

mod sealed;
mod ways_round;

use super::{read, write};
use crate::{
    Actor, Backend, Error,
    jobs::{run_due, standard},
    sessions::{
        pending,
        read::viewer,
        write::{Browser, Entry, LogIn, NewSession, log_in},
    },
    testing::{PASSWORD, World, code},
};
use domain::{Refusal, access::ViewAudit, audit::AuditQuery, second_factor::RECOVERY_CODES};
use entity::recovery_code;
use sea_orm::EntityTrait;

const EMAIL: &str = "admin@acme.example";

fn here(address: &str) -> Browser<'_> {
    Browser {
        user_agent: Some("test"),
        address: Some(address),
        replaces: None,
    }
}

fn refusal<T>(outcome: Result<T, Error>) -> Refusal {
    match outcome {
        Err(Error::Refused(refusal)) => refusal,
        Ok(_) => panic!("it was done"),
        Err(other) => panic!("{other:?}"),
    }
}

async fn entered(world: &World) -> Entry {
    let attempt = LogIn {
        email: EMAIL,
        password: PASSWORD,
        browser: here("192.0.2.1"),
    };
    log_in(&world.backend, attempt).await.unwrap()
}

/// The token of a login that waits for its code.
async fn waiting(world: &World) -> String {
    match entered(world).await {
        Entry::Code(pending) => pending.token,
        Entry::In(_) => panic!("no code is asked for"),
    }
}

async fn finish(world: &World, token: &str, typed: &str) -> Result<NewSession, Error> {
    pending::finish(&world.backend, token, typed, here("192.0.2.1")).await
}

async fn actor(backend: &Backend, token: &str) -> Actor {
    viewer(backend, token).await.unwrap().unwrap().0
}

/// A world in which Acme's admin has a second factor: its secret and recovery codes.
async fn with_factor() -> (World, String, Vec<String>) {
    let world = World::new().await;
    let session = entered(&world).await.session().unwrap();
    let (secret, recovery) = world.second_factor(&session.token).await;
    (world, secret, recovery)
}

fn now(world: &World, secret: &str) -> String {
    code(secret, world.backend.now())
}

async fn subjects(world: &World) -> Vec<String> {
    run_due(&world.backend, &standard()).await.unwrap();
    let sent = world.mailer.sent();
    sent.iter().map(|mail| mail.subject.clone()).collect()
}

#[tokio::test]
async fn it_is_on_only_after_a_code_of_it_and_then_the_password_alone_lets_nobody_in() {
    let world = World::new().await;
    let session = entered(&world).await.session().unwrap();
    let elsewhere = entered(&world).await.session().unwrap();
    let me = actor(&world.backend, &session.token).await;
    write::begin(&me).await.unwrap();
    let setup = read::find(&me).await.unwrap().setup.unwrap();
    assert_eq!(setup.secret.split(' ').count(), 8, "{}", setup.secret);
    assert!(entered(&world).await.session().is_some(), "not on yet");
    let replaces = Browser {
        replaces: Some(&session.token),
        ..here("192.0.2.1")
    };
    assert_eq!(
        refusal(write::confirm(&me, "000000", replaces).await),
        Refusal::WrongCode
    );
    let typed = now(&world, &setup.secret);
    let on = write::confirm(&me, &typed, replaces).await.unwrap();
    assert_eq!(on.recovery.len(), RECOVERY_CODES);
    for over in [&session.token, &elsewhere.token] {
        assert!(viewer(&world.backend, over).await.unwrap().is_none());
    }
    let me = actor(&world.backend, &on.session.token).await;
    let found = read::find(&me).await.unwrap();
    assert!(found.on_since.is_some() && found.setup.is_none());
    assert_eq!(found.recovery_left, 10);
    assert!(
        matches!(write::begin(&me).await, Err(Error::Conflict)),
        "it is on already"
    );
    let token = waiting(&world).await;
    assert!(
        viewer(&world.backend, &token).await.unwrap().is_none(),
        "the token is no session"
    );
    assert_eq!(
        refusal(finish(&world, &token, &typed).await),
        Refusal::WrongCode,
        "it was used to confirm"
    );
    world.seconds_pass(60);
    let session = finish(&world, &token, &now(&world, &setup.secret)).await.unwrap();
    assert!(viewer(&world.backend, &session.token).await.unwrap().is_some());
    assert!(
        subjects(&world)
            .await
            .contains(&"Your second factor was switched on".to_owned())
    );
    let told = crate::audit::read::list(&world.acme().scope::<ViewAudit>(), &AuditQuery::default())
        .await
        .unwrap();
    assert!(
        told.rows
            .iter()
            .any(|row| row.action == "Second factor switched on")
    );
}

#[tokio::test]
async fn a_code_is_taken_once_and_so_is_none_before_it() {
    let (world, secret, _) = with_factor().await;
    let (first, second) = (waiting(&world).await, waiting(&world).await);
    let at = |seconds: i64| code(&secret, world.backend.now() + chrono::TimeDelta::seconds(seconds));
    // The next half minute's, since this clock may be slow.
    finish(&world, &first, &at(30)).await.unwrap();
    for again in [at(30), at(0), at(-30)] {
        assert_eq!(refusal(finish(&world, &second, &again).await), Refusal::WrongCode);
    }
    world.seconds_pass(60);
    finish(&world, &second, &now(&world, &secret)).await.unwrap();
    assert_eq!(
        refusal(finish(&world, &second, &at(90)).await),
        Refusal::LogInAgain,
        "the token is spent"
    );
}

#[tokio::test]
async fn codes_of_a_minute_ago_or_ahead_are_none() {
    let (world, secret, _) = with_factor().await;
    let token = waiting(&world).await;
    for seconds in [-60, 60] {
        let typed = code(&secret, world.backend.now() + chrono::TimeDelta::seconds(seconds));
        assert_eq!(refusal(finish(&world, &token, &typed).await), Refusal::WrongCode);
    }
}

#[tokio::test]
async fn one_code_posted_many_times_at_once_lets_one_in() {
    let (world, secret, recovery) = with_factor().await;
    let other = Backend::open(world.config(), world.backend.ports().clone())
        .await
        .unwrap();
    for typed in [now(&world, &secret), recovery[0].clone()] {
        let mut tokens = Vec::new();
        for _ in 0..4 {
            tokens.push(waiting(&world).await);
        }
        let tries = tokens
            .iter()
            .zip([&world.backend, &other, &world.backend, &other]);
        let tries = tries.map(|(token, node)| pending::finish(node, token, &typed, here("192.0.2.1")));
        let outcomes = futures::future::join_all(tries).await;
        assert_eq!(
            outcomes.iter().filter(|outcome| outcome.is_ok()).count(),
            1,
            "{typed}"
        );
    }
    other.close().await.unwrap();
}

#[tokio::test]
async fn a_recovery_code_lets_in_once_and_its_owner_is_told() {
    let (world, _, recovery) = with_factor().await;
    let (first, second) = (waiting(&world).await, waiting(&world).await);
    let session = finish(&world, &first, &recovery[3].to_lowercase()).await.unwrap();
    assert_eq!(
        refusal(finish(&world, &second, &recovery[3]).await),
        Refusal::WrongCode
    );
    let me = actor(&world.backend, &session.token).await;
    assert_eq!(read::find(&me).await.unwrap().recovery_left, 9);
    assert!(
        subjects(&world)
            .await
            .contains(&"A recovery code was used".to_owned())
    );
    let stored = stored_codes(&world).await;
    assert!(stored.iter().all(|hash| hash.len() == 64));
    let fresh = write::renew(&me, &recovery[4]).await.unwrap();
    assert_eq!(fresh.len(), 10);
    assert_eq!(
        refusal(finish(&world, &second, &recovery[5]).await),
        Refusal::WrongCode,
        "those before are gone"
    );
    finish(&world, &second, &fresh[5]).await.unwrap();
}

#[expect(clippy::disallowed_methods, reason = "a test looks at what is stored")]
async fn stored_codes(world: &World) -> Vec<String> {
    let rows = recovery_code::Entity::find()
        .all(world.backend.system().db())
        .await;
    rows.unwrap().into_iter().map(|row| row.code_hash).collect()
}

#[tokio::test]
async fn wrong_codes_are_braked_and_nobody_without_the_password_can_try_any() {
    let (world, secret, _) = with_factor().await;
    let token = waiting(&world).await;
    for _ in 0..5 {
        assert_eq!(
            refusal(finish(&world, &token, "000000").await),
            Refusal::WrongCode
        );
    }
    let right = now(&world, &secret);
    assert_eq!(
        refusal(finish(&world, &token, &right).await),
        Refusal::TooManyTries { seconds: 30 }
    );
    let another = waiting(&world).await;
    assert!(
        matches!(
            refusal(finish(&world, &another, &right).await),
            Refusal::TooManyTries { .. }
        ),
        "another login counts as the same person"
    );
    for stranger in ["", "x", &"0".repeat(64)] {
        assert_eq!(
            refusal(finish(&world, stranger, &right).await),
            Refusal::LogInAgain
        );
    }
    world.seconds_pass(31);
    finish(&world, &token, &now(&world, &secret)).await.unwrap();
}

#[tokio::test]
async fn switching_off_needs_the_password_and_a_code() {
    let (world, secret, recovery) = with_factor().await;
    let session = finish(&world, &waiting(&world).await, &recovery[0])
        .await
        .unwrap();
    let me = actor(&world.backend, &session.token).await;
    let off =
        async |password: &str, typed: &str| write::switch_off(&me, &session.token, password, typed).await;
    assert_eq!(
        refusal(off("wrong", &now(&world, &secret)).await),
        Refusal::WrongPassword
    );
    assert_eq!(refusal(off(PASSWORD, "000000").await), Refusal::WrongCode);
    off(PASSWORD, &now(&world, &secret)).await.unwrap();
    assert!(viewer(&world.backend, &session.token).await.unwrap().is_some());
    assert_eq!(read::find(&me).await.unwrap().recovery_left, 0);
    assert!(entered(&world).await.session().is_some());
    assert_eq!(
        refusal(off(PASSWORD, &recovery[1]).await),
        Refusal::WrongCode,
        "it is off"
    );
    assert!(
        subjects(&world)
            .await
            .contains(&"Your second factor was switched off".to_owned())
    );
}

#[tokio::test]
async fn a_secret_that_was_not_confirmed_in_time_is_none() {
    let world = World::new().await;
    let session = entered(&world).await.session().unwrap();
    let me = actor(&world.backend, &session.token).await;
    let typed = "123456";
    assert!(matches!(
        write::confirm(&me, typed, here("")).await,
        Err(Error::NotFound)
    ));
    write::begin(&me).await.unwrap();
    let first = read::find(&me).await.unwrap().setup.unwrap().secret;
    write::begin(&me).await.unwrap();
    let second = read::find(&me).await.unwrap().setup.unwrap().secret;
    assert_ne!(first, second);
    let old = write::confirm(&me, &now(&world, &first), here("")).await;
    assert_eq!(refusal(old), Refusal::WrongCode);
    world.seconds_pass(3_600);
    assert!(read::find(&me).await.unwrap().setup.is_none());
    let late = write::confirm(&me, &now(&world, &second), here("")).await;
    assert!(matches!(late, Err(Error::NotFound)));
}
