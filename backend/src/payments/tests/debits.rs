//! Debits of bank accounts: days under way, then paid or not, and taken back later.

use super::*;
use crate::{
    ledger,
    payment_methods::{add, autopay, read::of_account},
    ports::{DisputeState, GatewayDispute},
    refunds,
};
use domain::{
    access::RefundPayments,
    ids::CardId,
    ledger::Book,
    payment_methods::{MethodFields, MethodKind},
    refunds::{GiveBack, RefundKind, RefundWay, Then},
};
use entity::mail;
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, QueryFilter};

/// A bank account that the party's people have saved.
async fn bank(world: &World, kind: MethodKind, token: &str) -> CardId {
    let daisy = world.daisy();
    let scope = daisy.scope::<PayInvoices>();
    let setup = add::begin(&scope, daisy.account(), kind).await.unwrap();
    world.gateway.enter(&setup, token);
    let fields = MethodFields {
        setup,
        make_default: None,
    };
    add::add(&scope, daisy.account(), &fields).await.unwrap();
    let saved = of_account(&scope, daisy.seller(), daisy.account()).await.unwrap();
    saved.iter().find(|card| card.kind == kind).unwrap().id
}

/// A debit of 100.00 that the bank has begun; the invoice and the intent.
pub(super) async fn under_way(world: &World) -> (InvoiceId, String) {
    let invoice = world.daisy().invoice("100.00").await;
    let card = bank(world, MethodKind::UsBankAccount, "pm_bank").await;
    let outcome = pay(world.daisy(), &[invoice], CardChoice::Saved(card)).await;
    assert_eq!(outcome.state, AttemptState::Processing);
    let intent = attempts(world).await.remove(0).gateway_intent.unwrap();
    (invoice, intent)
}

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn told(world: &World) -> Vec<mail::Model> {
    mail::Entity::find()
        .filter(mail::Column::Kind.eq("debit_failed"))
        .all(world.backend.system().db())
        .await
        .unwrap()
}

/// The gateway posts that it has news of an intent.
pub(super) async fn post(world: &World, id: &str, intent: &str) {
    let body = format!("{id} intent {intent}");
    crate::gateway_events::receive(&world.backend, "default", "good", body.as_bytes())
        .await
        .unwrap()
        .unwrap();
    jobs::run_due(&world.backend, &jobs::standard()).await.unwrap();
}

#[tokio::test]
async fn a_debit_holds_its_invoice_for_days_and_is_looked_up_ever_more_rarely() {
    let world = World::new().await;
    let (invoice, intent) = under_way(&world).await;
    assert_eq!(open_amount(&world, invoice).await, (10_000, 10_000));
    let scope = world.daisy().scope();
    let form = read::form(&scope, &choose(&[invoice])).await.unwrap();
    assert!(form.groups.is_empty(), "nothing is left to pay twice");
    let mut looks = 0;
    for _ in 0..24 * 3 {
        world.seconds_pass(3_600);
        let done = reconcile(&world.backend, Patience::default()).await.unwrap();
        assert_eq!((done.unanswered, done.failed), (0, 0));
        looks += done.waiting;
    }
    assert!((10..20).contains(&looks), "{looks} look-ups in three days");
    world.gateway.settle(&intent, IntentState::Succeeded);
    world.seconds_pass(6 * 3_600 + 61);
    assert_eq!(reconcile_later(&world).await.succeeded, 1);
    assert_eq!(open_amount(&world, invoice).await, (0, 0));
    assert!(told(&world).await.is_empty());
    assert_sound(&world).await;
}

#[tokio::test]
async fn the_gateways_post_decides_a_debit_at_once() {
    let world = World::new().await;
    let (invoice, intent) = under_way(&world).await;
    post(&world, "evt_1", &intent).await;
    assert_eq!(open_amount(&world, invoice).await, (10_000, 10_000));
    world.gateway.settle(&intent, IntentState::Succeeded);
    // Long before its next look-up is due.
    world.seconds_pass(61);
    post(&world, "evt_2", &intent).await;
    assert_eq!(open_amount(&world, invoice).await, (0, 0));
    let attempt = attempts(&world).await.remove(0);
    let result = outcomes(&world.daisy().scope(), FormKey(attempt.form_key)).await;
    let scope = world.acme().scope::<ViewIssuedInvoices>();
    let receipt = read::receipt(&scope, result[0].payment.unwrap()).await.unwrap();
    assert_eq!(
        receipt.method,
        Method::BankDebit {
            bank: "STRIPE TEST BANK".to_owned(),
            last4: "6789".to_owned()
        }
    );
    assert_sound(&world).await;
}

#[tokio::test]
async fn a_debit_that_fails_after_days_opens_the_invoice_and_tells_the_payer() {
    let world = World::new().await;
    let (invoice, intent) = under_way(&world).await;
    world.gateway.settle(&intent, IntentState::RequiresPaymentMethod);
    world.seconds_pass(61);
    post(&world, "evt_1", &intent).await;
    assert_eq!(open_amount(&world, invoice).await, (10_000, 0));
    let letters = told(&world).await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].subject.starts_with("Your bank did not pay"));
    assert!(!letters[0].text.contains("pm_bank"), "{}", letters[0].text);
    assert_sound(&world).await;
}

