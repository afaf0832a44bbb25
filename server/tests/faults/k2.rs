//! K2: a lost reply of the gateway is never "failed".
//!
//! Between portal and gateway the reply to one call in ten is lost, also to the calls by which the portal looks up what
//! became of the others. Whenever a payer would read "failed", the gateway is asked whether it has the charge.

use crate::{
    figures::{Size, median_and_worst, seed},
    payer::{Card, Payer, Shown},
    proxy::Mode,
    world::{BUYER, Engine, World},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use uuid::Uuid;

const CLIENTS: usize = 4;
/// One of so many replies is lost.
const ONE_IN: u32 = 10;
/// Most are lost at once; for the others the portal waits until it gives up.
const FAULTS: &[Mode] = &[
    Mode::LoseReply,
    Mode::LoseReply,
    Mode::LoseReply,
    Mode::LoseReply,
    Mode::LoseReply,
    Mode::LoseReply,
    Mode::LoseReply,
    Mode::LoseReply,
    Mode::LoseReply,
    Mode::Hang,
];

#[derive(Debug, Default)]
struct Found {
    attempts: usize,
    succeeded: usize,
    failed: usize,
    shown_wrong: usize,
    /// From the answer to the outcome, of the attempts that the answer left open.
    open_for: Vec<Duration>,
}

/// Runs it.
pub async fn run() {
    let (seed, attempts) = (seed(), Size::of_run().pick(40, 500));
    let world = Arc::new(World::new(&Engine::Sqlite).await);
    let payer = world.payer(BUYER).await;
    let invoices = world.ledger.payable().await;
    world.save_card(&payer, invoices[CLIENTS]).await;
    world.gateway_proxy.strike(ONE_IN, FAULTS);
    let left = Arc::new(AtomicUsize::new(attempts));
    let clients = (0..CLIENTS).map(|client| {
        let (world, payer, left) = (world.clone(), payer.clone(), left.clone());
        let invoice = invoices[client];
        tokio::spawn(async move { pay(&world, &payer, invoice, &left).await })
    });
    let mut all = Found::default();
    for client in futures::future::join_all(clients).await {
        let found = client.unwrap();
        all.attempts += found.attempts;
        all.succeeded += found.succeeded;
        all.failed += found.failed;
        all.shown_wrong += found.shown_wrong;
        all.open_for.extend(found.open_for);
    }
    world.gateway_proxy.strike(0, &[]);
    world.converge().await;
    let differences = world.differences().await;
    world.check().await;
    println!(
        "K2: SQLite, seed {seed}: {} attempts, {} replies lost; shown failed while the gateway has the charge = {}; \
         {} succeeded, {} failed without a charge; {} were open at the answer, right after {}; portal and gateway \
         differ on {differences}; check passes",
        all.attempts,
        world.gateway_proxy.struck(),
        all.shown_wrong,
        all.succeeded,
        all.failed,
        all.open_for.len(),
        median_and_worst(&all.open_for),
    );
    assert_eq!((all.attempts, all.shown_wrong, differences), (attempts, 0, 0));
}

async fn pay(world: &World, payer: &Payer, invoice: Uuid, left: &AtomicUsize) -> Found {
    let mut found = Found::default();
    while left
        .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1))
        .is_ok()
    {
        let form = payer.open(invoice).await.form.expect("the invoice runs out");
        payer.post(&world.url(), &form.pay(50, &Card::Saved)).await;
        let answered = Instant::now();
        let mut was_open = false;
        loop {
            match payer.outcome(form.key).await {
                Shown::Paid(_) => {
                    found.succeeded += 1;
                    break;
                }
                Shown::Refused => {
                    found.failed += 1;
                    let attempt = world.ledger.attempt(form.key).await;
                    let charged = world.gateway.charges().await.by_attempt.contains_key(&attempt);
                    found.shown_wrong += usize::from(charged);
                    break;
                }
                Shown::Open => was_open = true,
            }
            assert!(
                answered.elapsed() < Duration::from_secs(60),
                "{} has no outcome",
                form.key
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        found.attempts += 1;
        if was_open {
            found.open_for.push(answered.elapsed());
        }
    }
    found
}
