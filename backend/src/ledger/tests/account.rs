//! What made an account's balance is what the books and the documents say of it, whoever looks.

use super::*;
use crate::{
    Error, Scope,
    ledger::account::{explain, statement},
    refunds::tests::paid,
};
use domain::{
    access::{ViewIssuedInvoices, ViewReceivedInvoices},
    books::account::{ExplainedAccount, explain as steps},
    explain::Step,
    ledger::EntryKind,
};
use entity::{account, credit_note, invoice, payment};
use sea_orm::Statement;
use uuid::Uuid;

/// Everything that can happen to an account.
async fn busy() -> World {
    let world = trade().await;
    let acme = world.acme();
    let one = acme.invoice("80.00").tax(19).await;
    let two = acme.invoice("20.00").await;
    paid(&world, &[one, two]).await;
    let issuer = world.distributor().scope();
    let form = crate::credit_notes::read::form(&issuer, one).await.unwrap();
    let credit = IssueCredit {
        key: form.key,
        invoice: one,
        seen: form.left,
        reason: CreditReason::Return,
        note: String::new(),
        how_much: HowMuch::Parts,
        parts: vec![(1, usd(3_000))],
        pay_back: None,
    };
    crate::credit_notes::write::issue(&issuer, &credit).await.unwrap();
    let void = acme.invoice("9.00").await;
    crate::invoices::void::void(&world.distributor().scope(), void, "Twice")
        .await
        .unwrap();
    acme.invoice("31.00").paid("31.00").await;
    acme.invoice("12.00").currency(Currency::EUR).await;
    acme.invoice("3.00").draft().await;
    world.borealis().invoice("55.00").await;
    world
}

/// Open, money and credit put to nothing, in a currency.
fn lies(seen: &ExplainedAccount, currency: Currency) -> (i64, i64, i64) {
    let opened = steps(seen, currency).unwrap();
    assert!(opened.iter().all(Step::adds_up), "{opened:#?}");
    assert_eq!(opened[0].amount, opened[1].amount);
    let part = |place: usize| opened[1].parts[place].amount.minor();
    (part(0), -part(1), -part(2))
}

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn of_documents(world: &World, account: Uuid, currency: &str) -> (i64, i64, i64) {
    let db = world.backend.system().db();
    let invoices = invoice::Entity::find().all(db).await.unwrap();
    let payments = payment::Entity::find().all(db).await.unwrap();
    let notes = credit_note::Entity::find().all(db).await.unwrap();
    let open = invoices
        .iter()
        .filter(|row| row.account_id == account && row.currency == currency)
        .filter(|row| row.stage != entity::codes::Stage::Draft);
    let unapplied = payments
        .iter()
        .filter(|row| row.account_id == account && row.currency == currency);
    let credit = notes
        .iter()
        .filter(|row| row.account_id == account && row.currency == currency);
    (
        open.map(|row| row.open_minor).sum(),
        unapplied.map(|row| row.unapplied_minor).sum(),
        credit.map(|row| row.remaining_minor).sum(),
    )
}

#[tokio::test]
async fn the_parts_are_what_the_documents_and_the_books_show() {
    let world = busy().await;
    let acme = world.acme().account();
    let seller: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let buyer: Scope<ViewReceivedInvoices> = world.acme().scope();
    let seen = explain(&seller, acme, None).await.unwrap();
    assert_eq!(seen.currencies(), [Currency::EUR, Currency::USD]);
    let shown = books(&world.distributor().scope::<ViewBooks>(), None)
        .await
        .unwrap();
    for currency in seen.currencies() {
        let (open, unapplied, credit) = lies(&seen, currency);
        assert_eq!(
            (open, unapplied, credit),
            of_documents(&world, acme.0, currency.code()).await,
            "{currency}"
        );
        let row = shown
            .customers
            .iter()
            .find(|row| row.account == acme && row.owed.currency() == currency)
            .unwrap();
        assert_eq!(
            (row.owed.open().unwrap().minor(), row.owed.unused.minor()),
            (open, unapplied + credit)
        );
    }
    let other = explain(&buyer, acme, None).await.unwrap();
    assert_eq!(other.sums, seen.sums);
    assert_eq!(other.counterparty, world.distributor().name());
}

#[tokio::test]
async fn each_kind_is_counted_by_its_acts_and_a_past_day_knows_its_own() {
    let world = busy().await;
    let acme = world.acme().account();
    let seller: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let issued = async |days| {
        let on = world.today() - TimeDelta::days(days);
        let seen = explain(&seller, acme, Some(on)).await.unwrap();
        let of_it = |sum: &&domain::books::account::KindSum| {
            sum.kind == EntryKind::Issue && sum.open.currency() == Currency::USD
        };
        let found = seen.sums.iter().find(of_it);
        found.map_or((0, 0), |sum| (sum.count, sum.open.minor()))
    };
    assert_eq!(issued(101).await, (0, 0));
    // One with tax is two postings and one invoice.
    assert_eq!(issued(100).await, (1, 10_000));
    assert_eq!(issued(5).await.0, 2);
    let all = issued(0).await;
    assert_eq!(all, issued(-9).await, "a day to come is today");
}

#[tokio::test]
async fn a_stranger_finds_no_account_to_explain() {
    let world = busy().await;
    let acme = world.acme().account();
    let stranger: Scope<ViewReceivedInvoices> = world.borealis().scope();
    assert!(matches!(
        explain(&stranger, acme, None).await,
        Err(Error::NotFound)
    ));
    let below: Scope<ViewIssuedInvoices> = world.acme().scope();
    assert!(matches!(explain(&below, acme, None).await, Err(Error::NotFound)));
}

/// On SQLite, whose planner says what it does without a table of a million rows.
#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "asks how a statement is run")]
async fn it_costs_what_the_account_holds() {
    let world = trade().await;
    let scope: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let db = scope.db();
    if db.get_database_backend() != DbBackend::Sqlite {
        return;
    }
    let row = scope.find::<account::Entity>().one(db).await.unwrap().unwrap();
    let asked = statement(&scope, &row, world.today()).statement();
    let asked = Statement {
        sql: format!("EXPLAIN QUERY PLAN {}", asked.sql),
        ..asked
    };
    let rows = db.query_all_raw(asked).await.unwrap();
    let plan: Vec<String> = rows
        .iter()
        .map(|row| row.try_get("", "detail").unwrap())
        .collect();
    let along = "USING INDEX postings_buyer (buyer_id=? AND seller_id=?";
    assert!(plan.iter().any(|line| line.contains(along)), "{plan:#?}");
}
