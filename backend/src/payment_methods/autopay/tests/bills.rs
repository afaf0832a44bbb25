//! Autopay of a parent and of its subsidiary while invoices stand in a bill of the parent (V40).

use super::*;
use crate::{check, rollups};
use domain::access::VoidInvoices;

/// Acme and its subsidiary Borealis, both with autopay.
async fn family() -> World {
    let world = rollups::tests::family().await;
    for party in [world.acme(), world.borealis()] {
        party.invoice("1.00").draft().await;
        let token = format!("pm_of_{}", party.name());
        cards::save(&world, party, &token, 12, 2034).await;
        cards::on(party).await.unwrap();
    }
    world
}

async fn assert_clean(world: &World) {
    assert_eq!(check::run(&world.backend).await.unwrap(), Vec::new());
}

#[tokio::test]
async fn a_bill_is_paid_by_the_parent_in_one_payment_on_the_day_it_is_due() {
    let world = family().await;
    let (acme, borealis) = (world.acme(), world.borealis());
    let overdue = borealis.invoice("10.00").due(-3).await;
    let later = borealis.invoice("30.00").due(9).await;
    let own = acme.invoice("5.00").due(2).await;
    rollups::tests::issue_due(&world, 2).await;
    // Before that nobody pays it, though one of its invoices is overdue.
    assert_eq!(pay_due(&world.backend).await.unwrap(), 0);
    world.days_pass(2);
    let (one, two) = (world.backend.clone(), world.backend.clone());
    let (first, second) = tokio::join!(pay_due(&one), pay_due(&two));
    assert_eq!(first.unwrap() + second.unwrap(), 1);
    let made = attempts(&world).await;
    let by: Vec<_> = made
        .iter()
        .map(|row| (row.account_id, row.amount_minor))
        .collect();
    assert_eq!(by, [(acme.account().0, 4_500)]);
    for invoice in [overdue, later, own] {
        assert_eq!(open(&world, invoice).await, (0, 0));
    }
    assert_eq!(world.gateway.charges().len(), 1);
    assert_eq!(pay_due(&world.backend).await.unwrap(), 0);
    assert_clean(&world).await;
}

#[tokio::test]
async fn what_is_withdrawn_is_the_subsidiarys_again() {
    let world = family().await;
    let borealis = world.borealis();
    let billed = borealis.invoice("10.00").due(0).await;
    let bill = rollups::tests::issue_due(&world, 5).await;
    let other = borealis.invoice("7.00").due(0).await;
    // Its own autopay pays what stands in no bill.
    assert_eq!(pay_due(&world.backend).await.unwrap(), 1);
    assert_eq!(
        (open(&world, billed).await, open(&world, other).await),
        ((1_000, 0), (0, 0))
    );
    let seller: crate::Scope<VoidInvoices> = world.distributor().scope();
    rollups::write::void(&seller, bill, "Wrong").await.unwrap();
    world.days_pass(1);
    assert_eq!(pay_due(&world.backend).await.unwrap(), 1);
    assert_eq!(open(&world, billed).await, (0, 0));
    let made = attempts(&world).await;
    assert!(made.iter().all(|row| row.account_id == borealis.account().0));
    assert_clean(&world).await;
}

#[tokio::test]
async fn a_refused_bill_is_tried_again_whole() {
    let world = rollups::tests::family().await;
    let (acme, borealis) = (world.acme(), world.borealis());
    let invoices = [
        borealis.invoice("10.00").due(0).await,
        borealis.invoice("30.00").due(9).await,
    ];
    rollups::tests::issue_due(&world, 0).await;
    // The bill is all that it has in the currency.
    cards::save(&world, acme, "pm_decline", 12, 2034).await;
    cards::on(acme).await.unwrap();
    assert_eq!(pay_due(&world.backend).await.unwrap(), 1);
    cards::save(&world, acme, "pm_good", 12, 2034).await;
    world.days_pass(1);
    assert_eq!(pay_due(&world.backend).await.unwrap(), 1);
    let made = attempts(&world).await;
    let sums: Vec<i64> = made.iter().map(|row| row.amount_minor).collect();
    assert_eq!(sums, [4_000, 4_000]);
    for invoice in invoices {
        assert_eq!(open(&world, invoice).await, (0, 0));
    }
    assert_eq!(mails(&world, "autopay_refused").await.len(), 1);
    assert_clean(&world).await;
}
