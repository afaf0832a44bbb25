//! What lies on the payer's account is used first: once, as far as it was seen, and whatever becomes of the card.

use super::{offline::seller, *};
use crate::{
    check,
    workbench::{
        self,
        tests::{credit, money},
    },
};
use domain::payments::on_account::{OnAccount, UseFirst};
use entity::allocation_plan;
use futures::future::join_all;

/// Acme has 30.00 of credit and 20.00 of money that are put to nothing.
async fn scene() -> World {
    let world = World::new().await;
    let paid = world.acme().invoice("50.00").paid("50.00").await;
    credit(&world, paid, 3_000).await;
    money(&seller(&world), world.acme(), 2_000).await;
    world
}

/// The form for some invoices, with what lies on the account ticked.
async fn ticked(scope: &Scope<PayInvoices>, invoices: &[InvoiceId], card: &str) -> SubmitPayment {
    let shown = read::form(scope, &choose(invoices)).await.unwrap();
    let use_first = |group: &domain::payments::PayGroup| {
        Some(UseFirst {
            account: group.account,
            seen: group.on_account?.total().unwrap(),
        })
    };
    SubmitPayment {
        uses: shown.groups.iter().filter_map(use_first).collect(),
        ..filled(scope, invoices, new_card(card)).await
    }
}

async fn assert_clean(world: &World) {
    assert_eq!(check::run(&world.backend).await.unwrap(), Vec::new());
}

#[tokio::test]
async fn what_lies_there_pays_what_is_due_first_and_the_rest_is_charged_once() {
    let world = scene().await;
    let acme = world.acme();
    let scope = acme.scope();
    let one = acme.invoice("40.00").due(5).await;
    let two = acme.invoice("60.00").due(9).await;
    let shown = read::form(&scope, &choose(&[one, two])).await.unwrap();
    let lies = OnAccount {
        credit: usd(3_000),
        money: usd(2_000),
    };
    assert_eq!(shown.groups[0].on_account, Some(lies));

    let form = ticked(&scope, &[one, two], "pm_ok").await;
    for _ in 0..2 {
        write::submit(&scope, &form).await.unwrap();
        assert_eq!(world.gateway.charges().len(), 1);
        assert_eq!(world.gateway.charges()[0].amount, usd(5_000));
        assert_eq!(
            (open_amount(&world, one).await, open_amount(&world, two).await),
            ((0, 0), (0, 0))
        );
    }
    let result = read::result(&scope, form.key).await.unwrap();
    assert_eq!(result.from_account.len(), 1);
    assert_eq!(
        (result.from_account[0].amount, result.outcomes[0].amount),
        (usd(5_000), usd(5_000))
    );
    let left = acme.invoice("5.00").await;
    let shown = read::form(&scope, &choose(&[left])).await.unwrap();
    assert_eq!(shown.groups[0].on_account, None);
    assert_clean(&world).await;

    // It is a plan, which the seller takes back as one.
    let issued: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let plans = issued
        .find::<allocation_plan::Entity>()
        .all(issued.db())
        .await
        .unwrap();
    workbench::write::undo(&seller(&world), plans[0].id.into())
        .await
        .unwrap();
    assert_eq!(
        (open_amount(&world, one).await, open_amount(&world, two).await),
        ((4_000, 0), (1_000, 0))
    );
    assert_clean(&world).await;
}

#[tokio::test]
async fn what_covers_all_is_paid_without_a_charge_or_a_card() {
    let world = scene().await;
    let scope = world.acme().scope();
    let invoice = world.acme().invoice("45.00").await;
    let form = ticked(&scope, &[invoice], "").await;
    for _ in 0..2 {
        write::submit(&scope, &form).await.unwrap();
    }
    assert!(world.gateway.charges().is_empty() && attempts(&world).await.is_empty());
    assert_eq!(open_amount(&world, invoice).await, (0, 0));
    let result = read::result(&scope, form.key).await.unwrap();
    assert_eq!(
        (result.outcomes.len(), result.from_account[0].amount),
        (0, usd(4_500))
    );
    assert_clean(&world).await;

    // Nobody else sees what was used; and without it a card is asked for.
    let other = world.borealis().scope();
    assert!(matches!(
        read::result(&other, form.key).await,
        Err(Error::NotFound)
    ));
    let more = world.acme().invoice("45.00").await;
    let form = ticked(&scope, &[more], "").await;
    assert_refused(write::submit(&scope, &form).await, "card", &Refusal::NoCard);
    assert_eq!(open_amount(&world, more).await, (4_500, 0));
}

#[tokio::test]
async fn what_was_used_stands_when_the_card_is_refused() {
    let world = scene().await;
    let scope = world.acme().scope();
    let invoice = world.acme().invoice("80.00").await;
    let form = ticked(&scope, &[invoice], "pm_declined").await;
    write::submit(&scope, &form).await.unwrap();
    let result = read::result(&scope, form.key).await.unwrap();
    assert_eq!(result.outcomes[0].state, AttemptState::Failed);
    assert_eq!(result.from_account[0].amount, usd(5_000));
    assert_eq!(open_amount(&world, invoice).await, (3_000, 0));
    assert_clean(&world).await;
}

#[tokio::test]
async fn what_the_payer_did_not_see_is_not_used() {
    let world = scene().await;
    let scope = world.acme().scope();
    let invoice = world.acme().invoice("80.00").await;
    let form = ticked(&scope, &[invoice], "pm_ok").await;
    let other = world.borealis();
    money(&seller(&world), other, 700).await;
    let foreign = UseFirst {
        account: other.account(),
        seen: usd(700),
    };
    let refused = SubmitPayment {
        uses: vec![foreign],
        ..form.clone()
    };
    let moved = |seen, now| Refusal::OnAccountMoved {
        seen: usd(seen),
        now: usd(now),
    };
    let refusal = |answer: Result<FormKey, Error>| match answer {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    };
    assert_eq!(refusal(write::submit(&scope, &refused).await), moved(700, 0));

    money(&seller(&world), world.acme(), 100).await;
    assert_eq!(refusal(write::submit(&scope, &form).await), moved(5_000, 5_100));
    assert_eq!(open_amount(&world, invoice).await, (8_000, 0));
    assert!(world.gateway.charges().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_lies_there_is_used_once_by_many_at_once() {
    let world = scene().await;
    let scope: Scope<PayInvoices> = world.acme().scope();
    let mut forms = Vec::new();
    for _ in 0..8 {
        let invoice = world.acme().invoice("50.00").await;
        forms.push(ticked(&scope, &[invoice], "").await);
    }
    let posts = forms.into_iter().map(|form| {
        let scope = scope.clone();
        tokio::spawn(async move { write::submit(&scope, &form).await })
    });
    let mut paid = 0;
    for answer in join_all(posts).await {
        match answer.unwrap() {
            Ok(_) => paid += 1,
            Err(Error::Refused(Refusal::OnAccountMoved { now, .. })) => assert_eq!(now, usd(0)),
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(paid, 1);
    assert_clean(&world).await;
}
