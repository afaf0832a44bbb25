//! Money that goes back beside the portal: of recorded payments and of credit notes.

use super::*;

#[tokio::test]
async fn money_recorded_by_hand_goes_back_by_hand_and_a_wrong_record_is_reversed() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").paid("60.00").await;
    let (_, payments, _) = rows(&world).await;
    let from = payments[0].id;
    let to_card = typed(&world, from, 0, &[(id, 1_000)], CARD).await;
    let refused = write::give_back(&seller(&world), &to_card).await;
    assert!(matches!(refused, Err(Error::Invalid(errors)) if errors.0.contains_key("way")));
    let by_hand = (RefundWay::ByHand, Then::Reopen);
    let refund = typed(&world, from, 0, &[(id, 1_000)], by_hand).await;
    write::give_back(&seller(&world), &refund).await.unwrap();
    assert_eq!(invoice(&world, id).await.open_minor, 5_000);
    let reversal = GiveBack {
        kind: RefundKind::Reversal,
        ..typed(&world, from, 0, &[], by_hand).await
    };
    write::give_back(&seller(&world), &reversal).await.unwrap();
    let row = invoice(&world, id).await;
    assert_eq!((row.open_minor, row.paid_minor), (10_000, 0));
    let (_, payments, _) = rows(&world).await;
    assert_eq!(
        (payments[0].refunded_minor, payments[0].unapplied_minor),
        (6_000, 0)
    );
    assert_eq!(world.gateway.count(Call::CreateRefund), 0);
    assert_clean(&world).await;
}

#[tokio::test]
async fn a_card_payment_is_no_record_to_reverse() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").await;
    let payment = paid(&world, &[id]).await;
    let reversal = GiveBack {
        kind: RefundKind::Reversal,
        ..typed(&world, payment.0, 0, &[], CARD).await
    };
    let refused = write::give_back(&seller(&world), &reversal).await;
    assert!(matches!(refused, Err(Error::Invalid(errors)) if errors.0.contains_key("kind")));
}

#[tokio::test]
async fn what_is_left_of_a_credit_note_is_paid_out() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").paid("100.00").await;
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
    let note = crate::credit_notes::write::issue(&issuer, &credit).await.unwrap();
    let by_hand = (RefundWay::ByHand, Then::Reopen);
    let more = typed(&world, note.0, 10_001, &[], by_hand).await;
    let refused = write::give_back(&seller(&world), &more).await;
    assert!(matches!(refused, Err(Error::Invalid(errors)) if errors.0.contains_key("unapplied")));
    let refund = typed(&world, note.0, 7_000, &[], by_hand).await;
    write::give_back(&seller(&world), &refund).await.unwrap();
    let seen = crate::credit_notes::read::find(&world.acme().scope::<ViewReceivedInvoices>(), note)
        .await
        .unwrap();
    assert_eq!((seen.refunded, seen.remaining), (usd(7_000), usd(3_000)));
    assert_clean(&world).await;
}

#[tokio::test]
async fn what_goes_back_at_the_gateway_too_is_booked_as_far_as_it_is_there() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").await;
    let payment = paid(&world, &[id]).await;
    let by_hand = (RefundWay::ByHand, Then::Reopen);
    let refund = typed(&world, payment.0, 0, &[(id, 7_000)], by_hand).await;
    write::give_back(&seller(&world), &refund).await.unwrap();
    let (_, payments, _) = rows(&world).await;
    let intent = payments[0].reference.clone().unwrap();
    // Somebody gives all of it back at the gateway, and then a little more.
    world.gateway.refund_there(&intent, "re_all", usd(10_000));
    world.gateway.refund_there(&intent, "re_more", usd(500));
    for _ in 0..2 {
        settle::compare(&seller(&world), &payments[0]).await.unwrap();
    }
    let (_, payments, refunds) = rows(&world).await;
    assert_eq!(
        (payments[0].refunded_minor, payments[0].unapplied_minor),
        (10_000, 0)
    );
    assert_eq!(refunds.len(), 2);
    assert_eq!(invoice(&world, id).await.open_minor, 10_000);
    assert_clean(&world).await;
}
