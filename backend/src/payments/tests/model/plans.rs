//! The workbench as a part of a random sequence: all that is unused goes to invoices by a rule, and is taken back as one.

use super::{super::*, facts::Facts, play::Play};
use crate::workbench::{read, write};
use domain::{
    access::RecordPayments,
    ids::{InvoiceId, PlanId, Uuid},
    payments::allocation::Rule,
    workbench::{ApplyPlan, DebtLine, OpenedWorkbench, SourceLine, Workbench, WorkbenchQuery},
};
use std::collections::BTreeMap;

/// What may pay an invoice, in the order in which it does: what is its company's, then what is the parent's; of each the
/// oldest goes first.
fn payers(bench: &Workbench, debt: &DebtLine) -> Vec<Uuid> {
    let parent = bench.sources.iter().filter(|source| {
        source
            .company
            .as_deref()
            .is_none_or(|company| company == bench.name)
    });
    let own = bench
        .sources
        .iter()
        .filter(|source| source.company == debt.company);
    let oldest = |mut all: Vec<&SourceLine>| {
        all.sort_by_key(|source| (source.day, source.number.clone(), source.id));
        all.into_iter().map(|source| source.id).collect::<Vec<_>>()
    };
    let mut order = oldest(own.collect());
    let parents = oldest(parent.collect());
    order.extend(
        parents
            .into_iter()
            .filter(|id| !order.contains(id))
            .collect::<Vec<_>>(),
    );
    order
}

impl Play {
    /// Saves what a rule proposes for all that is unused of the payer, or undoes the plan that was saved last and stands.
    pub(super) async fn work_bench(&mut self, rule: usize, back: bool) {
        let seller: Scope<RecordPayments> = self.world.acme().scope();
        let query = WorkbenchQuery {
            account: Some(self.world.daisy().account()),
            currency: Some(Currency::USD),
            rule: Rule::ALL[rule % Rule::ALL.len()],
            ..WorkbenchQuery::default()
        };
        let OpenedWorkbench::Bench(bench) = read::open(&seller, &query).await.unwrap() else {
            panic!("an account was named");
        };
        let standing = bench.history.iter().find(|plan| plan.undone.is_none());
        match (back, standing) {
            (true, Some(plan)) => self.undo_plan(&seller, plan.id).await,
            (true, None) => {}
            (false, _) => self.save_plan(&seller, &bench).await,
        }
    }

    async fn save_plan(&mut self, seller: &Scope<RecordPayments>, bench: &Workbench) {
        let lines = bench.debts.iter().filter_map(|line| {
            Some(SubmitLine {
                invoice: line.invoice,
                seen: line.payable,
                amount: line.amount?,
            })
        });
        let lines: Vec<SubmitLine> = lines.collect();
        let sum: i64 = lines.iter().map(|line| line.amount.minor()).sum();
        assert_eq!(sum + bench.rest.minor(), bench.total.minor());
        if lines.is_empty() {
            return;
        }
        let sources = bench.sources.iter().map(|source| (source.id, source.unused));
        let wanted = ApplyPlan {
            key: bench.key,
            account: bench.account,
            currency: bench.currency,
            rule: bench.rule,
            sources: sources.collect(),
            lines: lines.clone(),
        };
        let payers: BTreeMap<InvoiceId, Vec<Uuid>> = bench
            .debts
            .iter()
            .map(|debt| (debt.invoice, payers(bench, debt)))
            .collect();
        let saved = |facts: &mut Facts, _: PlanId| {
            for line in lines {
                let mut missing = line.amount.minor();
                for pot in &payers[&line.invoice] {
                    let part = missing.min(facts.pots[pot].free);
                    facts.put(*pot, line.invoice.0, part);
                    missing -= part;
                }
                assert_eq!(missing, 0, "more was planned than there was");
            }
        };
        let done = self
            .act(async || write::apply(seller, &wanted).await, saved)
            .await;
        assert!(done, "what a rule proposed was refused");
    }

    async fn undo_plan(&mut self, seller: &Scope<RecordPayments>, plan: PlanId) {
        let before = read::detail(seller, plan).await.unwrap();
        let could = before.can_undo();
        let undone = |facts: &mut Facts| {
            assert!(could, "V34: a plan was undone of which a part had been moved");
            for part in before.parts {
                facts.put(part.from, part.invoice.0, -part.amount.minor());
            }
        };
        self.act_once(async || write::undo(seller, plan).await, undone)
            .await;
    }
}
