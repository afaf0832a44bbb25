//! K5: webhooks in any order end at the same state.
//!
//! The reply to each confirmation is lost, and nothing is looked up by itself, so that the portal learns everything from what
//! the gateway tells: that a payment was made, succeeded, was refunded in part and disputed. First one payment for each of the
//! 24 orders, the next event only when the one before was worked off; then payments whose events are shuffled, come up to three times, and at once.

use crate::{
    events::Event,
    figures::{Size, seed},
    payer::{Card, Payer},
    returns::prepare,
    world::{Engine, World},
};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::SliceRandom};
use serde_json::json;
use std::time::Instant;
use uuid::Uuid;

/// Paid, given back of it, and taken by the bank, in minor units.
const AMOUNTS: (i64, i64, i64) = (100, 30, 70);
/// Events of a payment.
const EVENTS: usize = 4;
/// Payments whose events are told at once.
const AT_ONCE: usize = 8;

/// Runs it.
pub async fn run(engine: Engine) {
    let (seed, shuffles) = (seed(), Size::of_run().pick(24, 1_000));
    let mut random = StdRng::seed_from_u64(seed);
    let world = World::with(&engine, |program| {
        program.with("payments__lookup_after_seconds", 3_600)
    })
    .await;
    let (payer, invoices) = prepare(&world).await;
    let begun = Instant::now();
    let mut states = Vec::new();
    let mut ordered = Vec::new();
    for order in orders() {
        let (form, events) = pay_unheard(&world, &payer, invoices[0]).await;
        ordered.push((form, order.map(|place| events[place].clone())));
    }
    for place in 0..EVENTS {
        for (_, events) in &ordered {
            tell(&world, &events[place]).await;
        }
        world.settle().await;
    }
    for (form, _) in &ordered {
        states.push(state(&world, *form).await);
    }
    let orders = states.len();
    while states.len() < orders + shuffles {
        let mut forms = Vec::new();
        let mut posts = Vec::new();
        for _ in 0..AT_ONCE.min(orders + shuffles - states.len()) {
            let (form, events) = pay_unheard(&world, &payer, invoices[0]).await;
            forms.push(form);
            for event in events {
                let copies = random.random_range(1..=3);
                posts.extend(std::iter::repeat_n(event, copies));
            }
        }
        posts.shuffle(&mut random);
        futures::future::join_all(posts.iter().map(|event| tell(&world, event))).await;
        world.settle().await;
        for form in forms {
            states.push(state(&world, form).await);
        }
    }
    let differing = states.iter().filter(|state| **state != states[0]).count();
    let seconds = begun.elapsed().as_secs_f64();
    world.check().await;
    println!(
        "K5: {engine}, seed {seed}: {orders} orders and {shuffles} shuffles of {EVENTS} events; final states that differ = \
         {differing}; {seconds:.0} s; check passes"
    );
    assert_eq!(differing, 0, "the first is {:?} of {states:?}", states[0]);
    assert!(
        states[0].contains("succeeded") && states[0].contains("chargeback"),
        "{}",
        states[0]
    );
}

/// All orders of the events.
fn orders() -> Vec<[usize; EVENTS]> {
    let numbers = 0..EVENTS.pow(4);
    let digits = |number: usize| [number % 4, number / 4 % 4, number / 16 % 4, number / 64 % 4];
    let each_once = |order: &[usize; EVENTS]| (0..EVENTS).all(|place| order.contains(&place));
    numbers.map(digits).filter(each_once).collect()
}

/// Pays, and loses the gateway's word. Returns the form, and what the gateway has to tell.
async fn pay_unheard(world: &World, payer: &Payer, invoice: Uuid) -> (Uuid, [Event; EVENTS]) {
    let (paid, refunded, disputed) = AMOUNTS;
    let lose = json!({ "action": "drop", "when": "after", "path": "/v1/payment_intents/*/confirm" });
    world.gateway.order(lose).await;
    let form = payer.open(invoice).await.form.expect("the invoice runs out");
    payer.post(&world.url(), &form.pay(paid, &Card::Saved)).await;
    let intent = world.ledger.intent(form.key).await;
    let refund = world.gateway.give_back(&intent, refunded).await;
    let dispute = world.gateway.dispute(&intent, disputed).await;
    let events = [
        Event::of_intent("payment_intent.created", &intent),
        Event::of_intent("payment_intent.succeeded", &intent),
        Event::refunded(&refund, &intent),
        Event::disputed(&dispute, &intent),
    ];
    (form.key, events)
}

async fn tell(world: &World, event: &Event) {
    let answer = world.tell(world.port, event, &event.signature()).await;
    assert!(answer.is_some_and(|status| status.is_success()), "{answer:?}");
}

/// Everything that the portal made of a payment, without ids and times.
async fn state(world: &World, form: Uuid) -> String {
    let attempt = world.ledger.attempt(form).await;
    world.ledger.traces(attempt).await
}
