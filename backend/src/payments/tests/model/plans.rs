//! What the seller does on the workbench: puts all that is unused to invoices by a rule, and takes it back.

use super::*;
use crate::workbench::{read, write};
use domain::{
    ids::PlanId,
    payments::allocation::Rule,
    workbench::{ApplyPlan, OpenedWorkbench, Workbench, WorkbenchQuery},
};

/// Saves what a rule proposes for all that is unused of a payer, twice, or undoes the plan that was saved last and
/// still stands.
pub(super) async fn work(seller: &Scope<RecordPayments>, payer: &Party, rule: usize, back: bool) {
    let bench = open(seller, payer, Rule::ALL[rule % Rule::ALL.len()]).await;
    let standing = bench.history.iter().find(|plan| plan.undone.is_none());
    match (back, standing) {
        (true, Some(plan)) => undo(seller, plan.id).await,
        (true, None) => {}
        (false, _) => save(seller, &bench).await,
    }
}

async fn open(seller: &Scope<RecordPayments>, payer: &Party, rule: Rule) -> Workbench {
    let query = WorkbenchQuery {
        account: Some(payer.account()),
        currency: Some(Currency::USD),
        rule,
        ..WorkbenchQuery::default()
    };
    match read::open(seller, &query).await.unwrap() {
        OpenedWorkbench::Bench(bench) => *bench,
        OpenedWorkbench::Search { .. } => panic!("an account was named"),
    }
}

async fn save(seller: &Scope<RecordPayments>, bench: &Workbench) {
    let lines: Vec<SubmitLine> = bench
        .debts
        .iter()
        .filter_map(|line| {
            Some(SubmitLine {
                invoice: line.invoice,
                seen: line.payable,
                amount: line.amount?,
            })
        })
        .collect();
    let put: i64 = lines.iter().map(|line| line.amount.minor()).sum();
    assert_eq!(put + bench.rest.minor(), bench.total.minor());
    if lines.is_empty() {
        return;
    }
    let wanted = ApplyPlan {
        key: bench.key,
        account: bench.account,
        currency: bench.currency,
        rule: bench.rule,
        sources: bench
            .sources
            .iter()
            .map(|source| (source.id, source.unused))
            .collect(),
        lines,
    };
    let plan = write::apply(seller, &wanted).await.unwrap();
    assert_eq!(write::apply(seller, &wanted).await.unwrap(), plan);
}

async fn undo(seller: &Scope<RecordPayments>, plan: PlanId) {
    let before = read::detail(seller, plan).await.unwrap();
    let undone = write::undo(seller, plan).await;
    assert!(undone.is_err() || before.can_undo());
    refused_or_done(undone);
}
