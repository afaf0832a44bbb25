//! K1: one payment per key, whatever is retried.
//!
//! Eight people pay, each an invoice of their own with the same saved card. Every form is posted one to five times,
//! some of them at once, through a proxy that strikes every other post: the reply is lost, reset or cut, the connection
//! ends before there is one, or the request comes late. Who got no answer at all posts again.

use crate::{
    figures::{Size, difference, seed},
    payer::{Answer, Card, Payer},
    proxy::{Mode, Proxy},
    world::{BUYER, Engine, World},
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};
use uuid::Uuid;

const CLIENTS: usize = 8;
const FAULTS: &[Mode] = &[
    Mode::LoseReply,
    Mode::ResetReply,
    Mode::CutReply,
    Mode::HangUp,
    Mode::Delay,
];
/// Posts of one form in which somebody must have got an answer.
const MOST_POSTS: usize = 40;

/// What one client found.
#[derive(Clone, Debug, Default)]
struct Found {
    keys: BTreeSet<Uuid>,
    posts: usize,
    lost: usize,
    differing: usize,
    failed: usize,
}

/// Runs it.
pub async fn run(engine: Engine) {
    let (seed, attempts) = (seed(), Size::of_run().pick(60, 2_000));
    let world = World::new(&engine).await;
    let payer = world.payer(BUYER).await;
    let invoices = world.ledger.payable().await;
    world.save_card(&payer, invoices[CLIENTS]).await;
    let (charges, payments) = (
        world.gateway.charges().await.succeeded,
        world.ledger.paid_forms().await,
    );
    let proxy = Proxy::to(world.port, seed).await;
    proxy.strike(2, FAULTS);
    let left = Arc::new(AtomicUsize::new(attempts));
    let begun = Instant::now();
    let clients = (0..CLIENTS).map(|client| {
        let (payer, url, invoice, left) = (payer.clone(), proxy.url(), invoices[client], left.clone());
        let random = StdRng::seed_from_u64(seed.wrapping_mul(1_000) + client as u64);
        tokio::spawn(pay(payer, url, invoice, left, random))
    });
    let mut all = Found::default();
    for client in futures::future::join_all(clients).await {
        let found = client.unwrap();
        all.keys.extend(found.keys);
        all.posts += found.posts;
        all.lost += found.lost;
        all.differing += found.differing;
        all.failed += found.failed;
    }
    world.converge().await;
    let keys = all.keys.len();
    let charged = difference(world.gateway.charges().await.succeeded - charges, keys);
    let mut now = world.ledger.paid_forms().await;
    now.retain(|form| !payments.contains(form));
    let paid = difference(now.len(), keys);
    // Each key is paid, none more than once, and nothing that was no key.
    let paid_once: BTreeSet<Uuid> = now.iter().copied().collect();
    let others = paid_once.symmetric_difference(&all.keys).count();
    let differences = world.differences().await;
    let seconds = begun.elapsed().as_secs_f64();
    world.check().await;
    println!(
        "K1: {engine}, seed {seed}: {} attempts in {} posts, {} without an answer; charges - keys = {charged}; \
         payments - keys = {paid}, keys without payment or payments without key = {others}; answers that differ for one key = {}; failed = {}; portal and gateway differ on \
         {differences}; {seconds:.0} s; check passes",
        keys, all.posts, all.lost, all.differing, all.failed
    );
    assert_eq!(
        (keys, charged, paid, others, all.differing, differences),
        (attempts, 0, 0, 0, 0, 0)
    );
}

/// One client: forms of one invoice, one after the other.
async fn pay(payer: Payer, url: String, invoice: Uuid, left: Arc<AtomicUsize>, mut random: StdRng) -> Found {
    let mut found = Found::default();
    while left
        .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1))
        .is_ok()
    {
        let form = payer.open(invoice).await.form.expect("the invoice runs out");
        let fields = form.pay(random.random_range(50..=100), &Card::Saved);
        let copies = random.random_range(1..=5);
        let at_once = random.random_range(1..=copies);
        let mut answers = futures::future::join_all((0..at_once).map(|_| payer.post(&url, &fields))).await;
        while answers.len() < copies || answers.iter().all(|answer| *answer == Answer::Lost) {
            assert!(answers.len() < MOST_POSTS, "no answer in {MOST_POSTS} posts");
            answers.push(payer.post(&url, &fields).await);
        }
        let payment = payer.decided(form.key).await;
        // The page of outcomes and the receipt are the same answer, if it is this key's payment that they show.
        let differs = |answer: &&Answer| match answer {
            Answer::Receipt(shown) => Some(*shown) != payment,
            Answer::Result(key) => *key != form.key,
            Answer::Refused(_) | Answer::Other(..) => true,
            Answer::Lost => false,
        };
        let differing: Vec<_> = answers.iter().filter(differs).collect();
        if !differing.is_empty() {
            eprintln!(
                "K1: {} became {payment:?} and was answered by {differing:?}",
                form.key
            );
        }
        found.keys.insert(form.key);
        found.posts += answers.len();
        found.lost += answers.iter().filter(|answer| **answer == Answer::Lost).count();
        found.differing += differing.len();
        found.failed += usize::from(payment.is_none());
    }
    found
}
