//! Drafts, issuing them, and revisions of what was issued: numbers, sums, books, and two people at once.

mod costs;
mod dues;
mod from_files;
mod preview;
mod revised;

use super::{delete_draft, form, new_form, write};
use crate::{
    Error, Scope, check,
    invoices::{read, revisions, void},
    testing::World,
};
use domain::{
    Currency, FieldErrors, Money, Quantity, Refusal, TaxRate, UnitPrice,
    access::{
        ImportInvoices, IssueCreditNotes, Roles, SellerRole, ViewIssuedInvoices, ViewReceivedInvoices,
        VoidInvoices, WriteInvoices,
    },
    ids::InvoiceId,
    invoices::{
        InvoiceLine, TaxCategory,
        editing::{InvoiceForm, Revisions, WriteAct, WriteInvoice, Writing, changes},
        totals::{Line, WholeDocument, line_net, totals},
    },
    refusal::Locked,
};
use entity::{codes::Stage, invoice, posting};
use sea_orm::EntityTrait;

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn writer(world: &World) -> Scope<WriteInvoices> {
    world.distributor().scope()
}

/// What somebody typed into a form: lines by description, quantity and price in cents, all with 19 %.
fn typed(form: &InvoiceForm, act: WriteAct, lines: &[(&str, i64, i64)]) -> WriteInvoice {
    let lines: Vec<InvoiceLine> = (1..)
        .zip(lines)
        .map(|(position, (description, quantity, cents))| {
            let quantity = Quantity::from_scaled(quantity * 1_000_000);
            let unit_price = UnitPrice::from_decimal(usd(*cents).to_decimal()).unwrap();
            InvoiceLine {
                position,
                item_code: None,
                description: (*description).to_owned(),
                quantity,
                unit_price,
                discount: usd(0),
                net: line_net(quantity, unit_price, usd(0)).unwrap(),
                tax_category: TaxCategory::S,
                tax_rate: TaxRate::from_scaled(190_000),
            }
        })
        .collect();
    let added: Vec<Line> = lines.iter().map(Line::from).collect();
    WriteInvoice {
        key: form.key,
        invoice: form.invoice,
        version: form.version,
        account: form.account,
        profile: None,
        act,
        reason: "The price was wrong".to_owned(),
        issue_date: form.issue_date,
        due_date: form.due_date,
        note: Some("Thank you".to_owned()),
        totals: totals(Currency::USD, &added, &WholeDocument::plain(Currency::USD)).unwrap(),
        lines,
        costs: Vec::new(),
    }
}

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn row(world: &World, id: InvoiceId) -> Option<invoice::Model> {
    let rows = invoice::Entity::find()
        .all(world.backend.system().db())
        .await
        .unwrap();
    rows.into_iter().find(|row| row.id == id.0)
}

async fn changes_of(world: &World, id: InvoiceId) -> Revisions {
    let buyer: Scope<ViewReceivedInvoices> = world.acme().scope();
    revisions::revisions(&buyer, id).await.unwrap()
}

async fn assert_clean(world: &World) {
    assert_eq!(check::run(&world.backend).await.unwrap(), Vec::new());
}

#[tokio::test]
async fn a_draft_is_written_changed_issued_and_only_then_seen_by_who_is_billed() {
    let world = World::new().await;
    let scope = writer(&world);
    let fresh = new_form(&scope, world.acme().account()).await.unwrap();
    assert_eq!(fresh.writing, Writing::New);
    let draft = typed(&fresh, WriteAct::Save, &[("Seats", 10, 500)]);
    let id = write(&scope, &draft).await.unwrap();
    // Posted twice it is one.
    assert_eq!(write(&scope, &draft).await.unwrap(), id);
    let stored = row(&world, id).await.unwrap();
    assert_eq!(
        (stored.stage, stored.number, stored.total_minor),
        (Stage::Draft, None, 5_950)
    );
    let buyer: Scope<ViewReceivedInvoices> = world.acme().scope();
    assert!(matches!(read::find(&buyer, id).await, Err(Error::NotFound)));
    assert_clean(&world).await;

    let again = form(&scope, id).await.unwrap();
    assert_eq!((again.writing.clone(), again.lines.len()), (Writing::Draft, 1));
    let issued = typed(
        &again,
        WriteAct::Issue,
        &[("Seats", 12, 500), ("Set-up", 1, 9_900)],
    );
    write(&scope, &issued).await.unwrap();
    let stored = row(&world, id).await.unwrap();
    assert_eq!(stored.stage, Stage::Open);
    assert!(stored.number.unwrap().starts_with("INV-"));
    assert_eq!((stored.total_minor, stored.open_minor), (18_921, 18_921));
    let seen = read::find(&buyer, id).await.unwrap();
    assert_eq!((seen.lines.len(), seen.note.as_deref()), (2, Some("Thank you")));
    assert_clean(&world).await;
}

