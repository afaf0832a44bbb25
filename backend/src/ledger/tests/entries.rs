//! The entries behind balances: their sum is the balance, and pages and exports have them all.

use super::{trade, usd};
use crate::{
    Error,
    ledger::{entries, read::books},
    scope::Scope,
    testing::World,
};
use chrono::TimeDelta;
use domain::{
    Currency,
    access::ViewBooks,
    books::entries::{Behind, EntryQuery, EntryRow},
    ledger::{Book, EntryKind},
    list::Position,
};
use futures::TryStreamExt;

fn of(behind: Behind) -> EntryQuery {
    EntryQuery {
        behind,
        currency: Currency::USD,
        account: None,
        on: None,
        position: Position::First,
    }
}

async fn rows(scope: &Scope<ViewBooks>, query: &EntryQuery) -> Vec<EntryRow> {
    entries::list(scope, query).await.unwrap().page.rows
}

/// Each balance is that of the next older entry and what the entry did.
fn assert_runs(rows: &[EntryRow]) {
    for pair in rows.windows(2) {
        assert_eq!(
            pair[0].balance,
            pair[1].balance.checked_add(pair[0].amount).unwrap()
        );
    }
    if let Some(first) = rows.last() {
        assert_eq!(first.balance, first.amount);
    }
}

#[tokio::test]
async fn every_balance_opens_to_entries_that_make_it() {
    let world = trade().await;
    let scope = world.distributor().scope::<ViewBooks>();
    for days in [0, 7, 200] {
        let on = Some(world.today() - TimeDelta::days(days));
        for balance in books(&scope, on).await.unwrap().books {
            let query = EntryQuery {
                on,
                ..of(Behind::Book(balance.book))
            };
            let rows = rows(&scope, &query).await;
            assert_runs(&rows);
            assert_eq!(rows[0].balance, balance.balance().unwrap(), "{:?}", balance.book);
        }
    }
    // The customer owes 40.00 less of the old invoice, and what was received went through the unapplied money.
    let owed = rows(&scope, &of(Behind::Owed)).await;
    assert_runs(&owed);
    assert_eq!(owed[0].balance, usd(10_000 + 5_500 - 4_000));
    assert_eq!(rows(&scope, &of(Behind::Unused)).await[0].balance, usd(0));
    let received = owed.iter().find(|row| row.kind == EntryKind::Receive).unwrap();
    assert_eq!(
        (received.amount, received.other),
        (usd(-4_000), Some(Book::OfflineCash))
    );
    assert_eq!(received.name, world.acme().name());
    assert!(received.documents[0].1.starts_with("/payments/"));
}

#[tokio::test]
async fn pages_and_exports_have_all_entries_once() {
    let world = World::new().await;
    for day in 0..60 {
        world.acme().invoice("10.00").issued_ago((59 - day) / 4).await;
    }
    world.borealis().invoice("5.00").await;
    let scope = world.distributor().scope::<ViewBooks>();
    let query = EntryQuery {
        account: Some(world.acme().account()),
        ..of(Behind::Book(Book::Receivable))
    };
    let exported: Vec<EntryRow> = entries::stream(&scope, &query).try_collect().await.unwrap();
    assert_eq!(exported.len(), 60);
    assert_eq!(exported[0].balance, usd(60_000));
    assert_runs(&exported);

    let first = entries::list(&scope, &query).await.unwrap().page;
    let after = query.at(Position::After(first.next.clone().unwrap()));
    let second = entries::list(&scope, &after).await.unwrap().page;
    let paged: Vec<EntryRow> = first.rows.iter().chain(&second.rows).cloned().collect();
    assert_eq!(paged, exported);
    let back = query.at(Position::Before(second.previous.unwrap()));
    assert_eq!(rows(&scope, &back).await, first.rows);
    let last = rows(&scope, &query.at(Position::Last)).await;
    assert_eq!(last, exported[exported.len() - last.len()..]);
}

#[tokio::test]
async fn accounts_of_others_are_not_found() {
    let world = World::new().await;
    let scope = world.distributor().scope::<ViewBooks>();
    let query = EntryQuery {
        account: Some(world.daisy().account()),
        ..of(Behind::Unused)
    };
    assert!(matches!(
        entries::list(&scope, &query).await,
        Err(Error::NotFound)
    ));
    let own = EntryQuery {
        account: None,
        ..query
    };
    world.daisy().invoice("5.00").await;
    assert_eq!(rows(&scope, &own).await, Vec::new());
}
