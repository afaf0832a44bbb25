//! The secret lies sealed in the database, wherever the portal has a key.

use super::*;
use crate::{BackendConfig, single_sign_on::operator::renew_secrets, vault::Keyring};
use entity::second_factor;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};

#[expect(clippy::disallowed_methods, reason = "what lies in the database")]
async fn stored(world: &World) -> second_factor::Model {
    let found = second_factor::Entity::find()
        .one(world.backend.system().db())
        .await;
    found.unwrap().unwrap()
}

/// Puts something else in its place, as an older release or another hand would have.
async fn put(world: &World, secret: &str) {
    let mut row = stored(world).await.into_active_model();
    row.secret = Set(secret.to_owned());
    row.update(world.backend.system().writer()).await.unwrap();
}

/// The same database with other keys.
async fn with(world: &World, keys: &[&str]) -> Backend {
    let config = BackendConfig {
        secrets: Keyring::read(keys.iter().copied()).unwrap(),
        migration_url: None,
        ..world.config()
    };
    Backend::open(config, world.backend.ports().clone())
        .await
        .unwrap()
}

fn plain(secret: &str) -> String {
    secret.split_whitespace().collect()
}

#[tokio::test]
async fn it_is_sealed_and_codes_of_it_are_taken() {
    let (world, secret, _) = with_factor().await;
    let kept = stored(&world).await.secret;
    assert!(kept.starts_with("v1."), "{kept}");
    assert!(!kept.contains(&plain(&secret)));
    let token = waiting(&world).await;
    finish(&world, &token, &now(&world, &secret)).await.unwrap();
    assert_eq!(stored(&world).await.secret, kept, "what is sealed stays");
}

#[tokio::test]
async fn one_that_lies_open_is_sealed_by_the_next_code_or_by_the_operator() {
    let (world, secret, _) = with_factor().await;
    put(&world, &plain(&secret)).await;
    let token = waiting(&world).await;
    assert_eq!(
        refusal(finish(&world, &token, "000000").await),
        Refusal::WrongCode
    );
    assert_eq!(
        stored(&world).await.secret,
        plain(&secret),
        "a wrong code changes nothing"
    );
    finish(&world, &token, &now(&world, &secret)).await.unwrap();
    assert!(stored(&world).await.secret.starts_with("v1."));

    put(&world, &plain(&secret)).await;
    assert_eq!(renew_secrets(&world.backend).await.unwrap(), 1);
    assert_eq!(renew_secrets(&world.backend).await.unwrap(), 0);
    assert!(stored(&world).await.secret.starts_with("v1."));
    world.seconds_pass(60);
    let token = waiting(&world).await;
    finish(&world, &token, &now(&world, &secret)).await.unwrap();
}

#[tokio::test]
async fn without_a_key_it_works_as_before_and_a_new_key_takes_it_over() {
    let (world, secret, recovery) = with_factor().await;
    let none = with(&world, &[]).await;
    // Sealed with a key that is gone: no code is right or wrong, and a recovery code lets its owner in.
    let token = waiting(&world).await;
    let here = here("192.0.2.1");
    let gone = pending::finish(&none, &token, &now(&world, &secret), here).await;
    assert_eq!(refusal(gone), Refusal::NoKey);
    pending::finish(&none, &token, &recovery[0], here).await.unwrap();
    assert_eq!(refusal(renew_secrets(&none).await), Refusal::NoKey);

    // Kept open where there is no key, and taken as ever.
    put(&world, &plain(&secret)).await;
    let token = waiting(&world).await;
    pending::finish(&none, &token, &now(&world, &secret), here)
        .await
        .unwrap();
    assert_eq!(stored(&world).await.secret, plain(&secret));

    let fresh = Keyring::fresh().unwrap();
    let both = with(&world, &[&fresh, crate::testing::KEY]).await;
    assert_eq!(renew_secrets(&both).await.unwrap(), 1);
    let new = with(&world, &[&fresh]).await;
    world.seconds_pass(60);
    let token = waiting(&world).await;
    pending::finish(&new, &token, &now(&world, &secret), here)
        .await
        .unwrap();
    for backend in [none, both, new] {
        backend.close().await.unwrap();
    }
}

#[tokio::test]
async fn what_was_sealed_for_one_person_does_not_open_for_another() {
    let (world, secret, _) = with_factor().await;
    let mut other = stored(&world).await;
    let other_user = world.borealis().user();
    other.user_id = other_user.0;
    other
        .into_active_model()
        .insert(world.backend.system().writer())
        .await
        .unwrap();
    let attempt = LogIn {
        email: "admin@borealis.example",
        password: PASSWORD,
        browser: here("192.0.2.1"),
    };
    let Entry::Code(pending) = log_in(&world.backend, attempt).await.unwrap() else {
        panic!("no code is asked for")
    };
    let moved = finish(&world, &pending.token, &now(&world, &secret)).await;
    assert!(matches!(moved, Err(Error::Database(_))), "{:?}", moved.err());
}
