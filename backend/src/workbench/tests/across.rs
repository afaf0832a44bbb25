//! A parent's money and credit on its subsidiaries' invoices: whose books it is on, who sees what of it, and that it comes
//! back whatever became of the family since (V27, V42).

use super::*;
use crate::{
    codes::Stored,
    invoices::{self, explain},
    payments::read::receipt,
    refunds, tenants,
};
use domain::{
    access::{
        BuyerReach, BuyerRole, ManageTenants, RefundPayments, ViewIssuedInvoices, ViewReceivedInvoices,
    },
    credit_notes::CreditPut,
    invoices::{SettlementKind, explain::MovedFrom},
    ledger::Book,
    refunds::{GiveBack, RefundKind, RefundWay, Then},
};
use entity::{codes, posting};
use sea_orm::EntityTrait;

/// Borealis belongs to Acme, owes ten dollars, and Acme's six and its credit of three are put to them.
struct Paid {
    invoice: InvoiceId,
    payment: PaymentId,
    note: CreditNoteId,
    plan: PlanId,
}

async fn paid(world: &World) -> Paid {
    let (scope, acme, borealis) = (seller(world), world.acme(), world.borealis());
    world.make_subsidiary(borealis, acme).await;
    let credited = acme.invoice("50.00").paid("50.00").await;
    let invoice = borealis.invoice("10.00").await;
    let payment = money(&scope, acme, 600).await;
    let note = credit(world, credited, 300).await;
    let plan = write::apply(&scope, &shown(&bench(&scope, acme, Rule::Company).await)).await;
    assert_eq!(open(world, invoice).await, 100);
    Paid {
        invoice,
        payment,
        note,
        plan: plan.unwrap(),
    }
}

async fn leaves(world: &World) {
    let scope: Scope<ManageTenants> = world.distributor().scope();
    let left = tenants::below::family::change_parent(&scope, world.borealis().id(), "").await;
    left.unwrap();
}

/// What an account has in a book, in minor units.
#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn booked(world: &World, of: &Party, book: Book) -> i64 {
    let rows = posting::Entity::find().all(world.backend.system().db()).await;
    let book = codes::Book::from_domain(book);
    let rows = rows.unwrap().into_iter();
    rows.filter(|row| row.account_id == of.account().0)
        .map(|row| {
            if row.debit == book {
                row.amount_minor
            } else if row.credit == book {
                -row.amount_minor
            } else {
                0
            }
        })
        .sum()
}

#[tokio::test]
async fn it_is_on_the_books_of_both_and_comes_back_after_the_subsidiary_left() {
    let world = World::new().await;
    let Paid { invoice, plan, .. } = paid(&world).await;
    let (scope, acme, borealis) = (seller(&world), world.acme(), world.borealis());
    assert_eq!(booked(&world, acme, Book::Transfer).await, -900);
    assert_eq!(booked(&world, borealis, Book::Transfer).await, 900);
    assert_eq!(booked(&world, borealis, Book::Receivable).await, 100);
    assert_eq!(booked(&world, acme, Book::Unapplied).await, 0);
    assert_clean(&world).await;

    leaves(&world).await;
    assert_clean(&world).await;
    assert!(read::detail(&scope, plan).await.unwrap().can_undo());
    write::undo(&scope, plan).await.unwrap();
    assert_eq!(open(&world, invoice).await, 1_000);
    for party in [acme, borealis] {
        assert_eq!(booked(&world, party, Book::Transfer).await, 0);
    }
    let after = bench(&scope, acme, Rule::Due).await;
    assert_eq!((after.total, after.debts.len()), (usd(900), 0));
    assert_clean(&world).await;
}

#[tokio::test]
async fn a_family_that_changed_since_it_was_shown_is_told() {
    let world = World::new().await;
    let (scope, acme, borealis) = (seller(&world), world.acme(), world.borealis());
    world.make_subsidiary(borealis, acme).await;
    let invoice = borealis.invoice("10.00").await;
    money(&scope, acme, 600).await;
    let stale = shown(&bench(&scope, acme, Rule::Due).await);
    leaves(&world).await;
    assert!(matches!(
        write::apply(&scope, &stale).await,
        Err(Error::Refused(Refusal::NotOfFamily))
    ));
    assert_eq!(open(&world, invoice).await, 1_000);
    assert_clean(&world).await;
}

