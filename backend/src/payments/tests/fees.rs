//! What the gateway keeps: booked once, from the book that the money came to, and told to the seller alone.

use super::{
    debits::{post, under_way},
    *,
};
use crate::{ledger, payments::list};
use domain::{
    access::ViewBooks,
    ledger::Book,
    payments::{PaymentQuery, Receipt},
};
use futures::TryStreamExt;

/// What lies in a book of a seller, in a currency.
async fn balance(scope: Scope<ViewBooks>, book: Book, currency: Currency) -> i64 {
    let books = ledger::read::books(&scope, None).await.unwrap();
    let of = books
        .books
        .iter()
        .find(|balance| balance.book == book && balance.debit.currency() == currency);
    of.map_or(0, |balance| balance.balance().unwrap().minor())
}

/// The receipt of the only payment, as the seller and as the buyer read it.
async fn receipts(
    seller: Scope<ViewIssuedInvoices>,
    buyer: Scope<ViewReceivedInvoices>,
) -> (Receipt, Receipt) {
    let rows: Vec<_> = list::stream(&seller, &PaymentQuery::default())
        .try_collect()
        .await
        .unwrap();
    let id = rows[0].id;
    let receipt = read::receipt(&seller, id).await.unwrap();
    assert_eq!(rows[0].fee, receipt.fee);
    let others: Vec<_> = list::stream(&buyer, &PaymentQuery::default())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(others[0].fee, None);
    (receipt, read::receipt(&buyer, id).await.unwrap())
}

#[tokio::test]
async fn the_fee_of_a_card_is_booked_with_its_payment_and_shown_to_the_seller() {
    let world = World::new().await;
    let acme = world.acme();
    let invoice = acme.invoice("100.00").await;
    world.gateway.next_fee(usd(320));
    pay(acme, &[invoice], new_card("pm_ok")).await;
    let distributor = world.distributor();
    let held = |book| balance(distributor.scope(), book, Currency::USD);
    assert_eq!((held(Book::CardCash).await, held(Book::Fees).await), (9_680, 320));
    let (sellers, buyers) = receipts(distributor.scope(), acme.scope()).await;
    assert_eq!((sellers.fee, sellers.net()), (Some(usd(320)), Some(usd(9_680))));
    assert_eq!((buyers.fee, buyers.net()), (None, None));
    assert_sound(&world).await;
}

#[tokio::test]
async fn the_fee_of_a_debit_is_booked_once_when_it_is_known() {
    let world = World::new().await;
    let (_, intent) = under_way(&world).await;
    world.gateway.settle(&intent, IntentState::Succeeded);
    world.seconds_pass(61);
    post(&world, "evt_1", &intent).await;
    let acme = world.acme();
    let held = |book| balance(acme.scope(), book, Currency::USD);
    assert_eq!((held(Book::DebitCash).await, held(Book::Fees).await), (10_000, 0));
    world.gateway.fee(&intent, usd(80));
    for event in ["evt_2", "evt_3"] {
        post(&world, event, &intent).await;
    }
    assert_eq!((held(Book::DebitCash).await, held(Book::Fees).await), (9_920, 80));
    assert_sound(&world).await;
}

#[tokio::test]
async fn a_fee_in_another_currency_is_booked_in_it_and_leaves_no_net() {
    let world = World::new().await;
    let acme = world.acme();
    let invoice = acme.invoice("100.00").await;
    let fee = Money::new(295, Currency::EUR);
    world.gateway.next_fee(fee);
    pay(acme, &[invoice], new_card("pm_ok")).await;
    let distributor = world.distributor();
    let held = |book, currency| balance(distributor.scope(), book, currency);
    assert_eq!(held(Book::CardCash, Currency::USD).await, 10_000);
    assert_eq!(held(Book::CardCash, Currency::EUR).await, -295);
    assert_eq!(held(Book::Fees, Currency::EUR).await, 295);
    let (sellers, _) = receipts(distributor.scope(), acme.scope()).await;
    assert_eq!((sellers.fee, sellers.net()), (Some(fee), None));
    assert_sound(&world).await;
}
