//! Credit notes over parts and wholes: what is due goes down first, nothing is credited twice, and what was used stays.

mod account;
mod costs;
mod explain;
mod parties;
mod pay_back;

use super::{
    list::{self, Narrowed},
    read, write,
};
use crate::{
    Error, Scope, check,
    payments::{offline, payers},
    testing::World,
};
use domain::{
    Currency, FieldErrors, Money, Refusal,
    access::{IssueCreditNotes, RecordPayments, Roles, SellerRole, ViewIssuedInvoices, ViewReceivedInvoices},
    credit_notes::{CreditPut, CreditReason, HowMuch, IssueCredit},
    ids::InvoiceId,
    list::{Position, Total},
    payments::{SubmitLine, offline::AllocatePayment},
    refusal::NotPayable,
};

fn searched(text: &str) -> Narrowed<'_> {
    Narrowed {
        search: Some(text),
        ..Narrowed::default()
    }
}

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

async fn typed(scope: &Scope<IssueCreditNotes>, invoice: InvoiceId, parts: &[(u32, i64)]) -> IssueCredit {
    let form = read::form(scope, invoice).await.unwrap();
    IssueCredit {
        key: form.key,
        invoice,
        seen: form.left,
        reason: CreditReason::Return,
        note: "Two boxes".to_owned(),
        how_much: if parts.is_empty() {
            HowMuch::Everything
        } else {
            HowMuch::Parts
        },
        parts: parts
            .iter()
            .map(|(position, net)| (*position, usd(*net)))
            .collect(),
        pay_back: None,
    }
}

async fn assert_clean(world: &World) {
    assert_eq!(check::run(&world.backend).await.unwrap(), Vec::new());
}

#[tokio::test]
async fn what_is_due_goes_down_first_and_the_rest_is_credit() {
    let world = World::new().await;
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    let id = world.acme().invoice("100.00").tax(19).paid("100.00").await;
    let credit = typed(&scope, id, &[(1, 5_000)]).await;
    let note = write::issue(&scope, &credit).await.unwrap();
    // Posted twice it is one.
    assert_eq!(write::issue(&scope, &credit).await.unwrap(), note);
    let seen = read::find(&world.acme().scope::<ViewReceivedInvoices>(), note)
        .await
        .unwrap();
    assert_eq!(seen.totals.total, usd(5_950));
    let put = CreditPut {
        invoice: id,
        number: seen.invoices[0].1.clone(),
        amount: usd(1_900),
        instead: usd(0),
        reached: true,
    };
    assert_eq!(seen.applied, [put]);
    assert_eq!(seen.remaining, usd(4_050));
    assert_eq!(seen.reason, "Return: Two boxes");
    assert_clean(&world).await;
    let form = read::form(&scope, id).await.unwrap();
    assert_eq!((form.due.free, form.left), (usd(0), usd(5_950)));
    assert_eq!(form.lines[0].left, usd(5_000));
    // The rest of it is the exact mirror.
    write::issue(&scope, &typed(&scope, id, &[]).await).await.unwrap();
    assert_eq!(read::form(&scope, id).await.unwrap().left, usd(0));
    assert_clean(&world).await;
    let again = write::issue(&scope, &typed(&scope, id, &[]).await).await;
    assert!(matches!(again, Err(Error::Refused(Refusal::NothingToCredit))));
}

#[tokio::test]
async fn nothing_is_credited_twice_even_at_once() {
    let world = World::new().await;
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    let id = world.acme().invoice("100.00").await;
    let (a, b) = (
        typed(&scope, id, &[(1, 6_000)]).await,
        typed(&scope, id, &[(1, 6_000)]).await,
    );
    let (a, b) = tokio::join!(write::issue(&scope, &a), write::issue(&scope, &b));
    let refused: Vec<_> = [a, b].into_iter().filter_map(Result::err).collect();
    assert_eq!(refused.len(), 1);
    assert!(matches!(&refused[0], Error::Invalid(FieldErrors(errors))
        if errors.get("lines[0][amount]") == Some(&Refusal::MoreThanLeft { left: usd(4_000) })));
    let whole = typed(&scope, id, &[]).await;
    write::issue(&scope, &typed(&scope, id, &[(1, 10)]).await)
        .await
        .unwrap();
    let moved = write::issue(&scope, &whole).await;
    assert!(matches!(moved, Err(Error::Refused(Refusal::MoreThanLeft { .. }))));
    assert_clean(&world).await;
}

