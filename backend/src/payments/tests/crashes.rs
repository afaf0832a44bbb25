//! The portal dies while a payment is submitted, at every call of the gateway and at every await; afterwards the
//! reconciler makes both sides agree (K3).

use super::{stopping::stopping, *};
use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

/// After the crash: the same form once more, then the reconciler, until everything is decided.
async fn recover(world: &World, form: &SubmitPayment) {
    let scope = world.daisy().scope();
    // The payer presses the button again.
    match write::submit(&scope, form).await {
        Ok(key) => assert_eq!(key, form.key),
        Err(other) => panic!("{other:?}"),
    }
    reconcile_later(world).await;
    // Whom the bank waits for confirms.
    for attempt in attempts(world)
        .await
        .iter()
        .filter(|attempt| attempt.resolved_at.is_none())
    {
        assert_eq!(attempt.state, entity::codes::AttemptState::NeedsAction);
        world
            .gateway
            .settle(attempt.gateway_intent.as_ref().unwrap(), IntentState::Succeeded);
    }
    reconcile_later(world).await;
    assert!(
        attempts(world)
            .await
            .iter()
            .all(|attempt| attempt.resolved_at.is_some())
    );
    assert_eq!(outcomes(&scope, form.key).await.len(), 1);
    assert_sound(world).await;
}

#[tokio::test]
async fn a_crash_around_any_call_of_the_gateway_loses_nothing() {
    for token in ["pm_ok", "pm_decline", "pm_3ds"] {
        let world = World::new().await;
        for steps in 0.. {
            let invoice = world.daisy().invoice("100.00").await;
            let (payer, gateway) = stopping(&world, world.daisy(), steps);
            let scope = payer.permit().unwrap();
            let mut form = filled(&scope, &[invoice], new_card(token)).await;
            form.save_card = steps % 2 == 0;
            let crashed = tokio::select! {
                _ = write::submit(&scope, &form) => false,
                () = gateway.stopped.notified() => true,
            };
            recover(&world, &form).await;
            if !crashed {
                assert!(steps >= 5, "the calls were not stopped at");
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_crash_at_any_await_loses_nothing() {
    let world = World::new().await;
    let scope = world.daisy().scope();
    for polls in 1..120 {
        let invoice = world.daisy().invoice("100.00").await;
        let form = filled(&scope, &[invoice], new_card("pm_ok")).await;
        let finished = {
            let mut submission = pin!(write::submit(&scope, &form));
            let mut finished = false;
            for _ in 0..polls {
                let mut context = Context::from_waker(Waker::noop());
                if let Poll::Ready(answer) = submission.as_mut().poll(&mut context) {
                    answer.unwrap();
                    finished = true;
                    break;
                }
                // Lets the database's threads get on, so that each poll is one await further.
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            }
            finished
        };
        recover(&world, &form).await;
        if finished {
            break;
        }
    }
}
