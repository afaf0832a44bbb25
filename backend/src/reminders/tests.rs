//! Reminders: each step once, however often it is run; nothing that is disputed, being paid or autopay's; by hand once a day.

mod bills;
mod rounds;

use super::{read, run::send_due, write};
use crate::{
    Error, check,
    disputes::write::open as dispute,
    invoices,
    payment_methods::autopay::{Switch, switch},
    payments::tests::{new_card, pay},
    ports::fakes::{Call, Fault},
    testing::World,
};
use domain::{
    Currency, FieldErrors, Money, Refusal,
    access::{
        DisputeInvoices, PayInvoices, Roles, SellerRole, SendMail, ViewIssuedInvoices, ViewReceivedInvoices,
    },
    disputes::OpenDispute,
    ids::{AccountId, FormKey, InvoiceId, TenantId},
    reminders::{AccountReminders, ByHand, ReminderFields},
};
use entity::{card, codes::TenantState, invoice_party, mail, reminder, tenant};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

fn scope(world: &World) -> crate::Scope<SendMail> {
    world.acme().scope()
}

/// Acme reminds after 3, 14 and 30 days.
async fn switched_on(world: &World) {
    let form = ReminderFields {
        is_on: "true".to_owned(),
        days_1: "3".to_owned(),
        words_1: "A friendly word".to_owned(),
        days_2: "14".to_owned(),
        days_3: "30".to_owned(),
        words_3: "For the last time".to_owned(),
        ..ReminderFields::default()
    };
    write::change(&scope(world), &form).await.unwrap();
}

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn letters(world: &World) -> Vec<mail::Model> {
    mail::Entity::find()
        .filter(mail::Column::Kind.eq("reminder"))
        .order_by_asc(mail::Column::Id)
        .all(world.backend.system().db())
        .await
        .unwrap()
}

/// Step and amount of what was sent about an invoice.
#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn sent(world: &World, id: InvoiceId) -> Vec<(Option<i32>, i64)> {
    let rows = reminder::Entity::find()
        .filter(reminder::Column::InvoiceId.eq(id.0))
        .order_by_asc(reminder::Column::Id)
        .all(world.backend.system().db())
        .await
        .unwrap();
    rows.into_iter().map(|row| (row.step, row.amount_minor)).collect()
}

async fn run(world: &World) -> u32 {
    send_due(&world.backend).await.unwrap()
}

async fn change(world: &World, id: TenantId, change: tenant::ActiveModel) {
    let change = tenant::ActiveModel {
        id: Set(id.0),
        ..change
    };
    change.update(world.backend.system().writer()).await.unwrap();
}

async fn page(world: &World) -> AccountReminders {
    read::of_account(&scope(world), world.daisy().account())
        .await
        .unwrap()
}

async fn by_hand(world: &World, key: FormKey, invoices: &[InvoiceId]) -> Result<(), Error> {
    let wanted = ByHand {
        key,
        account: world.daisy().account(),
        invoices: invoices.to_vec(),
        words: "As we said".to_owned(),
    };
    write::send(&scope(world), &wanted).await
}