#[tokio::test]
async fn drafts_void_ones_and_strangers_are_not_credited_and_sales_may_not() {
    let world = World::new().await;
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    let draft = world.acme().invoice("5.00").draft().await;
    let refused = write::issue(&scope, &typed(&scope, draft, &[]).await).await;
    assert!(matches!(
        refused,
        Err(Error::Refused(Refusal::NotPayable {
            why: NotPayable::Draft,
            ..
        }))
    ));
    let foreign = world.daisy().invoice("5.00").await;
    assert!(matches!(read::form(&scope, foreign).await, Err(Error::NotFound)));
    let own = world.acme().invoice("5.00").await;
    let stranger = IssueCredit {
        invoice: foreign,
        ..typed(&scope, own, &[]).await
    };
    assert!(matches!(
        write::issue(&scope, &stranger).await,
        Err(Error::NotFound)
    ));
    let sales = world.distributor().actor(Roles {
        seller: Some(SellerRole::Sales),
        buyer: None,
    });
    assert!(matches!(
        sales.permit::<IssueCreditNotes>(),
        Err(Error::Forbidden(_))
    ));
}

#[tokio::test]
async fn credit_is_put_elsewhere_and_an_unused_note_is_withdrawn() {
    let world = World::new().await;
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    let money: Scope<RecordPayments> = world.distributor().scope();
    let id = world.acme().invoice("100.00").await;
    let note = write::issue(&scope, &typed(&scope, id, &[(1, 3_000)]).await)
        .await
        .unwrap();
    let used = write::void(&scope, note, "Wrong customer").await;
    assert!(matches!(used, Err(Error::Refused(Refusal::CreditUsed))));
    let put = payers::allocate_form(&money, note.0).await.unwrap();
    assert!(put.is_credit);
    assert_eq!(
        offline::take_off(&money, put.put[0].allocation).await.unwrap(),
        note.0
    );
    assert_clean(&world).await;
    // Elsewhere, and off again.
    let other = world.acme().invoice("20.00").await;
    let form = payers::allocate_form(&money, note.0).await.unwrap();
    assert_eq!(form.unapplied, usd(3_000));
    let line = SubmitLine {
        invoice: other,
        seen: usd(2_000),
        amount: usd(2_000),
    };
    let wanted = AllocatePayment {
        key: form.key,
        from: note.0,
        lines: vec![line],
    };
    offline::allocate(&money, &wanted).await.unwrap();
    assert_clean(&world).await;
    let put = payers::allocate_form(&money, note.0).await.unwrap().put;
    offline::take_off(&money, put[0].allocation).await.unwrap();
    assert!(matches!(
        write::void(&scope, note, "").await,
        Err(Error::Invalid(_))
    ));
    write::void(&scope, note, "Wrong customer").await.unwrap();
    assert_clean(&world).await;
    assert!(matches!(
        write::void(&scope, note, "Again").await,
        Err(Error::Conflict)
    ));
    assert!(matches!(
        payers::allocate_form(&money, note.0).await,
        Err(Error::NotFound)
    ));
    // What was withdrawn can be credited again.
    assert_eq!(read::form(&scope, id).await.unwrap().left, usd(10_000));
}

#[tokio::test]
async fn the_list_shows_both_sides_their_own() {
    let world = World::new().await;
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    let id = world.acme().invoice("100.00").await;
    for net in [1_000, 2_000] {
        write::issue(&scope, &typed(&scope, id, &[(1, net)]).await)
            .await
            .unwrap();
    }
    let issued = world.distributor().scope::<ViewIssuedInvoices>();
    let all = list::list(&issued, Narrowed::default(), &Position::First)
        .await
        .unwrap();
    assert_eq!(all.total, Total::Exactly(2));
    assert_eq!(all.rows[0].total, usd(2_000));
    let number = all.rows[1].number.to_lowercase();
    let found = list::list(&issued, searched(&number), &Position::First)
        .await
        .unwrap();
    assert_eq!(found.rows.len(), 1);
    let received = world.acme().scope::<ViewReceivedInvoices>();
    let made = list::list(&received, searched("northwind"), &Position::Last)
        .await
        .unwrap();
    assert_eq!(made.total, Total::Exactly(2));
    let other = world.borealis().scope::<ViewReceivedInvoices>();
    assert!(
        list::list(&other, Narrowed::default(), &Position::First)
            .await
            .unwrap()
            .rows
            .is_empty()
    );
}
