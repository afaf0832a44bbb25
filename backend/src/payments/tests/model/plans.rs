//! The workbench as a part of a random sequence: all that is unused goes to invoices by a rule, and is taken back as one.

use super::{super::*, facts::Facts, play::Play};
use crate::workbench::{read, write};
use domain::{
    access::RecordPayments,
    ids::{PlanId, Uuid},
    payments::allocation::Rule,
    workbench::{ApplyPlan, OpenedWorkbench, Workbench, WorkbenchQuery},
};

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
        // The oldest money goes first, to the invoices in their order.
        let mut oldest: Vec<_> = bench.sources.iter().collect();
        oldest.sort_by_key(|source| (source.day, source.number.clone(), source.id));
        let oldest: Vec<Uuid> = oldest.into_iter().map(|source| source.id).collect();
        let saved = |facts: &mut Facts, _: PlanId| {
            for line in lines {
                let mut missing = line.amount.minor();
                for pot in &oldest {
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
