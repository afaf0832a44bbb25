//! The list of bills: what it is narrowed to, its pages, its export, and how it stood on a past evening.

use super::*;
use crate::{
    payments::{
        self,
        tests::{filled, new_card},
    },
    scope::SeesInvoices,
};
use chrono::NaiveDate;
use domain::{
    access::WriteOffInvoices,
    list::{DEFAULT_PER_PAGE, Position},
    rollups::{RollupRow, list::RollupStatus},
};
use futures::TryStreamExt;

async fn listed<P: SeesInvoices>(scope: &Scope<P>, query: &RollupQuery) -> Vec<RollupRow> {
    let page = list::list(scope, query).await.unwrap();
    let exported: Vec<_> = list::stream(scope, query).try_collect().await.unwrap();
    assert_eq!(exported, page.rows);
    page.rows
}

async fn then(world: &World, on: NaiveDate) -> [Vec<(i64, RollupState)>; 2] {
    let query = RollupQuery {
        on: Some(on),
        ..RollupQuery::default()
    };
    let (seller, parent) = (scope_of_views(world), world.acme());
    let sides = [
        listed(&seller, &query).await,
        listed::<ViewReceivedInvoices>(&parent.scope(), &query).await,
    ];
    sides.map(|rows| rows.iter().map(|row| (row.open.minor(), row.state)).collect())
}

async fn pay(world: &World, invoices: &[InvoiceId]) {
    let scope: Scope<PayInvoices> = world.acme().scope();
    let form = filled(&scope, invoices, new_card("tok_visa")).await;
    payments::write::submit(&scope, &form).await.unwrap();
}

async fn withdraw(world: &World, id: RollupId) {
    let scope: Scope<VoidInvoices> = world.distributor().scope();
    write::void(&scope, id, "Wrong").await.unwrap();
}

#[tokio::test]
async fn both_sides_see_the_list_of_any_past_evening() {
    let world = family().await;
    let first = world.borealis().invoice("10.00").await;
    world.borealis().invoice("30.00").await;
    let before = world.today();
    world.days_pass(1);
    let bill = issue(&world).await;
    let issued = world.today();
    world.days_pass(1);
    pay(&world, &[first]).await;
    let paid = world.today();
    world.days_pass(1);
    withdraw(&world, bill).await;
    let next = issue(&world).await;
    let withdrawn = world.today();
    world.days_pass(1);
    assert_eq!(then(&world, before).await, [vec![], vec![]]);
    let both = |rows: &[(i64, RollupState)]| [rows.to_vec(), rows.to_vec()];
    assert_eq!(then(&world, issued).await, both(&[(4_000, RollupState::Open)]));
    assert_eq!(
        then(&world, paid).await,
        both(&[(3_000, RollupState::PartlyPaid)])
    );
    let of_two = both(&[(3_000, RollupState::Open), (0, RollupState::Void)]);
    assert_eq!(then(&world, withdrawn).await, of_two);
    let found = async |status: &str, on: NaiveDate| {
        let query = RollupQuery::from_query(&format!("status={status}&on={on}"));
        listed(&scope_of_views(&world), &query).await.len()
    };
    let of_each = [
        ("open", issued, 1),
        ("withdrawn", issued, 0),
        ("settled", paid, 0),
        ("open", withdrawn, 1),
        ("withdrawn", withdrawn, 1),
    ];
    for (status, on, count) in of_each {
        assert_eq!(found(status, on).await, count, "{status} on {on}");
    }
    // The subsidiary has both invoices back, and the evenings stay as they were.
    withdraw(&world, next).await;
    assert_eq!(
        then(&world, paid).await,
        both(&[(3_000, RollupState::PartlyPaid)])
    );
    assert_eq!(then(&world, withdrawn).await, of_two);
    assert_clean(&world).await;
}

#[tokio::test]
async fn what_was_given_up_is_not_called_paid() {
    let world = family().await;
    let one = world.borealis().invoice("10.00").await;
    let other = world.borealis().invoice("30.00").await;
    let bill = issue(&world).await;
    let evening = world.today();
    world.days_pass(1);
    pay(&world, &[one]).await;
    let gives_up: Scope<WriteOffInvoices> = world.distributor().scope();
    invoices::write_off::write_off(&gives_up, other, "Insolvent")
        .await
        .unwrap();
    assert_eq!(seen(&world, bill).await.row.state, RollupState::WrittenOff);
    let given_up = vec![(0, RollupState::WrittenOff)];
    assert_eq!(then(&world, world.today()).await, [given_up.clone(), given_up]);
    let open = vec![(4_000, RollupState::Open)];
    assert_eq!(then(&world, evening).await, [open.clone(), open]);
    let settled = RollupQuery {
        status: Some(RollupStatus::Settled),
        ..RollupQuery::default()
    };
    assert_eq!(listed(&scope_of_views(&world), &settled).await.len(), 1);
    assert_clean(&world).await;
}

#[tokio::test]
async fn it_is_narrowed_by_number_name_state_and_days() {
    let world = family().await;
    let paid = world.borealis().invoice("10.00").await;
    let first = issue(&world).await;
    pay(&world, &[paid]).await;
    world.days_pass(1);
    world.borealis().invoice("20.00").await;
    let second = issue(&world).await;
    withdraw(&world, second).await;
    let third = issue(&world).await;
    let scope = scope_of_views(&world);
    let found = async |query: &str| -> Vec<RollupId> {
        let rows = listed(&scope, &RollupQuery::from_query(query)).await;
        rows.iter().map(|row| row.id).collect()
    };
    let today = world.today();
    let yesterday = today.pred_opt().unwrap();
    let number = seen(&world, second).await.row.number;
    assert_eq!(
        found(&format!("search={}", number.to_lowercase())).await,
        [second]
    );
    assert_eq!(found("search=cme").await.len(), 3);
    assert_eq!(found("search=borealis").await, []);
    assert_eq!(found("status=open").await, [third]);
    assert_eq!(found("status=settled").await, [first]);
    assert_eq!(found("status=withdrawn").await, [second]);
    assert_eq!(found(&format!("to={yesterday}")).await, [first]);
    assert_eq!(found(&format!("from={today}")).await.len(), 2);
    assert_eq!(found(&format!("from={today}&on={yesterday}")).await, []);
    let parent: Scope<ViewReceivedInvoices> = world.acme().scope();
    let query = RollupQuery::from_query("status=open&search=northwind");
    assert_eq!(listed(&parent, &query).await[0].id, third);
}

#[tokio::test]
async fn its_pages_go_by_key_both_ways() {
    let world = family().await;
    let mut bills = Vec::new();
    for _ in 0..=DEFAULT_PER_PAGE {
        world.borealis().invoice("1.00").await;
        bills.push(issue(&world).await);
        world.days_pass(1);
    }
    let scope = scope_of_views(&world);
    let first = list::list(&scope, &RollupQuery::default()).await.unwrap();
    let query = |position| RollupQuery::default().at(position);
    let after = query(Position::After(first.next.clone().unwrap()));
    let second = list::list(&scope, &after).await.unwrap();
    let ids = first.rows.iter().chain(&second.rows).map(|row| row.id);
    bills.reverse();
    assert_eq!(ids.collect::<Vec<_>>(), bills);
    assert!(second.next.is_none());
    let before = query(Position::Before(second.previous.unwrap()));
    assert_eq!(list::list(&scope, &before).await.unwrap().rows, first.rows);
}
