//! A thousand wrong tries: how many are looked at, and who else feels it. The time of an answer is a figure
//! (docs/SECURITY.md), measured by hand: `cargo test --lib known_and_unknown -- --ignored --nocapture`.

use super::*;
use std::time::{Duration, Instant};

const TRIES: usize = 1_000;

/// Tries to sign in, and says whether the password was looked at.
async fn guess(world: &World, email: &str, address: &str) -> bool {
    let attempt = LogIn {
        email,
        password: "wrong password",
        browser: Browser {
            address: Some(address),
            ..HERE
        },
    };
    match refusal(log_in(&world.backend, attempt).await) {
        Some(Refusal::WrongCredentials) => true,
        Some(Refusal::TooManyTries { .. }) => false,
        other => panic!("{other:?}"),
    }
}

fn elsewhere(number: usize) -> String {
    format!("198.51.{}.{}", number / 250, number % 250)
}

#[tokio::test]
async fn of_a_thousand_tries_at_one_account_few_are_looked_at_and_its_owner_still_gets_in() {
    let world = World::new().await;
    let mut looked_at = 0;
    for _ in 0..TRIES {
        looked_at += usize::from(guess(&world, "admin@acme.example", "198.51.100.7").await);
    }
    assert_eq!(looked_at, 5, "from one address");
    log_in(&world.backend, attempt("admin@acme.example", PASSWORD))
        .await
        .unwrap();
    log_in(&world.backend, attempt("admin@daisy.example", PASSWORD))
        .await
        .unwrap();
}

#[tokio::test]
async fn tries_at_one_account_from_everywhere_are_slowed_and_others_do_not_feel_it() {
    let world = World::new().await;
    let mut looked_at = 0;
    for number in 0..TRIES {
        looked_at += usize::from(guess(&world, "admin@acme.example", &elsewhere(number)).await);
    }
    assert_eq!(looked_at, 50, "from a thousand addresses");
    log_in(&world.backend, attempt("admin@daisy.example", PASSWORD))
        .await
        .unwrap();
    // Its owner waits half a minute at most, however long the stranger goes on.
    world.seconds_pass(31);
    log_in(&world.backend, attempt("admin@acme.example", PASSWORD))
        .await
        .unwrap();
}

#[tokio::test]
async fn tries_at_many_accounts_from_one_address_are_braked_and_other_addresses_do_not_feel_it() {
    let world = World::new().await;
    let mut looked_at = 0;
    for number in 0..TRIES {
        let email = format!("person{number}@acme.example");
        looked_at += usize::from(guess(&world, &email, "198.51.100.7").await);
    }
    assert_eq!(looked_at, 20);
    log_in(&world.backend, attempt("admin@acme.example", PASSWORD))
        .await
        .unwrap();
}

#[tokio::test]
#[ignore = "a figure, not a test: it needs a machine that does nothing else"]
async fn known_and_unknown_addresses_take_as_long() {
    let world = World::new().await;
    let mut times: [Vec<Duration>; 2] = Default::default();
    for round in 0..200 {
        for (which, email) in ["admin@acme.example", "nobody@acme.example"]
            .into_iter()
            .enumerate()
        {
            let begin = Instant::now();
            assert!(guess(&world, email, &elsewhere(round)).await);
            times[which].push(begin.elapsed());
            world.seconds_pass(3_700);
        }
    }
    let [known, unknown] = times.map(|mut all| {
        all.sort_unstable();
        all[all.len() / 2]
    });
    let apart = known.abs_diff(unknown).as_secs_f64() / known.as_secs_f64() * 100.0;
    println!("median of a known address {known:?}, of an unknown one {unknown:?}, {apart:.1} % apart");
    assert!(apart < 5.0);
}
