//! K4: webhooks that come more than once change nothing.
//!
//! Money of some payments is given back at the gateway in many parts. Each part is told in an event that is posted one to
//! ten times, from four senders at once.

use crate::{
    figures::{Size, seed},
    returns::{ONCE, effects, give_back, prepare},
    world::{Engine, World},
};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::SliceRandom};
use std::{sync::Arc, time::Instant};

const SENDERS: usize = 4;

/// Runs it.
pub async fn run(engine: Engine) {
    let (seed, count) = (seed(), Size::of_run().pick(40, 500));
    let mut random = StdRng::seed_from_u64(seed);
    let world = Arc::new(World::new(&engine).await);
    let (payer, invoices) = prepare(&world).await;
    let events = give_back(&world, &payer, invoices[0], count).await;
    let mut posts = Vec::new();
    for event in &events {
        let copies = random.random_range(1..=10);
        posts.extend(std::iter::repeat_n(event.clone(), copies));
    }
    posts.shuffle(&mut random);
    let begun = Instant::now();
    let senders = posts.chunks(posts.len().div_ceil(SENDERS)).map(|posts| {
        let (world, posts) = (world.clone(), posts.to_vec());
        tokio::spawn(async move {
            let mut refused = 0;
            for event in posts {
                let answer = world.tell(world.port, &event, &event.signature()).await;
                refused += usize::from(!answer.is_some_and(|status| status.is_success()));
            }
            refused
        })
    });
    let refused = futures::future::join_all(senders).await;
    let refused: usize = refused.into_iter().map(Result::unwrap).sum();
    world.settle().await;
    let seconds = begun.elapsed().as_secs_f64();
    let done = effects(&world, count).await;
    world.check().await;
    println!(
        "K4: {engine}, seed {seed}: {count} events in {} posts from {SENDERS} senders; answers other than 2xx = {refused}; \
         refunds - events = {}; entries in the books - events = {}; minor units too many = {}; {seconds:.0} s; check passes",
        posts.len(),
        done.refunds,
        done.entries,
        done.minor
    );
    assert_eq!((refused, done), (0, ONCE));
}
