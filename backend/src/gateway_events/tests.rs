//! The inbox: the same post twice is one, posts in any order end alike, and what is forged does nothing (K4 to K6).

use super::{Received, apply::TRIES, receive};
use crate::{
    check, jobs,
    payments::{
        self,
        tests::{filled, new_card, stopping::stopping},
    },
    ports::{
        DisputeState, EventRefused, GatewayDispute, IntentState,
        fakes::{Call, Fault},
    },
    refunds::tests::paid,
    testing::World,
};
use domain::{
    Currency, Money,
    ids::InvoiceId,
    jobs::{JobQuery, JobRow, JobState},
};
use entity::{allocation, codes::EventState, gateway_event, invoice, payment, posting, refund};
use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};
use sea_orm::EntityTrait;
use std::collections::BTreeMap;

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

async fn post(world: &World, body: &str) -> Received {
    receive(&world.backend, "default", "good", body.as_bytes())
        .await
        .unwrap()
        .unwrap()
}

async fn work(world: &World) {
    for _ in 0..6 {
        jobs::run_due(&world.backend, &jobs::standard()).await.unwrap();
        world.seconds_pass(120);
    }
}

/// What stands in the end, without ids and times: invoice, payment, refunds, and the sums of the books.
#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn rest(world: &World, id: InvoiceId) -> String {
    let db = world.backend.system().db();
    let invoices = invoice::Entity::find().all(db).await.unwrap();
    let row = invoices.iter().find(|row| row.id == id.0).unwrap();
    let payments = payment::Entity::find().all(db).await.unwrap();
    let mut refunds: Vec<String> = refund::Entity::find()
        .all(db)
        .await
        .unwrap()
        .iter()
        .map(|row| {
            format!(
                "{:?} {:?} {:?} {}",
                row.kind, row.state, row.gateway_id, row.amount_minor
            )
        })
        .collect();
    refunds.sort();
    // What each kind of act did to each book in all: on the way money may leave an invoice in one step or in two.
    let mut postings: BTreeMap<String, i64> = BTreeMap::new();
    for row in posting::Entity::find().all(db).await.unwrap() {
        *postings
            .entry(format!("{:?} {:?}", row.kind, row.debit))
            .or_default() += row.amount_minor;
        *postings
            .entry(format!("{:?} {:?}", row.kind, row.credit))
            .or_default() -= row.amount_minor;
    }
    let lying: i64 = allocation::Entity::find()
        .all(db)
        .await
        .unwrap()
        .iter()
        .map(|row| row.amount_minor)
        .sum();
    let payment = &payments[0];
    format!(
        "{:?} open {} paid {}; payment {} {} {}; lying {lying}; {refunds:?}; {} {postings:?}",
        row.stage,
        row.open_minor,
        row.paid_minor,
        payment.amount_minor,
        payment.unapplied_minor,
        payment.refunded_minor,
        payments.len(),
    )
}

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn intent(world: &World) -> String {
    let db = world.backend.system().db();
    let attempts = entity::payment_attempt::Entity::find().all(db).await.unwrap();
    attempts[0].gateway_intent.clone().unwrap()
}

/// A payment that has been made, given back in part at the gateway, and disputed.
async fn scene() -> (World, InvoiceId, String) {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").await;
    paid(&world, &[id]).await;
    let intent = intent(&world).await;
    world.gateway.refund_there(&intent, "re_there", usd(2_500));
    world.gateway.dispute(GatewayDispute {
        id: "dp_1".to_owned(),
        intent: intent.clone(),
        amount: usd(7_500),
        state: DisputeState::Lost,
        fee: usd(1_500),
        reason: "product_not_received".to_owned(),
    });
    (world, id, intent)
}

fn bodies(intent: &str) -> [String; 4] {
    [
        format!("evt_1 intent {intent}"),
        format!("evt_2 intent {intent}"),
        format!("evt_3 refunds {intent}"),
        "evt_4 dispute dp_1".to_owned(),
    ]
}

