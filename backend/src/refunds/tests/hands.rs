//! Who may, two at once, and a portal that dies on the way.

use super::*;
use crate::payments::tests::stopping::stopping;

#[tokio::test]
async fn sales_gives_nothing_back_and_others_find_nothing() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").await;
    let payment = paid(&world, &[id]).await;
    let sales = world.distributor().actor(Roles {
        seller: Some(SellerRole::Sales),
        buyer: None,
    });
    assert!(matches!(
        sales.permit::<RefundPayments>(),
        Err(Error::Forbidden(_))
    ));
    let refund = typed(&world, payment.0, 0, &[(id, 100)], CARD).await;
    let stranger: Scope<RefundPayments> = world.acme().scope();
    assert!(matches!(
        write::give_back(&stranger, &refund).await,
        Err(Error::NotFound)
    ));
    assert!(matches!(
        read::form(&stranger, payment.0).await,
        Err(Error::NotFound)
    ));
    assert_eq!(world.gateway.count(Call::CreateRefund), 0);
}

#[tokio::test]
async fn two_people_at_once_give_it_back_once() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").await;
    let payment = paid(&world, &[id]).await;
    let forms = [
        typed(&world, payment.0, 0, &[(id, 8_000)], CARD).await,
        typed(&world, payment.0, 0, &[(id, 8_000)], CARD).await,
    ];
    let (one_scope, other_scope) = (seller(&world), seller(&world));
    let (one, other) = tokio::join!(
        write::give_back(&one_scope, &forms[0]),
        write::give_back(&other_scope, &forms[1])
    );
    assert_eq!(
        usize::from(one.is_ok()) + usize::from(other.is_ok()),
        1,
        "{one:?} {other:?}"
    );
    assert_eq!(world.gateway.refunds().len(), 1);
    assert_eq!(invoice(&world, id).await.open_minor, 8_000);
    assert_clean(&world).await;
}

#[tokio::test]
async fn a_crash_around_the_gateways_call_leaves_both_sides_agreed() {
    for steps in 0..3 {
        let world = World::new().await;
        let id = world.acme().invoice("100.00").await;
        let payment = paid(&world, &[id]).await;
        let refund = typed(&world, payment.0, 0, &[(id, 4_000)], CARD).await;
        let (actor, gateway) = stopping(&world, world.distributor(), steps);
        let scope: Scope<RefundPayments> = actor.permit().unwrap();
        let crashed = tokio::select! {
            done = write::give_back(&scope, &refund) => { done.unwrap(); false }
            () = gateway.stopped.notified() => true,
        };
        assert_eq!(crashed, steps < 2);
        // The form is posted once more, and then the reconciler comes.
        write::give_back(&seller(&world), &refund).await.unwrap();
        world.seconds_pass(90);
        settle::reconcile(&world.backend, Patience::default())
            .await
            .unwrap();
        let gone: i64 = world
            .gateway
            .refunds()
            .iter()
            .map(|refund| refund.amount.minor())
            .sum();
        assert_eq!(gone, if steps == 0 { 0 } else { 4_000 });
        assert_eq!(invoice(&world, id).await.open_minor, gone);
        assert!(!state(&world, payment.0).await.is_under_way());
        assert_clean(&world).await;
    }
}
