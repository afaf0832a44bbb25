//! K11: wrong clocks do not corrupt.
//!
//! The portal's clock is set a day and two hours ahead, an hour back from there, a day and two hours behind, and right again,
//! while people are logged in and pay; the gateway's clock stays right. Then two nodes whose clocks are five minutes apart work
//! on one database: to the one ahead the other's leases always look as if they had run out.

use crate::{
    clock::Clock,
    cluster::Cluster,
    figures::Size,
    payer::{Card, Payer},
    program::free_port,
    returns::{Effects, ONCE, effects, give_back, prepare},
    world::{BUYER, Engine, World},
};
use reqwest::StatusCode;
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

/// What the gateway takes for an answer, so that jobs overlap.
const PAUSE: Duration = Duration::from_millis(700);

/// Runs it.
pub async fn run() {
    let Some(clock) = Clock::new() else {
        return println!("K11 is not run: there is no C compiler");
    };
    one_node(&clock).await;
    two_nodes(&clock).await;
}

/// Who is logged in at each turn of the clock, and what may be done.
async fn one_node(clock: &Clock) {
    let set = |hours: i64| clock.set(hours * 60);
    let world = World::with(&Engine::Sqlite, |program| clock.of(program)).await;
    let (payer, invoices) = prepare(&world).await;
    let invoice = invoices[0];
    let mut paid = pay_often(&world, &payer, invoice).await;

    set(26);
    let old_dropped = !is_signed_in(&payer).await;
    let ahead = world.payer(BUYER).await;
    paid.extend(pay_often(&world, &ahead, invoice).await);
    let unheard = pay_unheard(&world, &ahead, invoice).await;

    set(25);
    let kept = is_signed_in(&ahead).await;
    paid.extend(pay_often(&world, &ahead, invoice).await);

    set(-26);
    let behind = world.payer(BUYER).await;
    paid.extend(pay_often(&world, &behind, invoice).await);

    set(0);
    let from_the_past = !is_signed_in(&behind).await;
    let from_the_future = !is_signed_in(&ahead).await;
    let right = world.payer(BUYER).await;
    paid.extend(pay_often(&world, &right, invoice).await);

    // What was left open while the clock was ahead is decided when the clock is there again.
    set(27);
    world.converge().await;
    let found = world.payer(BUYER).await.decided(unheard).await.is_some();
    let unpaid = paid.iter().filter(|payment| payment.is_none()).count();
    let (out_of_order, wrong_days) = receipts(&world, &paid).await;
    let differences = world.differences().await;
    world.program.run(&["audit", "verify"]);
    world.check().await;
    let yes = |it: bool| if it { "yes" } else { "no" };
    println!(
        "K11: SQLite, clock +26 h, back by 1 h, -26 h and right again: payments that did not succeed = {unpaid}, one whose reply \
         was lost found = {}; receipts out of the order in which people got them = {out_of_order}, with another day than the seller's \
         own = {wrong_days}; portal and gateway differ on {differences}; sessions end when they are too old = {}, live through the \
         hour back = {}, those of the wrong clocks end when it is right = {}; the audit's chain holds; check passes",
        yes(found),
        yes(old_dropped),
        yes(kept),
        yes(from_the_past && from_the_future)
    );
    assert_eq!((unpaid, out_of_order, wrong_days, differences), (0, 0, 0, 0));
    assert!(found && old_dropped && kept && from_the_past && from_the_future);
}

async fn is_signed_in(payer: &Payer) -> bool {
    payer.get("/invoices").await.0 == StatusCode::OK
}

/// Pays some times and returns the payments in the order in which they were acknowledged; none for what did not succeed.
async fn pay_often(world: &World, payer: &Payer, invoice: Uuid) -> Vec<Option<Uuid>> {
    let mut paid = Vec::new();
    for _ in 0..Size::of_run().pick(2, 20) {
        let form = payer.open(invoice).await.form.expect("the invoice runs out");
        payer.post(&world.url(), &form.pay(50, &Card::Saved)).await;
        paid.push(payer.decided(form.key).await);
    }
    paid
}

/// How many receipts have a number below one that was handed out before them, whatever the clock said, and how many bear another
/// day than the one that it was at the seller's by the clock of that moment.
async fn receipts(world: &World, paid: &[Option<Uuid>]) -> (usize, usize) {
    let receipts = world.ledger.receipts().await;
    let of = |payment: &Uuid| receipts.iter().find(|receipt| receipt.payment == *payment);
    let handed_out: Vec<_> = paid.iter().flatten().filter_map(of).collect();
    let out_of_order = handed_out
        .windows(2)
        .filter(|two| two[0].number >= two[1].number)
        .count();
    let wrong_days = handed_out
        .iter()
        .filter(|receipt| receipt.at.with_timezone(&receipt.zone).date_naive() != receipt.day)
        .count();
    (out_of_order, wrong_days)
}

/// Pays, and loses the gateway's word. Returns the form.
async fn pay_unheard(world: &World, payer: &Payer, invoice: Uuid) -> Uuid {
    let lose = json!({ "action": "drop", "when": "after", "path": "/v1/payment_intents/*/confirm" });
    world.gateway.order(lose).await;
    let form = payer.open(invoice).await.form.expect("the invoice runs out");
    payer.post(&world.url(), &form.pay(50, &Card::Saved)).await;
    form.key
}

async fn two_nodes(clock: &Clock) {
    let Some(cluster) = Cluster::new("-c fsync=off").await else {
        return println!("K11 is not run with two nodes: PostgreSQL is not installed");
    };
    let count = Size::of_run().pick(12, 200);
    clock.set(5);
    let mut world = World::new(&Engine::Postgres(cluster.url())).await;
    let (payer, invoices) = prepare(&world).await;
    let events = give_back(&world, &payer, invoices[0], count).await;
    world.gateway.pause(PAUSE, "before").await;
    world.gateway.be_silent().await;
    let port = free_port();
    world.portal_program = clock.of(world.portal_program.clone());
    let _ahead = world.another(port).await;
    for event in &events {
        world.tell(world.port, event, &event.signature()).await.unwrap();
        // So that the node ahead has nothing else to do than to look at the other's job.
        tokio::time::sleep(PAUSE / 2).await;
    }
    world.settle().await;
    let Effects {
        refunds,
        entries,
        minor,
    } = effects(&world, count).await;
    let twice = world
        .ledger
        .count("jobs WHERE kind = 'gateway.event' AND token > 1")
        .await;
    world.program.run(&["audit", "verify"]);
    world.check().await;
    println!(
        "K11: PostgreSQL, two nodes 5 minutes apart: {count} jobs, {twice} of them started more than once; effects - jobs = \
         {refunds} refunds, {entries} entries, {minor} minor units; the audit's chain holds; check passes"
    );
    assert_eq!(
        Effects {
            refunds,
            entries,
            minor
        },
        ONCE
    );
}
