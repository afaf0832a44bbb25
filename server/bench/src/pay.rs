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

/// An invoice that is paid, with what was open on it at first.
struct Payable {
    id: Uuid,
    open: i64,
}

impl Bench {
    /// Payments over five and over fifty invoices.
    pub(crate) async fn payments(&self) -> Outcome<Vec<Figure>> {
        let mut figures = Vec::new();
        for (group, count, rounds) in [(Group::PayFive, 5, 100), (Group::PayFifty, 50, 40)] {
            let invoices = self.payable(count).await?;
            // How many cents are off each invoice by now, and with that which payment this is.
            let taken = AtomicU64::new(0);
            let ours = || self.pay(&invoices, taken.fetch_add(1, Ordering::Relaxed));
            let bare = async || {
                let receipt = u64::try_from(count)? * 1_000_000 + taken.fetch_add(1, Ordering::Relaxed);
                self.by_hand(&invoices, receipt).await
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
    async fn payable(&self, count: usize) -> Outcome<Vec<Payable>> {
        let text = format!(
            "SELECT id, open_minor FROM invoices WHERE buyer_id = $1 AND stage IN ('open', 'partly_paid') AND open_minor > 10000 \
             ORDER BY due_date LIMIT {count}"
        );
        let found = self
            .db
            .rows(&Statement::new(
                text,
                vec![Value::Id(largest())],
                &[Kind::Id, Kind::Number],
            ))
            .await?;
        let mut invoices = Vec::with_capacity(count);
        for row in found {
            if let [Value::Id(id), Value::Number(open)] = row.as_slice() {
                invoices.push(Payable { id: *id, open: *open });
            }
        }
        if invoices.len() == count {
            Ok(invoices)
        } else {
            Err("too few invoices to pay".into())
        }
    }

    async fn pay(&self, invoices: &[Payable], taken: u64) -> Outcome {
        let scope = self.actor(Side::Buyer).await?.permit::<PayInvoices>()?;
        let cent = Money::new(1, Currency::USD);
        let taken = i64::try_from(taken)?;
        let line = |invoice: &Payable| SubmitLine {
            invoice: InvoiceId(invoice.id),
            seen: Money::new(invoice.open - taken, Currency::USD),
            amount: cent,
        };
        let form = SubmitPayment {
            key: FormKey(Uuid::now_v7()),
            lines: invoices.iter().map(line).collect(),
            card: CardChoice::Saved(CardId(id(Made::Card, 1))),
            save_card: false,
            make_default: false,
            email_receipt: true,
            uses: Vec::new(),
        };
        let key = backend::payments::write::submit(&scope, &form).await?;
        debug_assert_eq!(key, form.key);
        Ok(())
    }

    /// How many payments by card there are, and how much of them is on invoices: nothing failed, nothing is open.
    pub(crate) async fn paid(&self) -> Outcome<(i64, i64)> {
        let text = "SELECT COUNT(DISTINCT p.id), CAST(SUM(a.amount_minor) AS bigint) FROM payments p \
                    JOIN allocations a ON a.seller_id = p.seller_id AND a.payment_id = p.id \
                    WHERE p.buyer_id = $1 AND p.method = 'card'";
        let statement = Statement::new(text, vec![Value::Id(largest())], &[Kind::Number; 2]);
        match self.db.rows(&statement).await?.first().map(Vec::as_slice) {
            Some([Value::Number(payments), Value::Number(cents)]) => Ok((*payments, *cents)),
            _ => Err("no payment went through".into()),
        }
    }

    async fn by_hand(&self, invoices: &[Payable], receipt: u64) -> Outcome {
        let mut sorted: Vec<Uuid> = invoices.iter().map(|invoice| invoice.id).collect();
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
        let transactions = [
            act.reserve(),
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
