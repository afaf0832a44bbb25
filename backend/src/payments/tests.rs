//! Payments from the form to the receipt; `crashes` and `races` hold what may go wrong in between.

mod attachment;
mod crashes;
mod debits;
mod explain;
mod fees;
mod form;
mod gateway;
mod list;
mod model;
mod offline;
mod on_account;
mod races;
pub(crate) mod stopping;
mod subsidiaries;

use super::{
    read,
    reconcile::{Patience, Reconciled, reconcile},
    write,
};
use crate::{
    Error, Scope, jobs,
    ports::{
        IntentState,
        fakes::{Call, Fault},
    },
    testing::{Party, World},
};
use domain::{
    Currency, FieldErrors, Money, Refusal,
    access::{PayInvoices, ViewIssuedInvoices, ViewReceivedInvoices},
    ids::{FormKey, InvoiceId},
    payments::{AttemptState, CardChoice, Method, Outcome, PaymentChoice, SubmitLine, SubmitPayment},
    refusal::NotPayable,
};
use entity::{allocation, invoice, payment, payment_attempt};
use sea_orm::EntityTrait;

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

pub(crate) fn new_card(token: &str) -> CardChoice {
    CardChoice::Token(token.to_owned())
}

fn choose(invoices: &[InvoiceId]) -> PaymentChoice {
    PaymentChoice {
        invoices: invoices.to_vec(),
        ..PaymentChoice::default()
    }
}

/// The form for some invoices, filled in with what is open.
pub(crate) async fn filled(
    scope: &Scope<PayInvoices>,
    invoices: &[InvoiceId],
    card: CardChoice,
) -> SubmitPayment {
    let form = read::form(scope, &choose(invoices)).await.unwrap();
    let lines = form.groups.iter().flat_map(|group| &group.lines);
    SubmitPayment {
        key: form.key,
        lines: lines
            .map(|line| SubmitLine {
                invoice: line.invoice,
                seen: line.payable,
                amount: line.amount,
            })
            .collect(),
        card,
        save_card: false,
        make_default: false,
        email_receipt: false,
        uses: Vec::new(),
    }
}

async fn outcomes(scope: &Scope<PayInvoices>, form: FormKey) -> Vec<Outcome> {
    read::result(scope, form).await.unwrap().outcomes
}

/// Fills in the form, submits it, and tells how its only payment came out.
pub(crate) async fn pay(party: &Party, invoices: &[InvoiceId], card: CardChoice) -> Outcome {
    let scope = party.scope();
    let form = filled(&scope, invoices, card).await;
    let key = write::submit(&scope, &form).await.unwrap();
    outcomes(&scope, key).await.remove(0)
}

async fn open_amount(world: &World, id: InvoiceId) -> (i64, i64) {
    let row = invoices(world)
        .await
        .into_iter()
        .find(|row| row.id == id.0)
        .unwrap();
    (row.open_minor, row.reserved_minor)
}

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn invoices(world: &World) -> Vec<invoice::Model> {
    invoice::Entity::find()
        .all(world.backend.system().db())
        .await
        .unwrap()
}

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn attempts(world: &World) -> Vec<payment_attempt::Model> {
    payment_attempt::Entity::find()
        .all(world.backend.system().db())
        .await
        .unwrap()
}

