//! What the gateway and the bank may do: ask the payer, lose a reply, be busy.

use super::*;

#[tokio::test]
async fn three_d_secure_waits_for_the_payer() {
    let world = World::new().await;
    let invoice = world.daisy().invoice("100.00").await;
    let outcome = pay(world.daisy(), &[invoice], new_card("pm_3ds")).await;
    assert_eq!(outcome.state, AttemptState::NeedsAction);
    let secret = outcome.action.unwrap().client_secret;
    assert_eq!(open_amount(&world, invoice).await, (10_000, 10_000));
    let scope = world.daisy().scope();
    // Nothing happened at the bank yet.
    let still = write::resume(&scope, outcome.attempt).await.unwrap();
    assert_eq!(still.state, AttemptState::NeedsAction);
    world
        .gateway
        .settle(secret.trim_end_matches("_secret"), IntentState::Succeeded);
    let done = write::resume(&scope, outcome.attempt).await.unwrap();
    assert_eq!(done.state, AttemptState::Succeeded);
    assert!(done.action.is_none() && done.receipt.is_some());
    let again = write::resume(&scope, outcome.attempt).await.unwrap();
    assert_eq!(again.payment, done.payment);
    assert!(matches!(
        write::resume(&world.borealis().scope(), outcome.attempt).await,
        Err(Error::NotFound)
    ));
    reconcile_later(&world).await;
    assert_sound(&world).await;
}

#[tokio::test]
async fn a_refused_confirmation_fails_the_payment() {
    let world = World::new().await;
    let invoice = world.daisy().invoice("100.00").await;
    let outcome = pay(world.daisy(), &[invoice], new_card("pm_3ds")).await;
    let intent = attempts(&world).await[0].gateway_intent.clone().unwrap();
    world.gateway.settle(&intent, IntentState::RequiresPaymentMethod);
    let done = write::resume(&world.daisy().scope(), outcome.attempt)
        .await
        .unwrap();
    assert_eq!(done.state, AttemptState::Failed);
    assert_eq!(open_amount(&world, invoice).await, (10_000, 0));
    jobs::run_due(&world.backend, &jobs::standard()).await.unwrap();
    assert_sound(&world).await;
}

#[tokio::test]
async fn a_confirmation_that_never_comes_is_given_up() {
    let world = World::new().await;
    let invoice = world.daisy().invoice("100.00").await;
    let outcome = pay(world.daisy(), &[invoice], new_card("pm_3ds")).await;
    assert_eq!(reconcile_later(&world).await.waiting, 1);
    assert_eq!(open_amount(&world, invoice).await, (10_000, 10_000));
    world.seconds_pass(3_600);
    assert_eq!(reconcile_later(&world).await.failed, 1);
    let done = write::resume(&world.daisy().scope(), outcome.attempt)
        .await
        .unwrap();
    assert_eq!(done.state, AttemptState::Failed);
    assert_eq!(open_amount(&world, invoice).await, (10_000, 0));
    assert_sound(&world).await;
}

#[tokio::test]
async fn a_payer_who_confirmed_and_left_is_found_by_the_reconciler() {
    let world = World::new().await;
    let invoice = world.daisy().invoice("100.00").await;
    pay(world.daisy(), &[invoice], new_card("pm_3ds")).await;
    let intent = attempts(&world).await[0].gateway_intent.clone().unwrap();
    world.gateway.settle(&intent, IntentState::Succeeded);
    assert_eq!(reconcile_later(&world).await.succeeded, 1);
    assert_eq!(open_amount(&world, invoice).await, (0, 0));
    assert_sound(&world).await;
}

#[tokio::test]
async fn lost_replies_are_unknown_and_never_failed_until_the_gateway_says_so() {
    for (call, fault, charged) in [
        (Call::CreateCustomer, Fault::LoseReply, false),
        (Call::AttachCard, Fault::LoseReply, false),
        (Call::CreateIntent, Fault::LoseReply, false),
        (Call::CreateIntent, Fault::LoseRequest, false),
        (Call::ConfirmIntent, Fault::LoseReply, true),
        (Call::ConfirmIntent, Fault::LoseRequest, false),
    ] {
        let world = World::new().await;
        let invoice = world.daisy().invoice("100.00").await;
        world.gateway.script(call, fault);
        let outcome = pay(world.daisy(), &[invoice], new_card("pm_ok")).await;
        assert_eq!(outcome.state, AttemptState::Unknown, "{call:?} {fault:?}");
        assert_eq!(open_amount(&world, invoice).await, (10_000, 10_000));
        // While the gateway does not answer, nothing is decided.
        world.gateway.script(Call::FindIntent, Fault::LoseReply);
        world.gateway.script(Call::FindIntentOf, Fault::LoseReply);
        let first = reconcile(&world.backend, Patience::default()).await.unwrap();
        if call != Call::CreateCustomer {
            assert_eq!(first.unanswered, 1, "{call:?} {fault:?}");
        }
        reconcile_later(&world).await;
        reconcile_later(&world).await;
        let done = write::resume(&world.daisy().scope(), outcome.attempt)
            .await
            .unwrap();
        let expected = if charged {
            AttemptState::Succeeded
        } else {
            AttemptState::Failed
        };
        assert_eq!(done.state, expected, "{call:?} {fault:?}");
        assert!(!world.gateway.is_attached("pm_ok"));
        assert_sound(&world).await;
    }
}

#[tokio::test]
async fn a_busy_gateway_is_a_clear_no_and_the_card_can_be_tried_again() {
    for call in [Call::CreateIntent, Call::ConfirmIntent] {
        let world = World::new().await;
        let invoice = world.daisy().invoice("100.00").await;
        world.gateway.script(call, Fault::RateLimit);
        let outcome = pay(world.daisy(), &[invoice], new_card("pm_ok")).await;
        assert_eq!(outcome.state, AttemptState::Failed);
        assert_eq!(
            pay(world.daisy(), &[invoice], new_card("pm_ok")).await.state,
            AttemptState::Succeeded
        );
        reconcile_later(&world).await;
        assert_sound(&world).await;
    }
}

/// The one who pays is slow, and goes on just when the reconciler has found nothing.
#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the test plays the other node")]
async fn who_finds_nothing_decides_nothing_when_more_was_asked_meanwhile() {
    let world = World::new().await;
    let invoice = world.daisy().invoice("100.00").await;
    world.gateway.script(Call::CreateIntent, Fault::LoseRequest);
    pay(world.daisy(), &[invoice], new_card("pm_ok")).await;
    let scope: Scope<PayInvoices> = world.daisy().scope();
    let before = attempts(&world).await.remove(0);
    payment_attempt::Entity::update_many()
        .col_expr(
            payment_attempt::Column::GatewayIntent,
            sea_orm::sea_query::Expr::value("pi_late"),
        )
        .exec(world.backend.system().writer())
        .await
        .unwrap();
    let state = async || attempts(&world).await[0].state;
    crate::payments::outcome::never_arrived(&scope, &before)
        .await
        .unwrap();
    assert_eq!(state().await, entity::codes::AttemptState::Unknown);
    assert_eq!(open_amount(&world, invoice).await, (10_000, 10_000));
    let now = attempts(&world).await.remove(0);
    crate::payments::outcome::never_arrived(&scope, &now)
        .await
        .unwrap();
    assert_eq!(state().await, entity::codes::AttemptState::Failed);
}
