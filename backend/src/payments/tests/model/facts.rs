//! The small model: what is owed, what money and credit there is, and how much of it lies where.
//!
//! It knows nothing of rows, locks or postings. What a command should do to it is said beside the command; what the
//! database says is read into the same words, so the two can be compared as they are.

use super::super::{World, invoices};
use entity::{
    Uuid, allocation, codes::CreditNoteStage, codes::Stage, credit_note, payment, rollup, rollup_line,
};
use sea_orm::EntityTrait;
use std::collections::{BTreeMap, BTreeSet};

/// An issued invoice. Amounts in cents, here and below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Debt {
    pub(super) total: i64,
    pub(super) written_off: i64,
    pub(super) disputed: i64,
    pub(super) void: bool,
    /// What is still owed; follows from the rest and from what lies on it.
    pub(super) open: i64,
}

/// A payment or a credit note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pot {
    pub(super) amount: i64,
    /// What lies on no invoice.
    pub(super) free: i64,
    pub(super) given_back: i64,
    pub(super) void: bool,
}

impl Pot {
    /// One of which nothing was used.
    pub(super) const fn of(amount: i64) -> Self {
        Self {
            amount,
            free: amount,
            given_back: 0,
            void: false,
        }
    }
}

/// A bill of the payer over its subsidiary's invoices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bill {
    pub(super) total: i64,
    pub(super) holds: BTreeSet<Uuid>,
    pub(super) void: bool,
}

/// All sums of a seller.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) debts: BTreeMap<Uuid, Debt>,
    pub(super) pots: BTreeMap<Uuid, Pot>,
    /// What lies where: by pot and invoice, without zeroes.
    pub(super) lies: BTreeMap<(Uuid, Uuid), i64>,
    /// Bills move no sum: what is open of one follows from its invoices.
    pub(super) bills: BTreeMap<Uuid, Bill>,
}

impl Facts {
    /// What the database says.
    #[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
    pub(super) async fn read(world: &World) -> Self {
        let db = world.backend.system();
        let mut facts = Self::default();
        for row in invoices(world).await {
            let debt = Debt {
                total: row.total_minor,
                written_off: row.written_off_minor,
                disputed: row.disputed_minor,
                void: row.stage == Stage::Void,
                open: row.open_minor,
            };
            facts.debts.insert(row.id, debt);
        }
        for row in payment::Entity::find().all(db.db()).await.unwrap() {
            let pot = Pot {
                amount: row.amount_minor,
                free: row.unapplied_minor,
                given_back: row.refunded_minor,
                void: false,
            };
            facts.pots.insert(row.id, pot);
        }
        for row in credit_note::Entity::find().all(db.db()).await.unwrap() {
            let pot = Pot {
                amount: row.total_minor,
                free: row.remaining_minor,
                given_back: row.refunded_minor,
                void: row.stage == CreditNoteStage::Void,
            };
            facts.pots.insert(row.id, pot);
        }
        for row in allocation::Entity::find().all(db.db()).await.unwrap() {
            let pot = row.payment_id.or(row.credit_note_id).unwrap();
            *facts.lies.entry((pot, row.invoice_id)).or_default() += row.amount_minor;
        }
        facts.lies.retain(|_, amount| *amount != 0);
        for row in rollup::Entity::find().all(db.db()).await.unwrap() {
            let bill = Bill {
                total: row.total_minor,
                holds: BTreeSet::new(),
                void: row.voided_at.is_some(),
            };
            facts.bills.insert(row.id, bill);
        }
        for row in rollup_line::Entity::find().all(db.db()).await.unwrap() {
            let bill = facts.bills.get_mut(&row.rollup_id).unwrap();
            bill.holds.insert(row.invoice_id);
        }
        facts
    }

    /// Issues an invoice.
    pub(super) fn owe(&mut self, invoice: Uuid, total: i64) {
        let debt = Debt {
            total,
            written_off: 0,
            disputed: 0,
            void: false,
            open: total,
        };
        self.debts.insert(invoice, debt);
    }

    /// Changes an invoice; what is open follows.
    pub(super) fn change(&mut self, invoice: Uuid, change: impl FnOnce(&mut Debt)) {
        change(self.debts.get_mut(&invoice).unwrap());
        self.settle(invoice);
    }

    /// Puts what is free of a pot to an invoice, or with an amount below zero takes it off.
    pub(super) fn put(&mut self, pot: Uuid, invoice: Uuid, amount: i64) {
        self.pots.get_mut(&pot).unwrap().free -= amount;
        *self.lies.entry((pot, invoice)).or_default() += amount;
        self.lies.retain(|_, amount| *amount != 0);
        self.settle(invoice);
    }

    /// What is open of a bill's invoices, and what of them was written off.
    pub(super) fn of_bill(&self, bill: &Bill) -> (i64, i64) {
        if bill.void {
            return (0, 0);
        }
        let debts = || bill.holds.iter().map(|id| &self.debts[id]);
        let open = debts().map(|debt| debt.open).sum();
        (open, debts().map(|debt| debt.written_off).sum())
    }

    /// Takes invoices, payments and credit notes out of the books, as if they had never been.
    pub(super) fn forget(&mut self, invoices: &[Uuid], pots: &[Uuid]) {
        self.debts.retain(|id, _| !invoices.contains(id));
        self.pots.retain(|id, _| !pots.contains(id));
        self.lies
            .retain(|(of, on), _| !pots.contains(of) && !invoices.contains(on));
        let rest: Vec<Uuid> = self.debts.keys().copied().collect();
        rest.into_iter().for_each(|invoice| self.settle(invoice));
    }

    /// What lies on an invoice.
    pub(super) fn on(&self, invoice: Uuid) -> i64 {
        self.lies
            .iter()
            .filter(|((_, on), _)| *on == invoice)
            .map(|(_, amount)| amount)
            .sum()
    }

    /// What of a pot lies on invoices.
    pub(super) fn of(&self, pot: Uuid) -> i64 {
        self.lies
            .iter()
            .filter(|((of, _), _)| *of == pot)
            .map(|(_, amount)| amount)
            .sum()
    }

    /// Adopts from what the database says how the rest of a pot lies.
    pub(super) fn adopt(&mut self, pot: Uuid, now: &Self) {
        self.pots.get_mut(&pot).unwrap().free = now.pots[&pot].free;
        let touched: Vec<Uuid> = self.debts.keys().copied().collect();
        self.lies.retain(|(of, _), _| *of != pot);
        self.lies
            .extend(now.lies.iter().filter(|((of, _), _)| *of == pot));
        for invoice in touched {
            self.settle(invoice);
        }
    }

    fn settle(&mut self, invoice: Uuid) {
        let on = self.on(invoice);
        let debt = self.debts.get_mut(&invoice).unwrap();
        debt.open = if debt.void {
            0
        } else {
            debt.total - on - debt.written_off
        };
    }

    /// What must hold at any moment: V24 for payments and credit notes (V38), V25 for invoices.
    pub(super) fn assert_sound(&self) {
        for (id, pot) in &self.pots {
            let whole = if pot.void { 0 } else { pot.amount };
            assert_eq!(
                self.of(*id) + pot.free + pot.given_back,
                whole,
                "V24, V38: {id} of {self:#?}"
            );
            assert!(
                pot.free >= 0 && pot.given_back >= 0,
                "V24, V38: {id} of {self:#?}"
            );
        }
        for (id, debt) in &self.debts {
            assert!(debt.open >= 0, "V25: {id} of {self:#?}");
        }
        assert!(self.lies.values().all(|amount| *amount > 0), "V34: {self:#?}");
    }
}
