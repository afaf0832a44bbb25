//! Differences that are planted on either side are found, each once, and what puts itself right is none.

mod recorded;

use super::{read, write};
use crate::{
    Error, Scope, check, jobs,
    payments::{
        reconcile::Patience,
        tests::{new_card, pay},
    },
    ports::{
        GatewayCharge, IntentState,
        fakes::{Call, Fault},
    },
    testing::{Party, World},
};
use chrono::TimeDelta;
use domain::{
    Currency, Money,
    access::{RecordPayments, ViewBooks},
    gateway::{Finding, FindingKind, FindingState, RecordCharge},
    ids::FormKey,
    ledger::Book,
    payments::AttemptState,
};
use entity::{payment, refund};
use sea_orm::EntityTrait;

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

/// A charge that nobody here asked for.
fn foreign(world: &World, reference: &str) -> GatewayCharge {
    GatewayCharge {
        reference: reference.to_owned(),
        made_at: world.backend.now() - TimeDelta::days(1),
        attempt: None,
        customer: None,
        amount: usd(7_500),
        refunded: usd(0),
        fee: None,
        is_debit: false,
        brand: "visa".to_owned(),
        last4: "1881".to_owned(),
        description: "Order 4111111111111111 by phone".to_owned(),
    }
}

/// Has a seller compared.
async fn compare(world: &World, seller: &Party) {
    let scope: Scope<RecordPayments> = seller.scope();
    let key = read::compared(&scope).await.unwrap().key;
    write::compare_now(&scope, key).await.unwrap();
    jobs::run_due(&world.backend, &jobs::standard()).await.unwrap();
}

async fn open(seller: &Party) -> Vec<Finding> {
    read::compared(&seller.scope()).await.unwrap().open
}

fn kinds(findings: &[Finding]) -> Vec<FindingKind> {
    findings.iter().map(|finding| finding.kind).collect()
}

async fn pays(world: &World) -> String {
    let acme = world.acme();
    let invoice = acme.invoice("100.00").await;
    pay(acme, &[invoice], new_card("pm_ok")).await;
    world.gateway.charges().pop().unwrap().id
}

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn rows(world: &World) -> (Vec<payment::Model>, Vec<refund::Model>) {
    let db = world.backend.system().db();
    (
        payment::Entity::find().all(db).await.unwrap(),
        refund::Entity::find().all(db).await.unwrap(),
    )
}

async fn assert_sound(world: &World) {
    assert_eq!(check::run(&world.backend).await.unwrap(), Vec::new());
}

#[tokio::test]
async fn a_charge_behind_the_portals_back_is_found_once_and_recorded_once() {
    let world = World::new().await;
    let seller = world.distributor();
    pays(&world).await;
    world.gateway.charge_there(foreign(&world, "pi_phone"));
    for _ in 0..2 {
        compare(&world, seller).await;
    }
    let found = open(seller).await;
    assert_eq!(kinds(&found), [FindingKind::Unasked]);
    assert_eq!((found[0].there, found[0].here), (Some(usd(7_500)), None));
    assert!(!found[0].description.contains("4111111111111111"));
    let scope: Scope<RecordPayments> = seller.scope();
    let page = read::finding(&scope, found[0].id, "acme").await.unwrap();
    assert_eq!(page.payers.unwrap().payers[0].account, world.acme().account());
    let wanted = RecordCharge {
        key: page.key,
        finding: found[0].id,
        account: world.acme().account(),
    };
    let id = write::record(&scope, &wanted).await.unwrap();
    assert_eq!(write::record(&scope, &wanted).await.unwrap(), id);
    let again = RecordCharge {
        key: FormKey(crate::new_id()),
        ..wanted
    };
    assert!(matches!(
        write::record(&scope, &again).await,
        Err(Error::Conflict)
    ));
    let (payments, _) = rows(&world).await;
    let recorded = payments.iter().find(|row| row.id == id.0).unwrap();
    assert_eq!(payments.len(), 2);
    assert_eq!(
        (recorded.reference.as_deref(), recorded.unapplied_minor),
        (Some("pi_phone"), 7_500)
    );
    compare(&world, seller).await;
    let compared = read::compared(&scope).await.unwrap();
    assert_eq!(compared.open, []);
    assert_eq!(compared.ended[0].state, FindingState::Recorded);
    assert_eq!(compared.last.unwrap().1, 2);
    assert_sound(&world).await;
}

