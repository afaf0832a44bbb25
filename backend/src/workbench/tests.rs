//! Plans: what is proposed, what is put where at once, and that it is taken back as one act or not at all.

mod across;
mod who;

use super::{read, write};
use crate::{
    Error, Scope, check, credit_notes,
    payments::{offline, payers},
    testing::{Party, World},
};
use domain::{
    Currency, FieldErrors, Money, Refusal,
    access::{IssueCreditNotes, RecordPayments},
    credit_notes::{CreditReason, HowMuch, IssueCredit},
    ids::{AllocationId, CreditNoteId, InvoiceId, PaymentId, PlanId},
    payments::{
        SubmitLine,
        allocation::Rule,
        offline::{PutTo, RecordPayment},
    },
    workbench::{ApplyPlan, DebtLine, OpenedWorkbench, Workbench, WorkbenchQuery},
};
use entity::{Uuid, allocation, audit_entry, invoice};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter};

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn seller(world: &World) -> Scope<RecordPayments> {
    world.distributor().scope()
}

/// Money of a party that is put to nothing.
pub(crate) async fn money(scope: &Scope<RecordPayments>, of: &Party, cents: i64) -> PaymentId {
    let form = payers::record_form(scope, of.account(), None).await.unwrap();
    let record = RecordPayment {
        key: form.key,
        account: of.account(),
        amount: usd(cents),
        paid_on: form.today,
        memo: None,
        put: PutTo::Nothing,
        lines: Vec::new(),
    };
    offline::record(scope, &record).await.unwrap()
}

/// A credit note over an invoice that is paid, so that all of it is left.
pub(crate) async fn credit(world: &World, invoice: InvoiceId, cents: i64) -> CreditNoteId {
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    let form = credit_notes::read::form(&scope, invoice).await.unwrap();
    let wanted = IssueCredit {
        key: form.key,
        invoice,
        seen: form.left,
        reason: CreditReason::Discount,
        note: String::new(),
        how_much: HowMuch::Parts,
        parts: vec![(1, usd(cents))],
        pay_back: None,
    };
    credit_notes::write::issue(&scope, &wanted).await.unwrap()
}

async fn bench(scope: &Scope<RecordPayments>, of: &Party, rule: Rule) -> Workbench {
    let query = WorkbenchQuery {
        account: Some(of.account()),
        rule,
        ..WorkbenchQuery::default()
    };
    opened(scope, &query).await
}

async fn opened(scope: &Scope<RecordPayments>, query: &WorkbenchQuery) -> Workbench {
    match read::open(scope, query).await.unwrap() {
        OpenedWorkbench::Bench(bench) => *bench,
        OpenedWorkbench::Search(_) => panic!("an account was named"),
    }
}

/// The plan that a page would post as it is shown.
fn shown(bench: &Workbench) -> ApplyPlan {
    let ticked = bench.sources.iter().filter(|source| source.ticked);
    let line = |line: &DebtLine| {
        Some(SubmitLine {
            invoice: line.invoice,
            seen: line.payable,
            amount: line.amount?,
        })
    };
    ApplyPlan {
        key: bench.key,
        account: bench.account,
        currency: bench.currency,
        rule: bench.rule,
        sources: ticked.map(|source| (source.id, source.unused)).collect(),
        lines: bench.debts.iter().filter_map(line).collect(),
    }
}

/// What is proposed, by invoice.
fn proposed(bench: &Workbench) -> Vec<(InvoiceId, i64)> {
    let part = |line: &DebtLine| Some((line.invoice, line.amount?.minor()));
    bench.debts.iter().filter_map(part).collect()
}

async fn open(world: &World, id: InvoiceId) -> i64 {
    let scope = seller(world);
    let row = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::Id.eq(id.0))
        .one(scope.db())
        .await;
    row.unwrap().unwrap().open_minor
}

async fn assert_clean(world: &World) {
    assert_eq!(check::run(&world.backend).await.unwrap(), Vec::new());
}

