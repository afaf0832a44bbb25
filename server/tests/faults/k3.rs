//! K3: a crash between charge and commit loses nothing.
//!
//! The gateway pauses at each call, before or after its effect. Two people post their forms, the portal is killed at
//! some moment of it and started again; one time in four it is killed once more while it clears up. When every attempt
//! has its outcome, both sides must tell the same.

use crate::{
    figures::{Size, median_and_worst, seed},
    payer::{Answer, Card},
    world::{BUYER, Engine, World},
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::time::{Duration, Instant};

const PAYERS: usize = 2;

/// Runs it.
pub async fn run() {
    let (seed, kills) = (seed(), Size::of_run().pick(12, 300));
    let mut random = StdRng::seed_from_u64(seed);
    let mut world = World::new(&Engine::Sqlite).await;
    let payer = world.payer(BUYER).await;
    let invoices = world.ledger.payable().await;
    world.save_card(&payer, invoices[PAYERS]).await;
    let (mut wrong, mut cut_off, mut again, mut left_open) = (0, 0, 0, 0);
    let mut converged = Vec::with_capacity(kills);
    for kill in 1..=kills {
        let pause = random.random_range(50..=300);
        let when = if random.random() { "before" } else { "after" };
        world.gateway.pause(Duration::from_millis(pause), when).await;
        let mut posts = Vec::new();
        for invoice in &invoices[..PAYERS] {
            let form = payer.open(*invoice).await.form.expect("the invoice runs out");
            let (payer, url) = (payer.clone(), world.url());
            posts.push(tokio::spawn(async move {
                payer.post(&url, &form.pay(50, &Card::Saved)).await
            }));
        }
        tokio::time::sleep(Duration::from_millis(random.random_range(0..4 * pause + 200))).await;
        world.kill();
        for post in posts {
            cut_off += usize::from(post.await.unwrap() == Answer::Lost);
        }
        let open = world.ledger.undecided().await;
        left_open += open;
        let mut begun = Instant::now();
        world.start().await;
        if random.random_range(0..4) == 0 {
            tokio::time::sleep(Duration::from_millis(random.random_range(0..2_000))).await;
            world.kill();
            again += 1;
            begun = Instant::now();
            world.start().await;
        }
        world.converge().await;
        if open > 0 {
            converged.push(begun.elapsed());
        }
        let differences = world.differences().await;
        if differences > 0 {
            eprintln!("K3: after {kill} kills portal and gateway differ on {differences}");
        }
        wrong += differences;
    }
    let charges = world.gateway.charges().await.succeeded;
    let attempts = world.ledger.attempts().await;
    let succeeded = world.ledger.succeeded().await.len();
    world.check().await;
    println!(
        "K3: SQLite, seed {seed}: {kills} kills and {again} more while clearing up, {cut_off} posts and {left_open} \
         attempts cut off; {} attempts, {succeeded} succeeded; gateway charges = {charges}; portal and gateway differ \
         on {wrong}; where attempts were cut off, all decided {} after the start; check passes",
        attempts.len(),
        median_and_worst(&converged),
    );
    assert_eq!((charges, wrong), (succeeded, 0));
}
