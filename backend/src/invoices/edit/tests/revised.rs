//! What was replaced is found as it was, and credit that only pays an invoice does not fix its lines.

use super::*;
use crate::credit_notes::{account, read as credits, write as credit};
use domain::{
    credit_notes::{CreditReason, HowMuch, IssueCredit, account::CreditAccount},
    invoices::Changed,
};

#[tokio::test]
async fn a_paper_says_which_revision_it_is_and_the_old_one_is_found_by_both_sides() {
    let world = World::new().await;
    let scope = writer(&world);
    let buyer: Scope<ViewReceivedInvoices> = world.acme().scope();
    let seller: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let id = world.acme().invoice("100.00").await;
    assert_eq!(read::find(&buyer, id).await.unwrap().changed, None);
    for cents in [6_000, 7_000] {
        let shown = form(&scope, id).await.unwrap();
        write(&scope, &typed(&shown, WriteAct::Save, &[("Seats", 1, cents)]))
            .await
            .unwrap();
    }
    let today = scope.actor().today();
    let now = Changed {
        revision: 3,
        on: today,
    };
    assert_eq!(read::find(&buyer, id).await.unwrap().changed, Some(now));
    let first = revisions::replaced(&buyer, id, 1).await.unwrap();
    assert_eq!(first.revision.snapshot.totals.total, usd(10_000));
    assert_eq!((first.on, first.invoice.row.id), (today, id));
    let second = revisions::replaced(&seller, id, 2).await.unwrap();
    assert_eq!(second.revision.snapshot.totals.total, usd(7_140));
    // The one that holds is the invoice itself.
    for number in [0, 3, u32::MAX] {
        let none = revisions::replaced(&buyer, id, number).await;
        assert!(matches!(none, Err(Error::NotFound)), "{number}");
    }
    let stranger: Scope<ViewIssuedInvoices> = world.acme().scope();
    let none = revisions::replaced(&stranger, id, 1).await;
    assert!(matches!(none, Err(Error::NotFound)));
}

/// Credits Acme's account over as much, without tax, and 19 % on it.
async fn credit_account(world: &World, cents: i64) {
    let issuer: Scope<IssueCreditNotes> = world.distributor().scope();
    let like = new_form(&writer(world), world.acme().account()).await.unwrap();
    let WriteInvoice { lines, totals, .. } = typed(&like, WriteAct::Save, &[("Bonus", 1, cents)]);
    let form = account::form(&issuer, world.acme().account(), Some(Currency::USD))
        .await
        .unwrap();
    let credit = CreditAccount {
        key: form.key,
        account: form.account,
        seen: form.due.free,
        reason: CreditReason::Discount,
        note: "Of the year".to_owned(),
        totals,
        lines,
        pay_back: None,
    };
    account::issue(&issuer, &credit).await.unwrap();
}

#[tokio::test]
async fn credit_from_elsewhere_is_settled_like_money() {
    let world = World::new().await;
    let scope = writer(&world);
    let id = world.acme().invoice("100.00").tax(19).await;
    credit_account(&world, 2_000).await;
    let shown = form(&scope, id).await.unwrap();
    assert!(matches!(shown.writing, Writing::Revision { settled, .. } if settled == usd(2_380)));
    let below = write(&scope, &typed(&shown, WriteAct::Save, &[("Seats", 1, 1_999)])).await;
    assert!(
        matches!(&below, Err(Error::Invalid(errors)) if errors.0[""] == Refusal::BelowSettled { settled: usd(2_380) }),
        "{below:?}"
    );
    write(&scope, &typed(&shown, WriteAct::Save, &[("Seats", 2, 3_000)]))
        .await
        .unwrap();
    let stored = row(&world, id).await.unwrap();
    assert_eq!(
        (stored.total_minor, stored.credited_minor, stored.open_minor),
        (7_140, 2_380, 4_760)
    );
    assert_clean(&world).await;
    // All of what it says now can be credited, and from then on its lines stand.
    let issuer: Scope<IssueCreditNotes> = world.distributor().scope();
    let left = credits::form(&issuer, id).await.unwrap();
    assert_eq!(left.left, usd(7_140));
    let note = IssueCredit {
        key: left.key,
        invoice: id,
        seen: left.left,
        reason: CreditReason::Discount,
        note: String::new(),
        how_much: HowMuch::Parts,
        parts: vec![(1, usd(1_000))],
        pay_back: None,
    };
    credit::issue(&issuer, &note).await.unwrap();
    let shown = form(&scope, id).await.unwrap();
    assert!(matches!(
        shown.writing,
        Writing::Refused {
            why: Locked::HasCredits,
            ..
        }
    ));
    assert_clean(&world).await;
}

#[tokio::test]
async fn as_little_as_was_credited_is_complete() {
    let world = World::new().await;
    let scope = writer(&world);
    let id = world.acme().invoice("100.00").tax(19).await;
    credit_account(&world, 2_000).await;
    let shown = form(&scope, id).await.unwrap();
    write(&scope, &typed(&shown, WriteAct::Save, &[("Seats", 1, 2_000)]))
        .await
        .unwrap();
    let stored = row(&world, id).await.unwrap();
    assert_eq!((stored.stage, stored.open_minor), (Stage::Paid, 0));
    assert_clean(&world).await;
}
