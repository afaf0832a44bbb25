//! Who stands on a credit note, whatever they are called since.

use super::{account::typed as typed_account, *};
use crate::credit_notes::account;
use domain::ids::CreditNoteId;
use sea_orm::ConnectionTrait;

async fn everybody_moves(world: &World) {
    let moved = "UPDATE tenants SET name = 'Renamed', street = 'Elsewhere 1'";
    let writer = world.backend.system().writer();
    writer.execute_unprepared(moved).await.unwrap();
}

/// Names of seller and buyer, and where the buyer is.
async fn printed(world: &World, note: CreditNoteId) -> (String, String, String) {
    let scope = world.acme().scope::<ViewReceivedInvoices>();
    let seen = read::find(&scope, note).await.unwrap();
    (seen.seller.name, seen.buyer.name, seen.buyer.street)
}

#[tokio::test]
async fn one_over_an_invoice_prints_that_invoices_parties() {
    let world = World::new().await;
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    let id = world.acme().invoice("100.00").await;
    everybody_moves(&world).await;
    let note = write::issue(&scope, &typed(&scope, id, &[(1, 5_000)]).await)
        .await
        .unwrap();
    let invoice = crate::invoices::read::find(&world.acme().scope::<ViewReceivedInvoices>(), id)
        .await
        .unwrap();
    let (seller, buyer, street) = printed(&world, note).await;
    assert_ne!((seller.as_str(), buyer.as_str()), ("Renamed", "Renamed"));
    assert_eq!(
        (seller, buyer, street),
        (invoice.seller.name, invoice.buyer.name, invoice.buyer.street)
    );
}

#[tokio::test]
async fn one_over_an_account_prints_the_parties_of_its_day() {
    let world = World::new().await;
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    let credit = typed_account(&world, &[(5_000, 0)], None).await;
    let note = account::issue(&scope, &credit).await.unwrap();
    let before = printed(&world, note).await;
    everybody_moves(&world).await;
    assert_eq!(printed(&world, note).await, before);
    assert_ne!(before.0, "Renamed");
    let credit = typed_account(&world, &[(1_000, 0)], None).await;
    let later = account::issue(&scope, &credit).await.unwrap();
    assert_eq!(printed(&world, later).await.1, "Renamed");
    assert_clean(&world).await;
}

#[tokio::test]
async fn one_of_which_nothing_was_kept_prints_the_parties_of_today() {
    let world = World::new().await;
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    let credit = typed_account(&world, &[(5_000, 0)], None).await;
    let note = account::issue(&scope, &credit).await.unwrap();
    let writer = world.backend.system().writer();
    let forget = "UPDATE credit_notes SET parties = NULL";
    writer.execute_unprepared(forget).await.unwrap();
    everybody_moves(&world).await;
    let renamed = (
        "Renamed".to_owned(),
        "Renamed".to_owned(),
        "Elsewhere 1".to_owned(),
    );
    assert_eq!(printed(&world, note).await, renamed);
}
