//! The sandbox's state in one SQLite file.
//!
//! Objects are JSON documents in one table, ordered by a sequence that never goes back. There is one connection, so
//! one transaction at a time: what a call reads cannot change before it commits, and a commit is on the disk.

use std::str::FromStr;
use std::time::Duration;

use rand::Rng;
use sea_orm::sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sea_orm::sqlx::{self, Row, Sqlite, Transaction};
use serde_json::{Value, json};

use crate::config::{Database, SandboxError};
use crate::error::ApiError;
use crate::form::Form;
use crate::objects::{Stored, public};

/// An open transaction.
pub type Tx = Transaction<'static, Sqlite>;

const SCHEMA: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS object (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
        customer TEXT, parent TEXT, created INTEGER NOT NULL, body TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS object_by_kind ON object (kind, seq)",
    "CREATE INDEX IF NOT EXISTS object_by_customer ON object (kind, customer, seq)",
    "CREATE INDEX IF NOT EXISTS object_by_parent ON object (kind, parent, seq)",
    "CREATE TABLE IF NOT EXISTS idempotency (
        key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
        created INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS delivery (
        id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL REFERENCES object (id) ON DELETE CASCADE,
        url TEXT NOT NULL, due INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
        state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'given_up')))",
    "CREATE INDEX IF NOT EXISTS delivery_by_due ON delivery (state, due)",
];

/// Opens the state, and makes its tables when they are missing.
pub async fn open(database: &Database) -> Result<SqlitePool, SandboxError> {
    let options = match database {
        Database::File(path) => {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            SqliteConnectOptions::new()
                .filename(path)
                .journal_mode(SqliteJournalMode::Wal)
        }
        Database::Memory => SqliteConnectOptions::from_str("sqlite::memory:")?,
    };
    let options = options
        .create_if_missing(true)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5));
    // A memory database dies with its connection, so the only one is never given up.
    let pool = SqlitePoolOptions::new()
        .min_connections(1)
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options)
        .await?;
    for statement in SCHEMA {
        sqlx::query(*statement).execute(&pool).await?;
    }
    Ok(pool)
}

/// Forgets everything.
pub async fn erase(pool: &SqlitePool) -> Result<(), sqlx::Error> {
    for statement in [
        "DELETE FROM delivery",
        "DELETE FROM idempotency",
        "DELETE FROM object",
    ] {
        sqlx::query(statement).execute(pool).await?;
    }
    Ok(())
}