fn refused(outcome: Result<(), Error>) -> Refusal {
    match outcome {
        Err(Error::Refused(why)) => why,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn each_step_is_reminded_of_once_however_often_and_wherever_it_runs() {
    let world = World::new().await;
    switched_on(&world).await;
    let daisy = world.daisy();
    let id = daisy.invoice("100.00").due(-2).await;
    assert_eq!(run(&world).await, 0, "before the first step");
    world.days_pass(1);
    let (one, two) = (world.backend.clone(), world.backend.clone());
    let (first, second) = tokio::join!(send_due(&one), send_due(&two));
    assert_eq!(first.unwrap() + second.unwrap(), 1);
    assert_eq!(run(&world).await, 0);
    world.days_pass(1);
    assert_eq!(run(&world).await, 0, "between two steps");
    world.days_pass(10);
    assert_eq!(run(&world).await, 1);
    world.days_pass(100);
    assert_eq!(run(&world).await, 1);
    world.days_pass(100);
    assert_eq!(run(&world).await, 0, "after the last step");
    let steps = [1, 2, 3].map(|step| (Some(step), 10_000));
    assert_eq!(sent(&world, id).await, steps);
    let letters = letters(&world).await;
    assert_eq!(letters.len(), 3);
    assert!(letters[0].text.contains("A friendly word"));
    assert!(letters[2].text.contains("For the last time"));
    assert_eq!(letters[0].recipient, "billing@daisy.example");
    assert_eq!(check::run(&world.backend).await.unwrap(), Vec::new());
}

#[tokio::test]
async fn one_letter_names_all_that_is_overdue_on_an_account_in_a_currency() {
    let world = World::new().await;
    switched_on(&world).await;
    let daisy = world.daisy();
    daisy.invoice("100.00").number("A-1").due(-40).await;
    daisy.invoice("20.00").number("A-2").due(-5).paid("5.00").await;
    daisy.invoice("7.00").number("A-3").due(-1).await;
    daisy.invoice("8.00").number("A-4").due(-9).paid("8.00").await;
    daisy.invoice("9.00").number("A-5").due(-9).draft().await;
    daisy
        .invoice("30.00")
        .number("A-6")
        .due(-9)
        .currency(Currency::EUR)
        .await;
    world.party("Elm").invoice("1.00").number("A-7").due(-9).await;
    // Borealis sends none.
    world.party("Fjord").invoice("1.00").due(-9).await;
    assert_eq!(run(&world).await, 3);
    let letters = letters(&world).await;
    let dollars = letters.iter().find(|mail| mail.text.contains("A-1")).unwrap();
    assert_eq!(dollars.subject, "Payment reminder from Acme: 115.00 USD");
    assert!(dollars.text.contains("A-2") && dollars.text.contains("/payments/new?invoice="));
    // Who is reminded late hears the words of the last step alone.
    assert!(dollars.text.contains("For the last time") && !dollars.text.contains("A friendly word"));
    for other in ["A-3", "A-4", "A-5", "A-6", "A-7"] {
        assert!(!dollars.text.contains(other), "{other}");
    }
    assert_eq!(run(&world).await, 0, "the steps before it are not made up for");
}

#[tokio::test]
async fn what_is_disputed_or_being_paid_is_not_asked_for() {
    let world = World::new().await;
    switched_on(&world).await;
    let daisy = world.daisy();
    let buyer: crate::Scope<DisputeInvoices> = daisy.scope();
    let part = daisy.invoice("100.00").number("B-1").due(-5).await;
    let whole = daisy.invoice("50.00").due(-5).await;
    let pending = daisy.invoice("70.00").due(-5).await;
    for (invoice, amount) in [(part, 4_000), (whole, 5_000)] {
        let wanted = OpenDispute {
            key: FormKey(crate::new_id()),
            invoice,
            reason: "Never came".to_owned(),
            parts: vec![(1, Money::new(amount, Currency::USD))],
        };
        dispute(&buyer, &wanted).await.unwrap();
    }
    world.gateway.script(Call::CreateIntent, Fault::LoseReply);
    pay(daisy, &[pending], new_card("pm_good")).await;
    assert_eq!(run(&world).await, 1);
    assert_eq!(sent(&world, part).await, [(Some(1), 6_000)]);
    assert_eq!(
        (sent(&world, whole).await, sent(&world, pending).await),
        (vec![], vec![])
    );
    let letters = letters(&world).await;
    assert!(
        letters[0]
            .text
            .contains("60.00 USD (40.00 USD of it is disputed and not asked for)")
    );
    let shown = page(&world).await;
    let may_send = shown.invoices.iter().filter(|one| one.may_send).count();
    assert_eq!((shown.invoices.len(), may_send), (3, 0));
}

#[tokio::test]
async fn the_sellers_day_counts_and_nobody_is_woken() {
    let world = World::new().await;
    switched_on(&world).await;
    let acme = world.acme().id();
    let zone = |name: &str| tenant::ActiveModel {
        time_zone: Set(name.to_owned()),
        ..Default::default()
    };
    let id = world.daisy().invoice("100.00").due(-3).await;
    // Noon in UTC is five in the morning in Los Angeles in March.
    change(&world, acme, zone("America/Los_Angeles")).await;
    assert_eq!(run(&world).await, 0);
    // Twelve hours later it is the next day in UTC, and still the day there.
    world.seconds_pass(12 * 3_600);
    assert_eq!(run(&world).await, 1);
    let other = world.daisy().invoice("5.00").due(-3).await;
    assert_eq!(run(&world).await, 0, "due two days ago where the seller is");
    assert_eq!(
        (sent(&world, id).await.len(), sent(&world, other).await.len()),
        (1, 0)
    );
}

#[tokio::test]
async fn stopped_and_shut_out_accounts_get_nothing_by_itself() {
    let world = World::new().await;
    switched_on(&world).await;
    let daisy = world.daisy();
    let id = daisy.invoice("100.00").due(-5).await;
    let none = write::stop(&scope(&world), daisy.account(), " ").await;
    assert!(
        matches!(none, Err(Error::Invalid(errors)) if errors == FieldErrors::one("reason", Refusal::Missing))
    );
    for _ in 0..2 {
        write::stop(&scope(&world), daisy.account(), "They pay in July")
            .await
            .unwrap();
    }
    assert_eq!(run(&world).await, 0);
    assert_eq!(page(&world).await.stopped.unwrap().reason, "They pay in July");
    write::resume(&scope(&world), daisy.account()).await.unwrap();
    let state = |state| tenant::ActiveModel {
        state: Set(state),
        ..Default::default()
    };
    change(&world, daisy.id(), state(TenantState::Suspended)).await;
    assert_eq!(run(&world).await, 0);
    change(&world, daisy.id(), state(TenantState::Active)).await;
    assert_eq!(run(&world).await, 1);
    assert_eq!(sent(&world, id).await.len(), 1);
}

#[tokio::test]
async fn what_autopay_takes_is_left_to_it_until_it_pauses() {
    let world = World::new().await;
    switched_on(&world).await;
    let daisy = world.daisy();
    let id = daisy.invoice("100.00").due(-5).await;
    let euros = daisy.invoice("9.00").due(-5).currency(Currency::EUR).await;
    let row = card::ActiveModel {
        seller_id: Set(daisy.seller().0),
        id: Set(crate::new_id()),
        account_id: Set(daisy.account().0),
        buyer_id: Set(daisy.id().0),
        gateway_token: Set("pm_good".to_owned()),
        brand: Set("visa".to_owned()),
        last4: Set("4242".to_owned()),
        exp_month: Set(12),
        exp_year: Set(2034),
        is_default: Set(true),
        created_at: Set(world.backend.now()),
        ..Default::default()
    };
    row.insert(world.backend.system().writer()).await.unwrap();
    let payer: crate::Scope<PayInvoices> = daisy.scope();
    let account = daisy.account();
    switch(&payer, account, Currency::USD, Switch::On).await.unwrap();
    assert_eq!(run(&world).await, 1, "only what is in another currency");
    assert_eq!(
        (sent(&world, id).await.len(), sent(&world, euros).await.len()),
        (0, 1)
    );
    switch(&payer, account, Currency::USD, Switch::Off).await.unwrap();
    assert_eq!(run(&world).await, 1);
    assert_eq!(sent(&world, id).await.len(), 1);
}

#[tokio::test]
async fn by_hand_it_goes_once_a_day_and_once_a_form() {
    let world = World::new().await;
    let daisy = world.daisy();
    let id = daisy.invoice("100.00").due(-1).await;
    let due = daisy.invoice("5.00").due(0).await;
    let key = page(&world).await.key;
    for _ in 0..2 {
        by_hand(&world, key, &[id, due]).await.unwrap();
    }
    assert_eq!(sent(&world, id).await, [(None, 10_000)]);
    assert_eq!(sent(&world, due).await, []);
    assert_eq!(letters(&world).await.len(), 1);
    let again = || FormKey(crate::new_id());
    assert_eq!(
        refused(by_hand(&world, again(), &[id]).await),
        Refusal::NothingToRemind
    );
    assert_eq!(
        refused(by_hand(&world, again(), &[]).await),
        Refusal::NothingToRemind
    );
    // It is no step, but it is enough for the day.
    switched_on(&world).await;
    world.days_pass(2);
    by_hand(&world, again(), &[id]).await.unwrap();
    assert_eq!(run(&world).await, 0);
    world.days_pass(1);
    assert_eq!(run(&world).await, 1);
    assert_eq!(sent(&world, id).await.len(), 3);
}

#[tokio::test]
async fn the_history_names_the_step_to_the_seller_alone() {
    let world = World::new().await;
    switched_on(&world).await;
    let id = world.daisy().invoice("100.00").due(-5).await;
    run(&world).await;
    let seller: crate::Scope<ViewIssuedInvoices> = world.acme().scope();
    let buyer: crate::Scope<ViewReceivedInvoices> = world.daisy().scope();
    let sold = invoices::read::find(&seller, id).await.unwrap();
    let bought = invoices::read::find(&buyer, id).await.unwrap();
    assert_eq!(
        (sold.history[0].who.as_str(), sold.history[0].what.as_str()),
        ("System", "Reminded, step 1")
    );
    assert_eq!(bought.history[0].what, "Reminded");
}

#[tokio::test]
async fn it_goes_to_the_profiles_contact_or_the_company_or_who_may_pay_or_to_nobody() {
    let world = World::new().await;
    let daisy = world.daisy();
    let profile = serde_json::json!({
        "name": "Main", "contacts": [{ "name": "Ann", "email": "ann@daisy.example", "phone": null }],
    });
    let (with, without) = (
        daisy.invoice("1.00").due(-1).await,
        daisy.invoice("1.00").due(-1).await,
    );
    #[expect(clippy::disallowed_methods, reason = "the test writes behind the scopes")]
    invoice_party::Entity::update_many()
        .set(invoice_party::ActiveModel {
            profile: Set(Some(profile)),
            ..Default::default()
        })
        .filter(invoice_party::Column::InvoiceId.eq(with.0))
        .exec(world.backend.system().writer())
        .await
        .unwrap();
    let send = async |id| by_hand(&world, FormKey(crate::new_id()), &[id]).await;
    send(with).await.unwrap();
    send(without).await.unwrap();
    let nowhere = tenant::ActiveModel {
        billing_email: Set(None),
        ..Default::default()
    };
    change(&world, daisy.id(), nowhere).await;
    world.days_pass(1);
    send(without).await.unwrap();
    world.days_pass(1);
    let sells = Roles {
        seller: Some(SellerRole::Admin),
        buyer: None,
    };
    world.give_roles(daisy, sells).await;
    assert_eq!(refused(send(without).await), Refusal::NobodyToRemind);
    for (letter, who) in letters(&world).await.iter().zip(["ann", "billing", "admin"]) {
        assert_eq!(letter.recipient, format!("{who}@daisy.example"));
    }
    assert_eq!(letters(&world).await.len(), 3);
}

#[tokio::test]
async fn an_account_of_somebody_else_is_not_found() {
    let world = World::new().await;
    let foreign: AccountId = world.party("Fjord").account();
    let missing = |outcome: Result<(), Error>| assert!(matches!(outcome, Err(Error::NotFound)));
    missing(read::of_account(&scope(&world), foreign).await.map(|_| ()));
    missing(write::stop(&scope(&world), foreign, "Because").await);
    missing(write::resume(&scope(&world), foreign).await);
    let wanted = ByHand {
        key: FormKey(crate::new_id()),
        account: foreign,
        invoices: Vec::new(),
        words: String::new(),
    };
    missing(write::send(&scope(&world), &wanted).await);
}
