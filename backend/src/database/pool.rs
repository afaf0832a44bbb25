//! A pool of connections that says in whose name it asks.
//!
//! PostgreSQL's row security judges every statement by settings of its transaction (`migration/src/walls.rs`), so each
//! statement runs in a transaction of its own that begins with them: set in the transaction alone, they are gone with
//! it and reach nobody else's, also behind a pooler that hands connections round. SQLite has no such thing and gets the
//! statement as it is.
#![expect(
    clippy::disallowed_methods,
    reason = "what carries statements: whoever makes one narrows it"
)]

use super::{to_the_end::ToTheEnd, transaction::Transaction};
use crate::scope::Viewpoint;
use domain::access::Area;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, sqlx,
    sqlx::{AssertSqlSafe, Postgres, SqlSafeStr},
};
use std::{
    fmt::{Display, Write},
    sync::Arc,
    time::Duration,
};

/// In whose name the database is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Asker {
    /// A tenant, from one of its sides.
    Tenant(Viewpoint),
    /// The machinery, which belongs to no tenant.
    System,
}

/// What is done through a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Nothing is changed, and the database refuses what would.
    Read,
    /// Anything.
    Write,
}

/// How statements are run on PostgreSQL.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conduct {
    /// How long a connection, and its first word, may take.
    pub(crate) patience: Duration,
    /// Longest statement.
    pub(crate) timeout: Duration,
    /// Whether a connection keeps what it prepared. A pooler that does not know of it mixes them up.
    pub(crate) keeps_prepared: bool,
}

/// See the file's header. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Pool {
    connections: DatabaseConnection,
    access: Access,
    conduct: Conduct,
    asker: Asker,
    planned_anew: bool,
}

impl Pool {
    /// A pool of the machinery's.
    pub(super) fn new(connections: DatabaseConnection, access: Access, conduct: Conduct) -> Self {
        Self {
            connections,
            access,
            conduct,
            asker: Asker::System,
            planned_anew: false,
        }
    }

    /// The same connections in a tenant's name.
    pub(crate) fn for_tenant(&self, viewpoint: Viewpoint) -> Self {
        Self {
            asker: Asker::Tenant(viewpoint),
            ..self.clone()
        }
    }

    /// The same connections for statements that are planned for their values each time. PostgreSQL plans a prepared
    /// statement after a few uses for values that it does not look at any more.
    pub(crate) fn planned_anew(&self) -> Self {
        Self {
            planned_anew: true,
            ..self.clone()
        }
    }

    /// Begins a transaction. On SQLite it is the only one that writes from here on: one that reads before it writes must
    /// be a writer from its first statement on, or SQLite cannot let it wait for another one.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn begin(&self) -> Result<Transaction, DbErr> {
        if self.is_postgres() {
            // The settings travel with `BEGIN`, so they cost no round trip.
            let transaction = self.in_time(self.begin_on_postgres()).await?;
            return Ok(Transaction::on_postgres(transaction, self.conduct.keeps_prepared));
        }
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = self.connections.begin_with_options(options).await?;
        Ok(Transaction::on_sqlite(transaction))
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn ping(&self) -> Result<(), DbErr> {
        if !self.is_postgres() {
            return self.connections.ping().await;
        }
        self.begin().await.map(drop)
    }

    /// Begins on a connection of its own. Whoever stops waiting, because the time is over or the request was taken back,
    /// leaves a beginning that is gone through and undone: sqlx would put the connection back with the transaction open
    /// (its issues 4385 and 4393, in 0.9.0), and the next one on it would be in a stranger's name, or could not write.
    async fn begin_on_postgres(&self) -> Result<sqlx::Transaction<'static, Postgres>, sqlx::Error> {
        let words = AssertSqlSafe(self.opening()).into_sql_str();
        let connection = self.connections.get_postgres_connection_pool().acquire().await?;
        // What sqlx's `begin_with` does, taken apart: only the second half must not be left.
        ToTheEnd::of(sqlx::Transaction::begin(connection, Some(words))).await
    }

    /// Gives up on a first word that gets no answer. The pool gives up when it has no connection; of one that it has, whose
    /// other end hangs, it knows nothing, and the request would wait until the network does (K13).
    async fn in_time<T>(&self, begun: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, DbErr> {
        let outcome = match tokio::time::timeout(self.conduct.patience, begun).await {
            Ok(outcome) => outcome,
            Err(_) => Err(sqlx::Error::PoolTimedOut),
        };
        outcome.map_err(|error| DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error))))
    }

    /// Ends all connections.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn close(self) -> Result<(), DbErr> {
        self.connections.close().await
    }

    fn is_postgres(&self) -> bool {
        self.get_database_backend() == DbBackend::Postgres
    }

    /// The words that a transaction begins with. All values are our own: ids, numbers and fixed words.
    fn opening(&self) -> String {
        let mut words = String::from(match self.access {
            Access::Read => "BEGIN READ ONLY",
            Access::Write => "BEGIN",
        });
        let mut set = |name: &str, value: &dyn Display| {
            // Writing to a string does not fail.
            let _ = write!(words, "; SET LOCAL {name} = '{value}'");
        };
        match &self.asker {
            Asker::System => set("quittance.area", &"system"),
            Asker::Tenant(Viewpoint {
                tenant,
                area,
                subsidiaries,
            }) => {
                set("quittance.tenant", &tenant.0);
                set(
                    "quittance.area",
                    &match area {
                        Area::Seller => "seller",
                        Area::Buyer => "buyer",
                        Area::Tenant => "tenant",
                    },
                );
                if !subsidiaries.is_empty() {
                    // Whose they are is read from the table, not told.
                    set("quittance.reach", &"subsidiaries");
                }
            }
        }
        set("statement_timeout", &self.conduct.timeout.as_millis());
        if self.planned_anew {
            set("plan_cache_mode", &"force_custom_plan");
        }
        words
    }

    /// Ends the transaction of one statement. What was only read needs no commit: the rollback goes with the connection
    /// back to the pool, and nobody waits for it.
    async fn end(&self, transaction: Transaction) -> Result<(), DbErr> {
        match self.access {
            Access::Read => Ok(()),
            Access::Write => transaction.commit().await,
        }
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Pool {
    fn get_database_backend(&self) -> DbBackend {
        self.connections.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        if !self.is_postgres() {
            return self.connections.execute_raw(statement).await;
        }
        let transaction = self.begin().await?;
        let done = transaction.execute_raw(statement).await?;
        self.end(transaction).await?;
        Ok(done)
    }

    async fn execute_unprepared(&self, text: &str) -> Result<ExecResult, DbErr> {
        if !self.is_postgres() {
            return self.connections.execute_unprepared(text).await;
        }
        let transaction = self.begin().await?;
        let done = transaction.execute_unprepared(text).await?;
        self.end(transaction).await?;
        Ok(done)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        if !self.is_postgres() {
            return self.connections.query_one_raw(statement).await;
        }
        let transaction = self.begin().await?;
        let row = transaction.query_one_raw(statement).await?;
        self.end(transaction).await?;
        Ok(row)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        if !self.is_postgres() {
            return self.connections.query_all_raw(statement).await;
        }
        let transaction = self.begin().await?;
        let rows = transaction.query_all_raw(statement).await?;
        self.end(transaction).await?;
        Ok(rows)
    }
}