#[tokio::test]
async fn money_and_credit_go_to_several_invoices_in_one_act_and_come_back_in_one() {
    let world = World::new().await;
    let (scope, acme) = (seller(&world), world.acme());
    let paid = acme.invoice("50.00").paid("50.00").await;
    let (one, two) = (
        acme.invoice("100.00").due(5).await,
        acme.invoice("80.00").due(9).await,
    );
    let payment = money(&scope, acme, 9_000).await;
    let note = credit(&world, paid, 3_000).await;
    let before = bench(&scope, acme, Rule::Due).await;
    assert_eq!(
        (before.sources.len(), before.total, before.rest),
        (2, usd(12_000), usd(0))
    );
    assert_eq!(proposed(&before), [(one, 10_000), (two, 2_000)]);
    let wanted = shown(&before);
    let plan = write::apply(&scope, &wanted).await.unwrap();
    assert_eq!((open(&world, one).await, open(&world, two).await), (0, 6_000));
    // The same form again is the same plan.
    assert_eq!(write::apply(&scope, &wanted).await.unwrap(), plan);
    assert_eq!(open(&world, two).await, 6_000);
    assert_clean(&world).await;

    let detail = read::detail(&scope, plan).await.unwrap();
    assert!(detail.can_undo());
    assert_eq!(detail.row.amount, usd(12_000));
    let sum_of = |id: Uuid| -> i64 {
        let own = detail.parts.iter().filter(|part| part.from == id);
        own.map(|part| part.amount.minor()).sum()
    };
    assert_eq!((sum_of(payment.0), sum_of(note.0)), (9_000, 3_000));
    let after = bench(&scope, acme, Rule::Due).await;
    assert!(after.sources.is_empty());
    assert_eq!(after.history.len(), 1);

    write::undo(&scope, plan).await.unwrap();
    write::undo(&scope, plan).await.unwrap();
    assert_eq!(
        (open(&world, one).await, open(&world, two).await),
        (10_000, 8_000)
    );
    let again = bench(&scope, acme, Rule::Due).await;
    assert_eq!((again.sources.len(), again.total), (2, usd(12_000)));
    assert!(again.history[0].undone.is_some());
    let undone = read::detail(&scope, plan).await.unwrap();
    assert!(!undone.can_undo() && undone.parts.iter().all(|part| !part.stands));
    // Put elsewhere, with history.
    let elsewhere = bench(&scope, acme, Rule::Smallest).await;
    assert_eq!(proposed(&elsewhere), [(one, 4_000), (two, 8_000)]);
    write::apply(&scope, &shown(&elsewhere)).await.unwrap();
    assert_eq!(bench(&scope, acme, Rule::Due).await.history.len(), 2);
    assert_clean(&world).await;
}

#[tokio::test]
async fn each_rule_is_previewed_and_nothing_is_done_by_looking() {
    let world = World::new().await;
    let (scope, acme) = (seller(&world), world.acme());
    let old = acme.invoice("30.00").issued_ago(20).due(9).await;
    let soon = acme.invoice("20.00").issued_ago(10).due(3).await;
    let small = acme.invoice("10.00").issued_ago(5).due(20).await;
    let payment = money(&scope, acme, 4_000).await;
    let of = |rule| {
        let scope = &scope;
        async move { proposed(&bench(scope, acme, rule).await) }
    };
    assert_eq!(of(Rule::Due).await, [(soon, 2_000), (old, 2_000)]);
    assert_eq!(of(Rule::Oldest).await, [(soon, 1_000), (old, 3_000)]);
    assert_eq!(
        of(Rule::Smallest).await,
        [(soon, 2_000), (old, 1_000), (small, 1_000)]
    );
    assert_eq!(of(Rule::Exact).await, [(old, 3_000), (small, 1_000)]);
    assert_eq!(
        of(Rule::ProRata).await,
        [(soon, 1_333), (old, 2_000), (small, 667)]
    );
    // No box is ticked.
    let none = WorkbenchQuery {
        account: Some(acme.account()),
        from: Some(Vec::new()),
        ..WorkbenchQuery::default()
    };
    let none = opened(&scope, &none).await;
    assert_eq!((none.total, proposed(&none)), (usd(0), vec![]));
    let some = WorkbenchQuery {
        account: Some(acme.account()),
        from: Some(vec![payment.0]),
        ..WorkbenchQuery::default()
    };
    assert_eq!(opened(&scope, &some).await.total, usd(4_000));
    assert_eq!(open(&world, old).await, 3_000);
    assert_clean(&world).await;
}

#[tokio::test]
async fn what_moved_since_it_was_shown_changes_nothing() {
    let world = World::new().await;
    let (scope, acme) = (seller(&world), world.acme());
    let one = acme.invoice("100.00").await;
    let payment = money(&scope, acme, 5_000).await;
    let stale = shown(&bench(&scope, acme, Rule::Due).await);
    let mut less = shown(&bench(&scope, acme, Rule::Due).await);
    less.lines[0].amount = usd(1_000);
    write::apply(&scope, &less).await.unwrap();
    let refused = write::apply(&scope, &stale).await;
    let number = read_number(&scope, payment).await;
    let moved = Refusal::OpenAmountMoved {
        number,
        seen: usd(5_000),
        now: usd(4_000),
    };
    assert_eq!(errors(refused), FieldErrors::one("", moved));
    // The invoice was seen as it was before.
    let mut old = shown(&bench(&scope, acme, Rule::Due).await);
    old.lines[0].seen = usd(10_000);
    let refused = errors(write::apply(&scope, &old).await);
    assert!(matches!(
        refused.0.get("lines[0][amount]"),
        Some(Refusal::OpenAmountMoved { .. })
    ));
    let mut more = shown(&bench(&scope, acme, Rule::Due).await);
    more.lines[0].amount = usd(4_001);
    assert_eq!(
        errors(write::apply(&scope, &more).await),
        FieldErrors::one(
            "",
            Refusal::MoreThanAvailable {
                available: usd(4_000)
            }
        )
    );
    assert_eq!(open(&world, one).await, 9_000);
    assert_clean(&world).await;
}

