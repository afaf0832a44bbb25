//! A dispute whose credit note is withdrawn waits again, for as much as is owed by then.

use super::*;
use crate::payments::{offline, payers};
use domain::{
    access::RecordPayments,
    ids::CreditNoteId,
    payments::offline::{PutTo, RecordPayment},
};

/// Credits some net of the first line, as the answer to a dispute.
async fn credited(world: &World, id: InvoiceId, dispute: DisputeId, net: i64) -> CreditNoteId {
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    let form = credit_notes::read::answer_form(&scope, id, dispute)
        .await
        .unwrap();
    let credit = IssueCredit {
        key: form.key,
        invoice: id,
        seen: form.left,
        reason: CreditReason::Correction,
        note: "Sorry".to_owned(),
        how_much: HowMuch::Parts,
        parts: vec![(1, usd(net))],
        pay_back: None,
    };
    credit_notes::write::answer(&scope, &credit, dispute)
        .await
        .unwrap()
}

/// Takes a credit note off its invoice and withdraws it.
async fn withdrawn(world: &World, note: CreditNoteId) {
    let money: Scope<RecordPayments> = world.distributor().scope();
    for put in payers::allocate_form(&money, note.0).await.unwrap().put {
        offline::take_off(&money, put.allocation).await.unwrap();
    }
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    credit_notes::write::void(&scope, note, "It was delivered after all")
        .await
        .unwrap();
}

/// Money that was recorded and put to one invoice.
async fn paid(world: &World, id: InvoiceId, amount: i64) {
    let scope: Scope<RecordPayments> = world.distributor().scope();
    let form = payers::record_form(&scope, world.acme().account(), None)
        .await
        .unwrap();
    let line = SubmitLine {
        invoice: id,
        seen: seen(world, id).await.open,
        amount: usd(amount),
    };
    let record = RecordPayment {
        key: form.key,
        account: world.acme().account(),
        amount: usd(amount),
        paid_on: form.today,
        memo: None,
        put: PutTo::Chosen,
        lines: vec![line],
    };
    offline::record(&scope, &record).await.unwrap();
}

/// State and amount of the disputes of an invoice, the newest first.
async fn states(world: &World, id: InvoiceId) -> Vec<(DisputeState, i64)> {
    let all = seen(world, id).await.all;
    all.iter().map(|one| (one.state, one.amount.minor())).collect()
}

#[tokio::test]
async fn the_dispute_waits_again_with_its_amount_apart() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").await;
    let before = disputed(&world, id, 4_000).await;
    let note = credited(&world, id, before, 3_000).await;
    let answered = world.today();
    assert_eq!(offered(&world, id).await, (7_000, 7_000));
    world.days_pass(2);
    withdrawn(&world, note).await;

    let now = seen(&world, id).await;
    assert_eq!((now.open, now.disputed), (usd(10_000), usd(4_000)));
    assert_eq!(
        states(&world, id).await,
        [(DisputeState::Open, 4_000), (DisputeState::Credited, 4_000)]
    );
    assert_eq!(now.all[0].reason, "It never came");
    assert_eq!(now.all[0].by, now.all[1].by);
    assert_eq!(now.all[0].again_without.as_ref().map(|(id, _)| *id), Some(note));
    assert_eq!(offered(&world, id).await, (10_000, 6_000));
    let told = mails(&world).await;
    let again =
        |(to, subject): &(String, String)| to == "admin@acme.example" && subject.ends_with("is open again");
    assert!(told.iter().any(again), "{told:?}");
    sound(&world).await;

    // Before that it was answered.
    let scope: Scope<ViewReceivedInvoices> = world.acme().scope();
    let then = read::of_invoice(&scope, id, Some(answered)).await.unwrap();
    let stood: Vec<_> = then.all.iter().map(|one| one.state).collect();
    assert_eq!((stood, then.disputed), (vec![DisputeState::Credited], usd(0)));

    // It ends like any other.
    let again = now.all[0].id;
    credited(&world, id, again, 4_000).await;
    assert_eq!(seen(&world, id).await.disputed, usd(0));
    sound(&world).await;
}

#[tokio::test]
async fn what_was_paid_meanwhile_is_not_disputed_again() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").await;
    let before = disputed(&world, id, 4_000).await;
    let note = credited(&world, id, before, 4_000).await;
    let money: Scope<RecordPayments> = world.distributor().scope();
    for put in payers::allocate_form(&money, note.0).await.unwrap().put {
        offline::take_off(&money, put.allocation).await.unwrap();
    }
    paid(&world, id, 9_000).await;
    withdrawn(&world, note).await;
    let now = seen(&world, id).await;
    assert_eq!((now.open, now.disputed), (usd(1_000), usd(1_000)));
    assert_eq!(states(&world, id).await[0], (DisputeState::Open, 1_000));
    assert_eq!(offered(&world, id).await, (1_000, 0));
    sound(&world).await;
}

#[tokio::test]
async fn of_a_paid_invoice_nothing_is_disputed_again() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").await;
    let before = disputed(&world, id, 4_000).await;
    paid(&world, id, 10_000).await;
    // All of it is credit of the account.
    let note = credited(&world, id, before, 4_000).await;
    withdrawn(&world, note).await;
    assert_eq!(states(&world, id).await, [(DisputeState::Credited, 4_000)]);
    assert_eq!(seen(&world, id).await.disputed, usd(0));
    let told = mails(&world).await;
    let lost = |(_, subject): &(String, String)| subject.contains("withdraws what answered your dispute");
    assert!(told.iter().any(lost), "{told:?}");
    sound(&world).await;
}

#[tokio::test]
async fn what_is_disputed_anew_meanwhile_is_not_disputed_twice() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").tax(19).await;
    let before = disputed(&world, id, 11_900).await;
    let note = credited(&world, id, before, 10).await;
    disputed(&world, id, 9_900).await;
    withdrawn(&world, note).await;
    let now = seen(&world, id).await;
    assert_eq!((now.open, now.disputed), (usd(11_900), usd(11_900)));
    assert_eq!(states(&world, id).await[0], (DisputeState::Open, 2_000));
    sound(&world).await;
}

#[tokio::test]
async fn a_credit_note_that_is_still_used_reopens_nothing() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").await;
    let before = disputed(&world, id, 4_000).await;
    let note = credited(&world, id, before, 4_000).await;
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    let refused = credit_notes::write::void(&scope, note, "No").await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::CreditUsed))));
    assert_eq!(states(&world, id).await, [(DisputeState::Credited, 4_000)]);
}
