//! What the portal's role may do with the tables when it does not own them.
//!
//! Given with every migration, so that new tables are reached and nobody has to remember what is not to be.

use sea_orm::{ConnectionTrait, DbBackend};
use sea_orm_migration::{
    DbErr,
    sea_orm::{DatabaseTransaction, Statement},
};

/// What the portal does with most tables.
const MOST: &str = "SELECT, INSERT, UPDATE, DELETE";
/// Where it does less. Audit and ledger are only added to.
const LESS: [(&str, Option<&str>); 7] = [
    ("invoice_revisions", Some("SELECT, INSERT")),
    ("write_offs", Some("SELECT, INSERT")),
    ("audit_entries", Some("SELECT, INSERT")),
    ("audit_heads", Some("SELECT, INSERT, UPDATE")),
    ("postings", Some("SELECT, INSERT")),
    ("seaql_migrations", Some("SELECT")),
    ("schema_lock", None),
];

/// Gives a role its rights, and takes those that it should not have. On SQLite, and for the owner, this does nothing.
#[expect(clippy::disallowed_methods, reason = "asks for the names of tables")]
pub(crate) async fn grant(transaction: &DatabaseTransaction, role: &str) -> Result<(), DbErr> {
    const OTHERS: &str = "SELECT CAST(c.relname AS text) FROM pg_class c JOIN pg_roles owner ON owner.oid = c.relowner \
         WHERE c.relkind = 'r' AND c.relnamespace = CAST(current_schema() AS regnamespace) AND owner.rolname <> $1 \
         ORDER BY 1";
    if transaction.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let tables = Statement::from_sql_and_values(DbBackend::Postgres, OTHERS, [role.into()]);
    let role = format!("\"{}\"", role.replace('"', "\"\""));
    for row in transaction.query_all_raw(tables).await? {
        let table: String = row.try_get_by_index(0)?;
        let rights = LESS
            .iter()
            .find(|(less, _)| *less == table)
            .map_or(Some(MOST), |(_, rights)| *rights);
        transaction
            .execute_unprepared(&format!("REVOKE ALL ON \"{table}\" FROM {role}"))
            .await?;
        if let Some(rights) = rights {
            transaction
                .execute_unprepared(&format!("GRANT {rights} ON \"{table}\" TO {role}"))
                .await?;
        }
    }
    Ok(())
}