/// Writes an object, new or changed.
pub async fn save<T: Stored>(tx: &mut Tx, object: &T) -> Result<(), ApiError> {
    sqlx::query(
        "INSERT INTO object (id, kind, customer, parent, created, body) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET customer = excluded.customer, body = excluded.body",
    )
    .bind(object.id())
    .bind(T::KIND)
    .bind(object.customer())
    .bind(object.parent())
    .bind(object.created())
    .bind(serde_json::to_string(object)?)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Reads an object that the request names in `param`.
///
/// # Errors
/// `resource_missing` when there is none.
pub async fn fetch<T: Stored>(tx: &mut Tx, id: &str, param: &str) -> Result<T, ApiError> {
    let row = sqlx::query("SELECT body FROM object WHERE id = ? AND kind = ?")
        .bind(id)
        .bind(T::KIND)
        .fetch_optional(&mut **tx)
        .await?
        .ok_or_else(|| ApiError::missing(T::NOUN, id, param))?;
    Ok(serde_json::from_str(row.get::<&str, _>(0))?)
}

/// Which objects a list holds.
#[derive(Debug, Default)]
pub struct Filter {
    /// Those of this customer.
    pub customer: Option<String>,
    /// Those that belong to this object.
    pub parent: Option<String>,
}

/// Answers a list, newest first, by `limit`, `starting_after` and `created[…]` of the form.
pub async fn list<T: Stored>(
    tx: &mut Tx,
    form: &mut Form,
    url: &str,
    filter: Filter,
) -> Result<Value, ApiError> {
    let limit = form.integer("limit")?.unwrap_or(10);
    if !(1..=100).contains(&limit) {
        let message = "Invalid limit: it must be between 1 and 100.";
        return Err(ApiError::parameter("parameter_invalid_integer", "limit", message));
    }
    let after = form.text("starting_after");
    let (from, until) = created_range(form)?;
    form.finish()?;
    let below = match after {
        Some(id) => sequence::<T>(tx, &id).await?,
        None => i64::MAX,
    };
    let rows = sqlx::query(
        "SELECT body FROM object WHERE kind = ?1 AND (?2 IS NULL OR customer = ?2) AND (?3 IS NULL OR parent = ?3)
         AND created BETWEEN ?4 AND ?5 AND seq < ?6 ORDER BY seq DESC LIMIT ?7",
    )
    .bind(T::KIND)
    .bind(filter.customer)
    .bind(filter.parent)
    .bind(from)
    .bind(until)
    .bind(below)
    .bind(limit + 1)
    .fetch_all(&mut **tx)
    .await?;
    let page = usize::try_from(limit).unwrap_or(usize::MAX);
    let objects = rows.iter().take(page).map(|row| -> Result<Value, ApiError> {
        let object: T = serde_json::from_str(row.get::<&str, _>(0))?;
        public(&object)
    });
    let data = objects.collect::<Result<Vec<_>, _>>()?;
    Ok(json!({ "object": "list", "url": url, "has_more": rows.len() > page, "data": data }))
}

/// Every object of a kind that belongs to another, oldest first.
pub async fn children<T: Stored>(tx: &mut Tx, parent: &str) -> Result<Vec<T>, ApiError> {
    let rows = sqlx::query("SELECT body FROM object WHERE kind = ? AND parent = ? ORDER BY seq")
        .bind(T::KIND)
        .bind(parent)
        .fetch_all(&mut **tx)
        .await?;
    rows.iter()
        .map(|row| Ok(serde_json::from_str(row.get::<&str, _>(0))?))
        .collect()
}

/// Every object of a kind of one customer, oldest first.
pub async fn of_customer<T: Stored>(tx: &mut Tx, customer: &str) -> Result<Vec<T>, ApiError> {
    let rows = sqlx::query("SELECT body FROM object WHERE kind = ? AND customer = ? ORDER BY seq")
        .bind(T::KIND)
        .bind(customer)
        .fetch_all(&mut **tx)
        .await?;
    rows.iter()
        .map(|row| Ok(serde_json::from_str(row.get::<&str, _>(0))?))
        .collect()
}

/// A new id: the prefix and 24 letters and digits.
pub fn new_id(prefix: &str) -> String {
    format!("{prefix}_{}", random_text(24))
}

/// Letters and digits from the system's randomness, about 5.95 bits each.
pub fn random_text(length: usize) -> String {
    let mut source = rand::rng();
    (0..length)
        .map(|_| char::from(source.sample(rand::distr::Alphanumeric)))
        .collect()
}

async fn sequence<T: Stored>(tx: &mut Tx, id: &str) -> Result<i64, ApiError> {
    let row = sqlx::query("SELECT seq FROM object WHERE id = ? AND kind = ?")
        .bind(id)
        .bind(T::KIND)
        .fetch_optional(&mut **tx)
        .await?;
    row.map(|row| row.get(0))
        .ok_or_else(|| ApiError::missing(T::NOUN, id, "starting_after"))
}

/// `created[gte]` and its kin as an inclusive range.
fn created_range(form: &mut Form) -> Result<(i64, i64), ApiError> {
    let from = form.integer("created[gte]")?.unwrap_or(i64::MIN);
    let after = form
        .integer("created[gt]")?
        .map_or(i64::MIN, |value| value.saturating_add(1));
    let until = form.integer("created[lte]")?.unwrap_or(i64::MAX);
    let before = form
        .integer("created[lt]")?
        .map_or(i64::MAX, |value| value.saturating_sub(1));
    Ok((from.max(after), until.min(before)))
}
