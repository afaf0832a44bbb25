//! What went back is told: on the invoice's page, in the list of payments, and to the seller by mail.

use super::{
    chargebacks::{dispute, intent_of},
    *,
};
use crate::{
    invoices::{explain, write_off},
    payments::list,
    ports::DisputeState,
    refunds::note_dispute,
};
use chrono::NaiveDate;
use domain::{
    access::{ViewIssuedInvoices, WriteOffInvoices},
    invoices::{
        InvoiceDetail, Settlement, SettlementKind,
        explain::{MovedFrom, Movement},
    },
    payments::{PaymentQuery, PaymentStatus},
};
use entity::mail;

/// How money went, in the words of the test.
fn settled(one: &Settlement) -> (&'static str, i64) {
    let word = match one.kind {
        SettlementKind::Card { .. } | SettlementKind::Offline { .. } => "paid",
        SettlementKind::CreditNote { .. } => "credited",
        SettlementKind::WentBack { why, .. } => why.code(),
        SettlementKind::CameBack { .. } => "came back",
        SettlementKind::Company { .. } | SettlementKind::Pending { .. } | SettlementKind::Failed { .. } => {
            "other"
        }
    };
    (word, one.amount.minor())
}

/// The settlements of an invoice and its history, the newest first, as its buyer sees them.
async fn seen(world: &World, id: InvoiceId) -> (Vec<(&'static str, i64)>, Vec<String>) {
    let scope: Scope<ViewReceivedInvoices> = world.acme().scope();
    let page: InvoiceDetail = invoices::detail::find(&scope, id).await.unwrap();
    let settlements = page.settlements.iter().map(settled).collect();
    let history = page.history.into_iter().map(|one| one.what).collect();
    (settlements, history)
}

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn letters(world: &World) -> Vec<mail::Model> {
    let mut rows = mail::Entity::find()
        .all(world.backend.system().db())
        .await
        .unwrap();
    rows.retain(|row| matches!(row.kind.as_ref(), "chargeback" | "inquiry"));
    rows.sort_by_key(|row| row.id);
    rows
}

/// The statuses of the payments that Acme sees, today or at the end of a day, and what each finds today.
async fn statuses(world: &World, on: Option<NaiveDate>) -> Vec<PaymentStatus> {
    let scope: Scope<ViewReceivedInvoices> = world.acme().scope();
    let all = PaymentQuery {
        on,
        ..PaymentQuery::default()
    };
    let rows = list::list(&scope, &all).await.unwrap().rows;
    rows.iter().map(|row| row.status()).collect()
}

/// How many payments each status finds, on either side.
async fn found(world: &World, status: PaymentStatus) -> usize {
    let query = PaymentQuery {
        status: Some(status),
        ..PaymentQuery::default()
    };
    let buyer: Scope<ViewReceivedInvoices> = world.acme().scope();
    let seller: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let bought = list::list(&buyer, &query).await.unwrap().rows;
    let sold = list::list(&seller, &query).await.unwrap().rows;
    assert_eq!(bought.len(), sold.len());
    assert!(sold.iter().all(|row| row.status() == status), "{sold:?}");
    sold.len()
}

#[tokio::test]
async fn a_chargeback_is_on_the_page_of_the_invoice_and_in_a_letter_to_the_seller() {
    let world = World::new().await;
    let id = world.acme().invoice("150.00").await;
    paid(&world, &[id]).await;
    world.seconds_pass(60);
    let before = world.today();
    world.days_pass(1);
    let (payment, intent) = intent_of(&world).await;
    let note = async |state| {
        note_dispute(&seller(&world), &payment, &dispute(&intent, state))
            .await
            .unwrap();
    };
    note(DisputeState::Open).await;
    note(DisputeState::Open).await;
    let (settlements, history) = seen(&world, id).await;
    assert_eq!(settlements, [("chargeback", -15_000), ("paid", 15_000)]);
    assert_eq!(history[0], "Payment charged back by the bank");
    assert_eq!(statuses(&world, None).await, [PaymentStatus::ChargedBack]);
    assert_eq!(statuses(&world, Some(before)).await, [PaymentStatus::Applied]);
    assert_eq!(found(&world, PaymentStatus::ChargedBack).await, 1);
    assert_eq!(found(&world, PaymentStatus::Refunded).await, 0);
    let told = letters(&world).await;
    let [letter] = told.as_slice() else {
        panic!("told twice it is one: {told:?}")
    };
    let number = invoice(&world, id).await.number.unwrap();
    assert_eq!(letter.recipient, "billing@northwind.example");
    assert_eq!(letter.buyer_id, None, "it is the seller's own letter");
    for said in ["150.00", "Acme", &payment.receipt_number, &number, "Fraudulent"] {
        assert!(letter.text.contains(said), "{said}: {}", letter.text);
    }

    let charged_back = world.today();
    world.days_pass(1);
    note(DisputeState::Won).await;
    note(DisputeState::Won).await;
    let (settlements, history) = seen(&world, id).await;
    assert_eq!(
        settlements,
        [("came back", 15_000), ("chargeback", -15_000), ("paid", 15_000)]
    );
    assert_eq!(history[0], "Money came back");
    assert_eq!(statuses(&world, None).await, [PaymentStatus::Applied]);
    assert_eq!(
        statuses(&world, Some(charged_back)).await,
        [PaymentStatus::ChargedBack]
    );
    assert_eq!(found(&world, PaymentStatus::ChargedBack).await, 0);
    let told = letters(&world).await;
    assert_eq!(told.len(), 2);
    assert!(told[1].subject.ends_with("won"), "{}", told[1].subject);
    assert!(told[1].text.contains(&number), "{}", told[1].text);
    assert_clean(&world).await;
}

#[tokio::test]
async fn a_chargeback_that_is_won_at_once_is_one_letter() {
    let world = World::new().await;
    let id = world.acme().invoice("150.00").await;
    paid(&world, &[id]).await;
    let (payment, intent) = intent_of(&world).await;
    for _ in 0..2 {
        note_dispute(&seller(&world), &payment, &dispute(&intent, DisputeState::Won))
            .await
            .unwrap();
    }
    let told = letters(&world).await;
    assert_eq!(told.len(), 1);
    assert!(told[0].subject.ends_with("won"), "{}", told[0].subject);
    assert_clean(&world).await;
}

#[tokio::test]
async fn money_that_came_back_to_another_invoice_is_not_told_of_the_first() {
    let world = World::new().await;
    let id = world.acme().invoice("150.00").await;
    paid(&world, &[id]).await;
    let (payment, intent) = intent_of(&world).await;
    world.seconds_pass(60);
    note_dispute(&seller(&world), &payment, &dispute(&intent, DisputeState::Lost))
        .await
        .unwrap();
    world.seconds_pass(60);
    paid(&world, &[id]).await;
    world.seconds_pass(60);
    note_dispute(&seller(&world), &payment, &dispute(&intent, DisputeState::Won))
        .await
        .unwrap();
    let (settlements, _) = seen(&world, id).await;
    assert_eq!(
        settlements,
        [("paid", 15_000), ("chargeback", -15_000), ("paid", 15_000)]
    );
    let told = letters(&world).await;
    assert!(told[1].text.contains("unapplied"), "{}", told[1].text);
}

#[tokio::test]
async fn a_refund_in_part_and_a_reversal_are_told_apart() {
    let world = World::new().await;
    let by_card = world.acme().invoice("100.00").await;
    let by_hand = world.acme().invoice("100.00").paid("60.00").await;
    let card = paid(&world, &[by_card]).await;
    world.seconds_pass(60);
    let refund = typed(&world, card.0, 0, &[(by_card, 3_000)], CARD).await;
    write::give_back(&seller(&world), &refund).await.unwrap();
    assert_eq!(found(&world, PaymentStatus::PartlyRefunded).await, 1);
    let (settlements, history) = seen(&world, by_card).await;
    assert_eq!(settlements, [("refund", -3_000), ("paid", 10_000)]);
    assert_eq!(history[0], "Money given back");

    let (_, payments, _) = rows(&world).await;
    let recorded = payments.iter().find(|row| row.id != card.0).unwrap();
    let reversal = GiveBack {
        kind: RefundKind::Reversal,
        ..typed(&world, recorded.id, 0, &[], (RefundWay::ByHand, Then::Reopen)).await
    };
    write::give_back(&seller(&world), &reversal).await.unwrap();
    assert_eq!(found(&world, PaymentStatus::Reversed).await, 1);
    let (settlements, history) = seen(&world, by_hand).await;
    assert_eq!(settlements, [("reversal", -6_000), ("paid", 6_000)]);
    assert_eq!(history[0], "Payment reversed");

    let way = (RefundWay::Gateway, Then::Credit);
    let refund = typed(&world, card.0, 0, &[(by_card, 7_000)], way).await;
    world.seconds_pass(60);
    write::give_back(&seller(&world), &refund).await.unwrap();
    assert_eq!(found(&world, PaymentStatus::Refunded).await, 1);
    assert_eq!(found(&world, PaymentStatus::PartlyRefunded).await, 0);
    let (settlements, _) = seen(&world, by_card).await;
    let sum: i64 = settlements.iter().map(|(_, amount)| amount).sum();
    assert_eq!((settlements.len(), sum), (4, 7_000), "{settlements:?}");
    assert!(letters(&world).await.is_empty());
    assert_clean(&world).await;
}

/// What lowered an invoice or raised it again, as its buyer has it explained.
async fn movements(world: &World, id: InvoiceId) -> Vec<Movement> {
    let scope: Scope<ViewReceivedInvoices> = world.acme().scope();
    explain::find(&scope, id).await.unwrap().1
}

#[tokio::test]
async fn who_gave_money_back_and_who_gave_up_the_rest_stands_in_how_it_adds_up() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").await;
    let payment = paid(&world, &[id]).await;
    world.seconds_pass(60);
    let refund = typed(&world, payment.0, 0, &[(id, 3_000)], CARD).await;
    write::give_back(&seller(&world), &refund).await.unwrap();
    world.seconds_pass(60);
    let scope: Scope<WriteOffInvoices> = world.distributor().scope();
    write_off::write_off(&scope, id, "Insolvent").await.unwrap();
    world.seconds_pass(60);
    write_off::take_back(&scope, id, "It pays").await.unwrap();
    let moved = movements(&world, id).await;
    assert!(moved.iter().all(|one| one.by.is_some()), "{moved:#?}");
    let given_up: Vec<_> = moved
        .iter()
        .filter(|one| one.from == MovedFrom::WriteOff)
        .map(|one| one.amount.minor())
        .collect();
    assert_eq!(given_up, [3_000, -3_000]);
}

