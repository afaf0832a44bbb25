//! The second wall between tenants: PostgreSQL's row security, on every table that holds data of theirs.
//!
//! The first wall is `backend/src/scope/visibility.rs`, which writes a condition into every query. This one asks the
//! same again of every row that any statement touches, whoever wrote it: by `quittance.tenant` and `quittance.area`,
//! settings of the transaction. Without them no row is seen and none can be written. It holds for the tables' owner too.
//! A table that is made later gets its wall in the migration that makes it; a test names those that have none.

use sea_orm::{ConnectionTrait, DbBackend};
use sea_orm_migration::{DbErr, SchemaManager};

/// The tenant acted in, asked for once a statement. Nothing is set after the transaction, or an empty text.
pub(crate) const ME: &str = "(SELECT CAST(NULLIF(current_setting('quittance.tenant', true), '') AS uuid))";

/// Whether the transaction is of somebody who sees what a buyer's subsidiaries received, too.
pub(crate) const WIDE: &str = "(SELECT current_setting('quittance.reach', true)) = 'subsidiaries'";

/// Who belongs to the tenant acted in, by seller: asked once a statement, and only by who reaches that far. It is a function
/// because a query in the condition itself would be planned with every statement. It is not called stable, or PostgreSQL
/// would write it out there all the same.
pub(crate) const SUBSIDIARIES: &str = "
CREATE OR REPLACE FUNCTION reached_subsidiaries() RETURNS TABLE (seller_id uuid, buyer_id uuid) LANGUAGE sql ROWS 100 AS $$
SELECT below.seller_id, below.buyer_id FROM subsidiaries below
WHERE below.parent_id = CAST(NULLIF(current_setting('quittance.tenant', true), '') AS uuid)
$$";

/// Which rows of a table who may reach.
#[derive(Clone, Debug)]
pub(crate) struct Wall {
    table: &'static str,
    policies: Vec<(&'static str, String)>,
}

impl Wall {
    /// A wall without a door: what it is given to do with [`Self::and`] is all that can be done.
    pub(crate) fn around(table: &'static str) -> Self {
        Self {
            table,
            policies: Vec::new(),
        }
    }

    /// Lets a command (`SELECT`, `INSERT`, `UPDATE`, `DELETE` or `ALL`) at the rows that fulfil a condition.
    pub(crate) fn and(mut self, command: &'static str, condition: String) -> Self {
        self.policies.push((command, condition));
        self
    }

    /// Documents and whatever else has a seller and a buyer: what I sold, or what I bought.
    pub(crate) fn two_sided(table: &'static str) -> Self {
        let (sold, bought) = (format!("seller_id = {ME}"), format!("buyer_id = {ME}"));
        Self::around(table).and("ALL", by_area(&sold, &bought, "false"))
    }

    /// What a buyer receives and what hangs on it: what I sold, or what I bought as far as I reach.
    pub(crate) fn papers(table: &'static str) -> Self {
        let sold = format!("seller_id = {ME}");
        Self::around(table).and("ALL", by_area(&sold, &bought(table), "false"))
    }

    /// Parts of a document: reached by whom the whole is reached.
    pub(crate) fn part_of(table: &'static str, key: &str, whole: &str) -> Self {
        let sold = format!("seller_id = {ME}");
        let bought = format!(
            "EXISTS (SELECT 1 FROM {whole} whole WHERE whole.seller_id = {table}.seller_id AND whole.id = {table}.{key})"
        );
        Self::around(table).and("ALL", by_area(&sold, &bought, "false"))
    }

    /// What only the seller's side knows.
    pub(crate) fn sellers_own(table: &'static str) -> Self {
        Self::around(table).and("ALL", by_area(&format!("seller_id = {ME}"), "false", "false"))
    }

    /// What belongs to the tenant itself, whichever side it acts on.
    pub(crate) fn tenants_own(table: &'static str) -> Self {
        Self::around(table).and("ALL", in_any_area(&format!("tenant_id = {ME}")))
    }

    /// What belongs to no tenant: the machinery alone reaches it.
    pub(crate) fn systems_own(table: &'static str) -> Self {
        Self::around(table).and("ALL", in_any_area("false"))
    }
}

/// A condition for each area; the machinery may always.
pub(crate) fn by_area(seller: &str, buyer: &str, tenant: &str) -> String {
    format!(
        "CASE (SELECT current_setting('quittance.area', true)) WHEN 'seller' THEN {seller} \
         WHEN 'buyer' THEN {buyer} WHEN 'tenant' THEN {tenant} WHEN 'system' THEN true ELSE false END"
    )
}

/// One condition for all areas; the machinery may always.
pub(crate) fn in_any_area(condition: &str) -> String {
    by_area(condition, condition, condition)
}

/// Whether a tenant sells to me.
pub(crate) fn sells_to_me(seller: &str) -> String {
    format!("EXISTS (SELECT 1 FROM accounts mine WHERE mine.seller_id = {seller} AND mine.buyer_id = {ME})")
}

/// What I bought and, with the wide reach, what my subsidiaries bought of the seller who says that they are mine.
pub(crate) fn bought(table: &str) -> String {
    format!(
        "(buyer_id = {ME} OR ({WIDE} AND ({table}.seller_id, {table}.buyer_id) IN \
         (SELECT below.seller_id, below.buyer_id FROM reached_subsidiaries() below)))"
    )
}

/// Puts walls up; on SQLite, which has none, this does nothing.
pub(crate) async fn raise(manager: &SchemaManager<'_>, walls: &[Wall]) -> Result<(), DbErr> {
    for Wall { table, policies } in walls {
        run(manager, &format!("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")).await?;
        run(manager, &format!("ALTER TABLE {table} FORCE ROW LEVEL SECURITY")).await?;
        for (command, condition) in policies {
            let clause = if *command == "INSERT" {
                "WITH CHECK"
            } else {
                "USING"
            };
            let name = policy(command);
            run(
                manager,
                &format!("CREATE POLICY {name} ON {table} FOR {command} {clause} ({condition})"),
            )
            .await?;
        }
    }
    Ok(())
}

/// Takes walls down.
pub(crate) async fn lower(manager: &SchemaManager<'_>, walls: &[Wall]) -> Result<(), DbErr> {
    for Wall { table, policies } in walls.iter().rev() {
        for (command, _) in policies {
            let name = policy(command);
            run(manager, &format!("DROP POLICY {name} ON {table}")).await?;
        }
        run(
            manager,
            &format!("ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"),
        )
        .await?;
        run(
            manager,
            &format!("ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"),
        )
        .await?;
    }
    Ok(())
}

fn policy(command: &str) -> String {
    format!("tenancy_{}", command.to_lowercase())
}

async fn run(manager: &SchemaManager<'_>, statement: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    if connection.get_database_backend() == DbBackend::Postgres {
        connection.execute_unprepared(statement).await?;
    }
    Ok(())
}
