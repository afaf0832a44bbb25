//! Where a credit note's total comes from and where its credit is, for both sides and nobody else.

use super::*;
use crate::credit_notes::explain;
use domain::{
    credit_notes::explain::explain as steps,
    explain::{Destination, Step},
    locale::Locale,
};

#[tokio::test]
async fn a_credit_note_is_opened_to_its_tax_and_to_every_invoice_it_went_to() {
    let world = World::new().await;
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    let id = world.acme().invoice("100.00").tax(19).paid("100.00").await;
    let note = write::issue(&scope, &typed(&scope, id, &[(1, 5_000)]).await)
        .await
        .unwrap();
    let money: Scope<RecordPayments> = world.distributor().scope();
    let put = payers::allocate_form(&money, note.0).await.unwrap().put;
    offline::take_off(&money, put[0].allocation).await.unwrap();
    let seen = explain::find(&world.distributor().scope::<ViewIssuedInvoices>(), note)
        .await
        .unwrap();
    let moved: Vec<i64> = seen.outflows.iter().map(|flow| flow.amount.minor()).collect();
    assert_eq!(moved, [1_900, -1_900]);
    assert!(seen.outflows.iter().all(|flow| flow.by.is_some()));
    let opened = steps(&seen, Locale::EnUs).unwrap();
    assert!(opened.iter().all(Step::adds_up), "{opened:#?}");
    assert_eq!(opened.last().unwrap().amount, usd(5_950));
    let buyer = explain::find(&world.acme().scope::<ViewReceivedInvoices>(), note)
        .await
        .unwrap();
    assert_eq!(buyer, seen, "invoices tell both sides who");
    let stranger = explain::find(&world.borealis().scope::<ViewReceivedInvoices>(), note).await;
    assert!(matches!(stranger, Err(Error::NotFound)));
}

#[tokio::test]
async fn credit_that_is_paid_out_is_a_movement_and_a_withdrawn_note_leaves_nothing() {
    let world = World::new().await;
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    let id = world.acme().invoice("100.00").paid("100.00").await;
    let note = write::issue(&scope, &typed(&scope, id, &[(1, 5_000)]).await)
        .await
        .unwrap();
    let giver = world.distributor().scope();
    let form = crate::refunds::read::form(&giver, note.0).await.unwrap();
    let wanted = domain::refunds::GiveBack {
        key: form.key,
        from: note.0,
        kind: domain::refunds::RefundKind::Refund,
        way: domain::refunds::RefundWay::ByHand,
        then: domain::refunds::Then::Reopen,
        reason: "Wanted money".to_owned(),
        unapplied: usd(2_000),
        lines: Vec::new(),
    };
    crate::refunds::write::give_back(&giver, &wanted).await.unwrap();
    let seller: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let seen = explain::find(&seller, note).await.unwrap();
    let [back] = seen.outflows.as_slice() else {
        panic!("{:?}", seen.outflows)
    };
    assert!(matches!(back.to, Destination::Back(_)) && back.by.is_some());
    assert!(steps(&seen, Locale::EnUs).unwrap().iter().all(Step::adds_up));
    let unused = world.acme().invoice("10.00").paid("10.00").await;
    let unused = write::issue(&scope, &typed(&scope, unused, &[]).await)
        .await
        .unwrap();
    write::void(&scope, unused, "Wrong customer").await.unwrap();
    let void = explain::find(&seller, unused).await.unwrap();
    let opened = steps(&void, Locale::EnUs).unwrap();
    assert!(opened.iter().all(Step::adds_up), "{opened:#?}");
    assert_eq!(opened.last().unwrap().amount, usd(0));
}