async fn read_number(scope: &Scope<RecordPayments>, payment: PaymentId) -> String {
    payers::allocate_form(scope, payment.0).await.unwrap().number
}

fn errors<T: std::fmt::Debug>(result: Result<T, Error>) -> FieldErrors {
    match result {
        Err(Error::Invalid(errors)) => errors,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_plan_of_which_a_part_was_moved_is_not_undone() {
    let world = World::new().await;
    let (scope, acme) = (seller(&world), world.acme());
    let (one, two) = (
        acme.invoice("10.00").due(1).await,
        acme.invoice("20.00").due(2).await,
    );
    money(&scope, acme, 3_000).await;
    let plan = write::apply(&scope, &shown(&bench(&scope, acme, Rule::Due).await))
        .await
        .unwrap();
    offline::take_off(&scope, first_part(&world, plan, one).await)
        .await
        .unwrap();
    assert!(matches!(
        write::undo(&scope, plan).await,
        Err(Error::Refused(Refusal::PlanMoved))
    ));
    assert_eq!((open(&world, one).await, open(&world, two).await), (1_000, 0));
    assert!(!read::detail(&scope, plan).await.unwrap().can_undo());
    assert_clean(&world).await;
}

async fn first_part(world: &World, plan: PlanId, invoice: InvoiceId) -> AllocationId {
    let scope = seller(world);
    let row = scope
        .find::<allocation::Entity>()
        .filter(allocation::Column::PlanId.eq(plan.0))
        .filter(allocation::Column::InvoiceId.eq(invoice.0))
        .one(scope.db())
        .await;
    AllocationId(row.unwrap().unwrap().id)
}

#[tokio::test]
async fn what_is_being_paid_is_left_out_and_what_is_disputed_gets_nothing_by_a_rule() {
    let world = World::new().await;
    let (scope, acme) = (seller(&world), world.acme());
    let disputed = acme.invoice("10.00").due(1).await;
    let dispute = domain::disputes::OpenDispute {
        key: domain::ids::FormKey(crate::new_id()),
        invoice: disputed,
        reason: "It never came".to_owned(),
        parts: vec![(1, usd(1_000))],
    };
    crate::disputes::write::open(&acme.scope(), &dispute)
        .await
        .unwrap();
    let fine = acme.invoice("20.00").due(2).await;
    money(&scope, acme, 3_000).await;
    let bench = bench(&scope, acme, Rule::Due).await;
    assert_eq!(proposed(&bench), [(fine, 2_000)]);
    let line = bench.debts.iter().find(|line| line.invoice == disputed).unwrap();
    assert!(line.is_disputed && line.payable == usd(1_000));
    assert_eq!(bench.rest, usd(1_000));
}

#[tokio::test]
async fn two_people_who_save_at_once_use_the_money_once() {
    let world = World::new().await;
    let (scope, acme) = (seller(&world), world.acme());
    let one = acme.invoice("10.00").await;
    money(&scope, acme, 500).await;
    let (first, second) = (
        shown(&bench(&scope, acme, Rule::Due).await),
        shown(&bench(&scope, acme, Rule::Due).await),
    );
    let (a, b) = tokio::join!(write::apply(&scope, &first), write::apply(&scope, &second));
    assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1);
    assert_eq!(open(&world, one).await, 500);
    let plan = a.or(b).unwrap();
    let (a, b) = tokio::join!(write::undo(&scope, plan), write::undo(&scope, plan));
    assert!(a.is_ok() && b.is_ok());
    assert_eq!(open(&world, one).await, 1_000);
    assert_clean(&world).await;
}

#[tokio::test]
async fn a_plan_and_its_end_are_an_entry_of_the_audit_each() {
    let world = World::new().await;
    let (scope, acme) = (seller(&world), world.acme());
    acme.invoice("10.00").await;
    acme.invoice("20.00").await;
    money(&scope, acme, 1_500).await;
    let plan = write::apply(&scope, &shown(&bench(&scope, acme, Rule::Due).await))
        .await
        .unwrap();
    write::undo(&scope, plan).await.unwrap();
    for action in ["apply_plan", "undo_plan"] {
        let entries = scope
            .find::<audit_entry::Entity>()
            .filter(audit_entry::Column::EntityId.eq(plan.0))
            .filter(audit_entry::Column::Action.eq(action))
            .count(scope.db())
            .await;
        assert_eq!(entries.unwrap(), 1, "{action}");
    }
}
