//! The list over all invoices: each side its own, by every filter, in pages, and as it was on a past day.

use super::*;
use crate::{by_day, disputes::list, scope::SeesInvoices};
use domain::{
    disputes::{DisputeQuery, DisputeRow},
    list::{Cursor, Page, Position, Total},
};
use futures::TryStreamExt;
use sea_orm::{ConnectionTrait, DbBackend, QueryTrait, Statement};

async fn issued(world: &World, query: &str) -> Page<DisputeRow> {
    let scope: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let query = DisputeQuery::from_query(query);
    list::list(&scope, &query).await.unwrap()
}

fn ids(page: &Page<DisputeRow>) -> Vec<DisputeId> {
    page.rows.iter().map(|row| row.id).collect()
}

#[tokio::test]
async fn each_side_sees_its_own_and_nobody_else_does() {
    let world = World::new().await;
    let invoice = world.acme().invoice("100.00").await;
    let dispute = disputed(&world, invoice, 4_000).await;
    let row = issued(&world, "").await.rows.remove(0);
    assert_eq!((row.id, row.invoice, row.amount), (dispute, invoice, usd(4_000)));
    assert_eq!(row.reason, "It never came");
    let received: Scope<ViewReceivedInvoices> = world.acme().scope();
    let theirs = list::list(&received, &DisputeQuery::default()).await.unwrap();
    assert_eq!((ids(&theirs), theirs.total), (vec![dispute], Total::Exactly(1)));
    assert_ne!(theirs.rows[0].counterparty, row.counterparty);
    let stranger: Scope<ViewReceivedInvoices> = world.borealis().scope();
    let none = list::list(&stranger, &DisputeQuery::default()).await.unwrap();
    assert_eq!(ids(&none), vec![]);
}

#[tokio::test]
async fn every_filter_finds_what_it_names() {
    let world = World::new().await;
    let first = world.acme().invoice("100.00").await;
    let waits = disputed(&world, first, 4_000).await;
    world.days_pass(2);
    let second = world.acme().invoice("50.00").await;
    let refused = disputed(&world, second, 1_000).await;
    refuse(&seller(&world), refused, "It was delivered")
        .await
        .unwrap();

    let all = issued(&world, "").await;
    assert_eq!(ids(&all), [refused, waits]);
    let number = all.rows[1].number.to_lowercase();
    let today = world.today();
    let queries = [
        ("state=open".to_owned(), vec![waits]),
        ("state=refused".to_owned(), vec![refused]),
        ("state=credited".to_owned(), vec![]),
        (format!("number={number}"), vec![waits]),
        ("counterparty=ACME".to_owned(), vec![refused, waits]),
        ("counterparty=nobody".to_owned(), vec![]),
        ("reason=NEVER".to_owned(), vec![refused, waits]),
        ("reason=broken".to_owned(), vec![]),
        // A sign that stands for others elsewhere is a sign here.
        ("reason=%25".to_owned(), vec![]),
        (format!("from={today}"), vec![refused]),
        (format!("to={}", today.pred_opt().unwrap()), vec![waits]),
    ];
    for (query, wanted) in queries {
        assert_eq!(ids(&issued(&world, &query).await), wanted, "{query}");
    }
    assert_eq!(all.rows[0].answer, "It was delivered");
    assert_eq!(all.rows[0].ended_on, Some(today));
}

#[tokio::test]
async fn on_a_past_day_it_shows_what_waited_then() {
    let world = World::new().await;
    let invoice = world.acme().invoice("100.00").await;
    let before = world.today();
    world.days_pass(2);
    let dispute = disputed(&world, invoice, 4_000).await;
    let opened = world.today();
    world.days_pass(2);
    withdraw(&buyer(&world), dispute).await.unwrap();

    let on = async |day, state: &str| issued(&world, &format!("on={day}&state={state}")).await.rows;
    assert_eq!(on(before, "").await, vec![]);
    let then = on(opened, "open").await.remove(0);
    assert_eq!((then.state, then.ended_on), (DisputeState::Open, None));
    assert_eq!(on(opened, "withdrawn").await, vec![]);
    let now = on(world.today(), "withdrawn").await.remove(0);
    assert_eq!(
        (now.state, now.ended_on),
        (DisputeState::Withdrawn, Some(world.today()))
    );
    assert_eq!(on(world.today(), "open").await, vec![]);
}

#[tokio::test]
async fn pages_and_the_export_show_every_dispute_once() {
    let world = World::new().await;
    let mut made = Vec::new();
    for _ in 0..3 {
        let invoice = world.acme().invoice("100.00").await;
        for amount in [1_000, 2_000] {
            made.push(disputed(&world, invoice, amount).await);
        }
        world.days_pass(1);
    }
    made.reverse();
    let scope: Scope<ViewReceivedInvoices> = world.acme().scope();
    let mut query = DisputeQuery::default();
    let mut seen = Vec::new();
    loop {
        let page = list::list_by(&scope, &query, 4).await.unwrap();
        seen.extend(ids(&page));
        let Some(next) = page.next else { break };
        query = query.at(Position::After(next));
    }
    let exported: Vec<DisputeRow> = list::stream(&scope, &DisputeQuery::default())
        .try_collect()
        .await
        .unwrap();
    let exported: Vec<DisputeId> = exported.iter().map(|row| row.id).collect();
    assert_eq!((&seen, &exported), (&made, &made));
    let last = list::list_by(&scope, &query.at(Position::Last), 4).await.unwrap();
    assert_eq!(ids(&last), made[2..]);
}

/// How a page is read, along which indexes.
#[expect(clippy::disallowed_methods, reason = "asks how a statement is run")]
async fn plan<P: SeesInvoices>(scope: &Scope<P>, query: &DisputeQuery) -> String {
    let rows = list::narrowed(scope, query).remove(0);
    let backend = scope.db().get_database_backend();
    let asked = by_day::part(rows, list::BY, &query.position, 26).build(backend);
    let tx = scope.begin().await.unwrap();
    let (explain, column) = match backend {
        DbBackend::Sqlite => ("EXPLAIN QUERY PLAN", "detail"),
        _ => ("EXPLAIN", "QUERY PLAN"),
    };
    if backend == DbBackend::Postgres {
        // A table of a few rows is read as a whole and sorted, unless that is forbidden.
        for way in ["seqscan", "bitmapscan", "sort"] {
            let without = format!("SET LOCAL enable_{way} = off");
            tx.db().execute_unprepared(&without).await.unwrap();
        }
    }
    let statement = Statement {
        sql: format!("{explain} {}", asked.sql),
        ..asked
    };
    let rows = tx.db().query_all_raw(statement).await.unwrap();
    let lines = rows.iter().map(|row| row.try_get::<String>("", column).unwrap());
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_page_is_read_along_an_index() {
    let world = World::new().await;
    let issued: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let received: Scope<ViewReceivedInvoices> = world.acme().scope();
    let first = DisputeQuery::default();
    let deep = first.at(Position::After(Cursor::new("2026-03-15", crate::new_id())));
    let waiting = DisputeQuery {
        state: Some(DisputeState::Open),
        ..first.clone()
    };
    for (query, index) in [(first, "by_day"), (deep, "by_day"), (waiting, "by_state")] {
        for (plan, of) in [
            (plan(&issued, &query).await, "disputes"),
            (plan(&received, &query).await, "disputes_received"),
        ] {
            assert!(plan.contains(&format!("{of}_{index}")), "{query:?}: {plan}");
            let sorted = plan.contains("TEMP B-TREE") || plan.contains("Sort ");
            assert!(!sorted, "{query:?}: {plan}");
        }
    }
}
