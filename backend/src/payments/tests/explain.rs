//! Where the money of a payment is stands on its page, down to the last movement, for both sides and nobody else.

use crate::{
    Error, Scope,
    payments::{explain, offline, payers},
    ports::GatewayRefundState,
    refunds::{self, tests::paid},
    testing::World,
};
use domain::{
    Currency, Money,
    access::{RecordPayments, RefundPayments, ViewIssuedInvoices, ViewReceivedInvoices},
    explain::{Destination, Step},
    ids::PaymentId,
    payments::{
        SubmitLine,
        explain::{ExplainedPayment, explain as steps},
    },
    refunds::{GiveBack, RefundKind, RefundWay, Then},
};

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

/// Acme pays two invoices, one is taken off again, some goes back and some is asked to.
async fn trade() -> (World, PaymentId) {
    let world = World::new().await;
    let (one, two) = (
        world.acme().invoice("100.00").await,
        world.acme().invoice("50.00").await,
    );
    let payment = paid(&world, &[one, two]).await;
    let recorder: Scope<RecordPayments> = world.distributor().scope();
    let put = payers::allocate_form(&recorder, payment.0).await.unwrap().put;
    let on_two = put.iter().find(|put| put.amount == usd(5_000)).unwrap();
    offline::take_off(&recorder, on_two.allocation).await.unwrap();
    world.seconds_pass(60);
    let line = SubmitLine {
        invoice: one,
        seen: usd(2_500),
        amount: usd(2_500),
    };
    give_back(&world, payment, 1_000, vec![line]).await;
    world.seconds_pass(60);
    world.gateway.next_refund(GatewayRefundState::Pending);
    give_back(&world, payment, 700, Vec::new()).await;
    (world, payment)
}

async fn give_back(world: &World, payment: PaymentId, unapplied: i64, lines: Vec<SubmitLine>) {
    let scope: Scope<RefundPayments> = world.distributor().scope();
    let form = refunds::read::form(&scope, payment.0).await.unwrap();
    let wanted = GiveBack {
        key: form.key,
        from: payment.0,
        kind: RefundKind::Refund,
        way: RefundWay::Gateway,
        then: Then::Reopen,
        reason: "Came back".to_owned(),
        unapplied: usd(unapplied),
        lines,
    };
    refunds::write::give_back(&scope, &wanted).await.unwrap();
}

fn amounts(payment: &ExplainedPayment) -> Vec<(bool, i64)> {
    let flows = payment.outflows.iter();
    flows
        .map(|flow| {
            (
                matches!(flow.to, Destination::Invoice { .. }),
                flow.amount.minor(),
            )
        })
        .collect()
}

#[tokio::test]
async fn every_movement_of_a_payment_is_shown_and_they_add_up() {
    let (world, id) = trade().await;
    let seller = explain::find(&world.distributor().scope::<ViewIssuedInvoices>(), id)
        .await
        .unwrap();
    assert_eq!(
        (seller.amount, seller.unapplied, seller.refunded),
        (usd(15_000), usd(4_000), usd(3_500))
    );
    // The one that is given back is taken off whole, and what stays is put there again.
    let mut moved = amounts(&seller);
    moved.sort_unstable();
    assert_eq!(
        moved,
        [
            (false, 3_500),
            (true, -10_000),
            (true, -5_000),
            (true, 5_000),
            (true, 7_500),
            (true, 10_000)
        ]
    );
    let opened = steps(&seller).unwrap();
    assert!(opened.iter().all(Step::adds_up), "{opened:#?}");
    assert_eq!(opened.last().unwrap().amount, usd(700));
    assert!(
        seller.outflows.iter().all(|flow| flow.by.is_some()),
        "the seller sees who did each: {:#?}",
        seller.outflows
    );
    assert!(seller.outflows.is_sorted_by_key(|flow| flow.at));
}

#[tokio::test]
async fn the_buyer_sees_the_same_amounts_and_who_as_far_as_the_invoices_tell() {
    let (world, id) = trade().await;
    let seller = explain::find(&world.distributor().scope::<ViewIssuedInvoices>(), id)
        .await
        .unwrap();
    let buyer = explain::find(&world.acme().scope::<ViewReceivedInvoices>(), id)
        .await
        .unwrap();
    assert_eq!(amounts(&buyer), amounts(&seller));
    assert_eq!(buyer.under_way.len(), 1);
    assert_eq!(buyer.under_way[0].by, None);
    let back: Vec<_> = buyer
        .outflows
        .iter()
        .filter(|flow| matches!(flow.to, Destination::Back(_)))
        .map(|flow| flow.by.is_some())
        .collect();
    assert_eq!(
        back,
        [true],
        "the invoice that it came off tells who gave it back"
    );
    assert_eq!(buyer.by, seller.by, "both know who paid");
}

#[tokio::test]
async fn a_stranger_finds_no_payment_to_explain() {
    let (world, id) = trade().await;
    let stranger = explain::find(&world.borealis().scope::<ViewReceivedInvoices>(), id).await;
    assert!(matches!(stranger, Err(Error::NotFound)));
    let other = explain::find(&world.acme().scope::<ViewIssuedInvoices>(), id).await;
    assert!(matches!(other, Err(Error::NotFound)));
}
