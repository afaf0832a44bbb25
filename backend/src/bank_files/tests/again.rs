//! Entries that were recorded wrongly.

use super::*;
use crate::refunds;
use domain::{
    access::RefundPayments,
    refunds::{GiveBack, RefundKind, RefundWay, Then},
};

/// The record was wrong, the money was not: it is recorded for somebody else from the same entry.
#[tokio::test]
async fn an_entry_whose_payment_was_reversed_waits_again_and_becomes_another_payment() {
    let world = World::new().await;
    let scope = seller(&world);
    let file = bring(&scope, &[entry(10_000, "hello")]).await;
    let row = rows(&scope, file).await.remove(0);
    let form = typed(&scope, &world, &row).await;
    for _ in 0..2 {
        let payment = record::record(&scope, row.id, &form).await.unwrap();
        assert!(!rows(&scope, file).await[0].reversed);
        let state = BankEntryState::Recorded;
        assert!(matches!(
            aside::take_up(&scope, row.id).await,
            Err(Error::Refused(Refusal::BankEntryIs { state: is })) if is == state
        ));
        let refunds: Scope<RefundPayments> = world.distributor().scope();
        let page = refunds::read::form(&refunds, payment.0).await.unwrap();
        let reversal = GiveBack {
            key: page.key,
            from: payment.0,
            kind: RefundKind::Reversal,
            way: RefundWay::ByHand,
            then: Then::Reopen,
            reason: "Not Acme's".to_owned(),
            unapplied: usd(0),
            lines: Vec::new(),
        };
        refunds::write::give_back(&refunds, &reversal).await.unwrap();
        assert!(rows(&scope, file).await[0].reversed);
        aside::take_up(&scope, row.id).await.unwrap();
        assert_eq!(rows(&scope, file).await[0].state, BankEntryState::Waiting);
    }
    let other = RecordPayment {
        account: world.borealis().account(),
        ..form
    };
    let payment = record::record(&scope, row.id, &other).await.unwrap();
    assert_eq!(record::record(&scope, row.id, &other).await.unwrap(), payment);
    let all = payments(&world).await;
    let kept: Vec<_> = all.iter().filter(|row| row.refunded_minor == 0).collect();
    assert_eq!((all.len(), kept.len()), (3, 1));
    assert_eq!(
        (kept[0].id, kept[0].account_id),
        (payment.0, world.borealis().account().0)
    );
    assert_clean(&world).await;
}
