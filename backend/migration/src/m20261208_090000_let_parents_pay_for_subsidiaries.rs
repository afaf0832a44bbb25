//! A parent's money and credit on its subsidiaries' invoices.
//!
//! An allocation from one company's money to another one's invoice names the payer, since the subsidiary may have another
//! parent later, and what each side shows of what it does not reach: the invoice's number to the parent's people, the
//! parent's name to the subsidiary's. Who paid sees the row beside those who see the invoice.

use crate::{
    portable::{self, Check},
    walls::{ME, by_area},
};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DeriveMigrationName};
use sea_orm_migration::{DbErr, MigrationTrait, SchemaManager, async_trait};

/// See the file's header.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const COLUMNS: &str = "
ALTER TABLE allocations ADD COLUMN payer_id UUID;
ALTER TABLE allocations ADD COLUMN payer_name text;
ALTER TABLE allocations ADD COLUMN invoice_number text
";

const RULES: Check = Check {
    name: "allocation_plans_rule_check",
    before: "(rule IN ('due', 'oldest', 'smallest', 'exact', 'pro_rata'))",
    after: "(rule IN ('due', 'oldest', 'smallest', 'exact', 'pro_rata', 'company'))",
};

const OF_INVOICE: &str = "EXISTS (SELECT 1 FROM invoices whole WHERE whole.seller_id = allocations.seller_id \
    AND whole.id = allocations.invoice_id)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        portable::run(manager, COLUMNS).await?;
        portable::change_checks(manager, "allocation_plans", &[RULES]).await?;
        let bought = format!("(payer_id = {ME} OR {OF_INVOICE})");
        move_wall(manager, &bought).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        move_wall(manager, OF_INVOICE).await?;
        portable::change_checks(manager, "allocation_plans", &[RULES.back()]).await?;
        let columns = [
            ("allocations", "payer_id"),
            ("allocations", "payer_name"),
            ("allocations", "invoice_number"),
        ];
        portable::drop_columns(manager, &columns).await
    }
}

/// Puts the wall where a buyer's allocations are those that a condition says.
async fn move_wall(manager: &SchemaManager<'_>, bought: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    if connection.get_database_backend() == DbBackend::Postgres {
        let reached = by_area(&format!("seller_id = {ME}"), bought, "false");
        connection
            .execute_unprepared(&format!(
                "ALTER POLICY tenancy_all ON allocations USING ({reached})"
            ))
            .await?;
    }
    Ok(())
}