#[tokio::test]
async fn what_the_gateway_has_and_the_portal_lost_is_looked_up_and_no_finding() {
    let world = World::new().await;
    let acme = world.acme();
    let invoice = acme.invoice("100.00").await;
    world.gateway.script(Call::ConfirmIntent, Fault::LoseReply);
    let lost = pay(acme, &[invoice], new_card("pm_ok")).await;
    assert_eq!(lost.state, AttemptState::Unknown);
    compare(&world, world.distributor()).await;
    assert_eq!(rows(&world).await.0.len(), 1);
    assert_eq!(open(world.distributor()).await, []);
    assert_sound(&world).await;
}

#[tokio::test]
async fn money_for_an_attempt_that_failed_is_found() {
    let world = World::new().await;
    let acme = world.acme();
    let invoice = acme.invoice("100.00").await;
    let refused = pay(acme, &[invoice], new_card("pm_decline")).await;
    assert_eq!(refused.state, AttemptState::Failed);
    let intent = format!("pi_{}", refused.attempt.0.simple());
    world.gateway.settle(&intent, IntentState::Succeeded);
    compare(&world, world.distributor()).await;
    let found = open(world.distributor()).await;
    assert_eq!(kinds(&found), [FindingKind::Refused]);
    assert_eq!(found[0].account.as_ref().map(|(id, _)| *id), Some(acme.account()));
}

#[tokio::test]
async fn a_payment_that_the_gateway_does_not_know_is_found() {
    let world = World::new().await;
    let intent = pays(&world).await;
    world.gateway.forget(&intent);
    compare(&world, world.distributor()).await;
    assert_eq!(
        open(world.distributor()).await,
        [],
        "it may be in the next list yet"
    );
    world.seconds_pass(3_700);
    for _ in 0..2 {
        compare(&world, world.distributor()).await;
    }
    let found = open(world.distributor()).await;
    assert_eq!(kinds(&found), [FindingKind::Missing]);
    assert_eq!((found[0].there, found[0].here), (None, Some(usd(10_000))));
    let scope: Scope<RecordPayments> = world.distributor().scope();
    let empty = write::settle(&scope, found[0].id, " ").await;
    assert!(matches!(empty, Err(Error::Invalid(_))));
    write::settle(&scope, found[0].id, "A test of the gateway")
        .await
        .unwrap();
    let twice = write::settle(&scope, found[0].id, "Once more").await;
    assert!(matches!(twice, Err(Error::Conflict)));
    compare(&world, world.distributor()).await;
    let compared = read::compared(&scope).await.unwrap();
    assert_eq!(compared.open, [], "what was settled stays settled");
    assert_eq!(compared.ended[0].note.as_deref(), Some("A test of the gateway"));
}

async fn assert_a_cent_is_missing(world: &World) {
    let found = open(world.distributor()).await;
    assert_eq!(kinds(&found), [FindingKind::Amount]);
    let amounts = (found[0].there, found[0].here);
    assert_eq!(amounts, (Some(usd(9_999)), Some(usd(10_000))));
}

#[tokio::test]
async fn another_amount_is_found_and_ends_when_both_agree() {
    let world = World::new().await;
    let intent = pays(&world).await;
    world.gateway.charge_otherwise(&intent, usd(9_999));
    compare(&world, world.distributor()).await;
    assert_a_cent_is_missing(&world).await;
    world.gateway.charge_otherwise(&intent, usd(10_000));
    compare(&world, world.distributor()).await;
    let compared = read::compared(&world.distributor().scope()).await.unwrap();
    assert_eq!(compared.open, []);
    assert_eq!(compared.ended[0].state, FindingState::Gone);
}

#[tokio::test]
async fn another_amount_of_a_payment_that_is_not_decided_is_found() {
    let world = World::new().await;
    let acme = world.acme();
    let invoice = acme.invoice("100.00").await;
    world.gateway.script(Call::ConfirmIntent, Fault::LoseReply);
    pay(acme, &[invoice], new_card("pm_ok")).await;
    let intent = world.gateway.charges().pop().unwrap().id;
    world.gateway.charge_otherwise(&intent, usd(9_999));
    for _ in 0..2 {
        compare(&world, world.distributor()).await;
    }
    assert_a_cent_is_missing(&world).await;
    world.gateway.charge_otherwise(&intent, usd(10_000));
    // One that was just looked at is left alone for a while.
    for _ in 0..2 {
        world.seconds_pass(120);
        compare(&world, world.distributor()).await;
    }
    assert_eq!(open(world.distributor()).await, []);
    assert_eq!(rows(&world).await.0.len(), 1);
    assert_sound(&world).await;
}

