//! Opens the database with the settings that the promises rest on, and reads them back.
//!
//! SQLite: one connection that writes, several that read, write-ahead log, every commit synced (K9). PostgreSQL: one
//! pool, with a loud warning when the server would lose what it acknowledged (K10) or its row security does not hold for
//! us.

mod pool;
mod to_the_end;
mod transaction;

pub(crate) use pool::Pool;
pub(crate) use transaction::Transaction;

use crate::BackendConfig;
use pool::{Access, Conduct};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, Statement, TryGetable,
    Value, Values,
    sqlx::Connection,
    sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use std::time::Duration;

/// The two ways into the database, in the machinery's name; on PostgreSQL they share their connections.
#[derive(Clone)]
pub(crate) struct Connections {
    /// For reading.
    pub(crate) reader: Pool,
    /// For transactions.
    pub(crate) writer: Pool,
}

impl Connections {
    /// Connects, checks the settings and brings the schema up to date.
    ///
    /// # Errors
    /// What the database says, or which setting did not take.
    pub(crate) async fn open(config: &BackendConfig) -> Result<Self, DbErr> {
        if !config.database_url.starts_with("sqlite:") {
            return Self::open_postgres(config).await;
        }
        // Of two programs that open a new file at once SQLite refuses one without letting it wait, since both change how
        // the file keeps its journal.
        let mut tries = 100;
        loop {
            match Self::open_sqlite(config).await {
                Err(error) if tries > 0 && error.to_string().contains("database is locked") => {
                    tries -= 1;
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                outcome => return outcome,
            }
        }
    }

    async fn open_sqlite(config: &BackendConfig) -> Result<Self, DbErr> {
        let writer = Database::connect(sqlite(config, 1, Access::Write)).await?;
        check_sqlite(&writer, Access::Write).await?;
        migration::run(&writer, None).await?;
        let reader = Database::connect(sqlite(config, config.connections.max(1), Access::Read)).await?;
        check_sqlite(&reader, Access::Read).await?;
        Ok(Self::of(reader, writer, config))
    }

    async fn open_postgres(config: &BackendConfig) -> Result<Self, DbErr> {
        let mut options = ConnectOptions::new(&config.database_url);
        common(&mut options, config, config.connections.max(2));
        options
            .test_before_acquire(false)
            .test_before_acquire_if_idle_for(Duration::from_secs(10));
        let connections = Database::connect(options).await?;
        let pools = Self::of(connections.clone(), connections, config);
        for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
            if show::<String>(&pools.reader, &format!("SHOW {setting}")).await? == "off" {
                tracing::error!(
                    setting,
                    "the database can lose what it acknowledged: this setting is off"
                );
            }
        }
        let role: String = show(&pools.reader, "SELECT CAST(current_user AS text)").await?;
        if show(&pools.reader, UNHELD).await? {
            tracing::error!(
                role,
                "row security does not hold for this database role: it is a superuser or has BYPASSRLS"
            );
        }
        migrate(config, &pools.reader, &role).await?;
        Ok(pools)
    }

    fn of(reader: DatabaseConnection, writer: DatabaseConnection, config: &BackendConfig) -> Self {
        let conduct = Conduct {
            patience: config.acquire_timeout,
            timeout: config.statement_timeout,
            keeps_prepared: config.keep_prepared,
        };
        Self {
            reader: Pool::new(reader, Access::Read, conduct),
            writer: Pool::new(writer, Access::Write, conduct),
        }
    }
}

/// Whether the role that asks goes round row security.
const UNHELD: &str = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user";

/// Brings the schema up to date as the role that owns it, which may be another one than the portal's: then the portal's
/// is given what it needs and no more. A portal that does not know the owner runs on a schema that is up to date.
async fn migrate(config: &BackendConfig, asked: &Pool, role: &str) -> Result<(), DbErr> {
    const NEWEST: &str = "SELECT MAX(version) FROM seaql_migrations";
    let url = match &config.migration_url {
        Some(url) => url,
        None => match show::<String>(asked, NEWEST).await {
            Ok(newest) if newest == migration::expected_version() => return Ok(()),
            // None yet, or no table of them.
            Ok(_) | Err(_) => &config.database_url,
        },
    };
    let mut options = ConnectOptions::new(url);
    common(&mut options, config, 1);
    let owner = Database::connect(options).await?;
    let outcome = migration::run(&owner, Some(role)).await;
    owner.close().await?;
    outcome
}

