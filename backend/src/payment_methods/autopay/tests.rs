//! Autopay against a gateway that can fail: what is due is paid once, what is refused is tried again and given up.

mod bills;
mod cards;

use super::{Switch, run::pay_due, switch};
use crate::{
    Error,
    payment_methods::{read, write},
    payments::{
        reconcile::{Patience, reconcile},
        tests::{new_card, pay},
    },
    ports::fakes::{Call, Fault},
    testing::{Party, World},
};
use domain::{
    Currency, Refusal,
    access::PayInvoices,
    ids::{CardId, InvoiceId},
    payment_methods::autopay::AutopayState,
    payments::AttemptState,
};
use entity::{autopay, card, codes::TenantState, invoice, mail, payment, payment_attempt, tenant};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QueryOrder};

/// A card of Daisy's, good until the end of 2034, with which autopay is on.
async fn ready(world: &World, token: &str) -> CardId {
    let card = save(world, token, 12, 2034).await;
    on(world).await.unwrap();
    card
}

async fn on(world: &World) -> Result<(), Error> {
    cards::on(world.daisy()).await
}

async fn save(world: &World, token: &str, month: i16, year: i16) -> CardId {
    // The currency is known from the first invoice on.
    world.daisy().invoice("1.00").draft().await;
    cards::save(world, world.daisy(), token, month, year).await
}

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn attempts(world: &World) -> Vec<payment_attempt::Model> {
    let all = payment_attempt::Entity::find().order_by_asc(payment_attempt::Column::Id);
    all.all(world.backend.system().db()).await.unwrap()
}

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn payments(world: &World) -> Vec<payment::Model> {
    payment::Entity::find()
        .all(world.backend.system().db())
        .await
        .unwrap()
}

/// Subjects of the mails of one kind, in the order they were written.
#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn mails(world: &World, kind: &str) -> Vec<mail::Model> {
    let all = mail::Entity::find().order_by_asc(mail::Column::Id);
    let mut mails = all.all(world.backend.system().db()).await.unwrap();
    mails.retain(|mail| mail.kind == kind);
    mails
}

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn open(world: &World, id: InvoiceId) -> (i64, i64) {
    let rows = invoice::Entity::find()
        .all(world.backend.system().db())
        .await
        .unwrap();
    let row = rows.into_iter().find(|row| row.id == id.0).unwrap();
    (row.open_minor, row.reserved_minor)
}

async fn state(party: &Party) -> AutopayState {
    let methods = read::methods(&party.scope()).await.unwrap();
    methods[0].autopay[0].state.clone()
}

#[tokio::test]
async fn what_is_due_is_paid_once_however_often_and_wherever_it_runs() {
    let world = World::new().await;
    ready(&world, "pm_good").await;
    let daisy = world.daisy();
    let overdue = daisy.invoice("100.00").issued_ago(40).due(-10).await;
    let today = daisy.invoice("20.00").due(0).await;
    let later = daisy.invoice("7.00").due(1).await;
    let other = world.party("Elm").invoice("55.00").due(-5).await;
    let (one, two) = (world.backend.clone(), world.backend.clone());
    let (first, second) = tokio::join!(pay_due(&one), pay_due(&two));
    assert_eq!(first.unwrap() + second.unwrap(), 1);
    assert_eq!(pay_due(&world.backend).await.unwrap(), 0);
    let paid = payments(&world).await;
    assert_eq!(
        paid.iter().map(|row| row.amount_minor).collect::<Vec<_>>(),
        [12_000]
    );
    assert_eq!(paid[0].created_by_name, "Autopay");
    assert_eq!(
        paid[0].mailed_to,
        mails(&world, "receipt")
            .await
            .first()
            .map(|mail| mail.recipient.clone())
    );
    assert!(paid[0].mailed_to.is_some());
    assert_eq!(world.gateway.charges().len(), 1);
    assert_eq!(
        (open(&world, overdue).await, open(&world, today).await),
        ((0, 0), (0, 0))
    );
    assert_eq!(open(&world, later).await, (700, 0));
    assert_eq!(open(&world, other).await, (5_500, 0));
    world.days_pass(1);
    assert_eq!(pay_due(&world.backend).await.unwrap(), 1);
    assert_eq!(open(&world, later).await, (0, 0));
}

