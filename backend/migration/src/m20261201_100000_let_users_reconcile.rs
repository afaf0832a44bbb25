//! A third word for a role on the seller's side that is neither sales nor finance: the plain user of Reconciliation.
//!
//! The columns say which words they take. PostgreSQL gives a column another condition; SQLite knows no such statement, and
//! making the tables anew would take the sessions that hang on memberships with them. So there the text of the
//! definition is changed, as SQLite's manual describes for changes that leave the stored rows as they are.

use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DeriveMigrationName};
use sea_orm_migration::{DbErr, MigrationTrait, SchemaManager, async_trait};

/// See the file's header.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

/// Where roles of the seller's side are stored.
const TABLES: [&str; 2] = ["memberships", "invitations"];
const WITHOUT: &str = "seller_role IN ('sales', 'finance', 'admin')";
const WITH: &str = "seller_role IN ('sales', 'finance', 'admin', 'user')";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        change(manager, WITHOUT, WITH).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        change(manager, WITH, WITHOUT).await
    }
}

async fn change(manager: &SchemaManager<'_>, from: &str, to: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    if connection.get_database_backend() == DbBackend::Postgres {
        for table in TABLES {
            let name = format!("{table}_seller_role_check");
            let statement =
                format!("ALTER TABLE {table} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} CHECK ({to})");
            connection.execute_unprepared(&statement).await?;
        }
        return Ok(());
    }
    let quoted = |text: &str| text.replace('\'', "''");
    let rewrite = format!(
        "UPDATE sqlite_schema SET sql = replace(sql, '{}', '{}') WHERE type = 'table' AND name IN ('{}')",
        quoted(from),
        quoted(to),
        TABLES.join("', '")
    );
    connection
        .execute_unprepared("PRAGMA writable_schema = ON")
        .await?;
    connection.execute_unprepared(&rewrite).await?;
    // Also reads the definitions again.
    connection
        .execute_unprepared("PRAGMA writable_schema = RESET")
        .await?;
    Ok(())
}
