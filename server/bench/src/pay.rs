//! Paying invoices: the portal's act with a gateway that answers at once, and beside it the same statements in the
//! same transactions, written by hand.
//!
//! Each payment takes one cent off each invoice, so the same invoices can be paid again and again.

use crate::{
    Outcome,
    by_hand::ByHand,
    db::{Kind, Statement, Value},
    figures::{Figure, Group, in_turns},
    pages::Bench,
    people::{Made, id, largest},
};
use domain::{
    Currency, Money,
    access::{PayInvoices, Side},
    ids::{CardId, FormKey, InvoiceId},
    payments::{CardChoice, SubmitLine, SubmitPayment},
};
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

impl Bench {
    /// Payments over five and over fifty invoices.
    pub(crate) async fn payments(&self) -> Outcome<Vec<Figure>> {
        let mut figures = Vec::new();
        for (group, count, rounds) in [(Group::PayFive, 5, 100), (Group::PayFifty, 50, 40)] {
            let invoices = self.payable(count).await?;
            let receipts = AtomicU64::new(u64::try_from(count)? * 1_000_000);
            let ours = || self.pay(&invoices);
            let bare = async || {
                self.by_hand(&invoices, receipts.fetch_add(1, Ordering::Relaxed))
                    .await
            };
            let (ours, bare) = in_turns(rounds, ours, bare).await?;
            figures.push(Figure {
                group,
                name: format!("{count} invoices"),
                ours,
                bare: Some(bare),
            });
        }
        Ok(figures)
    }

    /// Invoices of the largest buyer on which much is open.
    async fn payable(&self, count: usize) -> Outcome<Vec<Uuid>> {
        let text = format!(
            "SELECT id FROM invoices WHERE buyer_id = $1 AND stage IN ('open', 'partly_paid') AND open_minor > 10000 \
             ORDER BY due_date LIMIT {count}"
        );
        let found = self
            .db
            .rows(&Statement::new(text, vec![Value::Id(largest())], &[Kind::Id]))
            .await?;
        let ids: Vec<Uuid> = found
            .into_iter()
            .filter_map(|row| match row.first() {
                Some(Value::Id(id)) => Some(*id),
                _ => None,
            })
            .collect();
        if ids.len() == count {
            Ok(ids)
        } else {
            Err("too few invoices to pay".into())
        }
    }

    async fn pay(&self, invoices: &[Uuid]) -> Outcome {
        let scope = self.actor(Side::Buyer).await?.permit::<PayInvoices>()?;
        let cent = Money::new(1, Currency::USD);
        let line = |id: &Uuid| SubmitLine {
            invoice: InvoiceId(*id),
            seen: cent,
            amount: cent,
        };
        let form = SubmitPayment {
            key: FormKey(Uuid::now_v7()),
            lines: invoices.iter().map(line).collect(),
            card: CardChoice::Saved(CardId(id(Made::Card, 1))),
            save_card: false,
            make_default: false,
            email_receipt: true,
        };
        let key = backend::payments::write::submit(&scope, &form).await?;
        debug_assert_eq!(key, form.key);
        Ok(())
    }

    /// How many payments by card there are.
    pub(crate) async fn paid(&self) -> Outcome<usize> {
        let text = "SELECT id FROM payments WHERE buyer_id = $1 AND method = 'card'";
        Ok(self
            .db
            .rows(&Statement::new(text, vec![Value::Id(largest())], &[Kind::Id]))
            .await?
            .len())
    }

    async fn by_hand(&self, invoices: &[Uuid], receipt: u64) -> Outcome {
        let mut sorted = invoices.to_vec();
        sorted.sort();
        let act = ByHand {
            invoices: sorted,
            attempt: Uuid::now_v7(),
            payment: Uuid::now_v7(),
            form: Uuid::now_v7(),
            key: Uuid::now_v7().to_string(),
            receipt,
            now: Value::At(self.backend.now()),
            lock: if self.db.is_sqlite() { "" } else { " FOR UPDATE" },
        };
        let intent = format!("pi_{}", act.attempt.simple());
        let customer = act.store("gateway_customer", "cus_1");
        let transactions = [
            act.reserve(),
            vec![customer],
            vec![act.store("gateway_intent", &intent)],
            act.succeed(),
        ];
        self.db
            .rows(&crate::cases::session(&self.people.buyer_token))
            .await?;
        for statements in transactions {
            let mut tx = self.db.begin().await?;
            for statement in &statements {
                std::hint::black_box(tx.run(statement).await?);
            }
            tx.commit().await?;
        }
        Ok(())
    }
}
