//! What is ticked in the grid, kept across its pages as long as the browser stays on the site.
//!
//! The sticky bar shows how many there are and what they come to, a sum for each currency: sums over currencies do
//! not exist (V3).

use domain::{
    Money,
    ids::InvoiceId,
    invoices::{InvoiceRow, Selectable},
    money::Currency,
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The ticked invoices.
#[derive(Clone, Copy, Debug)]
pub struct Selection(RwSignal<BTreeMap<InvoiceId, Selectable>>);

impl Selection {
    /// Makes an empty selection known to all pages. Called once, by `App`.
    pub(crate) fn provide() {
        provide_context(Self(RwSignal::new(BTreeMap::new())));
    }

    /// The selection of this visit.
    pub fn current() -> Self {
        use_context().unwrap_or_else(|| Self(RwSignal::new(BTreeMap::new())))
    }

    /// Whether it is ticked.
    pub fn has(self, id: InvoiceId) -> bool {
        self.0.with(|chosen| chosen.contains_key(&id))
    }

    /// How many are ticked.
    pub fn count(self) -> usize {
        self.0.with(BTreeMap::len)
    }

    /// The ticked ones.
    pub fn ids(self) -> Vec<InvoiceId> {
        self.0.with(|chosen| chosen.keys().copied().collect())
    }

    /// Ticks or unticks rows.
    pub fn set(self, rows: &[InvoiceRow], ticked: bool) {
        self.0.update(|chosen| {
            for row in rows {
                if ticked {
                    chosen.insert(row.id, selectable(row));
                } else {
                    chosen.remove(&row.id);
                }
            }
        });
    }

    /// Ticks all of these.
    pub fn extend(self, all: Vec<Selectable>) {
        self.0
            .update(|chosen| chosen.extend(all.into_iter().map(|one| (one.id, one))));
    }

    /// Unticks everything.
    pub fn clear(self) {
        self.0.update(BTreeMap::clear);
    }

    /// What can be paid of the ticked ones, for each currency that has something, in the order of its code. A sum that does not fit is left
    /// out: the server computes its own.
    pub fn sums(self) -> Vec<Money> {
        self.0.with(|chosen| {
            let mut sums: BTreeMap<Currency, Money> = BTreeMap::new();
            for one in chosen.values().filter(|one| one.payable.is_positive()) {
                let sum = sums
                    .entry(one.payable.currency())
                    .or_insert(Money::zero(one.payable.currency()));
                if let Ok(more) = sum.checked_add(one.payable) {
                    *sum = more;
                }
            }
            sums.into_values().collect()
        })
    }
}

fn selectable(row: &InvoiceRow) -> Selectable {
    Selectable {
        id: row.id,
        number: row.number.clone().unwrap_or_default(),
        payable: row.payable(),
    }
}
