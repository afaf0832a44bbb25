//! Giving up: the open rest leaves what is owed and nothing else changes; it comes back as it was.

use super::{form, take_back, write_off};
use crate::{Error, Scope, check, invoices::read, payments::payers, refunds, testing::World};
use domain::{
    Currency, Money, Refusal,
    access::{
        BuyerRole, RecordPayments, RefundPayments, Roles, SellerRole, Side, ViewBooks, ViewReceivedInvoices,
        WriteOffInvoices,
    },
    ids::InvoiceId,
    invoices::{InvoiceQuery, Status},
    ledger::Book,
    refunds::{GiveBack, RefundKind, RefundWay, Then},
    refusal::{Locked, NotPayable},
};
use entity::{codes::Stage, invoice, payment};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn scope(world: &World) -> Scope<WriteOffInvoices> {
    world.distributor().scope()
}

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn stored(world: &World, id: InvoiceId) -> invoice::Model {
    let found = invoice::Entity::find().filter(invoice::Column::Id.eq(id.0));
    found.one(world.backend.system().db()).await.unwrap().unwrap()
}

fn why(outcome: Result<(), Error>) -> Locked {
    match outcome {
        Err(Error::Refused(Refusal::Locked { why, .. })) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_rest_is_given_up_and_comes_back_as_it_was() {
    let world = World::new().await;
    let id = world
        .acme()
        .invoice("100.00")
        .tax(19)
        .issued_ago(90)
        .due(-60)
        .paid("40.00")
        .await;
    let scope = scope(&world);
    let asked = form(&scope, id).await.unwrap();
    assert_eq!((asked.possible, asked.open), (Ok(()), usd(7_900)));
    write_off(&scope, id, "Insolvent").await.unwrap();
    let row = stored(&world, id).await;
    assert_eq!(
        (row.stage, row.open_minor, row.paid_minor, row.written_off_minor),
        (Stage::WrittenOff, 0, 4_000, 7_900)
    );
    assert_eq!(check::run(&world.backend).await.unwrap(), Vec::new());
    assert_eq!(why(write_off(&scope, id, "Twice").await), Locked::WrittenOff);
    let asked = form(&scope, id).await.unwrap();
    assert_eq!(asked.written_off, usd(7_900));
    take_back(&scope, id, "They pay").await.unwrap();
    let row = stored(&world, id).await;
    assert_eq!(
        (row.stage, row.open_minor, row.written_off_minor),
        (Stage::PartlyPaid, 7_900, 0)
    );
    assert_eq!(check::run(&world.backend).await.unwrap(), Vec::new());
    assert_eq!(why(take_back(&scope, id, "Twice").await), Locked::NotWrittenOff);
}

#[tokio::test]
async fn the_books_of_each_day_stand() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").issued_ago(90).due(-60).await;
    write_off(&scope(&world), id, "Insolvent").await.unwrap();
    let books = world.distributor().scope::<ViewBooks>();
    let on = async |day| {
        let books = crate::ledger::read::books(&books, Some(day)).await.unwrap();
        let gone = books.books.iter().find(|one| one.book == Book::WriteOff);
        (
            books.customers.len(),
            gone.map_or(0, |one| one.balance().unwrap().minor()),
        )
    };
    assert_eq!(on(world.today().pred_opt().unwrap()).await, (1, 0));
    // Today nobody owes it any more, so no age has it either.
    assert_eq!(on(world.today()).await, (0, 10_000));
}

#[tokio::test]
async fn what_has_nothing_open_or_is_being_paid_is_not_written_off() {
    let world = World::new().await;
    let scope = scope(&world);
    let draft = world.acme().invoice("1.00").draft().await;
    assert_eq!(why(write_off(&scope, draft, "x").await), Locked::Draft);
    let paid = world.acme().invoice("1.00").paid("1.00").await;
    assert_eq!(why(write_off(&scope, paid, "x").await), Locked::Complete);
    let void = world.acme().invoice("1.00").await;
    crate::invoices::void::void(&world.distributor().scope(), void, "Twice")
        .await
        .unwrap();
    assert_eq!(why(write_off(&scope, void, "x").await), Locked::Void);
    assert_eq!(why(take_back(&scope, void, "x").await), Locked::Void);
    let open = world.acme().invoice("1.00").await;
    assert!(matches!(
        write_off(&scope, open, " ").await,
        Err(Error::Invalid(_))
    ));
    let foreign = world.daisy().invoice("1.00").await;
    assert!(matches!(
        write_off(&scope, foreign, "x").await,
        Err(Error::NotFound)
    ));
    let sales = world.distributor().actor(Roles {
        seller: Some(SellerRole::Sales),
        buyer: None,
    });
    assert!(sales.permit::<WriteOffInvoices>().is_err());
}

#[tokio::test]
async fn nobody_is_offered_what_was_written_off() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").await;
    write_off(&scope(&world), id, "Insolvent").await.unwrap();
    let buyer = world.acme().actor(Roles {
        seller: None,
        buyer: Some(BuyerRole::Payer),
    });
    let received: Scope<ViewReceivedInvoices> = buyer.permit().unwrap();
    assert_eq!(read::select(&received, &[id]).await.unwrap(), Vec::new());
    let seen = read::find(&received, id).await.unwrap();
    assert_eq!(
        (seen.row.status, seen.can_pay),
        (Status::WrittenOff, Err(NotPayable::WrittenOff))
    );
    let mut query = InvoiceQuery::new(Side::Buyer);
    query.filter.statuses = vec![Status::WrittenOff];
    assert_eq!(read::list(&received, &query).await.unwrap().rows.len(), 1);
    query.filter.statuses = vec![Status::Open, Status::Paid];
    assert_eq!(read::list(&received, &query).await.unwrap().rows.len(), 0);
    let recorder: Scope<RecordPayments> = world.distributor().scope();
    let offered = payers::record_form(&recorder, world.acme().account(), None)
        .await
        .unwrap();
    assert_eq!(offered.lines.len(), 0);
    let credit = crate::credit_notes::read::form(&world.distributor().scope(), id)
        .await
        .unwrap();
    assert_eq!(credit.refused, Some(NotPayable::WrittenOff));
}