#[tokio::test]
async fn in_any_order_and_any_number_it_ends_alike() {
    let mut ends = Vec::new();
    let mut orders: Vec<Vec<usize>> = Vec::new();
    for a in 0..4 {
        for b in 0..4 {
            for c in 0..4 {
                for d in 0..4 {
                    let order = vec![a, b, c, d];
                    if (0..4).all(|one| order.contains(&one)) {
                        orders.push(order);
                    }
                }
            }
        }
    }
    assert_eq!(orders.len(), 24);
    // Some with repetitions, in an order that the seed decides.
    let mut rng = StdRng::seed_from_u64(4);
    for _ in 0..12 {
        let mut order: Vec<usize> = (0..4).flat_map(|one| [one; 3]).collect();
        order.shuffle(&mut rng);
        orders.push(order);
    }
    for order in orders {
        let (world, id, intent) = scene().await;
        let bodies = bodies(&intent);
        for (place, one) in order.iter().enumerate() {
            let known = order[..place].contains(one);
            let received = post(&world, &bodies[*one]).await;
            assert_eq!(received, if known { Received::Known } else { Received::Kept });
            // Now and then the worker comes in between.
            if place % 2 == 1 {
                jobs::run_due(&world.backend, &jobs::standard()).await.unwrap();
            }
        }
        work(&world).await;
        assert_eq!(check::run(&world.backend).await.unwrap(), Vec::new());
        ends.push(rest(&world, id).await);
    }
    ends.dedup();
    assert_eq!(ends.len(), 1, "{ends:#?}");
    assert!(
        ends[0].contains("Open open 10000 paid 0; payment 10000 0 10000; lying 0"),
        "{}",
        ends[0]
    );
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn what_is_not_signed_or_not_ours_does_nothing() {
    let (world, id, intent) = scene().await;
    let before = rest(&world, id).await;
    let body = format!("evt_9 refunds {intent}");
    let refused = receive(&world.backend, "default", "forged", body.as_bytes())
        .await
        .unwrap();
    assert_eq!(refused, Err(EventRefused::Forged));
    // An account at the gateway says nothing about what another one has.
    receive(&world.backend, "another", "good", body.as_bytes())
        .await
        .unwrap()
        .unwrap();
    // Somebody else's intent, and news of no interest.
    assert_eq!(post(&world, "evt_10 intent pi_unknown").await, Received::Kept);
    assert_eq!(post(&world, "evt_11 weather sunny").await, Received::Ignored);
    work(&world).await;
    assert_eq!(rest(&world, id).await, before);
    let events = gateway_event::Entity::find()
        .all(world.backend.system().db())
        .await
        .unwrap();
    assert_eq!(events.len(), 2);
    assert!(events.iter().all(|event| event.state == EventState::Ignored));
}

#[tokio::test]
async fn news_of_a_payment_decides_it_before_the_reconciler_comes() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").await;
    payments::tests::pay(world.acme(), &[id], new_card("pm_process")).await;
    let intent = intent(&world).await;
    post(&world, &format!("evt_1 intent {intent}")).await;
    jobs::run_due(&world.backend, &jobs::standard()).await.unwrap();
    world.gateway.settle(&intent, IntentState::Succeeded);
    post(&world, &format!("evt_2 intent {intent}")).await;
    work(&world).await;
    assert!(rest(&world, id).await.starts_with("Paid open 0 paid 10000"));
    assert_eq!(check::run(&world.backend).await.unwrap(), Vec::new());
}

#[tokio::test]
async fn news_of_an_intent_that_is_just_being_made_does_not_cancel_it() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").await;
    // The payer's form stands still after the intent was made and before it is confirmed.
    let (payer, gateway) = stopping(&world, world.acme(), 6);
    let scope = payer.permit().unwrap();
    let form = filled(&scope, &[id], new_card("pm_ok")).await;
    let stopped = tokio::select! {
        _ = payments::write::submit(&scope, &form) => false,
        () = gateway.stopped.notified() => true,
    };
    assert!(
        stopped
            && world.gateway.count(Call::CreateIntent) == 1
            && world.gateway.count(Call::ConfirmIntent) == 0
    );
    let intent = intent(&world).await;
    post(&world, &format!("evt_1 intent {intent}")).await;
    jobs::run_due(&world.backend, &jobs::standard()).await.unwrap();
    assert_eq!(world.gateway.count(Call::CancelIntent), 0);
    assert_eq!(check::run(&world.backend).await.unwrap(), Vec::new());
}

/// Work in the background as the seller's admin sees it, the newest first.
async fn shown(world: &World) -> Vec<JobRow> {
    let scope = world.distributor().scope();
    jobs::read::list(&scope, &JobQuery::default()).await.unwrap().rows
}

/// Until everything is done or given up.
async fn wear_out(world: &World) {
    for _ in 0..TRIES {
        jobs::run_due(&world.backend, &jobs::standard()).await.unwrap();
        world.seconds_pass(8 * 3_600);
    }
}

#[tokio::test]
async fn a_post_that_is_given_up_is_seen_and_repeated_by_its_seller() {
    let (world, id, intent) = scene().await;
    for _ in 0..TRIES {
        world.gateway.script(Call::RefundsOf, Fault::LoseRequest);
    }
    post(&world, &format!("evt_1 refunds {intent}")).await;
    wear_out(&world).await;
    let given_up = shown(&world).await.remove(0);
    assert_eq!((given_up.state, given_up.runs), (JobState::Dead, TRIES));
    assert!(
        jobs::operator::list(&world.backend, jobs::operator::Which::Open)
            .await
            .unwrap()
            .is_empty()
    );

    jobs::write::repeat(&world.distributor().scope(), given_up.id)
        .await
        .unwrap();
    jobs::run_due(&world.backend, &jobs::standard()).await.unwrap();
    assert_eq!(shown(&world).await[0].state, JobState::Done);
    assert!(rest(&world, id).await.contains("re_there"));
}

#[tokio::test]
async fn whose_a_dispute_is_is_known_when_the_gateway_says_so() {
    let (world, ..) = scene().await;
    for _ in 0..TRIES {
        world.gateway.script(Call::FindDispute, Fault::LoseRequest);
    }
    let before = shown(&world).await.len();
    post(&world, "evt_1 dispute dp_1").await;
    wear_out(&world).await;
    assert_eq!(shown(&world).await.len(), before);
    let parked = jobs::operator::list(&world.backend, jobs::operator::Which::Parked)
        .await
        .unwrap();
    assert_eq!(parked.len(), 1);

    jobs::operator::repeat(&world.backend, parked[0].id)
        .await
        .unwrap();
    jobs::run_due(&world.backend, &jobs::standard()).await.unwrap();
    let seen = shown(&world).await;
    let done = seen.iter().find(|row| row.id == parked[0].id);
    assert_eq!(done.map(|row| row.state), Some(JobState::Done));
}

#[tokio::test]
async fn a_post_to_a_sellers_own_account_is_that_sellers() {
    let world = World::new().await;
    let before = shown(&world).await.len();
    let seller = world.distributor().id();
    for account in [seller.to_string(), crate::new_id().to_string()] {
        receive(&world.backend, &account, "good", b"evt_1 dispute dp_1")
            .await
            .unwrap()
            .unwrap();
    }
    assert_eq!(shown(&world).await.len(), before + 1);
}
