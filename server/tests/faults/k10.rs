//! K10: what was committed on PostgreSQL survives its death, and a server that could lose it is shouted about.
//!
//! PostgreSQL is killed several times while several senders get their acknowledgements, and started again. Then a portal is
//! started on a server whose safety is switched off.

use crate::{
    cluster::Cluster,
    figures::{Size, median_and_worst, seed},
    survivors::{Acknowledged, missing, tell},
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

const SENDERS: usize = 3;
/// What keeps an acknowledged commit on PostgreSQL.
const SAFETY: [&str; 3] = ["fsync", "full_page_writes", "synchronous_commit"];

/// Runs it.
pub async fn run() {
    let Some(cluster) = Cluster::new("").await else {
        return println!("K10 is not run: PostgreSQL is not installed");
    };
    let (seed, kills) = (seed(), Size::of_run().pick(2, 5));
    let mut random = StdRng::seed_from_u64(seed);
    let world = Arc::new(World::new(&Engine::Postgres(cluster.url())).await);
    let stop = Arc::new(AtomicBool::new(false));
    let senders = (0..SENDERS).map(|_| tokio::spawn(keep_telling(world.clone(), stop.clone())));
    let senders: Vec<_> = senders.collect();
    let mut back = Vec::with_capacity(kills);
    for _ in 0..kills {
        tokio::time::sleep(Duration::from_millis(random.random_range(1_000..3_000))).await;
        cluster.kill();
        tokio::task::block_in_place(|| cluster.start());
        let up = Instant::now();
        while tell(&world, world.port, 1).await.0.is_empty() {
            assert!(
                up.elapsed() < Duration::from_secs(60),
                "the portal does not recover"
            );
        }
        back.push(up.elapsed());
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    stop.store(true, Ordering::SeqCst);
    let (mut acknowledged, mut later, mut other) = (Vec::new(), 0, 0);
    for sender in senders {
        let (kept, refused, strange) = sender.await.unwrap();
        acknowledged.extend(kept);
        later += refused;
        other += strange;
    }
    // The test's own connections died as well.
    let ledger = crate::ledger::Ledger::open(&world.database_url).await;
    let lost = missing(&ledger, acknowledged.iter()).await;
    ledger.close().await;
    let shouted = shouts(&world.portal.as_ref().unwrap().log());
    world.check().await;
    drop(world);
    drop(cluster);
    let options: String = SAFETY.map(|setting| format!("-c {setting}=off ")).concat();
    let unsafe_cluster = Cluster::new(&options).await.unwrap();
    let unsafe_world = World::new(&Engine::Postgres(unsafe_cluster.url())).await;
    let warned = shouts(&unsafe_world.portal.as_ref().unwrap().log());
    println!(
        "K10: PostgreSQL, seed {seed}: killed {kills} times under load; {} acknowledged, lost = {lost}; {later} told to come later, \
         other answers = {other}; first success after a restart {}; warned of settings that lose commits: {} when they are safe, \
         {} of {} when they are off; check passes",
        acknowledged.len(),
        median_and_worst(&back),
        shouted.len(),
        warned.len(),
        SAFETY.len()
    );
    assert_eq!((lost, other), (0, 0));
    assert_eq!((shouted, warned), (Vec::new(), SAFETY.to_vec()));
}

async fn keep_telling(world: Arc<World>, stop: Arc<AtomicBool>) -> (Vec<Acknowledged>, usize, usize) {
    let (mut all, mut refused, mut strange) = (Vec::new(), 0, 0);
    while !stop.load(Ordering::SeqCst) {
        let (kept, later, other) = tell(&world, world.port, 1).await;
        all.extend(kept);
        refused += later;
        strange += other;
    }
    (all, refused, strange)
}

/// The settings that a log warns of.
fn shouts(log: &str) -> Vec<&'static str> {
    let warnings: Vec<_> = log
        .lines()
        .filter(|line| line.contains("can lose what it acknowledged"))
        .collect();
    let is_named = |setting: &&str| {
        warnings
            .iter()
            .any(|line| line.contains(&format!("\"{setting}\"")))
    };
    SAFETY.into_iter().filter(is_named).collect()
}
