//! The books on past days, and a proof that sees one seller's books and no other's.

mod account;
mod entries;

use super::read::books;
use crate::{
    check::prove,
    payments::{offline, payers},
    testing::World,
};
use chrono::TimeDelta;
use domain::{
    Currency, Money,
    access::{RecordPayments, ViewBooks},
    credit_notes::{CreditReason, HowMuch, IssueCredit},
    ledger::Book,
    payments::offline::{PutTo, RecordPayment},
};
use entity::{invoice, posting};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter};

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

/// Two invoices, one of them long overdue, and a payment of ten days ago that is too much for it.
async fn trade() -> World {
    let world = World::new().await;
    world.acme().invoice("100.00").issued_ago(100).due(-70).await;
    world.acme().invoice("50.00").tax(10).issued_ago(5).due(25).await;
    world.daisy().invoice("7.00").await;
    let scope = world.distributor().scope::<RecordPayments>();
    let form = payers::record_form(&scope, world.acme().account(), None)
        .await
        .unwrap();
    let record = RecordPayment {
        key: form.key,
        account: world.acme().account(),
        amount: usd(4_000),
        paid_on: form.today - TimeDelta::days(10),
        memo: None,
        put: PutTo::Oldest,
        lines: Vec::new(),
    };
    offline::record(&scope, &record).await.unwrap();
    world
}

#[tokio::test]
async fn a_past_day_shows_what_was_known_of_it() {
    let world = trade().await;
    let scope = world.distributor().scope::<ViewBooks>();
    let today = world.today();
    let on = async |days| {
        let books = books(&scope, Some(today - TimeDelta::days(days))).await.unwrap();
        let balance = |wanted| {
            let of = books.books.iter().find(|balance| balance.book == wanted);
            of.map_or(0, |balance| balance.balance().unwrap().minor())
        };
        let customer = books.customers.first();
        (
            balance(Book::Receivable),
            balance(Book::OfflineCash),
            balance(Book::Revenue),
            balance(Book::Tax),
            customer.map(|customer| customer.owed.ages.map(|age| age.minor())),
        )
    };
    assert_eq!(on(101).await, (0, 0, 0, 0, None));
    assert_eq!(on(100).await, (10_000, 0, 10_000, 0, Some([10_000, 0, 0, 0, 0])));
    assert_eq!(on(60).await, (10_000, 0, 10_000, 0, Some([0, 10_000, 0, 0, 0])));
    assert_eq!(on(10).await, (6_000, 4_000, 10_000, 0, Some([0, 0, 6_000, 0, 0])));
    assert_eq!(
        on(0).await,
        (11_500, 4_000, 15_000, 500, Some([5_500, 0, 0, 6_000, 0]))
    );
    // A day to come is today.
    assert_eq!(on(-3).await, on(0).await);
}

#[tokio::test]
async fn unused_money_stands_beside_what_is_owed() {
    let world = trade().await;
    let scope = world.distributor().scope::<RecordPayments>();
    let form = payers::record_form(&scope, world.borealis().account(), None)
        .await
        .unwrap();
    let record = RecordPayment {
        key: form.key,
        account: world.borealis().account(),
        amount: usd(900),
        paid_on: form.today,
        memo: None,
        put: PutTo::Oldest,
        lines: Vec::new(),
    };
    offline::record(&scope, &record).await.unwrap();
    let books = books(&world.distributor().scope(), None).await.unwrap();
    let names: Vec<_> = books
        .customers
        .iter()
        .map(|one| (one.name.as_str(), one.owed.unused.minor()))
        .collect();
    assert_eq!(names, [(world.acme().name(), 0), (world.borealis().name(), 900)]);
    assert_eq!(books.more, 0);
}