#[tokio::test]
async fn a_debit_that_comes_back_after_it_was_paid_is_a_chargeback_of_which_the_payer_hears() {
    let world = World::new().await;
    let (invoice, intent) = under_way(&world).await;
    world.gateway.settle(&intent, IntentState::Succeeded);
    world.seconds_pass(61);
    post(&world, "evt_1", &intent).await;
    let dispute = GatewayDispute {
        id: "dp_1".to_owned(),
        intent: intent.clone(),
        amount: usd(10_000),
        state: DisputeState::Lost,
        fee: usd(400),
        reason: "insufficient_funds".to_owned(),
    };
    world.gateway.dispute(dispute);
    for id in ["evt_2", "evt_3"] {
        let body = format!("{id} dispute dp_1");
        crate::gateway_events::receive(&world.backend, "default", "good", body.as_bytes())
            .await
            .unwrap()
            .unwrap();
        jobs::run_due(&world.backend, &jobs::standard()).await.unwrap();
    }
    assert_eq!(open_amount(&world, invoice).await, (10_000, 0));
    let letters = told(&world).await;
    assert_eq!(letters.len(), 1, "told twice it is one");
    assert!(letters[0].subject.starts_with("Your bank took back"));
    assert_eq!(
        cash(&world).await,
        (0, -400),
        "it came and went as a debit, and its fee"
    );
    assert_eq!(crate::check::run(&world.backend).await.unwrap(), []);
}

/// What lies in the books of cards and of bank debits.
async fn cash(world: &World) -> (i64, i64) {
    let books = ledger::read::books(&world.acme().scope(), None).await.unwrap();
    let balance = |wanted| {
        let of = books.books.iter().find(|balance| balance.book == wanted);
        of.map_or(0, |balance| balance.balance().unwrap().minor())
    };
    (balance(Book::CardCash), balance(Book::DebitCash))
}

/// Older releases posted debits as if they were cards.
async fn posted_as_a_card(world: &World) {
    let writer = world.outside().await;
    if writer.get_database_backend() == DbBackend::Sqlite {
        let trigger = "DROP TRIGGER postings_no_update";
        writer.execute_unprepared(trigger).await.unwrap();
    }
    let statement = "UPDATE postings SET debit = 'cash_card' WHERE debit = 'cash_debit'";
    writer.execute_unprepared(statement).await.unwrap();
}

#[tokio::test]
async fn what_goes_back_leaves_the_book_that_it_came_to() {
    for older in [false, true] {
        let world = World::new().await;
        let (invoice, intent) = under_way(&world).await;
        world.gateway.settle(&intent, IntentState::Succeeded);
        world.seconds_pass(61);
        post(&world, "evt_1", &intent).await;
        assert_eq!(cash(&world).await, (0, 10_000));
        if older {
            posted_as_a_card(&world).await;
        }
        let scope = world.acme().scope::<RefundPayments>();
        let payment = invoices_payment(&world).await;
        let form = refunds::read::form(&scope, payment.0).await.unwrap();
        let back = GiveBack {
            key: form.key,
            from: payment.0,
            kind: RefundKind::Refund,
            way: RefundWay::Gateway,
            then: Then::Reopen,
            reason: "Twice".to_owned(),
            unapplied: usd(0),
            lines: vec![SubmitLine {
                invoice,
                seen: usd(10_000),
                amount: usd(3_000),
            }],
        };
        refunds::write::give_back(&scope, &back).await.unwrap();
        let left = if older { (7_000, 0) } else { (0, 7_000) };
        assert_eq!(cash(&world).await, left);
        assert_eq!(crate::check::run(&world.backend).await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_bank_account_is_offered_and_taken_for_its_own_currency_alone() {
    let world = World::new().await;
    let daisy = world.daisy();
    let scope = daisy.scope::<PayInvoices>();
    let (dollars, euros) = (
        daisy.invoice("10.00").await,
        daisy.invoice("10.00").currency(Currency::EUR).await,
    );
    let card = bank(&world, MethodKind::UsBankAccount, "pm_bank").await;
    let offered = async |invoices: &[InvoiceId]| {
        let form = read::form(&scope, &choose(invoices)).await.unwrap();
        form.groups
            .iter()
            .map(|group| group.cards.len())
            .collect::<Vec<_>>()
    };
    assert_eq!(offered(&[dollars]).await, [1]);
    assert_eq!(offered(&[euros]).await, [0]);
    assert_eq!(offered(&[dollars, euros]).await, [0, 0]);
    let form = filled(&scope, &[euros], CardChoice::Saved(card)).await;
    let refused = write::submit(&scope, &form).await;
    assert_refused(refused, "card", &Refusal::UnknownCard);
    assert!(world.gateway.charges().is_empty());
    // Nor does autopay take it for what it cannot pay.
    let on = |currency| autopay::switch(&scope, daisy.account(), currency, autopay::Switch::On);
    assert!(matches!(
        on(Currency::EUR).await,
        Err(Error::Refused(Refusal::AutopayNeedsCard))
    ));
    on(Currency::USD).await.unwrap();
}

#[tokio::test]
async fn a_debit_is_refunded_through_the_gateway() {
    let world = World::new().await;
    let (invoice, intent) = under_way(&world).await;
    world.gateway.settle(&intent, IntentState::Succeeded);
    world.seconds_pass(61);
    post(&world, "evt_1", &intent).await;
    let payment = invoices_payment(&world).await;
    let scope = world.acme().scope::<RefundPayments>();
    let form = refunds::read::form(&scope, payment.0).await.unwrap();
    assert!(!form.recorded);
    assert!(matches!(form.to, Some(Method::BankDebit { last4, .. }) if last4 == "6789"));
    assert_eq!(open_amount(&world, invoice).await, (0, 0));
}

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn invoices_payment(world: &World) -> domain::ids::PaymentId {
    let all = payment::Entity::find()
        .all(world.backend.system().db())
        .await
        .unwrap();
    domain::ids::PaymentId(all[0].id)
}
