//! Table definitions as text that both databases take, with six type words of our own.
//!
//! `UUID`, `DAY`, `INSTANT`, `JSON`, `BYTES` and `KEYTEXT` stand for what each database calls them; everything else is SQL that
//! SQLite, PostgreSQL and the engines that speak its protocol have in common. `KEYTEXT` is text that is compared byte
//! by byte, so that a prefix is a range and pages agree about order on every machine.

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use sea_orm_migration::{DbErr, SchemaManager};

/// Runs statements that are separated by a semicolon at the end of a line.
pub(crate) async fn run(manager: &SchemaManager<'_>, text: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    for statement in text
        .split(";\n")
        .map(str::trim)
        .filter(|statement| !statement.is_empty())
    {
        connection
            .execute_unprepared(&translate(statement, connection.get_database_backend()))
            .await?;
    }
    Ok(())
}

/// Drops tables, the last first.
pub(crate) async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&str]) -> Result<(), DbErr> {
    for table in tables.iter().rev() {
        manager
            .get_connection()
            .execute_unprepared(&format!("DROP TABLE {table}"))
            .await?;
    }
    Ok(())
}

fn translate(statement: &str, backend: DbBackend) -> String {
    let words: [(&str, &str); 6] = match backend {
        DbBackend::Postgres => [
            ("UUID", "uuid"),
            ("DAY", "date"),
            ("INSTANT", "timestamp with time zone"),
            ("JSON", "jsonb"),
            ("BYTES", "bytea"),
            ("KEYTEXT", "text COLLATE \"C\""),
        ],
        _ => [
            ("UUID", "blob"),
            ("DAY", "date_text"),
            ("INSTANT", "timestamp_text"),
            ("JSON", "json_text"),
            ("BYTES", "blob"),
            ("KEYTEXT", "text"),
        ],
    };
    let mut result = String::with_capacity(statement.len());
    for piece in statement.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || c == '_')) {
        let word = piece.trim_end_matches(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        let translated = words
            .iter()
            .find(|(ours, _)| *ours == word)
            .map_or(word, |(_, theirs)| theirs);
        result.push_str(translated);
        result.push_str(&piece[word.len()..]);
    }
    result
}

/// Drops columns, the last first.
pub(crate) async fn drop_columns(manager: &SchemaManager<'_>, columns: &[(&str, &str)]) -> Result<(), DbErr> {
    for (table, column) in columns.iter().rev() {
        manager
            .get_connection()
            .execute_unprepared(&format!("ALTER TABLE {table} DROP COLUMN {column}"))
            .await?;
    }
    Ok(())
}

/// A constraint of a table that says something else from now on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Check {
    /// What it is called on PostgreSQL.
    pub(crate) name: &'static str,
    /// Its condition up to now, letter by letter as the table was made with it.
    pub(crate) before: &'static str,
    /// Its condition from now on.
    pub(crate) after: &'static str,
}

impl Check {
    /// The way back.
    pub(crate) const fn back(self) -> Self {
        Self {
            name: self.name,
            before: self.after,
            after: self.before,
        }
    }
}

/// Changes constraints of a table without rewriting its rows.
///
/// SQLite knows no statement for that. A new table in the place of the old one would have to be filled row by row with
/// foreign keys switched off, which a transaction cannot; so the text of the table is changed where it lies, the way
/// SQLite's manual describes for it (“Making Other Kinds Of Table Schema Changes”). A text that is not found as it is
/// expected, or cannot be read afterwards, is an error, and the transaction of the migrations takes all of it back.
pub(crate) async fn change_checks(
    manager: &SchemaManager<'_>,
    table: &str,
    checks: &[Check],
) -> Result<(), DbErr> {
    match manager.get_connection().get_database_backend() {
        DbBackend::Sqlite => change_text(manager, table, checks).await,
        _ => {
            for Check { name, after, .. } in checks {
                run(manager, &format!("ALTER TABLE {table} DROP CONSTRAINT {name}")).await?;
                run(
                    manager,
                    &format!("ALTER TABLE {table} ADD CONSTRAINT {name} CHECK {after}"),
                )
                .await?;
            }
            Ok(())
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "asks for the version of the schema")]
async fn change_text(manager: &SchemaManager<'_>, table: &str, checks: &[Check]) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let version = Statement::from_string(DbBackend::Sqlite, "PRAGMA schema_version");
    let version = connection.query_one_raw(version).await?;
    let version: i32 = version
        .ok_or_else(|| DbErr::Migration("SQLite has no schema version".to_owned()))?
        .try_get_by_index(0)?;
    connection
        .execute_unprepared("PRAGMA writable_schema = ON")
        .await?;
    for Check { name, before, after } in checks {
        let (old, new) = (
            quoted(&format!("CHECK {before}")),
            quoted(&format!("CHECK {after}")),
        );
        let changed = connection
            .execute_unprepared(&format!(
                "UPDATE sqlite_schema SET sql = replace(sql, {old}, {new}) \
                 WHERE type = 'table' AND name = {} AND instr(sql, {old}) > 0",
                quoted(table)
            ))
            .await?;
        if changed.rows_affected() != 1 {
            return Err(DbErr::Migration(format!("{table} has no {name} as it was made")));
        }
    }
    connection
        .execute_unprepared(&format!("PRAGMA schema_version = {}", version + 1))
        .await?;
    connection
        .execute_unprepared("PRAGMA writable_schema = OFF")
        .await?;
    // Reads the new text: what is wrong with it shows here and not after the commit.
    run(manager, &format!("SELECT 1 FROM {table} LIMIT 1")).await
}

/// One migration: its statements, and the tables and columns to drop on the way back. What has tables of tenants' data
/// names their walls too.
macro_rules! migration {
    (walls: $walls:expr) => {
        crate::portable::migration! { tables: [], columns: [], walls: $walls, up: "" }
    };
    (tables: [$($table:literal),* $(,)?], up: $up:expr) => {
        crate::portable::migration! { tables: [$($table),*], columns: [], up: $up }
    };
    (tables: [$($table:literal),* $(,)?], columns: [$($of:literal $column:literal),* $(,)?], up: $up:expr) => {
        crate::portable::migration! { tables: [$($table),*], columns: [$($of $column),*], walls: [], up: $up }
    };
    (
        tables: [$($table:literal),* $(,)?],
        columns: [$($of:literal $column:literal),* $(,)?],
        walls: $walls:expr,
        up: $up:expr
    ) => {
        /// See the file's header.
        #[derive(Debug, sea_orm_migration::sea_orm::DeriveMigrationName)]
        pub(crate) struct Migration;

        #[sea_orm_migration::async_trait::async_trait]
        impl sea_orm_migration::MigrationTrait for Migration {
            async fn up(&self, manager: &sea_orm_migration::SchemaManager) -> Result<(), sea_orm_migration::DbErr> {
                $crate::portable::run(manager, $up).await?;
                $crate::walls::raise(manager, &$walls).await
            }

            async fn down(&self, manager: &sea_orm_migration::SchemaManager) -> Result<(), sea_orm_migration::DbErr> {
                $crate::walls::lower(manager, &$walls).await?;
                $crate::portable::drop_columns(manager, &[$(($of, $column)),*]).await?;
                $crate::portable::drop_tables(manager, &[$($table),*]).await
            }
        }
    };
}
pub(crate) use migration;
