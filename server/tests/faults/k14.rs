//! K14: what is frozen is handled as dead, and does no harm when it thaws.
//!
//! Two portals work on one PostgreSQL at jobs that take a while. First the database is frozen, then one of the portals, so
//! that the other takes its jobs over when their leases have run out; then it thaws and goes on where it was.

use crate::{
    cluster::Cluster,
    events::Event,
    figures::Size,
    program::{free_port, signal},
    returns::{ONCE, effects, give_back, prepare},
    world::{Engine, World},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// What the gateway takes for an answer, so that jobs are running when something freezes.
const PAUSE: Duration = Duration::from_millis(150);
/// Longer than a lease.
const NODE_FROZEN: Duration = Duration::from_secs(35);

/// Runs it.
pub async fn run() {
    let Some(cluster) = Cluster::new("-c fsync=off").await else {
        return println!("K14 is not run: PostgreSQL is not installed");
    };
    let size = Size::of_run();
    let count = size.pick(40, 600);
    // A short run ends before leases do, and freezes for less than a job waits for the database.
    let database_frozen = size.seconds(1, 15);
    let (freezes, node_frozen) = match size {
        Size::Small => (1, Duration::from_secs(3)),
        Size::Full => (3, NODE_FROZEN),
    };
    let world = Arc::new(World::new(&Engine::Postgres(cluster.url())).await);
    let (payer, invoices) = prepare(&world).await;
    let events = give_back(&world, &payer, invoices[0], count).await;
    world.gateway.pause(PAUSE, "before").await;
    world.gateway.be_silent().await;
    let port = free_port();
    let mut other = world.another(port).await;
    let begun = Instant::now();
    let teller = tokio::spawn(tell_all(world.clone(), events));
    tokio::time::sleep(Duration::from_secs(1)).await;
    cluster.freeze();
    tokio::time::sleep(database_frozen).await;
    cluster.thaw();
    for _ in 0..freezes {
        tokio::time::sleep(Duration::from_secs(2)).await;
        signal("STOP", &[other.pid()]);
        tokio::time::sleep(node_frozen).await;
        signal("CONT", &[other.pid()]);
    }
    let refused = teller.await.unwrap();
    world.settle().await;
    let seconds = begun.elapsed().as_secs_f64();
    assert!(!other.has_ended(), "the node that was frozen has ended");
    let done = effects(&world, count).await;
    const OURS: &str = "jobs WHERE kind = 'gateway.event'";
    let taken_over = world.ledger.count(&format!("{OURS} AND token > 1")).await;
    let most = world
        .ledger
        .number(&format!("SELECT CAST(MAX(token) AS BIGINT) FROM {OURS}"))
        .await;
    let left = world.ledger.count(&format!("{OURS} AND state <> 'done'")).await;
    world.check().await;
    println!(
        "K14: PostgreSQL, two nodes, {count} jobs; database frozen for {} s, one node {freezes} times for {} s; {refused} posts \
         refused and repeated; {taken_over} jobs started again, none more than {most} times; refunds - jobs = {}; entries - jobs \
         = {}; minor units too many = {}; jobs left over = {left}; {seconds:.0} s; check passes",
        database_frozen.as_secs(),
        node_frozen.as_secs(),
        done.refunds,
        done.entries,
        done.minor
    );
    assert_eq!((done, left), (ONCE, 0));
}

/// Tells everything to the node that is never frozen, again until it is taken, as the gateway does. Returns how often it was
/// not.
async fn tell_all(world: Arc<World>, events: Vec<Event>) -> usize {
    let mut refused = 0;
    for event in events {
        while !world
            .tell(world.port, &event, &event.signature())
            .await
            .is_some_and(|status| status.is_success())
        {
            refused += 1;
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
    refused
}
