//! A charge that was recorded here is followed like one that was asked for: what goes back of it, before and after.

use super::{compare, foreign, open, rows, usd};
use crate::codes::Stored;
use crate::{
    check,
    gateway::{read, write},
    gateway_events::receive,
    jobs,
    ports::{DisputeState, GatewayDispute},
    testing::World,
};
use domain::{
    gateway::RecordCharge,
    refunds::{RefundKind, RefundState},
};

async fn tell(world: &World, body: &str) {
    receive(&world.backend, "default", "good", body.as_bytes())
        .await
        .unwrap()
        .unwrap();
    work(world).await;
}

async fn work(world: &World) {
    for _ in 0..3 {
        jobs::run_due(&world.backend, &jobs::standard()).await.unwrap();
    }
}

fn disputed(world: &World, state: DisputeState) {
    world.gateway.dispute(GatewayDispute {
        id: "dp_phone".to_owned(),
        intent: "pi_phone".to_owned(),
        amount: usd(5_000),
        state,
        fee: usd(1_500),
        reason: "fraudulent".to_owned(),
    });
}

/// Finds the charge and records it as a payment of Acme's.
async fn record(world: &World) {
    let seller = world.distributor();
    compare(world, seller).await;
    let found = open(seller).await;
    let page = read::finding(&seller.scope(), found[0].id, "").await.unwrap();
    let wanted = RecordCharge {
        key: page.key,
        finding: found[0].id,
        account: world.acme().account(),
    };
    write::record(&seller.scope(), &wanted).await.unwrap();
    work(world).await;
}

/// Of the only payment: what is unapplied and what went back, and the refunds by kind, state and amount.
async fn stands(world: &World) -> (i64, i64, Vec<(RefundKind, RefundState, i64)>) {
    let (payments, refunds) = rows(world).await;
    assert_eq!(payments.len(), 1);
    let mut refunds: Vec<_> = refunds
        .iter()
        .map(|row| (row.kind.to_domain(), row.state.to_domain(), row.amount_minor))
        .collect();
    refunds.sort_by_key(|(_, _, amount)| *amount);
    (payments[0].unapplied_minor, payments[0].refunded_minor, refunds)
}

#[tokio::test]
async fn a_refund_and_a_dispute_of_a_recorded_charge_are_booked() {
    let world = World::new().await;
    world.gateway.charge_there(foreign(&world, "pi_phone"));
    record(&world).await;
    assert_eq!(stands(&world).await, (7_500, 0, vec![]));
    world.gateway.refund_there("pi_phone", "re_there", usd(1_000));
    tell(&world, "evt_1 refunds pi_phone").await;
    disputed(&world, DisputeState::Open);
    for event in ["evt_2", "evt_3"] {
        tell(&world, &format!("{event} dispute dp_phone pi_phone")).await;
    }
    let refund = (RefundKind::Refund, RefundState::Succeeded, 1_000);
    let taken = (RefundKind::Chargeback, RefundState::Succeeded, 5_000);
    assert_eq!(stands(&world).await, (1_500, 6_000, vec![refund, taken]));
    disputed(&world, DisputeState::Won);
    tell(&world, "evt_4 dispute dp_phone pi_phone").await;
    let won = (RefundKind::Chargeback, RefundState::Returned, 5_000);
    assert_eq!(stands(&world).await, (6_500, 1_000, vec![refund, won]));
    assert_eq!(check::run(&world.backend).await.unwrap(), Vec::new());
}

#[tokio::test]
async fn what_was_told_of_a_charge_before_it_was_recorded_counts_once_it_is() {
    let world = World::new().await;
    world.gateway.charge_there(foreign(&world, "pi_phone"));
    disputed(&world, DisputeState::Lost);
    tell(&world, "evt_1 dispute dp_phone pi_phone").await;
    tell(&world, "evt_2 dispute dp_other pi_other").await;
    assert_eq!(rows(&world).await.1, []);
    record(&world).await;
    let taken = (RefundKind::Chargeback, RefundState::Succeeded, 5_000);
    assert_eq!(stands(&world).await, (2_500, 5_000, vec![taken]));
    assert_eq!(check::run(&world.backend).await.unwrap(), Vec::new());
}
