//! A parent's people pay what its subsidiaries owe, and see what was paid and credited.

use super::{
    offline::{seller, typed},
    *,
};
use crate::{
    credit_notes, mail,
    payments::{list, offline},
};
use domain::{
    access::{BuyerReach, BuyerRole, Permit, ViewReceivedMail},
    list::{Position, Total},
    payments::PaymentQuery,
};
use futures::TryStreamExt;

/// A payer of Acme, of whom Borealis is a subsidiary.
async fn payer<P: Permit>(world: &World) -> Scope<P> {
    let payer = world
        .acme()
        .reaching(BuyerRole::Payer, BuyerReach::Subsidiaries)
        .await;
    payer.permit().unwrap()
}

async fn family() -> World {
    let world = World::new().await;
    world.make_subsidiary(world.borealis(), world.acme()).await;
    world
}

#[tokio::test]
async fn a_wide_payer_pays_a_subsidiarys_invoice_on_its_account() {
    let world = family().await;
    let (own, theirs) = (
        world.acme().invoice("10.00").await,
        world.borealis().invoice("25.00").await,
    );
    let scope: Scope<PayInvoices> = payer(&world).await;
    let form = read::form(&scope, &PaymentChoice::default()).await.unwrap();
    let groups: Vec<_> = form
        .groups
        .iter()
        .map(|group| (group.company.as_deref(), group.account))
        .collect();
    assert_eq!(
        groups,
        [
            (Some("Acme"), world.acme().account()),
            (Some("Borealis"), world.borealis().account())
        ]
    );
    // The receipt goes to who paid, whose mail it is.
    let mut form = filled(&scope, &[theirs], new_card("tok_visa")).await;
    form.email_receipt = true;
    form.save_card = true;
    let key = write::submit(&scope, &form).await.unwrap();
    let outcome = outcomes(&scope, key).await.remove(0);
    assert_eq!(outcome.state, AttemptState::Succeeded);
    assert_eq!(open_amount(&world, theirs).await, (0, 0));
    assert_eq!(open_amount(&world, own).await, (1_000, 0));
    let views: Scope<ViewReceivedInvoices> = payer(&world).await;
    let receipt = read::receipt(&views, outcome.payment.unwrap()).await.unwrap();
    assert_eq!(receipt.buyer.name, "Borealis");
    assert_eq!(receipt.mailed_to.as_deref(), Some("admin@acme.example"));
    let below: Scope<PayInvoices> = world.borealis().scope();
    read::receipt(
        &world.borealis().scope::<ViewReceivedInvoices>(),
        outcome.payment.unwrap(),
    )
    .await
    .unwrap();
    // The card stays with the account that it was kept on.
    let cards = |scope: Scope<PayInvoices>, of: &Party| {
        let (seller, account) = (of.seller(), of.account());
        async move {
            crate::payment_methods::read::of_account(&scope, seller, account)
                .await
                .unwrap()
                .len()
        }
    };
    assert_eq!(cards(below, world.borealis()).await, 1);
    assert_eq!(cards(world.acme().scope(), world.acme()).await, 0);
    let letters = |scope: Scope<ViewReceivedMail>| async move {
        let page = mail::read::list(&scope, &Position::First).await.unwrap();
        page.rows.len()
    };
    assert_eq!(letters(world.acme().scope()).await, 1);
    assert_eq!(letters(world.borealis().scope()).await, 0);
    assert_sound(&world).await;
    assert_eq!(crate::check::run(&world.backend).await.unwrap(), Vec::new());
}

#[tokio::test]
async fn the_narrow_reach_pays_nothing_of_a_subsidiary() {
    let world = family().await;
    let theirs = world.borealis().invoice("25.00").await;
    let near: Scope<PayInvoices> = world.acme().scope();
    assert!(matches!(
        read::form(&near, &choose(&[theirs])).await,
        Err(Error::NotFound)
    ));
    let far: Scope<PayInvoices> = payer(&world).await;
    let form = filled(&far, &[theirs], new_card("tok_visa")).await;
    assert!(matches!(write::submit(&near, &form).await, Err(Error::NotFound)));
    assert_eq!(open_amount(&world, theirs).await, (2_500, 0));
    assert!(attempts(&world).await.is_empty());
}

