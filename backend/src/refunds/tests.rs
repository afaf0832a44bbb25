//! Money that goes back: through the gateway and beside it, what happens to invoices, what the bank takes and returns.

mod by_hand;
mod chargebacks;
mod hands;
mod told;

use super::{read, settle, write};
use crate::{
    Error, Scope, check, invoices,
    payments::{self, offline, payers, reconcile::Patience},
    ports::{
        GatewayRefundState,
        fakes::{Call, Fault},
    },
    testing::World,
};
use domain::{
    Currency, FieldErrors, Money, Refusal,
    access::{
        IssueCreditNotes, PayInvoices, RecordPayments, RefundPayments, Roles, SellerRole, ViewIssuedInvoices,
        ViewReceivedInvoices,
    },
    ids::{InvoiceId, PaymentId, Uuid},
    payments::{CardChoice, PaymentChoice, SubmitLine, SubmitPayment, offline::AllocatePayment},
    refunds::{GiveBack, RefundKind, RefundState, RefundWay, Then},
};
use entity::{allocation, invoice, payment, refund};
use sea_orm::EntityTrait;

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn seller(world: &World) -> Scope<RefundPayments> {
    world.distributor().scope()
}

/// Acme pays invoices in full by card.
pub(crate) async fn paid(world: &World, invoices: &[InvoiceId]) -> PaymentId {
    let scope: Scope<PayInvoices> = world.acme().scope();
    let choice = PaymentChoice {
        invoices: invoices.to_vec(),
        ..PaymentChoice::default()
    };
    let form = payments::read::form(&scope, &choice).await.unwrap();
    let lines = form.groups.iter().flat_map(|group| &group.lines);
    let form = SubmitPayment {
        key: form.key,
        lines: lines
            .map(|line| SubmitLine {
                invoice: line.invoice,
                seen: line.payable,
                amount: line.amount,
            })
            .collect(),
        card: CardChoice::Token("pm_ok".to_owned()),
        save_card: false,
        make_default: false,
        email_receipt: false,
        uses: Vec::new(),
    };
    let key = payments::write::submit(&scope, &form).await.unwrap();
    let result = payments::read::result(&scope, key).await.unwrap();
    result.outcomes[0].payment.unwrap()
}

async fn typed(
    world: &World,
    from: Uuid,
    unapplied: i64,
    parts: &[(InvoiceId, i64)],
    (way, then): (RefundWay, Then),
) -> GiveBack {
    let form = read::form(&seller(world), from).await.unwrap();
    let line = |(invoice, part): &(InvoiceId, i64)| SubmitLine {
        invoice: *invoice,
        seen: usd(*part),
        amount: usd(*part),
    };
    GiveBack {
        key: form.key,
        from,
        kind: RefundKind::Refund,
        way,
        then,
        reason: "Came back".to_owned(),
        unapplied: usd(unapplied),
        lines: parts.iter().map(line).collect(),
    }
}

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn rows(world: &World) -> (Vec<invoice::Model>, Vec<payment::Model>, Vec<refund::Model>) {
    let db = world.backend.system().db();
    (
        invoice::Entity::find().all(db).await.unwrap(),
        payment::Entity::find().all(db).await.unwrap(),
        refund::Entity::find().all(db).await.unwrap(),
    )
}

async fn invoice(world: &World, id: InvoiceId) -> invoice::Model {
    let (invoices, _, _) = rows(world).await;
    invoices.into_iter().find(|row| row.id == id.0).unwrap()
}

async fn state(world: &World, id: Uuid) -> RefundState {
    let shown = read::refunds(&world.distributor().scope::<ViewIssuedInvoices>(), id)
        .await
        .unwrap();
    shown[0].state
}

async fn assert_clean(world: &World) {
    assert_eq!(check::run(&world.backend).await.unwrap(), Vec::new());
}

const CARD: (RefundWay, Then) = (RefundWay::Gateway, Then::Reopen);

