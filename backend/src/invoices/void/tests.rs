//! Withdrawing: only while nothing hangs on it, for a reason, and out of the books.

use super::{form, void};
use crate::{
    Error, Scope, check, credit_notes,
    invoices::edit,
    payments::{offline, payers},
    testing::World,
};
use domain::{
    Refusal,
    access::{IssueCreditNotes, RecordPayments, Roles, SellerRole, ViewBooks, VoidInvoices},
    credit_notes::{CreditReason, HowMuch, IssueCredit},
    invoices::editing::Writing,
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

/// It was credited once; that the credit lies elsewhere by now does not undo it.
#[tokio::test]
async fn what_a_credit_note_names_is_neither_withdrawn_nor_changed() {
    let world = World::new().await;
    let seller = world.distributor();
    let id = world.acme().invoice("100.00").await;
    let issuer: Scope<IssueCreditNotes> = seller.scope();
    let asked = credit_notes::read::form(&issuer, id).await.unwrap();
    let credit = IssueCredit {
        key: asked.key,
        invoice: id,
        seen: asked.left,
        reason: CreditReason::Discount,
        note: String::new(),
        how_much: HowMuch::Everything,
        parts: Vec::new(),
        pay_back: None,
    };
    let note = credit_notes::write::issue(&issuer, &credit).await.unwrap();
    let recorder: Scope<RecordPayments> = seller.scope();
    let put = payers::allocate_form(&recorder, note.0).await.unwrap().put;
    offline::take_off(&recorder, put[0].allocation).await.unwrap();

    let voider: Scope<VoidInvoices> = seller.scope();
    assert_eq!(form(&voider, id).await.unwrap().possible, Err(Locked::HasCredits));
    let refused = void(&voider, id, "Sent twice").await;
    assert!(matches!(
        refused,
        Err(Error::Refused(Refusal::Locked {
            why: Locked::HasCredits,
            ..
        }))
    ));
    let changed = edit::form(&seller.scope(), id).await.unwrap();
    assert!(matches!(
        changed.writing,
        Writing::Refused {
            why: Locked::HasCredits,
            ..
        }
    ));
    // With the note it may go.
    credit_notes::write::void(&issuer, note, "Wrong").await.unwrap();
    void(&voider, id, "Sent twice").await.unwrap();
    assert_eq!(check::run(&world.backend).await.unwrap(), Vec::new());
}
