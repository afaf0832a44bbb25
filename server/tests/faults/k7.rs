//! K7: two people cannot pay one invoice twice.
//!
//! Sixteen sessions of two colleagues open the form of the same invoice and post it at the same moment, half of them
//! in full and half in part. Who is refused looks at the form again and tries twice more with what is left. What all of them
//! were told is replayed into a counter of what can be paid.

use crate::{
    figures::{Size, seed},
    history::{Call, Said, contradictions},
    payer::{Answer, Card, Page, Payer},
    world::{BUYER, COLLEAGUE, Engine, World},
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::{sync::Arc, time::Instant};
use tokio::sync::Barrier;
use uuid::Uuid;

const SESSIONS: usize = 16;
/// How often one session posts in a round.
const POSTS: usize = 3;
/// What a payer reads who came too late, in the words of `Refusal::message`.
const CLEAR: &[&str] = &[
    "changed while this page was open",
    "is being paid right now",
    "is already paid",
    "open. Enter at most that",
];

#[derive(Clone, Debug, Default)]
struct Found {
    paid: usize,
    refused: usize,
    unclear: usize,
    errors: usize,
    calls: Vec<Call>,
}

/// Runs it.
pub async fn run(engine: Engine) {
    let (seed, rounds) = (seed(), Size::of_run().pick(6, 50));
    let mut random = StdRng::seed_from_u64(seed);
    let (mut world, mut sessions) = begin(&engine).await;
    let begun = Instant::now();
    let (mut all, mut overpaid, mut paid_up, mut differences, mut deadlocks) = (Found::default(), 0, 0, 0, 0);
    let (mut answers, mut impossible) = (0, 0);
    for round in 0..rounds {
        // What was paid in part comes again.
        let mut open = world.ledger.payable().await;
        if open.is_empty() {
            let ended = end(&world).await;
            differences += ended.0;
            deadlocks += ended.1;
            (world, sessions) = begin(&engine).await;
            open = world.ledger.payable().await;
        }
        let invoice = open[round % open.len()];
        let payable = sessions[0]
            .open(invoice)
            .await
            .form
            .expect("it is payable")
            .payable;
        let mut calls = Vec::new();
        let barrier = Arc::new(Barrier::new(SESSIONS));
        let people = sessions.iter().enumerate().map(|(index, payer)| {
            let (payer, url, barrier) = (payer.clone(), world.url(), barrier.clone());
            let percent = if index % 4 < 2 {
                100
            } else {
                random.random_range(10..60)
            };
            tokio::spawn(pay(payer, url, invoice, percent, barrier))
        });
        for person in futures::future::join_all(people.collect::<Vec<_>>()).await {
            let found = person.unwrap();
            all.paid += found.paid;
            all.refused += found.refused;
            all.unclear += found.unclear;
            all.errors += found.errors;
            calls.extend(found.calls);
        }
        let wrong = contradictions(payable, &calls);
        if !wrong.is_empty() {
            eprintln!("K7: of {payable} no order allows {wrong:?} among {calls:?}");
        }
        answers += calls.len();
        impossible += wrong.len();
        world.converge().await;
        overpaid += world.ledger.overpaid().await;
        paid_up += usize::from(world.ledger.payable().await.iter().all(|left| *left != invoice));
    }
    let seconds = begun.elapsed().as_secs_f64();
    let ended = end(&world).await;
    differences += ended.0;
    deadlocks += ended.1;
    println!(
        "K7: {engine}, seed {seed}: {rounds} rounds of {SESSIONS} sessions, {} payments, {paid_up} rounds ended paid in \
         full; overpaid invoices = {overpaid}; of {answers} answers no order of the calls allows {impossible}; {} refused, without a clear answer = {}; answers 5xx or none = {}; \
         deadlocks = {deadlocks}; portal and gateway differ on {differences}; {seconds:.0} s; check passes",
        all.paid, all.refused, all.unclear, all.errors
    );
    assert_eq!(
        (
            overpaid,
            impossible,
            all.unclear,
            all.errors,
            differences,
            deadlocks
        ),
        (0, 0, 0, 0, 0, 0)
    );
    assert!(all.paid >= rounds, "in each round somebody pays");
}

/// A world in which nothing is paid yet, its sixteen sessions, and a card that all of them may pay with.
async fn begin(engine: &Engine) -> (World, Vec<Payer>) {
    let world = World::new(engine).await;
    let mut sessions = Vec::with_capacity(SESSIONS);
    for session in 0..SESSIONS {
        let email = if session % 2 == 0 { BUYER } else { COLLEAGUE };
        sessions.push(world.payer(email).await);
    }
    let invoices = world.ledger.payable().await;
    world.save_card(&sessions[0], invoices[0]).await;
    (world, sessions)
}

/// On how much portal and gateway differ, and how many deadlocks there were; `quittance check` passes.
async fn end(world: &World) -> (usize, i64) {
    let (differences, deadlocks) = (world.differences().await, world.ledger.deadlocks().await);
    // It lets go of the database.
    world.check().await;
    (differences, deadlocks)
}

/// One session in one round.
async fn pay(payer: Payer, url: String, invoice: Uuid, percent: i64, barrier: Arc<Barrier>) -> Found {
    let mut found = Found::default();
    let mut page = found.open(&payer, invoice).await;
    barrier.wait().await;
    for post in 1..=POSTS {
        let Page { html, form } = page;
        let Some(form) = form else {
            found.refuse(&html);
            break;
        };
        let (shown, amount) = (form.payable, (form.payable * percent / 100).max(1));
        let begun = Instant::now();
        let answer = payer.post(&url, &form.pay(amount, &Card::Saved)).await;
        let to = match answer {
            Answer::Receipt(_) | Answer::Result(_) => {
                found.paid += 1;
                found.heard(begun, Said::Paid { shown, amount });
                break;
            }
            Answer::Refused(to) => {
                found.heard(begun, Said::Refused { shown });
                to
            }
            other => {
                eprintln!("K7: {other:?}");
                found.errors += 1;
                break;
            }
        };
        let (status, html) = payer.get(&to).await;
        if !status.is_success() {
            eprintln!("K7: {status} {html}");
            found.errors += 1;
            break;
        }
        found.refuse(&html);
        if post == POSTS {
            break;
        }
        page = found.open(&payer, invoice).await;
    }
    found
}

impl Found {
    /// Opens the form and keeps what it shows; a page without one says that nothing can be paid.
    async fn open(&mut self, payer: &Payer, invoice: Uuid) -> Page {
        let begun = Instant::now();
        let page = payer.open(invoice).await;
        let payable = page.form.as_ref().map_or(0, |form| form.payable);
        self.heard(begun, Said::Payable(payable));
        page
    }

    fn heard(&mut self, begun: Instant, said: Said) {
        let answered = Instant::now();
        self.calls.push(Call {
            begun,
            answered,
            said,
        });
    }

    /// Counts a no, and whether it says why.
    fn refuse(&mut self, html: &str) {
        self.refused += 1;
        if !CLEAR.iter().any(|words| html.contains(words)) {
            eprintln!("K7: a refusal without a reason: {html}");
            self.unclear += 1;
        }
    }
}
