//! Applies migrations behind a lock row.
//!
//! The migrator itself takes no lock, so two nodes that start at once would race. Here the whole run is one
//! transaction that first locks the row: the second node waits, then finds nothing to do. It runs in the machinery's
//! name, or row security would hide the rows from a migration that changes some.

use crate::{Migrator, rights};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use sea_orm_migration::{DbErr, MigratorTrait};

/// The newest migration's name: what a ready database has as its last one.
pub fn expected_version() -> String {
    Migrator::migrations()
        .last()
        .map(|migration| migration.name().to_owned())
        .unwrap_or_default()
}

/// Brings the database to the newest schema, and gives a role of PostgreSQL that does not own it what the portal needs.
/// May be called by several nodes at once.
///
/// # Errors
/// What the database says; nothing is changed then.
pub async fn run(connection: &DatabaseConnection, portal: Option<&str>) -> Result<(), DbErr> {
    if connection.get_database_backend() == DbBackend::Postgres {
        create_lock(connection).await?;
    }
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = connection.begin_with_options(options).await?;
    if transaction.get_database_backend() == DbBackend::Postgres {
        transaction
            .execute_unprepared("UPDATE schema_lock SET id = 1 WHERE id = 1")
            .await?;
        transaction
            .execute_unprepared("SET LOCAL quittance.area = 'system'")
            .await?;
    }
    Migrator::up(&transaction, None).await?;
    if let Some(role) = portal {
        rights::grant(&transaction, role).await?;
    }
    transaction.commit().await
}

/// Two nodes that create the table at the same moment can get an error from one of PostgreSQL's own unique indexes;
/// once the row is there it does not matter who made it.
async fn create_lock(connection: &DatabaseConnection) -> Result<(), DbErr> {
    const CREATE: &str = "CREATE TABLE IF NOT EXISTS schema_lock (id integer PRIMARY KEY)";
    const INSERT: &str = "INSERT INTO schema_lock (id) VALUES (1) ON CONFLICT DO NOTHING";
    let mut outcome = Ok(());
    for _ in 0..5 {
        outcome = match connection.execute_unprepared(CREATE).await {
            Ok(_) => connection.execute_unprepared(INSERT).await.map(|_| ()),
            Err(error) => Err(error),
        };
        if outcome.is_ok() {
            return outcome;
        }
    }
    outcome
}
