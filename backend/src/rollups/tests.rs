//! Bills of Acme over what Borealis owes: what they hold, who pays then, and that they come off again.

mod letters;
mod listed;
mod paying;

use super::{list, read, write};
use crate::{
    Error, Scope, check, invoices,
    testing::{Party, World},
};
use domain::{
    Currency, Money, Refusal,
    access::{
        ManageTenants, PayInvoices, RecordPayments, ViewIssuedInvoices, ViewReceivedInvoices, VoidInvoices,
        WriteInvoices,
    },
    ids::{InvoiceId, RollupId},
    refusal::Locked,
    rollups::{IssueRollup, NewRollup, Rollup, RollupFields, RollupState, list::RollupQuery},
};
use entity::invoice;
use sea_orm::{ColumnTrait, QueryFilter};

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

/// Acme, of which Borealis is a subsidiary.
pub(crate) async fn family() -> World {
    let world = World::new().await;
    world.make_subsidiary(world.borealis(), world.acme()).await;
    world
}

fn fields(world: &World, currency: &str) -> RollupFields {
    RollupFields {
        account: world.acme().account().to_string(),
        currency: currency.to_owned(),
        period_from: (world.today() - chrono::TimeDelta::days(30)).to_string(),
        period_to: world.today().to_string(),
        ..RollupFields::default()
    }
}

async fn prepared(world: &World, fields: RollupFields) -> NewRollup {
    let scope: Scope<WriteInvoices> = world.distributor().scope();
    read::prepare(&scope, fields).await.unwrap()
}

/// The bill that the page would post as it is shown.
async fn shown(world: &World) -> IssueRollup {
    let page = prepared(world, fields(world, "USD")).await;
    let preview = page.preview.expect("something to bill");
    let fields = RollupFields {
        key: preview.key.to_string(),
        due_date: preview.due_date.to_string(),
        seen: preview.total.minor().to_string(),
        shown: preview.shown,
        ..fields(world, "USD")
    };
    fields.parse().unwrap()
}

pub(crate) async fn issue(world: &World) -> RollupId {
    let wanted = shown(world).await;
    write::issue(&world.distributor().scope(), &wanted).await.unwrap()
}

/// A bill that is due in so many days.
pub(crate) async fn issue_due(world: &World, days: i64) -> RollupId {
    let wanted = IssueRollup {
        due_date: world.today() + chrono::TimeDelta::days(days),
        ..shown(world).await
    };
    write::issue(&world.distributor().scope(), &wanted).await.unwrap()
}

async fn seen(world: &World, id: RollupId) -> Rollup {
    let scope: Scope<ViewIssuedInvoices> = world.distributor().scope();
    read::find(&scope, id).await.unwrap()
}

async fn open(world: &World, id: InvoiceId) -> (i64, i64) {
    let scope: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let row = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::Id.eq(id.0))
        .one(scope.db())
        .await;
    let row = row.unwrap().unwrap();
    (row.open_minor, row.reserved_minor)
}

async fn assert_clean(world: &World) {
    assert_eq!(check::run(&world.backend).await.unwrap(), Vec::new());
}

#[tokio::test]
async fn a_bill_holds_what_is_open_of_the_subsidiaries_in_its_period_once() {
    let world = family().await;
    let (acme, borealis) = (world.acme(), world.borealis());
    // Issued before the period.
    borealis.invoice("5.00").issued_ago(60).await;
    let part = borealis.invoice("10.00").paid("4.00").await;
    let whole = borealis.invoice("20.00").await;
    // Nor these: the parent's own, settled, a draft, another currency.
    acme.invoice("1.00").await;
    borealis.invoice("2.00").paid("2.00").await;
    borealis.invoice("3.00").draft().await;
    borealis.invoice("4.00").currency(Currency::EUR).await;
    let id = issue(&world).await;
    let bill = seen(&world, id).await;
    assert_eq!(bill.row.total, usd(2_600));
    assert_eq!((bill.row.open, bill.row.state), (usd(2_600), RollupState::Open));
    assert!(bill.row.number.starts_with("ROL-"));
    assert_eq!(bill.blocks.len(), 1);
    let held: Vec<_> = bill.blocks[0].lines.iter().map(|line| line.invoice).collect();
    assert!(held.contains(&part) && held.contains(&whole) && held.len() == 2);
    // Nothing is left for a second one, but in the other currency there is.
    let again = prepared(&world, fields(&world, "USD")).await;
    assert_eq!(again.errors.0.get(""), Some(&Refusal::NothingToRollUp));
    let euros = prepared(&world, fields(&world, "EUR")).await;
    assert_eq!(euros.preview.unwrap().total, Money::new(400, Currency::EUR));
    assert_clean(&world).await;
}

