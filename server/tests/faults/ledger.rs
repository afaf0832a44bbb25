//! What the portal's database says, read beside the portal and by statements of the test's own.

use crate::world::BUYER;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, QueryResult, Statement,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The receipt of a payment.
pub struct Receipt {
    pub payment: Uuid,
    pub number: String,
    /// When the payment was written.
    pub at: DateTime<Utc>,
    /// The day that it bears.
    pub day: NaiveDate,
    /// Where its seller's day begins.
    pub zone: Tz,
}

/// The database.
pub struct Ledger(DatabaseConnection);

impl Ledger {
    /// Connects.
    pub async fn open(url: &str) -> Self {
        let mut options = ConnectOptions::new(url);
        options.max_connections(2).sqlx_logging(false);
        Self(Database::connect(options).await.unwrap())
    }

    /// Connects to what may be no database any more.
    pub async fn try_open(url: &str) -> Option<Self> {
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).sqlx_logging(false);
        Database::connect(options).await.ok().map(Self)
    }

    /// Whether SQLite finds its file sound.
    #[expect(clippy::disallowed_methods, reason = "a setting is no table")]
    pub async fn is_sound(&self) -> bool {
        let statement = Statement::from_string(self.0.get_database_backend(), "PRAGMA integrity_check");
        let said = self.0.query_all_raw(statement).await.unwrap_or_default();
        said.len() == 1
            && said[0]
                .try_get_by_index::<String>(0)
                .is_ok_and(|word| word == "ok")
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

    /// How many rows: what stands behind `FROM`.
    pub async fn count(&self, sql: &str) -> usize {
        let rows = self.rows(&format!("SELECT COUNT(*) AS n FROM {sql}")).await;
        let count: i64 = rows[0].try_get("", "n").unwrap();
        usize::try_from(count).unwrap()
    }

    /// How often PostgreSQL had to end a transaction that waited for one that waited for it; SQLite has one writer.
    pub async fn deadlocks(&self) -> i64 {
        match self.0.get_database_backend() {
            DbBackend::Postgres => {
                let counted =
                    "SELECT deadlocks AS n FROM pg_stat_database WHERE datname = current_database()";
                self.rows(counted).await[0].try_get("", "n").unwrap()
            }
            _ => 0,
        }
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

    /// A seller, and what its books call one of its customers.
    pub async fn customer(&self) -> (Uuid, String) {
        let rows = self
            .rows("SELECT seller_id, external_id FROM accounts WHERE external_id IS NOT NULL ORDER BY seller_id, external_id")
            .await;
        let first = &rows[0];
        (
            first.try_get("", "seller_id").unwrap(),
            first.try_get("", "external_id").unwrap(),
        )
    }

    /// The forms that became payments by card, one for each payment.
    pub async fn paid_forms(&self) -> Vec<Uuid> {
        let rows = self
            .rows(
                "SELECT t.form_key FROM payments p \
                 JOIN payment_attempts t ON t.seller_id = p.seller_id AND t.id = p.attempt_id",
            )
            .await;
        rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    /// The receipts of payments by card.
    pub async fn receipts(&self) -> Vec<Receipt> {
        let rows = self
            .rows(
                "SELECT p.id, p.receipt_number, p.created_at, p.paid_on, t.time_zone FROM payments p \
                 JOIN tenants t ON t.id = p.seller_id WHERE p.attempt_id IS NOT NULL",
            )
            .await;
        let receipt = |row: &QueryResult| Receipt {
            payment: row.try_get_by_index(0).unwrap(),
            number: row.try_get_by_index(1).unwrap(),
            at: row.try_get_by_index(2).unwrap(),
            day: row.try_get_by_index(3).unwrap(),
            zone: row.try_get_by_index::<String>(4).unwrap().parse().unwrap(),
        };
        rows.iter().map(receipt).collect()
    }

    /// A number that a statement gives.
    pub async fn number(&self, sql: &str) -> i64 {
        self.rows(sql).await[0].try_get_by_index(0).unwrap()
    }

    /// The first column of what a statement gives, as text.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let rows = self.rows(sql).await;
        rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    /// The gateway's intent of the form's attempt.
    pub async fn intent(&self, form: Uuid) -> String {
        let attempt = self.attempt(form).await;
        let rows = self.rows("SELECT id, gateway_intent FROM payment_attempts").await;
        let found = rows
            .iter()
            .find(|row| row.try_get::<Uuid>("", "id").unwrap() == attempt);
        found.unwrap().try_get("", "gateway_intent").unwrap()
    }

    /// Everything that stands written because of an attempt, in an order of its own and without ids and times.
    pub async fn traces(&self, attempt: Uuid) -> String {
        let state = self.attempts().await.remove(&attempt).unwrap();
        let rows = self
            .rows("SELECT id, attempt_id FROM payments WHERE attempt_id IS NOT NULL")
            .await;
        let paid = rows
            .iter()
            .find(|row| row.try_get::<Uuid>("", "attempt_id").unwrap() == attempt);
        let Some(payment) = paid.map(|row| row.try_get::<Uuid>("", "id").unwrap()) else {
            return state;
        };
        let of_payment = match self.0.get_database_backend() {
            DbBackend::Postgres => format!("payment_id = '{payment}'"),
            _ => format!("payment_id = x'{}'", payment.simple()),
        };
        let refunds = format!(
            "SELECT kind || ' ' || state || ' ' || amount_minor FROM refunds WHERE {of_payment} ORDER BY kind, amount_minor"
        );
        // What the books hold because of it: on the way there money may go to an invoice and off it again.
        let books = format!(
            "SELECT book || ' ' || CAST(SUM(amount) AS BIGINT) FROM (\
             SELECT debit AS book, amount_minor AS amount FROM postings WHERE {of_payment} UNION ALL \
             SELECT credit, -amount_minor FROM postings WHERE {of_payment}) AS moved GROUP BY book ORDER BY book"
        );
        let (refunds, books) = (self.texts(&refunds).await, self.texts(&books).await);
        format!("{state}; {}; {}", refunds.join(", "), books.join(", "))
    }

    /// Attempts without an outcome. The demo's debit, which no gateway knows of, never has one.
    pub async fn undecided(&self) -> usize {
        self.count(
            "payment_attempts WHERE state NOT IN ('succeeded', 'failed') \
             AND NOT (state = 'processing' AND gateway_intent IS NULL)",
        )
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
