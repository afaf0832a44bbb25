//! Credit notes over an account: what is due goes down first, once, and nothing is credited beside a debt.

use super::*;
use crate::credit_notes::account;
use domain::{
    Quantity, TaxRate, UnitPrice,
    credit_notes::{PayBack, Split, account::CreditAccount},
    ids::CreditNoteId,
    invoices::{
        InvoiceLine, TaxCategory,
        totals::{Line, WholeDocument, totals},
    },
    refunds::RefundWay,
};

fn line(position: u32, net: i64, percent: i64) -> InvoiceLine {
    InvoiceLine {
        position,
        item_code: None,
        description: "Bonus".to_owned(),
        quantity: Quantity::ONE,
        unit_price: UnitPrice::from_decimal(usd(net).to_decimal()).unwrap(),
        discount: usd(0),
        net: usd(net),
        tax_category: if percent == 0 {
            TaxCategory::Z
        } else {
            TaxCategory::S
        },
        tax_rate: TaxRate::from_scaled(percent * 10_000),
    }
}

/// Acme is credited some lines, each with its tax in percent.
pub(super) async fn typed(world: &World, lines: &[(i64, i64)], back: Option<i64>) -> CreditAccount {
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    let form = account::form(&scope, world.acme().account(), Some(Currency::USD))
        .await
        .unwrap();
    let lines: Vec<InvoiceLine> = (1..)
        .zip(lines)
        .map(|(position, (net, percent))| line(position, *net, *percent))
        .collect();
    let added: Vec<Line> = lines.iter().map(Line::from).collect();
    CreditAccount {
        key: form.key,
        account: form.account,
        seen: form.due.free,
        reason: CreditReason::Discount,
        note: "Of the year".to_owned(),
        totals: totals(Currency::USD, &added, &WholeDocument::plain(Currency::USD)).unwrap(),
        lines,
        pay_back: back.map(|amount| PayBack {
            amount: usd(amount),
            way: RefundWay::ByHand,
            reference: "Transfer 7".to_owned(),
        }),
    }
}

async fn split(world: &World, note: CreditNoteId) -> Split {
    let scope = world.acme().scope::<ViewReceivedInvoices>();
    Split::of(&read::find(&scope, note).await.unwrap()).unwrap()
}

fn parts(less_due: i64, paid_back: i64, credit: i64) -> Split {
    Split {
        less_due: usd(less_due),
        paid_back: usd(paid_back),
        credit: usd(credit),
    }
}

#[tokio::test]
async fn what_is_due_first_goes_down_first_and_the_rest_is_paid_back_and_kept() {
    let world = World::new().await;
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    let later = world.acme().invoice("50.00").due(30).await;
    let sooner = world.acme().invoice("40.00").due(10).await;
    world.acme().invoice("70.00").currency(Currency::EUR).await;
    let first = typed(&world, &[(5_000, 19), (1_000, 7)], None).await;
    assert_eq!(first.seen, usd(9_000));
    let note = account::issue(&scope, &first).await.unwrap();
    // Posted twice it is one.
    assert_eq!(account::issue(&scope, &first).await.unwrap(), note);
    let seen = read::find(&world.acme().scope::<ViewReceivedInvoices>(), note)
        .await
        .unwrap();
    assert_eq!((seen.totals.total, seen.invoices.len()), (usd(7_020), 0));
    assert_eq!(seen.totals.taxes.len(), 2);
    let put: Vec<_> = seen.applied.iter().map(|put| (put.invoice, put.amount)).collect();
    assert!(put.contains(&(sooner, usd(4_000))) && put.contains(&(later, usd(3_020))));
    assert_eq!(split(&world, note).await, parts(7_020, 0, 0));
    assert_clean(&world).await;

    // 19.80 are due still; the rest of 100.00 is 80.20.
    let second = typed(&world, &[(10_000, 0)], Some(3_000)).await;
    let note = account::issue(&scope, &second).await.unwrap();
    assert_eq!(split(&world, note).await, parts(1_980, 3_000, 5_020));
    let back = read::find(&world.acme().scope::<ViewReceivedInvoices>(), note)
        .await
        .unwrap()
        .back;
    assert_eq!(
        (back[0].amount, back[0].reason.as_str()),
        (usd(3_000), "Transfer 7")
    );
    let used = write::void(&scope, note, "Wrong").await;
    assert!(matches!(used, Err(Error::Refused(Refusal::CreditUsed))));
    assert_clean(&world).await;
}

#[tokio::test]
async fn nothing_is_paid_back_while_something_is_due_and_nothing_to_a_card() {
    let world = World::new().await;
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    world.acme().invoice("50.00").await;
    let too_much = typed(&world, &[(10_000, 7)], Some(5_701)).await;
    let refused = account::issue(&scope, &too_much).await;
    assert!(matches!(&refused, Err(Error::Invalid(FieldErrors(errors)))
        if errors.get("back") == Some(&Refusal::MoreThanRest { rest: usd(5_700) })));
    let mut to_card = typed(&world, &[(10_000, 7)], Some(100)).await;
    to_card.pay_back.as_mut().unwrap().way = RefundWay::Gateway;
    let refused = account::issue(&scope, &to_card).await;
    assert!(matches!(refused, Err(Error::Invalid(errors)) if errors.0.contains_key("way")));
    assert_clean(&world).await;
}

#[tokio::test]
async fn who_saw_something_else_is_told_and_two_at_once_never_take_the_same_debt() {
    let world = World::new().await;
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    let id = world.acme().invoice("50.00").await;
    let stale = typed(&world, &[(1_000, 7)], None).await;
    world.acme().invoice("20.00").await;
    let refused = account::issue(&scope, &stale).await;
    let (seen, now) = (usd(5_000), usd(7_000));
    assert!(matches!(refused, Err(Error::Refused(refusal)) if refusal == Refusal::DueMoved { seen, now }));
    let (a, b) = (
        typed(&world, &[(6_000, 7)], None).await,
        typed(&world, &[(6_000, 7)], None).await,
    );
    let (a, b) = tokio::join!(account::issue(&scope, &a), account::issue(&scope, &b));
    let (done, refused): (Vec<_>, Vec<_>) = [a, b].into_iter().partition(Result::is_ok);
    assert_eq!((done.len(), refused.len()), (1, 1));
    assert!(matches!(
        refused[0],
        Err(Error::Refused(Refusal::DueMoved { .. }))
    ));
    assert_eq!(read::form(&scope, id).await.unwrap().due.free, usd(0));
    assert_clean(&world).await;
}

#[tokio::test]
async fn an_unused_one_is_withdrawn_and_strangers_are_not_credited() {
    let world = World::new().await;
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    let credit = typed(&world, &[(1_000, 7)], None).await;
    let note = account::issue(&scope, &credit).await.unwrap();
    assert_eq!(split(&world, note).await, parts(0, 0, 1_070));
    write::void(&scope, note, "Wrong customer").await.unwrap();
    assert_clean(&world).await;
    let foreign = world.daisy().account();
    let form = account::form(&scope, foreign, None).await;
    assert!(matches!(form, Err(Error::NotFound)));
    let stranger = CreditAccount {
        key: typed(&world, &[(1_000, 7)], None).await.key,
        account: foreign,
        ..credit
    };
    assert!(matches!(
        account::issue(&scope, &stranger).await,
        Err(Error::NotFound)
    ));
}