#[tokio::test]
async fn the_proof_names_what_differs_and_sees_no_other_sellers() {
    let world = trade().await;
    let scope = world.distributor().scope::<ViewBooks>();
    let proofs = prove(&scope).await.unwrap();
    assert_eq!(proofs.differences(), 0);
    assert!(proofs.counted.contains(&("Invoices".to_owned(), 2)));
    assert_eq!(prove(&world.acme().scope()).await.unwrap().counted[0].1, 1);
    // Acme's books are wrong by a cent; only Acme sees it.
    let writer = world.outside().await;
    let statement = "UPDATE invoices SET net_minor = net_minor - 1, lines_minor = lines_minor - 1, tax_minor = 1 \
                     WHERE total_minor = 700";
    writer.execute_unprepared(statement).await.unwrap();
    assert_eq!(prove(&scope).await.unwrap().differences(), 0);
    let found = prove(&world.acme().scope()).await.unwrap();
    let wrong: Vec<_> = found
        .proofs
        .iter()
        .filter(|proof| !proof.differences.is_empty())
        .map(|proof| proof.what.as_str())
        .collect();
    assert!(wrong.contains(&"revenue of invoice"), "{wrong:?}");
    assert!(wrong.contains(&"lines of invoice"), "{wrong:?}");
    let acme = world.acme().scope::<ViewBooks>();
    let invoice = acme.find::<invoice::Entity>();
    let invoice = invoice.filter(invoice::Column::TotalMinor.eq(700));
    let invoice = invoice.one(acme.db()).await.unwrap().unwrap();
    let named = (invoice.number.unwrap(), format!("/invoices/{}", invoice.id));
    let differences = || found.proofs.iter().flat_map(|proof| &proof.differences);
    assert!(differences().all(|one| one.id == invoice.id && one.named.as_ref() == Some(&named)));
}

#[tokio::test]
async fn the_ledger_is_only_added_to() {
    let world = trade().await;
    for statement in ["UPDATE postings SET amount_minor = 1", "DELETE FROM postings"] {
        let refused = world
            .backend
            .system()
            .writer()
            .execute_unprepared(statement)
            .await;
        assert!(refused.is_err(), "{statement}");
    }
}

/// What the ledger holds, as text that does not depend on when it was written.
#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn everything(world: &World) -> Vec<String> {
    let rows = posting::Entity::find()
        .all(world.backend.system().db())
        .await
        .unwrap();
    let mut all: Vec<String> = rows
        .into_iter()
        .map(|row| {
            let posting::Model { created_at: _, .. } = &row;
            format!(
                "{} {:?} {} {} {:?} {:?} {:?} {:?} {:?} {} {} {}",
                row.source_id,
                row.kind,
                row.position,
                row.account_id,
                row.invoice_id,
                row.payment_id,
                row.credit_note_id,
                row.debit,
                row.credit,
                row.currency,
                row.amount_minor,
                row.booked_on
            )
        })
        .collect();
    all.sort_unstable();
    all
}

#[tokio::test]
async fn documents_of_an_older_release_are_booked_as_if_they_had_been_from_the_start() {
    let world = trade().await;
    let scope = world.distributor().scope();
    let credited = world.acme().invoice("60.00").tax(19).paid("71.40").await;
    let form = crate::credit_notes::read::form(&scope, credited).await.unwrap();
    let credit = IssueCredit {
        key: form.key,
        invoice: credited,
        seen: form.left,
        reason: CreditReason::Return,
        note: String::new(),
        how_much: HowMuch::Everything,
        parts: Vec::new(),
        pay_back: None,
    };
    crate::credit_notes::write::issue(&scope, &credit).await.unwrap();
    let void = world.acme().invoice("9.00").await;
    crate::invoices::void::void(&world.distributor().scope(), void, "Twice")
        .await
        .unwrap();
    world.acme().invoice("3.00").draft().await;
    let money = world.distributor().scope::<RecordPayments>();
    let put = payers::payers(&money, "acme").await.unwrap();
    assert!(!put.payers.is_empty());
    let before = everything(&world).await;
    assert!(before.len() > 12);

    let writer = world.outside().await;
    let backend = writer.get_database_backend();
    if backend == DbBackend::Sqlite {
        for trigger in ["postings_no_update", "postings_no_delete"] {
            writer
                .execute_unprepared(&format!("DROP TRIGGER {trigger}"))
                .await
                .unwrap();
        }
    }
    writer.execute_unprepared("DELETE FROM postings").await.unwrap();
    for statement in migration::of_documents(backend) {
        writer.execute_unprepared(&statement).await.unwrap();
    }
    assert_eq!(everything(&world).await, before);
}