#[tokio::test]
async fn a_form_is_one_bill_and_one_that_is_stale_none() {
    let world = family().await;
    world.borealis().invoice("10.00").await;
    let scope: Scope<WriteInvoices> = world.distributor().scope();
    let stale = shown(&world).await;
    world.borealis().invoice("2.00").await;
    let refused = write::issue(&scope, &stale).await;
    let moved = Refusal::RollupMoved {
        seen: usd(1_000),
        now: usd(1_200),
    };
    assert!(matches!(refused, Err(Error::Refused(why)) if why == moved));
    // As much is owed, and on another invoice.
    let wanted = shown(&world).await;
    let later = world.borealis().invoice("5.00").await;
    let other = IssueRollup {
        seen: usd(1_700),
        ..wanted
    };
    let refused = write::issue(&scope, &other).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::RollupMoved { seen, now })) if seen == now));
    invoices::void::void(&world.distributor().scope(), later, "Sent twice")
        .await
        .unwrap();
    let wanted = shown(&world).await;
    let id = write::issue(&scope, &wanted).await.unwrap();
    assert_eq!(write::issue(&scope, &wanted).await.unwrap(), id);
    let other = IssueRollup {
        seen: usd(1),
        ..wanted
    };
    let refused = write::issue(&scope, &other).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::FormBroken))));
    let over = IssueRollup {
        due_date: world.today() - chrono::TimeDelta::days(1),
        ..shown_again(&world).await
    };
    assert!(matches!(
        write::issue(&scope, &over).await,
        Err(Error::Invalid(_))
    ));
    let bills = list::list(&scope_of_views(&world), &RollupQuery::default())
        .await
        .unwrap();
    assert_eq!(bills.rows.len(), 1);
    assert_clean(&world).await;
}

async fn shown_again(world: &World) -> IssueRollup {
    world.borealis().invoice("7.00").await;
    shown(world).await
}

fn scope_of_views(world: &World) -> Scope<ViewIssuedInvoices> {
    world.distributor().scope()
}

#[tokio::test]
async fn a_withdrawn_bill_keeps_its_number_and_frees_its_invoices() {
    let world = family().await;
    let invoice = world.borealis().invoice("10.00").await;
    let id = issue(&world).await;
    let scope: Scope<VoidInvoices> = world.distributor().scope();
    assert!(matches!(
        write::void(&scope, id, " ").await,
        Err(Error::Invalid(_))
    ));
    write::void(&scope, id, "Wrong period").await.unwrap();
    let bill = seen(&world, id).await;
    assert_eq!(bill.row.state, RollupState::Void);
    assert_eq!((bill.row.total, bill.row.open), (usd(1_000), usd(0)));
    assert_eq!(bill.void_reason.as_deref(), Some("Wrong period"));
    assert_eq!(bill.blocks[0].lines[0].invoice, invoice);
    let again = write::void(&scope, id, "Again").await;
    assert!(matches!(
        again,
        Err(Error::Refused(Refusal::Locked {
            why: Locked::Void,
            ..
        }))
    ));
    let next = issue(&world).await;
    let numbers = [bill.row.number, seen(&world, next).await.row.number];
    assert!(numbers[0] < numbers[1], "{numbers:?}");
    assert_clean(&world).await;
}

#[tokio::test]
async fn the_subsidiary_is_told_number_and_parent_and_sees_no_bill() {
    let world = family().await;
    let invoice = world.borealis().invoice("10.00").await;
    let id = issue(&world).await;
    let below: Scope<ViewReceivedInvoices> = world.borealis().scope();
    let page = invoices::read::find(&below, invoice).await.unwrap();
    let billed = page.billed_with.unwrap();
    assert_eq!((billed.payer.as_str(), billed.rollup), ("Acme", None));
    assert!(matches!(read::find(&below, id).await, Err(Error::NotFound)));
    // The parent sees its bill with its lines, also who does not reach the subsidiaries' papers.
    let near: Scope<ViewReceivedInvoices> = world.acme().scope();
    let bill = read::find(&near, id).await.unwrap();
    assert_eq!((bill.row.open, bill.payable), (usd(1_000), usd(1_000)));
    assert!(!bill.blocks[0].lines[0].reached);
    assert!(matches!(
        invoices::read::find(&near, invoice).await,
        Err(Error::NotFound)
    ));
    // A stranger finds nothing.
    let stranger: Scope<ViewReceivedInvoices> = world.daisy().scope();
    assert!(matches!(read::find(&stranger, id).await, Err(Error::NotFound)));
    assert!(
        list::list(&stranger, &RollupQuery::default())
            .await
            .unwrap()
            .rows
            .is_empty()
    );
}

#[tokio::test]
async fn what_is_billed_is_neither_voided_nor_changed() {
    let world = family().await;
    let invoice = world.borealis().invoice("10.00").await;
    issue(&world).await;
    let refused = invoices::void::void(&world.distributor().scope(), invoice, "Wrong").await;
    assert!(matches!(
        refused,
        Err(Error::Refused(Refusal::Locked {
            why: Locked::RolledUp,
            ..
        }))
    ));
    let scope: Scope<WriteInvoices> = world.distributor().scope();
    let form = invoices::edit::form(&scope, invoice).await.unwrap();
    assert!(matches!(
        form.writing,
        domain::invoices::editing::Writing::Refused {
            why: Locked::RolledUp,
            ..
        }
    ));
}