#[tokio::test]
async fn a_draft_is_deleted_without_a_trace_and_an_issued_one_is_not() {
    let world = World::new().await;
    let scope = writer(&world);
    let fresh = new_form(&scope, world.acme().account()).await.unwrap();
    let id = write(&scope, &typed(&fresh, WriteAct::Save, &[("Seats", 1, 500)]))
        .await
        .unwrap();
    delete_draft(&scope, id).await.unwrap();
    assert!(row(&world, id).await.is_none());
    assert!(matches!(delete_draft(&scope, id).await, Err(Error::NotFound)));
    // What was deleted is not brought back by an old form.
    let old = WriteInvoice {
        version: 1,
        key: domain::ids::FormKey(crate::new_id()),
        ..typed(&fresh, WriteAct::Save, &[("Seats", 1, 500)])
    };
    assert!(matches!(write(&scope, &old).await, Err(Error::NotFound)));
    let paid = world.acme().invoice("10.00").paid("10.00").await;
    let refused = delete_draft(&scope, paid).await;
    assert!(matches!(
        refused,
        Err(Error::Refused(Refusal::Locked {
            why: Locked::Complete,
            ..
        }))
    ));
    assert_clean(&world).await;
}

#[tokio::test]
async fn numbers_and_dates_rise_together() {
    let world = World::new().await;
    let scope = writer(&world);
    let issue = async |days: i64| {
        let fresh = new_form(&scope, world.acme().account()).await.unwrap();
        let mut one = typed(&fresh, WriteAct::Issue, &[("Seats", 1, 500)]);
        one.issue_date += chrono::TimeDelta::days(days);
        write(&scope, &one).await
    };
    issue(0).await.unwrap();
    for (days, expected) in [(-1, "before"), (1, "future")] {
        match issue(days).await {
            Err(Error::Invalid(FieldErrors(errors))) => match &errors["issue_date"] {
                Refusal::DateBeforeLast { .. } => assert_eq!(expected, "before"),
                Refusal::InFuture { .. } => assert_eq!(expected, "future"),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }
    assert_clean(&world).await;
}

#[tokio::test]
async fn twelve_at_once_leave_no_gap_and_no_twin() {
    let world = World::new().await;
    let scope = writer(&world);
    let mut forms = Vec::new();
    for _ in 0..12 {
        let fresh = new_form(&scope, world.acme().account()).await.unwrap();
        forms.push(typed(&fresh, WriteAct::Issue, &[("Seats", 1, 500)]));
    }
    // Some of them are refused half-way; what they had taken is given back.
    for form in forms.iter_mut().skip(1).step_by(3) {
        form.account = domain::ids::AccountId(crate::new_id());
    }
    let all = futures::future::join_all(forms.iter().map(|one| write(&scope, one))).await;
    assert_eq!(all.iter().filter(|one| one.is_ok()).count(), 8);
    let mut numbers = Vec::new();
    for id in all.into_iter().flatten() {
        numbers.push(row(&world, id).await.unwrap().number.unwrap());
    }
    numbers.sort();
    let last = |text: &String| text.rsplit('-').next().unwrap().parse::<u32>().unwrap();
    let counted: Vec<u32> = numbers.iter().map(last).collect();
    let first = counted[0];
    assert_eq!(counted, (first..first + 8).collect::<Vec<_>>());
    assert_clean(&world).await;
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn a_revision_keeps_number_payment_and_the_old_one() {
    let world = World::new().await;
    let scope = writer(&world);
    let id = world.acme().invoice("100.00").tax(19).paid("50.00").await;
    let before = row(&world, id).await.unwrap();
    let shown = form(&scope, id).await.unwrap();
    assert_eq!(
        shown.writing,
        Writing::Revision {
            number: before.number.clone().unwrap(),
            settled: usd(5_000)
        }
    );
    let revised = typed(&shown, WriteAct::Save, &[("Seats", 1, 6_000)]);
    write(&scope, &revised).await.unwrap();
    let after = row(&world, id).await.unwrap();
    assert_eq!(
        (after.number, after.issue_date),
        (before.number, before.issue_date)
    );
    assert_eq!(
        (after.total_minor, after.paid_minor, after.open_minor),
        (7_140, 5_000, 2_140)
    );
    assert_eq!(after.stage, Stage::PartlyPaid);
    let kept = revisions::revisions(&world.acme().scope::<ViewReceivedInvoices>(), id)
        .await
        .unwrap();
    assert_eq!(kept.before.len(), 1);
    assert_eq!(kept.before[0].snapshot.totals.total, usd(11_900));
    assert_eq!(kept.before[0].reason, "The price was wrong");
    assert_eq!(changes(&kept.before[0].snapshot.lines, &kept.now.lines).len(), 2);
    // Less than what was paid is refused, exactly as much is complete, and a complete one is not changed any more.
    let shown = form(&scope, id).await.unwrap();
    let below = write(&scope, &typed(&shown, WriteAct::Save, &[("Seats", 1, 4_201)])).await;
    assert!(
        matches!(&below, Err(Error::Invalid(errors)) if errors.0[""] == Refusal::BelowSettled { settled: usd(5_000) }),
        "{below:?}"
    );
    let shown = form(&scope, id).await.unwrap();
    write(&scope, &typed(&shown, WriteAct::Save, &[("Seats", 1, 4_202)]))
        .await
        .unwrap();
    assert_eq!(row(&world, id).await.unwrap().stage, Stage::Paid);
    let shown = form(&scope, id).await.unwrap();
    assert!(matches!(
        shown.writing,
        Writing::Refused {
            why: Locked::Complete,
            ..
        }
    ));
    let refused = write(&scope, &typed(&shown, WriteAct::Save, &[("Seats", 1, 9_000)])).await;
    assert!(matches!(
        refused,
        Err(Error::Refused(Refusal::Locked {
            why: Locked::Complete,
            ..
        }))
    ));
    // The books have the differences, and nothing in them was changed.
    let postings = posting::Entity::find()
        .all(world.backend.system().db())
        .await
        .unwrap();
    let revisions = postings
        .iter()
        .filter(|one| one.kind == entity::codes::EntryKind::Revise);
    assert_eq!(revisions.count(), 4);
    assert_clean(&world).await;
}

#[tokio::test]
async fn who_comes_second_is_told() {
    let world = World::new().await;
    let scope = writer(&world);
    let id = world.acme().invoice("100.00").await;
    let (one, other) = (form(&scope, id).await.unwrap(), form(&scope, id).await.unwrap());
    write(&scope, &typed(&one, WriteAct::Save, &[("Seats", 1, 6_000)]))
        .await
        .unwrap();
    let second = write(&scope, &typed(&other, WriteAct::Save, &[("Seats", 1, 7_000)])).await;
    assert!(matches!(second, Err(Error::Conflict)));
    // And so is who would change what was voided meanwhile.
    let late = form(&scope, id).await.unwrap();
    void::void(&world.distributor().scope::<VoidInvoices>(), id, "Twice")
        .await
        .unwrap();
    let refused = write(&scope, &typed(&late, WriteAct::Save, &[("Seats", 1, 7_000)])).await;
    assert!(
        matches!(
            refused,
            Err(Error::Conflict | Error::Refused(Refusal::Locked { .. }))
        ),
        "{refused:?}"
    );
    assert_clean(&world).await;
}

#[tokio::test]
async fn what_was_credited_stands_and_what_is_being_paid_waits() {
    let world = World::new().await;
    let scope = writer(&world);
    let credited = world.acme().invoice("100.00").await;
    let issuer: Scope<IssueCreditNotes> = world.distributor().scope();
    let credit = crate::credit_notes::read::form(&issuer, credited).await.unwrap();
    let note = domain::credit_notes::IssueCredit {
        key: credit.key,
        invoice: credited,
        seen: credit.left,
        reason: domain::credit_notes::CreditReason::Discount,
        note: String::new(),
        how_much: domain::credit_notes::HowMuch::Parts,
        parts: vec![(1, usd(1_000))],
        pay_back: None,
    };
    crate::credit_notes::write::issue(&issuer, &note).await.unwrap();
    let shown = form(&scope, credited).await.unwrap();
    assert!(matches!(
        shown.writing,
        Writing::Refused {
            why: Locked::HasCredits,
            ..
        }
    ));
    let pending = world.acme().invoice("80.00").await;
    let card = crate::payments::tests::new_card("pm_3ds");
    crate::payments::tests::pay(world.acme(), &[pending], card).await;
    let shown = form(&scope, pending).await.unwrap();
    assert!(matches!(
        shown.writing,
        Writing::Refused {
            why: Locked::Pending,
            ..
        }
    ));
    assert_clean(&world).await;
}

#[tokio::test]
async fn sales_writes_and_strangers_find_nothing() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").await;
    let sales = world.distributor().actor(Roles {
        seller: Some(SellerRole::Sales),
        buyer: None,
    });
    assert!(sales.permit::<WriteInvoices>().is_ok());
    assert!(sales.permit::<ImportInvoices>().is_err());
    let stranger: Scope<WriteInvoices> = world.acme().scope();
    assert!(matches!(form(&stranger, id).await, Err(Error::NotFound)));
    assert!(matches!(
        new_form(&stranger, world.acme().account()).await,
        Err(Error::NotFound)
    ));
    let shown = form(&writer(&world), id).await.unwrap();
    let foreign = write(&stranger, &typed(&shown, WriteAct::Save, &[("Seats", 1, 1)])).await;
    assert!(matches!(foreign, Err(Error::NotFound)));
    let theirs: Scope<ViewIssuedInvoices> = world.acme().scope();
    assert!(matches!(
        revisions::revisions(&theirs, id).await,
        Err(Error::NotFound)
    ));
    assert_clean(&world).await;
}
