//! What a credit note leaves over is paid back as it is issued: by hand, or to the cards that the invoice was paid with.

use super::*;
use crate::{
    payments::{
        reconcile::Patience,
        tests::{new_card, pay},
    },
    ports::{
        GatewayRefundState,
        fakes::{Call, Fault},
    },
    refunds::{self, tests::paid},
};
use domain::{
    access::{Permission, RefundPayments, Rights},
    credit_notes::{PayBack, Split},
    ids::CreditNoteId,
    refunds::{GiveBack, RefundKind, RefundState, RefundWay, Then},
};

fn back(amount: i64, way: RefundWay) -> Option<PayBack> {
    Some(PayBack {
        amount: usd(amount),
        way,
        reference: "Two boxes".to_owned(),
    })
}

async fn found(world: &World, note: CreditNoteId) -> domain::credit_notes::CreditNote {
    let scope = world.acme().scope::<ViewReceivedInvoices>();
    read::find(&scope, note).await.unwrap()
}

/// What is taken off, paid back and left of a credit note.
async fn parts(world: &World, note: CreditNoteId) -> (i64, i64, i64) {
    let split = Split::of(&found(world, note).await).unwrap();
    (
        split.less_due.minor(),
        split.paid_back.minor(),
        split.credit.minor(),
    )
}

async fn open(world: &World, id: InvoiceId) -> Money {
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    read::form(&scope, id).await.unwrap().due.free
}

#[tokio::test]
async fn by_hand_it_leaves_the_credit_and_the_remainder_stays() {
    let world = World::new().await;
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    let id = world.acme().invoice("100.00").paid("70.00").await;
    let too_much = IssueCredit {
        pay_back: back(3_001, RefundWay::ByHand),
        ..typed(&scope, id, &[(1, 6_000)]).await
    };
    let refused = write::issue(&scope, &too_much).await;
    assert!(matches!(&refused, Err(Error::Invalid(FieldErrors(errors)))
        if errors.get("back") == Some(&Refusal::MoreThanRest { rest: usd(3_000) })));
    let credit = IssueCredit {
        pay_back: back(2_000, RefundWay::ByHand),
        ..typed(&scope, id, &[(1, 6_000)]).await
    };
    let note = write::issue(&scope, &credit).await.unwrap();
    assert_eq!(write::issue(&scope, &credit).await.unwrap(), note);
    assert_eq!(parts(&world, note).await, (3_000, 2_000, 1_000));
    assert_clean(&world).await;
}

#[tokio::test]
async fn nothing_is_paid_back_against_money_that_is_still_on_its_way() {
    let world = World::new().await;
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    let id = world.acme().invoice("100.00").await;
    world.gateway.script(Call::ConfirmIntent, Fault::LoseReply);
    pay(world.acme(), &[id], new_card("pm_ok")).await;
    let too_much = IssueCredit {
        pay_back: back(1, RefundWay::ByHand),
        ..typed(&scope, id, &[(1, 6_000)]).await
    };
    let refused = write::issue(&scope, &too_much).await;
    assert!(matches!(&refused, Err(Error::Invalid(FieldErrors(errors)))
        if errors.get("back") == Some(&Refusal::MoreThanRest { rest: usd(0) })));
    let credit = typed(&scope, id, &[(1, 6_000)]).await;
    let note = write::issue(&scope, &credit).await.unwrap();
    assert_eq!(parts(&world, note).await, (0, 0, 6_000));
    assert_clean(&world).await;
}

#[tokio::test]
async fn to_the_card_the_credit_takes_the_place_of_the_money() {
    let world = World::new().await;
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    let id = world.acme().invoice("100.00").await;
    paid(&world, &[id]).await;
    let form = read::form(&scope, id).await.unwrap();
    assert_eq!(form.cards.unwrap().amount, usd(10_000));
    let credit = IssueCredit {
        pay_back: back(2_500, RefundWay::Gateway),
        ..typed(&scope, id, &[(1, 4_000)]).await
    };
    let note = write::issue(&scope, &credit).await.unwrap();
    assert_eq!(write::issue(&scope, &credit).await.unwrap(), note);
    assert_eq!(world.gateway.count(Call::CreateRefund), 1);
    assert_eq!(parts(&world, note).await, (0, 2_500, 1_500));
    assert_eq!(open(&world, id).await, usd(0));
    let seen = found(&world, note).await;
    assert_eq!(seen.back[0].state, RefundState::Succeeded);
    assert_eq!(seen.applied[0].instead, usd(2_500));
    let used = write::void(&scope, note, "Wrong").await;
    assert!(matches!(used, Err(Error::Refused(Refusal::CreditUsed))));
    assert_clean(&world).await;
}