fn sqlite(config: &BackendConfig, connections: u32, access: Access) -> ConnectOptions {
    let mut options = ConnectOptions::new(&config.database_url);
    common(&mut options, config, connections);
    // A connection to a file does not go stale.
    options.test_before_acquire(false);
    // SQLite ends a transaction by itself when its disk is full or fails. sqlx goes on counting it, and takes the next ones
    // for parts of it: what they commit would be acknowledged and never be there (K15). Such a connection is given up.
    options.map_sqlx_sqlite_before_acquire(|connection, _| {
        let between = !connection.is_in_transaction();
        Box::pin(std::future::ready(Ok(between)))
    });
    options.map_sqlx_sqlite_opts(move |sqlite: SqliteConnectOptions| {
        sqlite
            .create_if_missing(access == Access::Write)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .pragma("query_only", if access == Access::Read { "on" } else { "off" })
            // Each connection has a cache of its own, and a long read wanders over all of them; the file is not mapped
            // into memory, for then it would hold as much of it as the map allows. The operating system keeps the
            // pages once for all.
            .pragma("cache_size", "-4000")
            .pragma("temp_store", "memory")
            // A whole part of an export, so that its rows cross over to their reader without waiting for each other.
            .row_buffer_size(2_048)
            .statement_cache_capacity(256)
    });
    options
}

fn common(options: &mut ConnectOptions, config: &BackendConfig, connections: u32) {
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(config.acquire_timeout)
        .idle_timeout(None)
        .max_lifetime(None)
        // Statements carry names and amounts; they do not belong in logs.
        .sqlx_logging(false)
        .record_stmt_in_spans(false);
}

async fn check_sqlite(connection: &DatabaseConnection, access: Access) -> Result<(), DbErr> {
    let journal: String = show(connection, "PRAGMA journal_mode").await?;
    require("journal_mode", &journal, "wal")?;
    for (setting, wanted) in [("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 5_000)] {
        let found: i64 = show(connection, &format!("PRAGMA {setting}")).await?;
        require(setting, &found.to_string(), &wanted.to_string())?;
    }
    let query_only: i64 = show(connection, "PRAGMA query_only").await?;
    require(
        "query_only",
        &query_only.to_string(),
        if access == Access::Read { "1" } else { "0" },
    )
}

fn require(setting: &str, found: &str, wanted: &str) -> Result<(), DbErr> {
    if found.eq_ignore_ascii_case(wanted) {
        Ok(())
    } else {
        Err(DbErr::Custom(format!(
            "{setting} is {found} and must be {wanted}"
        )))
    }
}

#[expect(clippy::disallowed_methods, reason = "settings are not tables")]
async fn show<T: TryGetable>(connection: &impl ConnectionTrait, statement: &str) -> Result<T, DbErr> {
    let backend = connection.get_database_backend();
    let row = connection
        .query_one_raw(Statement::from_string(backend, statement))
        .await?;
    let row = row.ok_or_else(|| DbErr::Custom(format!("no answer to {statement}")))?;
    row.try_get_by_index(0)
}

/// A statement of our own, built piece by piece with its values, in the words of the database.
#[derive(Clone, Debug)]
pub(crate) struct Sql {
    backend: DbBackend,
    text: String,
    values: Vec<Value>,
}

impl Sql {
    /// An empty statement.
    pub(crate) fn new(backend: DbBackend) -> Self {
        Self {
            backend,
            text: String::with_capacity(512),
            values: Vec::new(),
        }
    }

    /// For which database it is.
    pub(crate) const fn backend(&self) -> DbBackend {
        self.backend
    }

    /// Adds text. Never text that came from outside: that is what [`Self::bind`] is for.
    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a value.
    pub(crate) fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        if self.backend == DbBackend::Postgres {
            self.text.push('$');
            self.text.push_str(&self.values.len().to_string());
        } else {
            self.text.push('?');
        }
        self
    }

    /// Adds values with commas between them.
    pub(crate) fn bind_all<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> &mut Self {
        for (position, value) in values.into_iter().enumerate() {
            if position > 0 {
                self.push(", ");
            }
            self.bind(value);
        }
        self
    }

    /// Adds text in which `?` stands for the next of the values.
    pub(crate) fn fill<const N: usize>(&mut self, text: &str, values: [Value; N]) -> &mut Self {
        let mut pieces = text.split('?');
        if let Some(first) = pieces.next() {
            self.push(first);
        }
        for (piece, value) in pieces.zip(values) {
            self.bind(value).push(piece);
        }
        self
    }

    /// On SQLite, a sign that keeps the following column from choosing the index: its planner has no statistics.
    pub(crate) fn no_index(&mut self) -> &mut Self {
        if self.backend == DbBackend::Sqlite {
            self.text.push('+');
        }
        self
    }

    /// The statement to run.
    pub(crate) fn statement(self) -> Statement {
        Statement {
            sql: self.text,
            values: Some(Values(self.values)),
            db_backend: self.backend,
        }
    }
}

#[cfg(test)]
mod tests;
