//! Withdrawing: only while nothing hangs on it, for a reason, and out of the books.

use super::{form, void};
use crate::{Error, Scope, check, testing::World};
use domain::{
    Refusal,
    access::{Roles, SellerRole, ViewBooks, VoidInvoices},
    refusal::Locked,
};

#[tokio::test]
async fn an_unpaid_one_keeps_its_number_and_leaves_the_books() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").tax(19).issued_ago(9).await;
    let scope: Scope<VoidInvoices> = world.distributor().scope();
    let asked = form(&scope, id).await.unwrap();
    assert_eq!(asked.possible, Ok(()));
    void(&scope, id, "Sent twice").await.unwrap();
    assert_eq!(form(&scope, id).await.unwrap().number, asked.number);
    assert_eq!(check::run(&world.backend).await.unwrap(), Vec::new());
    // Yesterday's books still have it.
    let books = world.distributor().scope::<ViewBooks>();
    let on = async |day| {
        let books = crate::ledger::read::books(&books, Some(day)).await.unwrap();
        books.customers.len()
    };
    assert_eq!(on(world.today()).await, 0);
    assert_eq!(on(world.today().pred_opt().unwrap()).await, 1);
    let again = void(&scope, id, "Sent twice").await;
    assert!(matches!(
        again,
        Err(Error::Refused(Refusal::Locked {
            why: Locked::Void,
            ..
        }))
    ));
}

#[tokio::test]
async fn what_money_hangs_on_stays_and_a_reason_is_needed() {
    let world = World::new().await;
    let scope: Scope<VoidInvoices> = world.distributor().scope();
    let paid = world.acme().invoice("100.00").paid("40.00").await;
    let refused = void(&scope, paid, "Sent twice").await;
    assert!(matches!(
        refused,
        Err(Error::Refused(Refusal::Locked {
            why: Locked::HasPayments,
            ..
        }))
    ));
    let open = world.acme().invoice("100.00").await;
    assert!(matches!(void(&scope, open, " ").await, Err(Error::Invalid(_))));
    let foreign = world.daisy().invoice("100.00").await;
    assert!(matches!(void(&scope, foreign, "x").await, Err(Error::NotFound)));
    let sales = world.distributor().actor(Roles {
        seller: Some(SellerRole::Sales),
        buyer: None,
    });
    let sales: Scope<VoidInvoices> = sales.permit().unwrap();
    void(&sales, open, "Sent twice").await.unwrap();
}
