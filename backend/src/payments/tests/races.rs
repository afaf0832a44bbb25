//! Many at once: the same form, the same invoice, the same attempt.

use super::*;
use futures::future::join_all;

/// Posts forms at the same moment, each from a session of its own.
async fn all_at_once(scope: &Scope<PayInvoices>, forms: Vec<SubmitPayment>) -> Vec<Result<FormKey, Error>> {
    let posts = forms.into_iter().map(|form| {
        let scope = scope.clone();
        tokio::spawn(async move { write::submit(&scope, &form).await })
    });
    join_all(posts).await.into_iter().map(Result::unwrap).collect()
}

#[tokio::test]
async fn the_same_form_gives_the_same_result_however_often_it_comes() {
    let world = World::new().await;
    let invoice = world.daisy().invoice("100.00").await;
    let scope = world.daisy().scope();
    let form = filled(&scope, &[invoice], new_card("pm_ok")).await;
    let key = write::submit(&scope, &form).await.unwrap();
    let first = outcomes(&scope, key).await;
    assert_eq!(write::submit(&scope, &form).await.unwrap(), key);
    assert_eq!(outcomes(&scope, key).await, first);
    assert_eq!(world.gateway.count(Call::ConfirmIntent), 1);

    let mut other = form.clone();
    other.lines[0].amount = usd(100);
    assert!(matches!(
        write::submit(&scope, &other).await,
        Err(Error::Refused(Refusal::FormBroken))
    ));
    assert_sound(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixteen_posts_of_one_form_at_once_are_one_payment() {
    let world = World::new().await;
    let invoice = world.daisy().invoice("100.00").await;
    let scope = world.daisy().scope();
    let form = filled(&scope, &[invoice], new_card("pm_ok")).await;
    for answer in all_at_once(&scope, vec![form.clone(); 16]).await {
        assert_eq!(answer.unwrap(), form.key);
    }
    let outcomes = outcomes(&scope, form.key).await;
    assert_eq!(outcomes.len(), 1);
    assert_eq!(outcomes[0].state, AttemptState::Succeeded);
    assert_eq!(world.gateway.charges().len(), 1);
    reconcile_later(&world).await;
    assert_sound(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixteen_people_cannot_pay_one_invoice_twice() {
    let world = World::new().await;
    for part in [10_000, 4_000] {
        let invoice = world.daisy().invoice("100.00").await;
        let scope = world.daisy().scope();
        let mut forms = Vec::new();
        for _ in 0..16 {
            let mut form = filled(&scope, &[invoice], new_card("pm_ok")).await;
            form.lines[0].amount = usd(part);
            forms.push(form);
        }
        let mut paid = 0;
        for answer in all_at_once(&scope, forms).await {
            match answer {
                Ok(_) => paid += 1,
                Err(Error::Invalid(errors)) => assert!(matches!(
                    errors.get("lines[0][amount]"),
                    Some(
                        Refusal::OpenAmountMoved { .. }
                            | Refusal::NotPayable {
                                why: NotPayable::Pending | NotPayable::Paid,
                                ..
                            }
                    )
                )),
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(paid, 1, "whoever saw the old amount must look again");
        assert_eq!(open_amount(&world, invoice).await, (10_000 - part, 0));
    }
    reconcile_later(&world).await;
    assert_sound(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_invoices_in_any_order_do_not_deadlock() {
    let world = World::new().await;
    let daisy = world.daisy();
    let mut invoices = Vec::new();
    for _ in 0..6 {
        invoices.push(daisy.invoice("10.00").await);
    }
    let scope = daisy.scope();
    let mut forms = Vec::new();
    for turn in 0..6 {
        let mut form = filled(&scope, &invoices, new_card("pm_ok")).await;
        form.lines.rotate_left(turn);
        form.lines.truncate(3);
        forms.push(form);
    }
    let answers = all_at_once(&scope, forms).await;
    let paid = answers.iter().filter(|answer| answer.is_ok()).count();
    assert!(paid >= 1);
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer, Ok(_) | Err(Error::Invalid(_))))
    );
    reconcile_later(&world).await;
    assert_sound(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_reconcile_without_doing_anything_twice() {
    let world = World::new().await;
    for _ in 0..5 {
        let invoice = world.daisy().invoice("10.00").await;
        world.gateway.script(Call::ConfirmIntent, Fault::LoseReply);
        pay(world.daisy(), &[invoice], new_card("pm_ok")).await;
    }
    let nodes = (0..4).map(|_| {
        let backend = world.backend.clone();
        tokio::spawn(async move { reconcile(&backend, Patience::default()).await.unwrap() })
    });
    let found: u32 = join_all(nodes)
        .await
        .into_iter()
        .map(|done| done.unwrap().succeeded)
        .sum();
    assert_eq!(found, 5);
    assert_eq!(world.gateway.count(Call::FindIntent), 5);
    reconcile_later(&world).await;
    assert_sound(&world).await;
}

#[tokio::test]
async fn a_late_submission_does_not_charge_what_the_reconciler_gave_up() {
    let world = World::new().await;
    let invoice = world.daisy().invoice("10.00").await;
    world.gateway.script(Call::CreateIntent, Fault::LoseReply);
    pay(world.daisy(), &[invoice], new_card("pm_ok")).await;
    reconcile_later(&world).await;
    let attempt = attempts(&world).await.remove(0);
    assert!(attempt.resolved_at.is_some());
    // The submission that was thought dead goes on from what it had read.
    let stale = payment_attempt::Model {
        state: entity::codes::AttemptState::Submitted,
        gateway_intent: None,
        resolved_at: None,
        ..attempt
    };
    super::super::charge::charge(&world.daisy().scope(), &stale)
        .await
        .unwrap();
    assert!(world.gateway.charges().is_empty());
    assert_eq!(world.gateway.count(Call::ConfirmIntent), 0);
    jobs::run_due(&world.backend, &jobs::standard()).await.unwrap();
    assert_sound(&world).await;
}
