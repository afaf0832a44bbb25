//! The bare driver: statements written by hand, prepared, bound and read without anything between.
//!
//! SQLite knows numbered `$1` too, so one text serves both databases.

use crate::Outcome;
use chrono::{DateTime, NaiveDate, Utc};
use futures::TryStreamExt;
use sea_orm::sqlx::{
    self, AssertSqlSafe, PgPool, Postgres, Row, Sqlite, SqlitePool, Transaction,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{hint::black_box, str::FromStr, sync::Arc, time::Duration};
use uuid::Uuid;

/// A value to bind, or one that was read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// Null.
    Nothing,
    /// An id.
    Id(Uuid),
    /// Text.
    Text(String),
    /// A date.
    Day(NaiveDate),
    /// A moment.
    At(DateTime<Utc>),
    /// A number of eight bytes.
    Number(i64),
    /// A number of four bytes.
    Small(i32),
    /// JSON.
    Json(serde_json::Value),
}

/// As what a column is read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// An id.
    Id,
    /// Text.
    Text,
    /// A date.
    Day,
    /// A moment.
    At,
    /// A number of eight bytes.
    Number,
    /// A number of four bytes.
    Small,
}

/// A statement with its values.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    text: Arc<str>,
    values: Vec<Value>,
    kinds: Vec<Kind>,
}

impl Statement {
    /// A statement, what is bound in it and how its columns are read.
    pub(crate) fn new(text: impl Into<Arc<str>>, values: Vec<Value>, kinds: &[Kind]) -> Self {
        Self {
            text: text.into(),
            values,
            kinds: kinds.to_vec(),
        }
    }

    /// One that gives no rows.
    pub(crate) fn write(text: impl Into<Arc<str>>, values: Vec<Value>) -> Self {
        Self::new(text, values, &[])
    }
}

/// A pool of the bare driver.
#[derive(Clone, Debug)]
pub(crate) enum Db {
    /// SQLite.
    Sqlite(SqlitePool),
    /// PostgreSQL.
    Postgres(PgPool),
}

/// An open transaction.
pub(crate) enum Tx {
    /// Of SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// Of PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

macro_rules! bound {
    ($statement:expr) => {{
        let mut query = sqlx::query(AssertSqlSafe(Arc::clone(&$statement.text)));
        for value in &$statement.values {
            query = match value {
                Value::Nothing => query.bind(None::<String>),
                Value::Id(value) => query.bind(*value),
                Value::Text(value) => query.bind(value.clone()),
                Value::Day(value) => query.bind(*value),
                Value::At(value) => query.bind(*value),
                Value::Number(value) => query.bind(*value),
                Value::Small(value) => query.bind(*value),
                Value::Json(value) => query.bind(value.clone()),
            };
        }
        query
    }};
}

macro_rules! decoded {
    ($row:expr, $kinds:expr) => {{
        let mut cells = Vec::with_capacity($kinds.len());
        for (position, kind) in $kinds.iter().enumerate() {
            let cell = match kind {
                Kind::Id => $row.try_get::<Option<Uuid>, _>(position)?.map(Value::Id),
                Kind::Text => $row.try_get::<Option<String>, _>(position)?.map(Value::Text),
                Kind::Day => $row.try_get::<Option<NaiveDate>, _>(position)?.map(Value::Day),
                Kind::At => $row.try_get::<Option<DateTime<Utc>>, _>(position)?.map(Value::At),
                Kind::Number => $row.try_get::<Option<i64>, _>(position)?.map(Value::Number),
                Kind::Small => $row.try_get::<Option<i32>, _>(position)?.map(Value::Small),
            };
            cells.push(cell.unwrap_or(Value::Nothing));
        }
        cells
    }};
}

macro_rules! all {
    ($executor:expr, $statement:expr) => {{
        let found = bound!($statement).fetch_all($executor).await?;
        let mut rows = Vec::with_capacity(found.len());
        for row in found {
            rows.push(decoded!(row, $statement.kinds));
        }
        Ok(rows)
    }};
}

macro_rules! counted {
    ($pool:expr, $statement:expr) => {{
        let mut rows = bound!($statement).fetch($pool);
        let mut count = 0;
        while let Some(row) = rows.try_next().await? {
            black_box(decoded!(row, $statement.kinds));
            count += 1;
        }
        Ok(count)
    }};
}

impl Db {
    /// Connects, on SQLite with the settings that the portal has.
    pub(crate) async fn open(url: &str) -> Outcome<Self> {
        if !url.starts_with("sqlite:") {
            return Ok(Self::Postgres(
                PgPoolOptions::new()
                    .max_connections(1)
                    .test_before_acquire(false)
                    .connect(url)
                    .await?,
            ));
        }
        let options = SqliteConnectOptions::from_str(url)?
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .pragma("cache_size", "-4000")
            .pragma("temp_store", "memory")
            .row_buffer_size(2_048)
            .statement_cache_capacity(256);
        Ok(Self::Sqlite(
            SqlitePoolOptions::new()
                .max_connections(1)
                // Else the driver asks before each statement whether the connection still stands.
                .test_before_acquire(false)
                .connect_with(options)
                .await?,
        ))
    }