#[tokio::test]
async fn a_refund_made_there_is_booked_and_one_that_cannot_be_is_found() {
    let world = World::new().await;
    let intent = pays(&world).await;
    world.gateway.refund_there(&intent, "re_there", usd(2_500));
    compare(&world, world.distributor()).await;
    assert_eq!(open(world.distributor()).await, []);
    let (payments, refunds) = rows(&world).await;
    assert_eq!((payments[0].refunded_minor, refunds.len()), (2_500, 1));
    // More than there was cannot leave the payment.
    world.gateway.refund_there(&intent, "re_more", usd(9_000));
    compare(&world, world.distributor()).await;
    let found = open(world.distributor()).await;
    assert_eq!(kinds(&found), [FindingKind::GivenBack]);
    assert_eq!(
        (found[0].there, found[0].here),
        (Some(usd(11_500)), Some(usd(10_000)))
    );
    assert_sound(&world).await;
}

#[tokio::test]
async fn nobody_is_told_of_what_is_charged_for_another_seller() {
    let world = World::new().await;
    pays(&world).await;
    let daisy = world.daisy();
    let invoice = daisy.invoice("30.00").await;
    pay(daisy, &[invoice], new_card("pm_ok")).await;
    let customer = |party: &Party| Some(format!("cus_{}", party.account().0.simple()));
    world.gateway.charge_there(GatewayCharge {
        customer: customer(daisy),
        ..foreign(&world, "pi_of_daisy")
    });
    world.gateway.charge_there(foreign(&world, "pi_of_nobody"));
    for seller in [world.distributor(), world.acme()] {
        compare(&world, seller).await;
    }
    let references = async |seller| {
        let found = open(seller).await;
        let of = |finding: Finding| finding.reference;
        found.into_iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(references(world.acme()).await, ["pi_of_daisy"]);
    assert_eq!(references(world.distributor()).await, ["pi_of_nobody"]);
    let theirs = open(world.acme()).await;
    assert_eq!(
        theirs[0].account.as_ref().map(|(id, _)| *id),
        Some(daisy.account())
    );
    let foreign = read::finding(&world.distributor().scope(), theirs[0].id, "").await;
    assert!(matches!(foreign, Err(Error::NotFound)));
}

#[tokio::test]
async fn one_that_was_interrupted_goes_on_and_fees_are_learned() {
    let world = World::new().await;
    let intent = pays(&world).await;
    for number in 0..4 {
        world
            .gateway
            .charge_there(foreign(&world, &format!("pi_{number}")));
    }
    world.gateway.fee(&intent, usd(320));
    world.gateway.script(Call::ListCharges, Fault::RateLimit);
    compare(&world, world.distributor()).await;
    assert_eq!(open(world.distributor()).await, []);
    world.seconds_pass(120);
    jobs::run_due(&world.backend, &jobs::standard()).await.unwrap();
    let compared = read::compared(&world.distributor().scope()).await.unwrap();
    assert_eq!((compared.last.unwrap().1, compared.open.len()), (5, 4));
    assert!(!compared.is_under_way);
    let scope: Scope<ViewBooks> = world.distributor().scope();
    let books = crate::ledger::read::books(&scope, None).await.unwrap();
    let fees = books.books.iter().find(|balance| balance.book == Book::Fees);
    assert_eq!(fees.unwrap().balance().unwrap(), usd(320));
    assert_sound(&world).await;
}

#[tokio::test]
async fn sellers_are_compared_once_a_day_by_themselves() {
    let world = World::new().await;
    pays(&world).await;
    let after = async |hours: i64| {
        world.seconds_pass(hours * 3_600 + 1);
        jobs::tick(&world.backend, Patience::default()).await.unwrap();
        world.seconds_pass(3_601);
        jobs::run_due(&world.backend, &jobs::standard()).await.unwrap();
        world.gateway.count(Call::ListCharges)
    };
    assert_eq!(after(0).await, 1);
    assert_eq!(after(8).await, 1);
    assert_eq!(after(16).await, 2);
}
