//! An open transaction on either database.
//!
//! On PostgreSQL it is sqlx's own and not SeaORM's, since only that one can begin with further words in the same round
//! trip; statements are run as SeaORM runs them.
#![expect(
    clippy::disallowed_methods,
    reason = "what carries statements: whoever makes one narrows it"
)]

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement,
    Values,
    sqlx::{self, AssertSqlSafe, Executor, Postgres, query::Query},
};
use sea_query_sqlx::SqlxValues;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Dropped without commit it is rolled back.
pub(crate) struct Transaction(Inner);

enum Inner {
    Sqlite(DatabaseTransaction),
    Postgres {
        open: Box<Mutex<sqlx::Transaction<'static, Postgres>>>,
        keeps_prepared: bool,
    },
}

impl Transaction {
    pub(super) fn on_sqlite(transaction: DatabaseTransaction) -> Self {
        Self(Inner::Sqlite(transaction))
    }

    pub(super) fn on_postgres(
        transaction: sqlx::Transaction<'static, Postgres>,
        keeps_prepared: bool,
    ) -> Self {
        Self(Inner::Postgres {
            open: Box::new(Mutex::new(transaction)),
            keeps_prepared,
        })
    }

    /// Keeps what was done.
    ///
    /// # Errors
    /// What the database says; nothing is kept then.
    pub(crate) async fn commit(self) -> Result<(), DbErr> {
        match self.0 {
            Inner::Sqlite(transaction) => transaction.commit().await,
            Inner::Postgres { open, .. } => open.into_inner().commit().await.map_err(fault),
        }
    }

    /// Gives up what was done.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn rollback(self) -> Result<(), DbErr> {
        match self.0 {
            Inner::Sqlite(transaction) => transaction.rollback().await,
            Inner::Postgres { open, .. } => open.into_inner().rollback().await.map_err(fault),
        }
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        match &self.0 {
            Inner::Sqlite(_) => DbBackend::Sqlite,
            Inner::Postgres { .. } => DbBackend::Postgres,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match &self.0 {
            Inner::Sqlite(transaction) => transaction.execute_raw(statement).await,
            Inner::Postgres { open, keeps_prepared } => {
                let query = query(statement, *keeps_prepared);
                let done = query.execute(&mut **open.lock().await).await;
                done.map(Into::into).map_err(fault)
            }
        }
    }

    async fn execute_unprepared(&self, text: &str) -> Result<ExecResult, DbErr> {
        match &self.0 {
            Inner::Sqlite(transaction) => transaction.execute_unprepared(text).await,
            Inner::Postgres { open, .. } => {
                let text = AssertSqlSafe(text.to_owned());
                let done = open.lock().await.execute(text).await;
                done.map(Into::into).map_err(fault)
            }
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match &self.0 {
            Inner::Sqlite(transaction) => transaction.query_one_raw(statement).await,
            Inner::Postgres { open, keeps_prepared } => {
                let query = query(statement, *keeps_prepared);
                let row = query.fetch_optional(&mut **open.lock().await).await;
                row.map(|row| row.map(Into::into)).map_err(fault)
            }
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match &self.0 {
            Inner::Sqlite(transaction) => transaction.query_all_raw(statement).await,
            Inner::Postgres { open, keeps_prepared } => {
                let query = query(statement, *keeps_prepared);
                let rows = query.fetch_all(&mut **open.lock().await).await;
                rows.map(|rows| rows.into_iter().map(Into::into).collect())
                    .map_err(fault)
            }
        }
    }
}

fn query(statement: Statement, kept: bool) -> Query<'static, Postgres, SqlxValues> {
    let values = statement.values.unwrap_or(Values(Vec::new()));
    sqlx::query_with(AssertSqlSafe(statement.sql), SqlxValues(values)).persistent(kept)
}

/// As SeaORM tells it, so that whoever asks for its kind finds it.
fn fault(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))
}