#[tokio::test]
async fn a_subsidiarys_money_pays_nothing_of_its_parents() {
    let world = World::new().await;
    let (scope, acme, borealis) = (seller(&world), world.acme(), world.borealis());
    world.make_subsidiary(borealis, acme).await;
    let invoice = acme.invoice("10.00").await;
    let payment = money(&scope, borealis, 600).await;
    let shown_plan = shown(&bench(&scope, acme, Rule::Due).await);
    assert!(shown_plan.lines.is_empty());
    let forged = ApplyPlan {
        sources: vec![(payment.0, usd(600))],
        lines: vec![SubmitLine {
            invoice,
            seen: usd(1_000),
            amount: usd(600),
        }],
        ..shown_plan
    };
    let refused = errors(write::apply(&scope, &forged).await);
    let available = usd(0);
    assert_eq!(
        refused,
        FieldErrors::one("", Refusal::MoreThanAvailable { available })
    );
    assert_clean(&world).await;
}

#[tokio::test]
async fn the_subsidiary_sees_who_paid_and_nothing_of_the_payment() {
    let world = World::new().await;
    let Paid {
        invoice,
        payment,
        note,
        ..
    } = paid(&world).await;
    let below: Scope<ViewReceivedInvoices> = world.borealis().scope();
    let name = || "Acme".to_owned();
    let (detail, moved) = explain::find(&below, invoice).await.unwrap();
    let settled: Vec<_> = detail
        .settlements
        .iter()
        .map(|one| (one.kind.clone(), one.reference.clone(), one.memo.clone()))
        .collect();
    let by_parent = (SettlementKind::Company { name: name() }, None, None);
    assert_eq!(settled, [by_parent.clone(), by_parent]);
    let moved: Vec<_> = moved.iter().map(|one| (one.from, one.number.clone())).collect();
    assert_eq!(
        moved,
        [(MovedFrom::Company, name()), (MovedFrom::Company, name())]
    );
    assert!(matches!(receipt(&below, payment).await, Err(Error::NotFound)));
    assert!(matches!(
        credit_notes::read::find(&below, note).await,
        Err(Error::NotFound)
    ));
    // The seller has the documents themselves.
    let seller: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let detail = invoices::read::find(&seller, invoice).await.unwrap();
    assert!(
        detail
            .settlements
            .iter()
            .all(|one| !matches!(one.kind, SettlementKind::Company { .. }))
    );
}

#[tokio::test]
async fn the_parent_knows_the_number_and_reaches_the_invoice_as_before() {
    let world = World::new().await;
    let Paid {
        invoice,
        payment,
        note,
        ..
    } = paid(&world).await;
    let near: Scope<ViewReceivedInvoices> = world.acme().scope();
    let line = receipt(&near, payment).await.unwrap().lines.remove(0);
    assert_eq!((line.invoice, line.amount, line.open), (invoice, usd(600), None));
    assert!(!line.number.is_empty());
    let credit = credit_notes::read::find(&near, note).await.unwrap();
    let put = |reached| CreditPut {
        invoice,
        number: line.number.clone(),
        amount: usd(300),
        instead: usd(0),
        reached,
    };
    assert_eq!(credit.applied, [put(false)]);
    assert!(matches!(
        invoices::read::find(&near, invoice).await,
        Err(Error::NotFound)
    ));
    let far = world.acme().reaching(BuyerRole::Viewer, BuyerReach::Subsidiaries);
    let far: Scope<ViewReceivedInvoices> = far.await.permit().unwrap();
    let line = receipt(&far, payment).await.unwrap().lines.remove(0);
    assert_eq!(line.open, Some(usd(100)));
    let detail = invoices::read::find(&far, invoice).await.unwrap();
    assert!(matches!(
        detail.settlements.last().unwrap().kind,
        SettlementKind::Offline { .. } | SettlementKind::CreditNote { .. }
    ));
}

#[tokio::test]
async fn money_that_is_given_back_opens_the_subsidiarys_invoice_again() {
    let world = World::new().await;
    let Paid { invoice, payment, .. } = paid(&world).await;
    leaves(&world).await;
    let scope: Scope<RefundPayments> = world.distributor().scope();
    let form = refunds::read::form(&scope, payment.0).await.unwrap();
    let wanted = GiveBack {
        key: form.key,
        from: payment.0,
        kind: RefundKind::Refund,
        way: RefundWay::ByHand,
        then: Then::Reopen,
        reason: "Sent twice".to_owned(),
        unapplied: usd(0),
        lines: vec![SubmitLine {
            invoice,
            seen: usd(600),
            amount: usd(200),
        }],
    };
    refunds::write::give_back(&scope, &wanted).await.unwrap();
    // Of what lay there four dollars stay, on the books of both.
    assert_eq!(open(&world, invoice).await, 300);
    assert_eq!(booked(&world, world.borealis(), Book::Transfer).await, 700);
    assert_clean(&world).await;
}
