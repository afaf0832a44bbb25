//! K21: a job has its effect once, though it may start more than once.
//!
//! Jobs are enqueued all the time, while the portal that works on them is killed at random moments and started again.

use crate::{
    events::Event,
    figures::{Size, median_and_worst, seed},
    returns::{ONCE, effects, give_back, prepare},
    world::{Engine, World},
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

const TELLERS: usize = 2;
/// Between two jobs of a teller.
const PACE: Duration = Duration::from_millis(15);

/// Runs it.
pub async fn run(engine: Engine) {
    let size = Size::of_run();
    let (seed, count) = (seed(), size.pick(60, 5_000));
    // The longest that the portal is left alone.
    let longest = u64::try_from(size.pick(300, 2_000)).unwrap();
    let mut random = StdRng::seed_from_u64(seed);
    let mut world = World::new(&engine).await;
    let (payer, invoices) = prepare(&world).await;
    let events = give_back(&world, &payer, invoices[0], count).await;
    let all_told = Arc::new(AtomicBool::new(false));
    let (http, port) = (world.http.clone(), world.port);
    let tellers = events.chunks(count.div_ceil(TELLERS)).map(|events| {
        let (http, events) = (http.clone(), events.to_vec());
        tokio::spawn(async move {
            for event in events {
                tell_until_taken(&http, port, &event).await;
                tokio::time::sleep(PACE).await;
            }
        })
    });
    let tellers = futures::future::join_all(tellers);
    let told = tokio::spawn({
        let all_told = all_told.clone();
        async move {
            for teller in tellers.await {
                teller.unwrap();
            }
            all_told.store(true, Ordering::SeqCst);
        }
    });
    let begun = Instant::now();
    let (mut kills, mut starts) = (0, Vec::new());
    while !all_told.load(Ordering::SeqCst) {
        tokio::time::sleep(Duration::from_millis(random.random_range(100..longest))).await;
        world.kill();
        kills += 1;
        let dead = Instant::now();
        world.start().await;
        starts.push(dead.elapsed());
    }
    told.await.unwrap();
    let normal = Instant::now();
    world.settle().await;
    let normal = normal.elapsed().as_secs_f64();
    let seconds = begun.elapsed().as_secs_f64();
    let done = effects(&world, count).await;
    const OURS: &str = "jobs WHERE kind = 'gateway.event'";
    let again = world.ledger.count(&format!("{OURS} AND token > 1")).await;
    let left = world.ledger.count(&format!("{OURS} AND state <> 'done'")).await;
    world.check().await;
    println!(
        "K21: {engine}, seed {seed}: {count} jobs, {kills} kills, {again} jobs started more than once; effects - jobs = {} \
         refunds, {} entries, {} minor units; jobs left over = {left}; the portal was back {}; nothing waited {normal:.1} s after \
         the last kill; {seconds:.0} s; check passes",
        done.refunds,
        done.entries,
        done.minor,
        median_and_worst(&starts)
    );
    assert_eq!((done, left), (ONCE, 0));
}

/// As the gateway does, which hears nothing from a portal that is dead.
async fn tell_until_taken(http: &reqwest::Client, port: u16, event: &Event) {
    loop {
        let request = http
            .post(format!("http://127.0.0.1:{port}/gateway/events/default"))
            .header("stripe-signature", event.signature())
            .body(event.body.clone());
        if request
            .send()
            .await
            .is_ok_and(|answer| answer.status().is_success())
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
