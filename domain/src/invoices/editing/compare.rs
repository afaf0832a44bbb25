//! What a revision of an invoice changed (V17).

use crate::{
    invoices::{Cost, InvoiceLine, Totals},
    money::Money,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What of an invoice a revision may change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// When it is due.
    pub due_date: NaiveDate,
    /// Note on the document.
    pub note: Option<String>,
    /// Its lines.
    pub lines: Vec<InvoiceLine>,
    /// Its costs as a whole. What was kept before they had names has none.
    #[serde(default)]
    pub costs: Vec<Cost>,
    /// What they add up to.
    pub totals: Totals,
}

/// A line that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineChange {
    /// How it was; none for one that is new.
    pub before: Option<InvoiceLine>,
    /// How it is; none for one that is gone.
    pub after: Option<InvoiceLine>,
}

/// The lines that differ: those of the same item are compared with each other, in the order of the document; where a line
/// stands is no difference.
pub fn changes(before: &[InvoiceLine], after: &[InvoiceLine]) -> Vec<LineChange> {
    let mut old: Vec<Option<&InvoiceLine>> = before.iter().map(Some).collect();
    let mut take = |fits: &dyn Fn(&InvoiceLine) -> bool| {
        let found = old.iter_mut().find(|line| line.is_some_and(fits));
        found.and_then(Option::take)
    };
    // What is the same goes together first, so that one of two lines of an item that was changed is not taken for the other.
    let same: Vec<Option<&InvoiceLine>> = after
        .iter()
        .map(|line| {
            take(&|old| {
                InvoiceLine {
                    position: line.position,
                    ..old.clone()
                } == *line
            })
        })
        .collect();
    let mut changes = Vec::new();
    for (line, same) in after.iter().zip(same) {
        if same.is_none() {
            let of_item = take(&|old| old.item_code == line.item_code && old.description == line.description);
            changes.push(LineChange {
                before: of_item.cloned(),
                after: Some(line.clone()),
            });
        }
    }
    let gone = old.into_iter().flatten().map(|line| LineChange {
        before: Some(line.clone()),
        after: None,
    });
    changes.extend(gone);
    changes
}

/// A cost that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostChange {
    /// What it is for.
    pub description: String,
    /// How much it was; none for one that is new.
    pub before: Option<Money>,
    /// How much it is; none for one that is gone.
    pub after: Option<Money>,
}

/// The costs that differ, those of the same description compared with each other.
pub fn cost_changes(before: &[Cost], after: &[Cost]) -> Vec<CostChange> {
    let mut old: Vec<Option<&Cost>> = before.iter().map(Some).collect();
    let mut take = |fits: &dyn Fn(&Cost) -> bool| {
        let found = old.iter_mut().find(|cost| cost.is_some_and(fits));
        found.and_then(Option::take)
    };
    // As with lines: what is the same goes together first.
    let changed: Vec<&Cost> = after
        .iter()
        .filter(|cost| take(&|old| old == *cost).is_none())
        .collect();
    let mut changes: Vec<CostChange> = changed
        .into_iter()
        .map(|cost| CostChange {
            description: cost.description.clone(),
            before: take(&|old| old.description == cost.description).map(|old| old.amount),
            after: Some(cost.amount),
        })
        .collect();
    changes.extend(old.into_iter().flatten().map(|cost| CostChange {
        description: cost.description.clone(),
        before: Some(cost.amount),
        after: None,
    }));
    changes
}
