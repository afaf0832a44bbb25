//! What a bank takes back, and what it has to return (V33).

use super::*;
use crate::{
    ports::{DisputeState, GatewayDispute},
    refunds::note_dispute,
};
use entity::posting;

/// A bank takes 150.00.
pub(super) fn dispute(intent: &str, state: DisputeState) -> GatewayDispute {
    GatewayDispute {
        id: "dp_1".to_owned(),
        intent: intent.to_owned(),
        amount: usd(15_000),
        state,
        fee: usd(1_500),
        reason: "fraudulent".to_owned(),
    }
}

/// The only payment, and its intent at the gateway.
pub(super) async fn intent_of(world: &World) -> (payment::Model, String) {
    let (_, payments, _) = rows(world).await;
    let [payment] = payments.as_slice() else {
        panic!("{payments:?}")
    };
    (payment.clone(), payment.reference.clone().unwrap())
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn a_chargeback_opens_the_invoices_and_a_won_one_pays_them_again() {
    let world = World::new().await;
    let (one, two) = (
        world.acme().invoice("100.00").await,
        world.acme().invoice("50.00").await,
    );
    let id = paid(&world, &[one, two]).await;
    let (_, payments, _) = rows(&world).await;
    let payment = payments.iter().find(|row| row.id == id.0).unwrap();
    let intent = payment.reference.clone().unwrap();
    let note = async |state| {
        note_dispute(&seller(&world), payment, &dispute(&intent, state))
            .await
            .unwrap();
    };
    note(DisputeState::Inquiry).await;
    assert_eq!(invoice(&world, one).await.open_minor, 0);
    note(DisputeState::Open).await;
    note(DisputeState::Open).await;
    assert_eq!(
        (
            invoice(&world, one).await.open_minor,
            invoice(&world, two).await.open_minor
        ),
        (10_000, 5_000)
    );
    assert_eq!(state(&world, id.0).await, RefundState::Succeeded);
    assert_clean(&world).await;
    note(DisputeState::Won).await;
    note(DisputeState::Won).await;
    note(DisputeState::Open).await;
    assert_eq!(
        (
            invoice(&world, one).await.open_minor,
            invoice(&world, two).await.open_minor
        ),
        (0, 0)
    );
    assert_eq!(state(&world, id.0).await, RefundState::Returned);
    let fees = posting::Entity::find()
        .all(world.backend.system().db())
        .await
        .unwrap();
    let fees: Vec<i64> = fees
        .iter()
        .filter(|row| row.debit == entity::codes::Book::Fees)
        .map(|row| row.amount_minor)
        .collect();
    assert_eq!(fees, [1_500]);
    assert_clean(&world).await;
}

#[tokio::test]
async fn won_money_goes_only_where_it_is_still_owed() {
    let world = World::new().await;
    let id = world.acme().invoice("150.00").await;
    let first = paid(&world, &[id]).await;
    let (_, payments, _) = rows(&world).await;
    let intent = payments[0].reference.clone().unwrap();
    note_dispute(
        &seller(&world),
        &payments[0],
        &dispute(&intent, DisputeState::Lost),
    )
    .await
    .unwrap();
    paid(&world, &[id]).await;
    note_dispute(
        &seller(&world),
        &payments[0],
        &dispute(&intent, DisputeState::Won),
    )
    .await
    .unwrap();
    let (_, payments, _) = rows(&world).await;
    let row = payments.iter().find(|row| row.id == first.0).unwrap();
    assert_eq!((row.unapplied_minor, row.refunded_minor), (15_000, 0));
    assert_clean(&world).await;
}

/// The gateway has given back what was pending, and the portal hears of it.
async fn the_refund_arrives(world: &World) {
    let there = world.gateway.refunds().remove(0);
    world
        .gateway
        .settle_refund(&there.id, GatewayRefundState::Succeeded);
    world.seconds_pass(3_700);
    settle::reconcile(&world.backend, Patience::default())
        .await
        .unwrap();
}

/// An invoice of 150.00 whose payment is going back but for 10.00; the bank has not decided.
async fn going_back(world: &World) -> (InvoiceId, payment::Model) {
    let id = world.acme().invoice("150.00").await;
    let paid = paid(world, &[id]).await;
    world.gateway.next_refund(GatewayRefundState::Pending);
    let refund = typed(world, paid.0, 0, &[(id, 14_000)], CARD).await;
    write::give_back(&seller(world), &refund).await.unwrap();
    (id, rows(world).await.1.remove(0))
}

#[tokio::test]
async fn what_a_bank_takes_waits_for_what_is_on_its_way_back() {
    let world = World::new().await;
    let (id, payment) = going_back(&world).await;
    let intent = payment.reference.clone().unwrap();
    let note = async || note_dispute(&seller(&world), &payment, &dispute(&intent, DisputeState::Open)).await;
    assert!(matches!(note().await, Err(Error::Conflict)));
    assert_eq!(invoice(&world, id).await.open_minor, 0);
    the_refund_arrives(&world).await;
    // What is left is taken; what the bank took beyond it is in the log.
    note().await.unwrap();
    assert_eq!(invoice(&world, id).await.open_minor, 15_000);
    assert_clean(&world).await;
}

#[tokio::test]
async fn a_bank_takes_all_of_what_a_refund_could_not_give_back() {
    let world = World::new().await;
    let (_, payment) = going_back(&world).await;
    let intent = payment.reference.clone().unwrap();
    let note = async || note_dispute(&seller(&world), &payment, &dispute(&intent, DisputeState::Open)).await;
    assert!(note().await.is_err());
    let there = world.gateway.refunds().remove(0);
    world.gateway.settle_refund(&there.id, GatewayRefundState::Failed);
    world.seconds_pass(3_700);
    settle::reconcile(&world.backend, Patience::default())
        .await
        .unwrap();
    note().await.unwrap();
    let (_, payments, refunds) = rows(&world).await;
    assert_eq!(payments[0].refunded_minor, 15_000);
    assert!(refunds.iter().any(|row| row.amount_minor == 15_000));
    assert_clean(&world).await;
}

#[tokio::test]
async fn won_money_of_an_invoice_that_was_withdrawn_stays_in_the_payment() {
    let world = World::new().await;
    let id = world.acme().invoice("150.00").await;
    paid(&world, &[id]).await;
    let (_, payments, _) = rows(&world).await;
    let intent = payments[0].reference.clone().unwrap();
    let note = async |state| {
        note_dispute(&seller(&world), &payments[0], &dispute(&intent, state))
            .await
            .unwrap();
    };
    note(DisputeState::Open).await;
    invoices::void::void(&world.distributor().scope(), id, "Sent twice")
        .await
        .unwrap();
    note(DisputeState::Won).await;
    let (_, payments, _) = rows(&world).await;
    assert_eq!(
        (payments[0].unapplied_minor, payments[0].refunded_minor),
        (15_000, 0)
    );
    assert_clean(&world).await;
}

#[tokio::test]
async fn a_refund_whose_money_a_bank_took_credits_no_other_invoice() {
    let world = World::new().await;
    let (one, two) = (
        world.acme().invoice("100.00").await,
        world.acme().invoice("100.00").await,
    );
    let paid = paid(&world, &[one, two]).await;
    world.gateway.next_refund(GatewayRefundState::Pending);
    let way = (RefundWay::Gateway, Then::Credit);
    let refund = typed(&world, paid.0, 0, &[(two, 10_000)], way).await;
    write::give_back(&seller(&world), &refund).await.unwrap();
    let (_, payments, _) = rows(&world).await;
    let intent = payments[0].reference.clone().unwrap();
    let open = GatewayDispute {
        amount: usd(10_000),
        ..dispute(&intent, DisputeState::Open)
    };
    note_dispute(&seller(&world), &payments[0], &open).await.unwrap();
    the_refund_arrives(&world).await;
    let (invoices, payments, _) = rows(&world).await;
    assert_eq!(payments[0].refunded_minor, 20_000);
    // The bank took the second's money, so the refund took the first's, of which nobody had spoken.
    for id in [one, two] {
        let row = invoices.iter().find(|row| row.id == id.0).unwrap();
        assert_eq!((row.credited_minor, row.open_minor), (0, 10_000));
    }
    assert_clean(&world).await;
}
