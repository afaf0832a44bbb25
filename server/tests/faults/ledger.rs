//! What the portal's database says, read beside the portal and by statements of the test's own.

use crate::world::BUYER;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, QueryResult, Statement};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The database.
pub struct Ledger(DatabaseConnection);

impl Ledger {
    /// Connects.
    pub async fn open(url: &str) -> Self {
        let mut options = ConnectOptions::new(url);
        options.max_connections(2).sqlx_logging(false);
        Self(Database::connect(options).await.unwrap())
    }

    /// Disconnects.
    pub async fn close(&self) {
        self.0.clone().close().await.unwrap();
    }

    #[expect(clippy::disallowed_methods, reason = "a test sees the rows of every tenant")]
    async fn rows(&self, sql: &str) -> Vec<QueryResult> {
        let statement = Statement::from_string(self.0.get_database_backend(), sql);
        self.0.query_all_raw(statement).await.unwrap()
    }

    async fn count(&self, sql: &str) -> usize {
        let rows = self.rows(&format!("SELECT COUNT(*) AS n FROM {sql}")).await;
        let count: i64 = rows[0].try_get("", "n").unwrap();
        usize::try_from(count).unwrap()
    }

    /// Open invoices of the buyer, the largest first.
    pub async fn payable(&self) -> Vec<Uuid> {
        let rows = self
            .rows(&format!(
                "SELECT id FROM invoices \
                 WHERE open_minor > reserved_minor AND stage IN ('open', 'partly_paid') AND buyer_id IN \
                 (SELECT m.tenant_id FROM memberships m JOIN users u ON u.id = m.user_id WHERE u.email = '{BUYER}') \
                 ORDER BY open_minor DESC, id"
            ))
            .await;
        rows.iter().map(|row| row.try_get("", "id").unwrap()).collect()
    }

    /// Payments by card that came of attempts.
    pub async fn payments(&self) -> usize {
        self.count("payments WHERE attempt_id IS NOT NULL").await
    }

    /// Attempts without an outcome.
    pub async fn undecided(&self) -> usize {
        self.count("payment_attempts WHERE state NOT IN ('succeeded', 'failed')")
            .await
    }

    /// The attempt of a form that makes one payment.
    pub async fn attempt(&self, form: Uuid) -> Uuid {
        let rows = self.rows("SELECT id, form_key FROM payment_attempts").await;
        let found = rows
            .iter()
            .find(|row| row.try_get::<Uuid>("", "form_key").unwrap() == form);
        found.expect("an attempt of this form").try_get("", "id").unwrap()
    }

    /// Attempts by state.
    pub async fn attempts(&self) -> BTreeMap<Uuid, String> {
        let rows = self.rows("SELECT id, state FROM payment_attempts").await;
        rows.iter()
            .map(|row| (row.try_get("", "id").unwrap(), row.try_get("", "state").unwrap()))
            .collect()
    }

    /// Attempts that succeeded.
    pub async fn succeeded(&self) -> BTreeSet<Uuid> {
        let all = self.attempts().await;
        all.into_iter()
            .filter(|(_, state)| state == "succeeded")
            .map(|(id, _)| id)
            .collect()
    }

    /// Invoices on which more was paid and credited than they are about, by their own sums and by their allocations,
    /// and payments of which a part found no invoice to go to.
    pub async fn overpaid(&self) -> usize {
        let invoices = self
            .count(
                "invoices i LEFT JOIN (SELECT seller_id, invoice_id, SUM(amount_minor) AS paid FROM allocations \
                 GROUP BY seller_id, invoice_id) a ON a.seller_id = i.seller_id AND a.invoice_id = i.id \
                 WHERE i.stage <> 'void' AND (i.open_minor < 0 OR i.paid_minor + i.credited_minor > i.total_minor \
                 OR COALESCE(a.paid, 0) > i.total_minor)",
            )
            .await;
        invoices
            + self
                .count("payments WHERE attempt_id IS NOT NULL AND unapplied_minor <> 0")
                .await
    }
}