#[tokio::test]
async fn money_that_goes_back_opens_its_part_again() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").paid("40.00").await;
    let scope = scope(&world);
    write_off(&scope, id, "Insolvent").await.unwrap();
    give_back(&world).await;
    let row = stored(&world, id).await;
    assert_eq!(
        (row.stage, row.open_minor, row.written_off_minor),
        (Stage::PartlyPaid, 4_000, 6_000)
    );
    assert_eq!(check::run(&world.backend).await.unwrap(), Vec::new());
    // What was given up would become credit that nobody paid for.
    let credit = crate::credit_notes::read::form(&world.distributor().scope(), id)
        .await
        .unwrap();
    assert_eq!(credit.refused, Some(NotPayable::WrittenOff));
    // One write-off stands at a time: this one is taken back before all of it is given up.
    assert_eq!(why(write_off(&scope, id, "x").await), Locked::WrittenOff);
    take_back(&scope, id, "Again").await.unwrap();
    let row = stored(&world, id).await;
    assert_eq!((row.stage, row.open_minor), (Stage::Open, 10_000));
    assert_eq!(check::run(&world.backend).await.unwrap(), Vec::new());
}

/// Gives all of the only payment back; its invoices are open again.
#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn give_back(world: &World) {
    let payments = payment::Entity::find();
    let payment = payments.one(world.backend.system().db()).await.unwrap().unwrap();
    let scope: Scope<RefundPayments> = world.distributor().scope();
    let form = refunds::read::form(&scope, payment.id).await.unwrap();
    let back = GiveBack {
        key: form.key,
        from: form.from,
        kind: RefundKind::Reversal,
        way: RefundWay::ByHand,
        then: Then::Reopen,
        reason: "The check came back".to_owned(),
        unapplied: usd(0),
        lines: Vec::new(),
    };
    refunds::write::give_back(&scope, &back).await.unwrap();
}