#[tokio::test]
async fn who_withdrew_an_invoice_stands_in_how_it_adds_up() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").tax(19).await;
    invoices::void::void(&world.distributor().scope(), id, "Sent twice")
        .await
        .unwrap();
    let moved = movements(&world, id).await;
    let [void] = moved.as_slice() else {
        panic!("{moved:#?}")
    };
    assert_eq!((void.from, void.amount), (MovedFrom::Void, usd(11_900)));
    assert!(void.by.is_some());
}

#[tokio::test]
async fn of_a_question_of_the_bank_the_seller_is_told_once_and_no_money_moves() {
    let world = World::new().await;
    let id = world.acme().invoice("150.00").await;
    paid(&world, &[id]).await;
    let (payment, intent) = intent_of(&world).await;
    let note = async |state| {
        note_dispute(&seller(&world), &payment, &dispute(&intent, state))
            .await
            .unwrap();
    };
    // Nobody waits for an answer to one that is answered.
    note(DisputeState::InquiryAnswered).await;
    assert_eq!(letters(&world).await, Vec::new());
    note(DisputeState::Inquiry).await;
    note(DisputeState::Inquiry).await;
    let told = letters(&world).await;
    let [letter] = told.as_slice() else {
        panic!("told twice it is one: {told:?}")
    };
    assert_eq!(letter.buyer_id, None, "it is the seller's own letter");
    for said in ["150.00", "Acme", &payment.receipt_number, "You can still answer"] {
        assert!(letter.text.contains(said), "{said}: {}", letter.text);
    }
    assert_eq!(seen(&world, id).await.0, [("paid", 15_000)]);
    // It becomes a chargeback after all.
    note(DisputeState::Open).await;
    assert_eq!(letters(&world).await.len(), 2);
    assert_eq!(invoice(&world, id).await.open_minor, 15_000);
}
