//! What is disputed gets nothing by a rule (V28), and stands apart in the books.

use super::*;
use crate::{
    invoices::as_of,
    payments::{offline, payers},
};
use domain::{
    access::RecordPayments,
    invoices::as_of::{AsOfQuery, OpenOf, OpenPart},
    payments::offline::{PutTo, RecordPayment},
};

#[tokio::test]
async fn recorded_money_goes_by_itself_to_what_is_not_disputed() {
    let world = World::new().await;
    let first = world.acme().invoice("100.00").due(-9).await;
    let second = world.acme().invoice("50.00").due(-5).await;
    disputed(&world, first, 4_000).await;
    let scope: Scope<RecordPayments> = world.distributor().scope();
    let account = world.acme().account();
    let form = payers::record_form(&scope, account, None).await.unwrap();
    let shown: Vec<_> = form
        .lines
        .iter()
        .map(|line| (line.invoice, line.payable, line.offered))
        .collect();
    assert_eq!(
        shown,
        [(first, usd(10_000), usd(6_000)), (second, usd(5_000), usd(5_000))]
    );
    let record = RecordPayment {
        key: form.key,
        account,
        amount: usd(12_000),
        paid_on: form.today,
        memo: None,
        put: PutTo::Oldest,
        lines: Vec::new(),
    };
    offline::record(&scope, &record).await.unwrap();
    assert_eq!(seen(&world, first).await.open, usd(4_000));
    assert_eq!(seen(&world, second).await.open, usd(0));
    let owed = payers::record_form(&scope, account, None).await.unwrap();
    assert_eq!(owed.unapplied[0].unapplied, usd(1_000));
    assert_eq!(check::run(&world.backend).await.unwrap(), Vec::new());
}

#[tokio::test]
async fn the_disputed_part_of_the_books_opens_to_its_invoices() {
    let world = World::new().await;
    let first = world.acme().invoice("100.00").due(-9).await;
    world.acme().invoice("50.00").due(-5).await;
    disputed(&world, first, 4_000).await;
    let scope: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let query = AsOfQuery {
        open_of: Some(OpenOf {
            account: world.acme().account(),
            currency: Some(Currency::USD),
            part: Some(OpenPart::Disputed),
        }),
        ..AsOfQuery::default()
    };
    let (_, page) = as_of::list(&scope, &query).await.unwrap();
    let found: Vec<_> = page
        .rows
        .iter()
        .map(|row| (row.id, row.open, row.disputed))
        .collect();
    assert_eq!(found, [(first, usd(10_000), usd(4_000))]);
}