    /// Connects to fill an empty database: fast, and nothing is kept if it breaks off.
    pub(crate) async fn open_to_fill(url: &str) -> Outcome<Self> {
        if !url.starts_with("sqlite:") {
            let db = Self::Postgres(PgPoolOptions::new().max_connections(1).connect(url).await?);
            // Foreign keys are right by construction; checking them row by row takes minutes.
            db.script("SET session_replication_role = replica; SET synchronous_commit = off")
                .await?;
            return Ok(db);
        }
        let options = SqliteConnectOptions::from_str(url)?
            .journal_mode(SqliteJournalMode::Off)
            .synchronous(SqliteSynchronous::Off)
            .foreign_keys(false)
            .pragma("cache_size", "-200000")
            .pragma("temp_store", "memory");
        Ok(Self::Sqlite(
            SqlitePoolOptions::new()
                .max_connections(1)
                .connect_with(options)
                .await?,
        ))
    }

    /// Whether it is SQLite.
    pub(crate) const fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// Runs text as it is.
    pub(crate) async fn script(&self, text: &str) -> Outcome {
        match self {
            Self::Sqlite(pool) => {
                sqlx::raw_sql(AssertSqlSafe(text)).execute(pool).await?;
            }
            Self::Postgres(pool) => {
                sqlx::raw_sql(AssertSqlSafe(text)).execute(pool).await?;
            }
        }
        Ok(())
    }

    /// All rows.
    pub(crate) async fn rows(&self, statement: &Statement) -> Outcome<Vec<Vec<Value>>> {
        match self {
            Self::Sqlite(pool) => all!(pool, statement),
            Self::Postgres(pool) => all!(pool, statement),
        }
    }

    /// Reads all rows one after the other, keeps none and returns how many there were.
    pub(crate) async fn read_through(&self, statement: &Statement) -> Outcome<u64> {
        match self {
            Self::Sqlite(pool) => counted!(pool, statement),
            Self::Postgres(pool) => counted!(pool, statement),
        }
    }

    /// Begins a transaction that writes.
    pub(crate) async fn begin(&self) -> Outcome<Tx> {
        Ok(match self {
            Self::Sqlite(pool) => Tx::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Ends all connections.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// All rows of a statement; none of one that only writes.
    pub(crate) async fn run(&mut self, statement: &Statement) -> Outcome<Vec<Vec<Value>>> {
        match self {
            Self::Sqlite(tx) => all!(&mut **tx, statement),
            Self::Postgres(tx) => all!(&mut **tx, statement),
        }
    }

    /// Commits.
    pub(crate) async fn commit(self) -> Outcome {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}