#[tokio::test]
async fn a_refund_to_the_card_opens_the_invoice_again() {
    let world = World::new().await;
    let (one, two) = (
        world.acme().invoice("100.00").await,
        world.acme().invoice("50.00").await,
    );
    let payment = paid(&world, &[one, two]).await;
    let refund = typed(&world, payment.0, 0, &[(one, 3_000)], CARD).await;
    let id = write::give_back(&seller(&world), &refund).await.unwrap();
    // Posted twice it is one.
    assert_eq!(write::give_back(&seller(&world), &refund).await.unwrap(), id);
    assert_eq!(world.gateway.count(Call::CreateRefund), 1);
    assert_eq!(invoice(&world, one).await.open_minor, 3_000);
    assert_eq!(invoice(&world, two).await.open_minor, 0);
    let (_, payments, refunds) = rows(&world).await;
    assert_eq!(
        (payments[0].refunded_minor, payments[0].unapplied_minor),
        (3_000, 0)
    );
    assert_eq!(refunds.len(), 1);
    // The buyer sees it with its reason.
    let seen = read::refunds(&world.acme().scope::<ViewReceivedInvoices>(), payment.0)
        .await
        .unwrap();
    assert_eq!(
        (seen[0].state, seen[0].amount, seen[0].reason.as_str()),
        (RefundState::Succeeded, usd(3_000), "Came back")
    );
    assert_clean(&world).await;
}

#[tokio::test]
async fn a_credit_note_takes_the_moneys_place_to_the_last_cent() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").tax(19).await;
    let payment = paid(&world, &[id]).await;
    let way = (RefundWay::Gateway, Then::Credit);
    let refund = typed(&world, payment.0, 0, &[(id, 3_333)], way).await;
    write::give_back(&seller(&world), &refund).await.unwrap();
    let row = invoice(&world, id).await;
    assert_eq!(
        (row.open_minor, row.credited_minor, row.paid_minor),
        (0, 3_333, 11_900 - 3_333)
    );
    // What is left of both goes back too, and then nothing is.
    let refund = typed(&world, payment.0, 0, &[(id, 11_900 - 3_333)], way).await;
    write::give_back(&seller(&world), &refund).await.unwrap();
    let row = invoice(&world, id).await;
    assert_eq!(
        (row.open_minor, row.credited_minor, row.paid_minor),
        (0, 11_900, 0)
    );
    let more = typed(&world, payment.0, 0, &[(id, 1)], way).await;
    let refused = write::give_back(&seller(&world), &more).await;
    let expected = FieldErrors::one(
        "lines[0][amount]",
        Refusal::MoreThanAvailable { available: usd(0) },
    );
    assert!(matches!(refused, Err(Error::Invalid(errors)) if errors == expected));
    assert_clean(&world).await;
}

#[tokio::test]
async fn no_credit_note_over_more_than_is_left_of_the_invoice() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").await;
    let payment = paid(&world, &[id]).await;
    let issuer: Scope<IssueCreditNotes> = world.distributor().scope();
    let form = crate::credit_notes::read::form(&issuer, id).await.unwrap();
    let credit = domain::credit_notes::IssueCredit {
        key: form.key,
        invoice: id,
        seen: form.left,
        reason: domain::credit_notes::CreditReason::Discount,
        note: String::new(),
        how_much: domain::credit_notes::HowMuch::Parts,
        parts: vec![(1, usd(9_000))],
        pay_back: None,
    };
    crate::credit_notes::write::issue(&issuer, &credit).await.unwrap();
    let way = (RefundWay::Gateway, Then::Credit);
    let refund = typed(&world, payment.0, 0, &[(id, 2_000)], way).await;
    let refused = write::give_back(&seller(&world), &refund).await;
    let expected = FieldErrors::one("lines[0][amount]", Refusal::MoreThanLeft { left: usd(1_000) });
    assert!(matches!(refused, Err(Error::Invalid(errors)) if errors == expected));
    assert_eq!(world.gateway.count(Call::CreateRefund), 0);
    assert_clean(&world).await;
}

