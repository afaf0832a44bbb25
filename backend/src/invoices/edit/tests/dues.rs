//! A due date that was changed counts from the day of the change: before, an invoice is as late as it was.

use super::*;
use crate::{invoices::as_of, ledger::read::books};
use chrono::{Days, NaiveDate};
use domain::{
    access::ViewBooks,
    books::Age,
    invoices::as_of::{AsOfQuery, OpenOf, OpenPart},
};

#[tokio::test]
async fn it_is_as_late_on_each_day_as_it_was_then() {
    let world = World::new().await;
    let id = world
        .acme()
        .invoice("100.00")
        .tax(19)
        .issued_ago(90)
        .due(-40)
        .await;
    let scope = writer(&world);
    let shown = form(&scope, id).await.unwrap();
    let later = WriteInvoice {
        due_date: world.today() + Days::new(10),
        ..typed(&shown, WriteAct::Issue, &[("Seats", 1, 10_000)])
    };
    write(&scope, &later).await.unwrap();
    world.days_pass(1);
    let today = world.today();
    let books_scope = world.distributor().scope::<ViewBooks>();
    let ages = async |on: NaiveDate| {
        let books = books(&books_scope, Some(on)).await.unwrap();
        let owed = books.customers[0].owed;
        assert_eq!(books.together, [owed]);
        owed.ages.map(|age| age.minor())
    };
    let issuer: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let listed = async |on: NaiveDate, age: Age| {
        let query = AsOfQuery {
            on: Some(on),
            open_of: Some(OpenOf {
                account: world.acme().account(),
                currency: Some(Currency::USD),
                part: Some(OpenPart::Age(age)),
            }),
            ..AsOfQuery::default()
        };
        as_of::list(&issuer, &query).await.unwrap().1.rows.len()
    };
    assert_eq!(ages(today).await, [11_900, 0, 0, 0, 0]);
    assert_eq!(listed(today, Age::NotDue).await, 1);
    assert_eq!(listed(today, Age::Days60).await, 0);
    // The day before the change it was 39 days late.
    let before = today - Days::new(2);
    assert_eq!(ages(before).await, [0, 0, 11_900, 0, 0]);
    assert_eq!(listed(before, Age::Days60).await, 1);
    assert_eq!(listed(before, Age::NotDue).await, 0);
}
