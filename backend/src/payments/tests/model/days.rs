//! Days that pass in a random sequence, and lists as they stood in the evening of each.

use super::{
    super::*,
    facts::{Debt, Facts},
    play::Play,
};
use crate::{credit_notes, invoices::as_of, payments::list, rollups, scope::SeesInvoices};
use chrono::NaiveDate;
use domain::{
    invoices::{
        Status,
        as_of::{AsOfQuery, OpenOf},
    },
    list::Position,
    payments::{PaymentQuery, PaymentRow, PaymentStatus},
    rollups::{
        RollupState,
        list::{RollupQuery, RollupStatus},
    },
};
use futures::TryStreamExt;

impl Play {
    /// Remembers this evening and lets days pass.
    pub(super) async fn days(&mut self, count: i64) {
        self.compare().await;
        self.evenings.insert(self.world.today(), self.facts.clone());
        self.world.days_pass(count);
    }

    /// Every list, asked as of each evening, says what the model said then; documents of an import that was taken back are
    /// gone from it.
    pub(super) async fn assert_days_stand(&self) {
        for (day, then) in &self.evenings {
            self.assert_invoices(*day, then).await;
            self.assert_payments(*day, then).await;
            self.assert_credit_notes(*day, then).await;
            let (seller, payer) = (self.world.acme(), self.world.daisy());
            assert_bills::<ViewIssuedInvoices>(&seller.scope(), *day, then).await;
            assert_bills::<ViewReceivedInvoices>(&payer.scope(), *day, then).await;
        }
    }

    async fn assert_invoices(&self, day: NaiveDate, then: &Facts) {
        let scope: Scope<ViewIssuedInvoices> = self.world.acme().scope();
        let query = AsOfQuery {
            on: Some(day),
            ..AsOfQuery::default()
        };
        let (on, page) = as_of::list(&scope, &query).await.unwrap();
        assert_eq!(on, day);
        let exported: Vec<_> = as_of::stream(&scope, &query).try_collect().await.unwrap();
        assert_eq!(exported, page.rows);
        let there = then
            .debts
            .iter()
            .filter(|(id, _)| self.facts.debts.contains_key(id));
        assert_eq!(
            page.rows.len(),
            there.clone().count(),
            "invoices of {day}: {page:#?}"
        );
        for (id, debt) in there {
            let row = page.rows.iter().find(|row| row.id.0 == *id).unwrap();
            assert_eq!(
                (row.total.minor(), row.open.minor()),
                (debt.total, debt.open),
                "{day}: {row:?}"
            );
            assert_eq!(
                row.status,
                badge(debt, then.on(*id), row.due_date < day),
                "{day}: {row:?}"
            );
        }
        let mut listed = 0;
        for customer in ["Daisy", "Elm"] {
            let open_of = Some(OpenOf {
                account: self.world.party(customer).account(),
                currency: None,
                part: None,
            });
            let query = AsOfQuery {
                open_of,
                ..query.clone()
            };
            listed += as_of::list(&scope, &query).await.unwrap().1.rows.len();
        }
        let open = then
            .debts
            .iter()
            .filter(|(id, debt)| debt.open != 0 && self.facts.debts.contains_key(id));
        assert_eq!(listed, open.count(), "open on {day}");
    }

    async fn assert_payments(&self, day: NaiveDate, then: &Facts) {
        let scope: Scope<ViewReceivedInvoices> = self.world.daisy().scope();
        let query = PaymentQuery {
            on: Some(day),
            ..PaymentQuery::default()
        };
        for row in list::list(&scope, &query).await.unwrap().rows {
            let pot = &then.pots[&row.id.0];
            assert_eq!(
                (row.amount.minor(), row.unapplied.minor(), row.refunded.minor()),
                (pot.amount, pot.free, pot.given_back),
                "{day}: {row:?}"
            );
            self.assert_found_by_status(&scope, &query, &row).await;
        }
    }

    /// The list finds a payment by the status that it shows, and by no other.
    async fn assert_found_by_status(
        &self,
        scope: &Scope<ViewReceivedInvoices>,
        query: &PaymentQuery,
        row: &PaymentRow,
    ) {
        for status in PaymentStatus::ALL {
            let narrowed = PaymentQuery {
                number: Some(row.receipt.clone()),
                status: Some(*status),
                ..query.clone()
            };
            let found = list::list(scope, &narrowed).await.unwrap().rows;
            assert_eq!(
                found.len(),
                usize::from(row.status() == *status),
                "{status:?}: {row:?}"
            );
        }
    }

    async fn assert_credit_notes(&self, day: NaiveDate, then: &Facts) {
        let scope: Scope<ViewReceivedInvoices> = self.world.daisy().scope();
        let narrowed = credit_notes::list::Narrowed {
            on: Some(day),
            ..Default::default()
        };
        for row in credit_notes::list::list(&scope, narrowed, &Position::First)
            .await
            .unwrap()
            .rows
        {
            let pot = &then.pots[&row.id.0];
            assert_eq!(
                (row.total.minor(), row.remaining.minor(), row.void),
                (pot.amount, pot.free, pot.void),
                "{day}: {row:?}"
            );
        }
    }
}

/// Both sides see the bills of that evening, though their invoices may stand in others by now.
async fn assert_bills<P: SeesInvoices>(scope: &Scope<P>, day: NaiveDate, then: &Facts) {
    let query = RollupQuery {
        on: Some(day),
        ..RollupQuery::default()
    };
    let page = rollups::list::list(scope, &query).await.unwrap();
    let exported: Vec<_> = rollups::list::stream(scope, &query).try_collect().await.unwrap();
    assert_eq!(exported, page.rows);
    assert_eq!(page.rows.len(), then.bills.len(), "bills of {day}: {page:#?}");
    let mut found = Vec::new();
    for status in RollupStatus::ALL {
        let narrowed = RollupQuery {
            status: Some(*status),
            ..query.clone()
        };
        let some = rollups::list::list(scope, &narrowed).await.unwrap().rows;
        found.extend(some.into_iter().map(|row| (row.id, *status)));
    }
    assert_eq!(found.len(), page.rows.len(), "each by one status");
    for row in page.rows {
        let shows = match row.state {
            RollupState::Open | RollupState::PartlyPaid => RollupStatus::Open,
            RollupState::Paid | RollupState::WrittenOff => RollupStatus::Settled,
            RollupState::Void => RollupStatus::Withdrawn,
        };
        assert!(found.contains(&(row.id, shows)), "{day}: {row:?}");
        let bill = &then.bills[&row.id.0];
        let (open, written_off) = then.of_bill(bill);
        let state = match (bill.void, open) {
            (true, _) => RollupState::Void,
            (false, 0) if written_off > 0 => RollupState::WrittenOff,
            (false, 0) => RollupState::Paid,
            (false, open) if open < bill.total => RollupState::PartlyPaid,
            (false, _) => RollupState::Open,
        };
        assert_eq!(
            (row.total.minor(), row.open.minor(), row.state),
            (bill.total, open, state),
            "{day}: {row:?}"
        );
    }
}

/// What the badge of an invoice says, in the model's words (V14, V19).
fn badge(debt: &Debt, settled: i64, late: bool) -> Status {
    if debt.void {
        Status::Void
    } else if debt.written_off > 0 && debt.open == 0 {
        Status::WrittenOff
    } else if debt.open == 0 {
        Status::Paid
    } else if late {
        Status::Overdue
    } else if settled > 0 {
        Status::PartiallyPaid
    } else {
        Status::Open
    }
}