#[tokio::test]
async fn while_it_is_under_way_nothing_else_is_done_and_a_refusal_changes_nothing() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").await;
    let payment = paid(&world, &[id]).await;
    world.gateway.next_refund(GatewayRefundState::Pending);
    let way = (RefundWay::Gateway, Then::Credit);
    let refund = typed(&world, payment.0, 0, &[(id, 4_000)], way).await;
    write::give_back(&seller(&world), &refund).await.unwrap();
    assert_eq!(state(&world, payment.0).await, RefundState::Pending);
    assert_eq!(invoice(&world, id).await.open_minor, 0);
    let second = typed(&world, payment.0, 0, &[(id, 1_000)], CARD).await;
    let refused = write::give_back(&seller(&world), &second).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::RefundUnderWay))));
    let recorder: Scope<RecordPayments> = world.distributor().scope();
    let put = payers::allocate_form(&recorder, payment.0).await.unwrap().put;
    let refused = offline::take_off(&recorder, put[0].allocation).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::RefundUnderWay))));
    let issuer: Scope<IssueCreditNotes> = world.distributor().scope();
    let form = crate::credit_notes::read::form(&issuer, id).await.unwrap();
    let credit = domain::credit_notes::IssueCredit {
        key: form.key,
        invoice: id,
        seen: form.left,
        reason: domain::credit_notes::CreditReason::Return,
        note: String::new(),
        how_much: domain::credit_notes::HowMuch::Everything,
        parts: Vec::new(),
        pay_back: None,
    };
    let refused = crate::credit_notes::write::issue(&issuer, &credit).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::RefundUnderWay))));
    let there = world.gateway.refunds().remove(0);
    world.gateway.settle_refund(&there.id, GatewayRefundState::Failed);
    world.seconds_pass(3_700);
    settle::reconcile(&world.backend, Patience::default())
        .await
        .unwrap();
    assert_eq!(state(&world, payment.0).await, RefundState::Failed);
    let row = invoice(&world, id).await;
    assert_eq!(
        (row.open_minor, row.credited_minor, row.paid_minor),
        (0, 0, 10_000)
    );
    assert_clean(&world).await;
}

#[tokio::test]
async fn a_lost_answer_is_looked_up_and_never_asked_for_again() {
    for (fault, ends) in [
        (Fault::LoseReply, RefundState::Succeeded),
        (Fault::LoseRequest, RefundState::Failed),
    ] {
        let world = World::new().await;
        let id = world.acme().invoice("100.00").await;
        let payment = paid(&world, &[id]).await;
        world.gateway.script(Call::CreateRefund, fault);
        let refund = typed(&world, payment.0, 0, &[(id, 10_000)], CARD).await;
        write::give_back(&seller(&world), &refund).await.unwrap();
        assert_eq!(state(&world, payment.0).await, RefundState::Unknown);
        assert_eq!(invoice(&world, id).await.open_minor, 0);
        settle::reconcile(&world.backend, Patience::default())
            .await
            .unwrap();
        assert_eq!(state(&world, payment.0).await, ends);
        assert_eq!(world.gateway.count(Call::CreateRefund), 1);
        let gone: i64 = world
            .gateway
            .refunds()
            .iter()
            .map(|refund| refund.amount.minor())
            .sum();
        assert_eq!(invoice(&world, id).await.open_minor, gone);
        assert_clean(&world).await;
    }
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn history_is_only_added_to() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").await;
    let payment = paid(&world, &[id]).await;
    let refund = typed(&world, payment.0, 0, &[(id, 4_000)], CARD).await;
    write::give_back(&seller(&world), &refund).await.unwrap();
    let rows = allocation::Entity::find()
        .all(world.backend.system().db())
        .await
        .unwrap();
    let mut amounts: Vec<i64> = rows.iter().map(|row| row.amount_minor).collect();
    amounts.sort_unstable();
    assert_eq!(amounts, [-10_000, 6_000, 10_000]);
    // What stays on the invoice can be taken off, and is free for another one.
    let recorder: Scope<RecordPayments> = world.distributor().scope();
    let form = payers::allocate_form(&recorder, payment.0).await.unwrap();
    assert_eq!(
        form.put.iter().map(|put| put.amount).collect::<Vec<_>>(),
        [usd(6_000)]
    );
    offline::take_off(&recorder, form.put[0].allocation)
        .await
        .unwrap();
    let form = payers::allocate_form(&recorder, payment.0).await.unwrap();
    let again = AllocatePayment {
        key: form.key,
        from: payment.0,
        lines: vec![SubmitLine {
            invoice: id,
            seen: form.lines[0].payable,
            amount: usd(6_000),
        }],
    };
    offline::allocate(&recorder, &again).await.unwrap();
    assert_clean(&world).await;
}