/// Everything that must hold at any moment: V24, V25, V31, and that the gateway's charges are our payments.
#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn assert_sound(world: &World) {
    let system = world.backend.system();
    let payments = payment::Entity::find().all(system.db()).await.unwrap();
    let allocations = allocation::Entity::find().all(system.db()).await.unwrap();
    for payment in &payments {
        let of_it = allocations
            .iter()
            .filter(|row| row.payment_id == Some(payment.id));
        let allocated: i64 = of_it.map(|row| row.amount_minor).sum();
        assert_eq!(
            allocated + payment.unapplied_minor + payment.refunded_minor,
            payment.amount_minor
        );
    }
    for invoice in invoices(world).await {
        let of_it = allocations.iter().filter(|row| row.invoice_id == invoice.id);
        let settled: i64 = of_it.map(|row| row.amount_minor).sum();
        assert_eq!(settled, invoice.paid_minor + invoice.credited_minor);
        assert!(invoice.open_minor >= 0);
    }
    let charged: i64 = world
        .gateway
        .charges()
        .iter()
        .map(|intent| intent.amount.minor())
        .sum();
    let by_card = payments.iter().filter(|payment| payment.attempt_id.is_some());
    let undecided = attempts(world)
        .await
        .iter()
        .any(|attempt| attempt.resolved_at.is_none());
    let paid: i64 = by_card.map(|payment| payment.amount_minor).sum();
    assert!(paid <= charged);
    if !undecided {
        assert_eq!(paid, charged);
        assert!(
            invoices(world)
                .await
                .iter()
                .all(|invoice| invoice.reserved_minor == 0)
        );
    }
    assert_eq!(crate::check::run(&world.backend).await.unwrap(), []);
}

/// Lets a minute pass and runs the reconciler and the jobs.
async fn reconcile_later(world: &World) -> Reconciled {
    world.seconds_pass(61);
    let done = reconcile(&world.backend, Patience::default()).await.unwrap();
    jobs::run_due(&world.backend, &jobs::standard()).await.unwrap();
    done
}

#[tokio::test]
async fn paying_in_full_settles_the_invoice_and_gives_a_receipt() {
    let world = World::new().await;
    let invoice = world.daisy().invoice("100.00").number("A-1").await;
    let outcome = pay(world.daisy(), &[invoice], new_card("pm_ok")).await;
    assert_eq!(outcome.state, AttemptState::Succeeded);
    assert_eq!(outcome.amount, usd(10_000));
    assert_eq!(outcome.seller_name, "Acme");
    assert_eq!(open_amount(&world, invoice).await, (0, 0));

    let payment = outcome.payment.unwrap();
    let theirs = read::receipt(&world.daisy().scope::<ViewReceivedInvoices>(), payment)
        .await
        .unwrap();
    let ours = read::receipt(&world.acme().scope::<ViewIssuedInvoices>(), payment)
        .await
        .unwrap();
    assert_eq!(theirs, ours);
    assert_eq!(Some(&ours.number), outcome.receipt.as_ref());
    assert_eq!(
        ours.method,
        Method::Card {
            brand: "visa".to_owned(),
            last4: "4242".to_owned()
        }
    );
    assert_eq!(ours.lines.len(), 1);
    assert_eq!(
        (ours.lines[0].amount, ours.lines[0].open),
        (usd(10_000), Some(usd(0)))
    );
    assert_eq!(ours.lines[0].number, "A-1");
    let stranger = world.borealis().scope::<ViewIssuedInvoices>();
    assert!(matches!(
        read::receipt(&stranger, payment).await,
        Err(Error::NotFound)
    ));
    reconcile_later(&world).await;
    assert_sound(&world).await;
}

#[tokio::test]
async fn a_part_leaves_the_rest_open() {
    let world = World::new().await;
    let invoice = world.daisy().invoice("100.00").await;
    let scope = world.daisy().scope();
    let mut form = filled(&scope, &[invoice], new_card("pm_ok")).await;
    form.lines[0].amount = usd(3_000);
    let key = write::submit(&scope, &form).await.unwrap();
    assert_eq!(outcomes(&scope, key).await[0].state, AttemptState::Succeeded);
    assert_eq!(open_amount(&world, invoice).await, (7_000, 0));
    let outcome = pay(world.daisy(), &[invoice], new_card("pm_ok")).await;
    assert_eq!(outcome.amount, usd(7_000));
    assert_eq!(open_amount(&world, invoice).await, (0, 0));
    assert_sound(&world).await;
}

