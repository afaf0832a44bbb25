//! What lies unused on a buyer's account pays before a card does, when the payer says so.
//!
//! Such a payment is a plan, as the seller's people save them, and names the payer's form: one for each account and currency,
//! however often the form is posted. Those are the plans that the buyer sees.

use crate::{
    portable,
    walls::{ME, bought, by_area},
};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DeriveMigrationName};
use sea_orm_migration::{DbErr, MigrationTrait, SchemaManager, async_trait};

/// See the file's header.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const FORM: &str = "
ALTER TABLE allocation_plans ADD COLUMN form_key UUID;
CREATE UNIQUE INDEX allocation_plans_form ON allocation_plans (form_key, seller_id, account_id, currency)
    WHERE form_key IS NOT NULL
";

const GONE: &str = "
DROP INDEX allocation_plans_form
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        portable::run(manager, FORM).await?;
        let own = format!("(form_key IS NOT NULL AND {})", bought("allocation_plans"));
        move_wall(manager, &own).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        move_wall(manager, "false").await?;
        portable::run(manager, GONE).await?;
        portable::drop_columns(manager, &[("allocation_plans", "form_key")]).await
    }
}

/// Puts the wall where a buyer's plans are those that a condition says.
async fn move_wall(manager: &SchemaManager<'_>, bought: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    if connection.get_database_backend() == DbBackend::Postgres {
        let reached = by_area(&format!("seller_id = {ME}"), bought, "false");
        connection
            .execute_unprepared(&format!(
                "ALTER POLICY tenancy_all ON allocation_plans USING ({reached})"
            ))
            .await?;
    }
    Ok(())
}