#[tokio::test]
async fn a_decline_is_tried_again_after_one_three_and_five_days_and_then_pauses() {
    let world = World::new().await;
    ready(&world, "pm_decline").await;
    let daisy = world.daisy();
    let invoice = daisy.invoice("10.00").due(0).await;
    let mut tries = Vec::new();
    for day in 0..9 {
        if pay_due(&world.backend).await.unwrap() > 0 {
            tries.push(day);
        }
        assert_eq!(pay_due(&world.backend).await.unwrap(), 0, "twice on day {day}");
        world.days_pass(1);
    }
    assert_eq!(tries, [0, 1, 3, 5]);
    assert_eq!(open(&world, invoice).await, (1_000, 0));
    let paused = AutopayState::Paused {
        why: Refusal::Declined {
            code: "card_declined".to_owned(),
        },
    };
    assert_eq!(state(daisy).await, paused);
    let told = mails(&world, "autopay_refused").await;
    assert_eq!(told.len(), 4);
    assert!(
        told.iter()
            .all(|mail| mail.text.contains("The card was declined."))
    );
    assert!(told[0].text.contains(&format!("/payments/new?invoice={invoice}")));
    assert!(told[0].text.contains("tried again on") && !told[0].text.contains("{secret}"));
    assert!(told[3].subject.ends_with("is paused"));
    // Another card, and switched on again: it goes on the same day.
    save(&world, "pm_good", 12, 2034).await;
    on(&world).await.unwrap();
    assert_eq!(pay_due(&world.backend).await.unwrap(), 1);
    assert_eq!(open(&world, invoice).await, (0, 0));
}

#[tokio::test]
async fn a_success_forgets_earlier_refusals() {
    let world = World::new().await;
    ready(&world, "pm_decline").await;
    let daisy = world.daisy();
    daisy.invoice("10.00").due(0).await;
    pay_due(&world.backend).await.unwrap();
    assert_eq!(
        state(daisy).await,
        AutopayState::Retrying {
            on: world.today() + chrono::Days::new(1)
        }
    );
    save(&world, "pm_good", 12, 2034).await;
    world.days_pass(1);
    assert_eq!(pay_due(&world.backend).await.unwrap(), 1);
    assert!(matches!(state(daisy).await, AutopayState::On { .. }));
}

#[tokio::test]
async fn a_lost_card_is_not_tried_again() {
    let world = World::new().await;
    ready(&world, "pm_lost").await;
    world.daisy().invoice("10.00").due(0).await;
    for _ in 0..7 {
        pay_due(&world.backend).await.unwrap();
        world.days_pass(1);
    }
    assert_eq!(attempts(&world).await.len(), 1);
    assert_eq!(mails(&world, "autopay_refused").await.len(), 1);
    assert!(matches!(state(world.daisy()).await, AutopayState::Paused { .. }));
}

#[tokio::test]
async fn a_bank_that_wants_the_payer_gets_a_mail_and_no_second_try() {
    let world = World::new().await;
    ready(&world, "pm_3ds").await;
    let daisy = world.daisy();
    let invoice = daisy.invoice("10.00").due(0).await;
    for _ in 0..3 {
        pay_due(&world.backend).await.unwrap();
        world.days_pass(1);
    }
    let made = attempts(&world).await;
    assert_eq!(made.len(), 1);
    assert_eq!(made[0].failure_code.as_deref(), Some("authentication_required"));
    let told = mails(&world, "autopay_refused").await;
    assert_eq!(told.len(), 1);
    assert!(
        told[0]
            .subject
            .contains("Your bank wants you to confirm 10.00 USD"),
        "{}",
        told[0].subject
    );
    assert!(told[0].text.contains(&format!("/payments/new?invoice={invoice}")));
    assert!(matches!(state(daisy).await, AutopayState::On { .. }));
    // What falls due later is paid all the same, and this one with another card.
    daisy.invoice("5.00").due(0).await;
    assert_eq!(pay_due(&world.backend).await.unwrap(), 1);
    assert_eq!(attempts(&world).await[1].amount_minor, 500);
    save(&world, "pm_good", 12, 2034).await;
    world.days_pass(1);
    pay_due(&world.backend).await.unwrap();
    assert_eq!(open(&world, invoice).await, (0, 0));
}