#[tokio::test]
async fn a_mixed_selection_makes_one_payment_for_each_currency() {
    let world = World::new().await;
    let daisy = world.daisy();
    let dollars = daisy.invoice("10.00").await;
    let more_dollars = daisy.invoice("5.00").await;
    let yen = daisy.invoice("900").currency(Currency::JPY).await;
    let scope = daisy.scope();
    let form = filled(&scope, &[yen, dollars, more_dollars], new_card("pm_ok")).await;
    let key = write::submit(&scope, &form).await.unwrap();
    let mut amounts: Vec<_> = outcomes(&scope, key)
        .await
        .iter()
        .map(|outcome| outcome.amount)
        .collect();
    amounts.sort_by_key(|amount| amount.minor());
    assert_eq!(amounts, [Money::new(900, Currency::JPY), usd(1_500)]);
    assert_eq!(world.gateway.charges().len(), 2);
    reconcile_later(&world).await;
    assert!(!world.gateway.is_attached("pm_ok"));
    assert_sound(&world).await;
}

#[tokio::test]
async fn a_declined_card_charges_nothing_and_frees_the_invoice() {
    let world = World::new().await;
    let invoice = world.daisy().invoice("100.00").await;
    for token in ["pm_decline", "pm_refuse"] {
        let outcome = pay(world.daisy(), &[invoice], new_card(token)).await;
        assert_eq!(outcome.state, AttemptState::Failed);
        assert_eq!(
            outcome.failure,
            Some(Refusal::Declined {
                code: "card_declined".to_owned()
            })
        );
        assert_eq!(open_amount(&world, invoice).await, (10_000, 0));
    }
    // The declined intent cannot be paid any more by whoever holds its secret.
    assert_eq!(world.gateway.count(Call::CancelIntent), 1);
    jobs::run_due(&world.backend, &jobs::standard()).await.unwrap();
    assert!(!world.gateway.is_attached("pm_decline"));
    assert_sound(&world).await;
}

#[tokio::test]
async fn a_kept_card_pays_again_and_another_can_become_the_default() {
    let world = World::new().await;
    let daisy = world.daisy();
    let scope = daisy.scope();
    for (token, make_default) in [("pm_one", false), ("pm_two", false), ("pm_three", true)] {
        let invoice = daisy.invoice("10.00").await;
        let mut form = filled(&scope, &[invoice], new_card(token)).await;
        (form.save_card, form.make_default) = (true, make_default);
        write::submit(&scope, &form).await.unwrap();
    }
    jobs::run_due(&world.backend, &jobs::standard()).await.unwrap();
    let invoice = daisy.invoice("10.00").await;
    let cards = read::form(&scope, &choose(&[invoice]))
        .await
        .unwrap()
        .groups
        .remove(0)
        .cards;
    assert_eq!(
        cards.iter().map(|card| card.is_default).collect::<Vec<_>>(),
        [true, false, false]
    );
    assert!(
        ["pm_one", "pm_two", "pm_three"]
            .iter()
            .all(|token| world.gateway.is_attached(token))
    );

    let mut form = filled(&scope, &[invoice], CardChoice::Saved(cards[2].id)).await;
    form.make_default = true;
    let key = write::submit(&scope, &form).await.unwrap();
    assert_eq!(outcomes(&scope, key).await[0].state, AttemptState::Succeeded);
    let invoice = daisy.invoice("10.00").await;
    let now = read::form(&scope, &choose(&[invoice]))
        .await
        .unwrap()
        .groups
        .remove(0)
        .cards;
    assert_eq!((now.len(), now[0].id), (3, cards[2].id));
    // Nobody else's card.
    let theirs = world.party("Elm").invoice("10.00").await;
    let elm = world.party("Elm").scope();
    let form = filled(&elm, &[theirs], CardChoice::Saved(cards[0].id)).await;
    let refused = write::submit(&elm, &form).await;
    assert_refused(refused, "card", &Refusal::UnknownCard);
    assert_sound(&world).await;
}

#[track_caller]
fn assert_refused<T>(result: Result<T, Error>, field: &str, refusal: &Refusal) {
    match result {
        Err(Error::Invalid(FieldErrors(errors))) => assert_eq!(errors.get(field), Some(refusal)),
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("not refused"),
    }
}