/// The reconciler acts for who owes; the person who paid is of another company.
#[tokio::test]
async fn an_unanswered_payment_for_a_subsidiary_is_settled_and_its_receipt_sent() {
    let world = family().await;
    let theirs = world.borealis().invoice("25.00").await;
    let scope: Scope<PayInvoices> = payer(&world).await;
    let mut form = filled(&scope, &[theirs], new_card("tok_visa")).await;
    form.email_receipt = true;
    world.gateway.script(Call::ConfirmIntent, Fault::LoseReply);
    let key = write::submit(&scope, &form).await.unwrap();
    assert_eq!(outcomes(&scope, key).await.remove(0).state, AttemptState::Unknown);
    world.seconds_pass(3_600);
    reconcile(&world.backend, Patience::default()).await.unwrap();
    let outcome = outcomes(&scope, key).await.remove(0);
    assert_eq!(outcome.state, AttemptState::Succeeded);
    let views: Scope<ViewReceivedInvoices> = payer(&world).await;
    let receipt = read::receipt(&views, outcome.payment.unwrap()).await.unwrap();
    assert_eq!(receipt.mailed_to.as_deref(), Some("admin@acme.example"));
    assert_sound(&world).await;
}

#[tokio::test]
async fn payments_and_credit_notes_of_all_companies_are_in_one_list_in_order() {
    let world = family().await;
    let office = seller(&world);
    for day in 0..9_i64 {
        let of = if day % 2 == 0 {
            world.acme()
        } else {
            world.borealis()
        };
        let invoice = of.invoice("100.00").await;
        let form = typed(&office, of, 1_000 + day, &[(invoice, 1_000 + day)]).await;
        offline::record(&office, &form).await.unwrap();
        world.days_pass(i64::from(day % 3 == 2));
    }
    let far: Scope<ViewReceivedInvoices> = payer(&world).await;
    let all: Vec<_> = list::stream(&far, &PaymentQuery::default())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(all.len(), 9);
    assert!(
        all.windows(2)
            .all(|two| (two[0].paid_on, two[0].id) > (two[1].paid_on, two[1].id))
    );
    let page = list::list(&far, &PaymentQuery::default()).await.unwrap();
    assert_eq!((page.total, &page.rows), (Total::Exactly(9), &all));
    let last = PaymentQuery {
        position: Position::Last,
        ..PaymentQuery::default()
    };
    assert_eq!(list::list(&far, &last).await.unwrap().rows, all);
    for (company, wanted) in [(world.acme(), 5), (world.borealis(), 4), (world.daisy(), 0)] {
        let query = PaymentQuery {
            company: Some(company.id()),
            ..PaymentQuery::default()
        };
        let page = list::list(&far, &query).await.unwrap();
        assert_eq!(page.total, Total::Exactly(wanted), "{}", company.name());
        assert!(
            page.rows
                .iter()
                .all(|row| row.company.as_deref() == Some(company.name()))
        );
    }
    let near: Scope<ViewReceivedInvoices> = world.acme().scope();
    let own = list::list(&near, &PaymentQuery::default()).await.unwrap();
    assert_eq!(own.rows.len(), 5);
    assert!(own.rows.iter().all(|row| row.company.is_none()));
    world.fill().await;
    let credits = |company| {
        let far = &far;
        async move {
            let narrowed = credit_notes::list::Narrowed {
                company,
                ..Default::default()
            };
            let page = credit_notes::list::list(far, narrowed, &Position::First)
                .await
                .unwrap();
            page.rows
                .iter()
                .map(|row| row.company.clone())
                .collect::<Vec<_>>()
        }
    };
    assert_eq!(credits(None).await.len(), 2);
    assert_eq!(
        credits(Some(world.borealis().id())).await,
        [Some("Borealis".to_owned())]
    );
}