#[tokio::test]
async fn what_was_paid_by_hand_meanwhile_is_not_paid_again() {
    let world = World::new().await;
    ready(&world, "pm_decline").await;
    let daisy = world.daisy();
    let invoice = daisy.invoice("10.00").due(0).await;
    pay_due(&world.backend).await.unwrap();
    let outcome = pay(daisy, &[invoice], new_card("pm_by_hand")).await;
    assert_eq!(outcome.state, AttemptState::Succeeded);
    world.days_pass(1);
    assert_eq!(pay_due(&world.backend).await.unwrap(), 0);
    assert_eq!(payments(&world).await.len(), 1);
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_the_reconciler_and_not_charged_twice() {
    let world = World::new().await;
    ready(&world, "pm_good").await;
    let invoice = world.daisy().invoice("10.00").due(0).await;
    world.gateway.script(Call::ConfirmIntent, Fault::LoseReply);
    pay_due(&world.backend).await.unwrap();
    assert_eq!(
        attempts(&world).await[0].state.clone(),
        entity::codes::AttemptState::Unknown
    );
    assert_eq!(open(&world, invoice).await, (1_000, 1_000));
    world.days_pass(1);
    // Undecided: the next day's payment waits.
    world.daisy().invoice("5.00").due(0).await;
    assert_eq!(pay_due(&world.backend).await.unwrap(), 0);
    reconcile(&world.backend, Patience::default()).await.unwrap();
    assert_eq!(open(&world, invoice).await, (0, 0));
    assert_eq!(pay_due(&world.backend).await.unwrap(), 1);
    assert_eq!(world.gateway.charges().len(), 2);
}

#[tokio::test]
async fn a_refusal_that_the_reconciler_finds_counts_too() {
    let world = World::new().await;
    ready(&world, "pm_decline").await;
    world.daisy().invoice("10.00").due(0).await;
    world.gateway.script(Call::ConfirmIntent, Fault::LoseRequest);
    pay_due(&world.backend).await.unwrap();
    assert!(mails(&world, "autopay_refused").await.is_empty());
    world.seconds_pass(120);
    reconcile(&world.backend, Patience::default()).await.unwrap();
    assert_eq!(mails(&world, "autopay_refused").await.len(), 1);
    assert!(matches!(
        state(world.daisy()).await,
        AutopayState::Retrying { .. }
    ));
}

#[tokio::test]
async fn without_a_good_default_card_it_cannot_be_on() {
    let world = World::new().await;
    let daisy = world.daisy();
    daisy.invoice("10.00").due(0).await;
    let refused = |result: Result<(), Error>| match result {
        Err(Error::Refused(refusal)) => Some(refusal),
        _ => None,
    };
    assert_eq!(refused(on(&world).await), Some(Refusal::AutopayNeedsCard));
    save(&world, "pm_old", 2, 2026).await;
    assert_eq!(refused(on(&world).await), Some(Refusal::AutopayNeedsCard));
    let good = save(&world, "pm_good", 3, 2026).await;
    on(&world).await.unwrap();
    assert_eq!(
        refused(write::remove(&daisy.scope(), good).await),
        Some(Refusal::CardOfAutopay)
    );
    pay_due(&world.backend).await.unwrap();
    world.days_pass(17);
    daisy.invoice("5.00").due(0).await;
    assert_eq!(pay_due(&world.backend).await.unwrap(), 0);
    assert!(matches!(state(daisy).await, AutopayState::Paused { .. }));
    assert_eq!(mails(&world, "autopay_refused").await.len(), 1);
    switch(&daisy.scope(), daisy.account(), Currency::USD, Switch::Off)
        .await
        .unwrap();
    write::remove(&daisy.scope(), good).await.unwrap();
}

#[tokio::test]
async fn nobody_else_switches_it() {
    let world = World::new().await;
    ready(&world, "pm_good").await;
    let daisy = world.daisy();
    let elm = world.party("Elm").scope::<PayInvoices>();
    for to in [Switch::On, Switch::Off] {
        let refused = switch(&elm, daisy.account(), Currency::USD, to).await;
        assert!(matches!(refused, Err(Error::NotFound)));
    }
    let unknown = switch(&daisy.scope(), daisy.account(), Currency::JPY, Switch::On).await;
    assert!(matches!(unknown, Err(Error::NotFound)));
    assert!(matches!(state(daisy).await, AutopayState::On { .. }));
}

#[tokio::test]
async fn that_a_card_expires_soon_is_told_once() {
    let world = World::new().await;
    save(&world, "pm_good", 4, 2026).await;
    on(&world).await.unwrap();
    pay_due(&world.backend).await.unwrap();
    assert!(
        mails(&world, "card_expires").await.is_empty(),
        "seven weeks before"
    );
    world.days_pass(7);
    for _ in 0..2 {
        pay_due(&world.backend).await.unwrap();
        world.days_pass(1);
    }
    let told = mails(&world, "card_expires").await;
    assert_eq!(told.len(), 1);
    assert!(told[0].text.contains("04/2026") && told[0].text.contains("/methods"));
}

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
#[tokio::test]
async fn off_pays_nothing_and_twice_on_is_once() {
    let world = World::new().await;
    ready(&world, "pm_good").await;
    on(&world).await.unwrap();
    let daisy = world.daisy();
    switch(&daisy.scope(), daisy.account(), Currency::USD, Switch::Off)
        .await
        .unwrap();
    daisy.invoice("10.00").due(0).await;
    assert_eq!(pay_due(&world.backend).await.unwrap(), 0);
    let rows = autopay::Entity::find()
        .all(world.backend.system().db())
        .await
        .unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(state(daisy).await, AutopayState::Off);
}

#[tokio::test]
async fn who_is_suspended_pays_nothing_by_itself() {
    let world = World::new().await;
    ready(&world, "pm_good").await;
    let daisy = world.daisy();
    daisy.invoice("10.00").due(0).await;
    for (state, paid) in [(TenantState::Suspended, 0), (TenantState::Active, 1)] {
        let change = tenant::ActiveModel {
            id: Set(daisy.id().0),
            state: Set(state),
            ..Default::default()
        };
        tenant::Entity::update(change)
            .exec_without_returning(world.backend.system().writer())
            .await
            .unwrap();
        assert_eq!(pay_due(&world.backend).await.unwrap(), paid);
    }
}