#[tokio::test]
async fn it_is_shared_over_the_payments_and_more_than_they_are_is_refused() {
    let world = World::new().await;
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    let refunder: Scope<RefundPayments> = world.distributor().scope();
    let id = world.acme().invoice("100.00").paid("10.00").await;
    let first = paid(&world, &[id]).await;
    let reopened = GiveBack {
        key: refunds::read::form(&refunder, first.0).await.unwrap().key,
        from: first.0,
        kind: RefundKind::Refund,
        way: RefundWay::ByHand,
        then: Then::Reopen,
        reason: "Paid twice".to_owned(),
        unapplied: usd(0),
        lines: vec![SubmitLine {
            invoice: id,
            seen: usd(9_000),
            amount: usd(4_000),
        }],
    };
    refunds::write::give_back(&refunder, &reopened).await.unwrap();
    paid(&world, &[id]).await;
    let more = IssueCredit {
        pay_back: back(9_001, RefundWay::Gateway),
        ..typed(&scope, id, &[]).await
    };
    let refused = write::issue(&scope, &more).await;
    assert!(matches!(&refused, Err(Error::Invalid(FieldErrors(errors)))
        if errors.get("back") == Some(&Refusal::MoreThanAvailable { available: usd(9_000) })));
    assert_eq!(world.gateway.count(Call::CreateRefund), 0);
    let all = IssueCredit {
        pay_back: back(7_000, RefundWay::Gateway),
        ..typed(&scope, id, &[]).await
    };
    let note = write::issue(&scope, &all).await.unwrap();
    let given: Vec<i64> = world
        .gateway
        .refunds()
        .iter()
        .map(|one| one.amount.minor())
        .collect();
    assert_eq!(given, [4_000, 3_000]);
    assert_eq!(parts(&world, note).await, (0, 7_000, 3_000));
    assert_clean(&world).await;
}

#[tokio::test]
async fn while_the_bank_thinks_the_credit_waits_and_a_no_leaves_it_as_credit() {
    let world = World::new().await;
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    let money: Scope<RecordPayments> = world.distributor().scope();
    let refunder: Scope<RefundPayments> = world.distributor().scope();
    for ends in [GatewayRefundState::Failed, GatewayRefundState::Succeeded] {
        let id = world.acme().invoice("100.00").await;
        paid(&world, &[id]).await;
        world.gateway.next_refund(GatewayRefundState::Pending);
        let credit = IssueCredit {
            pay_back: back(4_000, RefundWay::Gateway),
            ..typed(&scope, id, &[(1, 4_000)]).await
        };
        let note = write::issue(&scope, &credit).await.unwrap();
        assert_eq!(parts(&world, note).await, (0, 0, 4_000));
        // Nobody uses it meanwhile, and nobody withdraws it.
        let withdrawn = write::void(&scope, note, "Wrong").await;
        assert!(matches!(withdrawn, Err(Error::Refused(Refusal::RefundUnderWay))));
        assert!(refunds::read::form(&refunder, note.0).await.unwrap().under_way);
        let other = world.acme().invoice("10.00").await;
        let form = payers::allocate_form(&money, note.0).await.unwrap();
        let wanted = AllocatePayment {
            key: form.key,
            from: note.0,
            lines: vec![SubmitLine {
                invoice: other,
                seen: usd(1_000),
                amount: usd(1_000),
            }],
        };
        let used = offline::allocate(&money, &wanted).await;
        assert!(matches!(used, Err(Error::Refused(Refusal::RefundUnderWay))));
        assert_clean(&world).await;
        let there = world.gateway.refunds().pop().unwrap();
        world.gateway.settle_refund(&there.id, ends);
        world.seconds_pass(3_700);
        refunds::settle::reconcile(&world.backend, Patience::default())
            .await
            .unwrap();
        let (expected, state) = match ends {
            GatewayRefundState::Succeeded => ((0, 4_000, 0), RefundState::Succeeded),
            GatewayRefundState::Failed | GatewayRefundState::Pending => ((0, 0, 4_000), RefundState::Failed),
        };
        assert_eq!(parts(&world, note).await, expected);
        assert_eq!(found(&world, note).await.back[0].state, state);
        assert_eq!(open(&world, id).await, usd(0));
        assert_clean(&world).await;
    }
}

#[tokio::test]
async fn who_may_not_give_money_back_pays_nothing_back() {
    let world = World::new().await;
    let own: Scope<IssueCreditNotes> = world.distributor().scope();
    let id = world.acme().invoice("100.00").paid("100.00").await;
    let credit = IssueCredit {
        pay_back: back(1_000, RefundWay::ByHand),
        ..typed(&own, id, &[(1, 4_000)]).await
    };
    let rights = Rights::NONE.with(Permission::IssueCreditNotes);
    let issuer = world.distributor().holding(rights).permit().unwrap();
    let refused = write::issue(&issuer, &credit).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    assert_clean(&world).await;
}
