//! The day on which a bill of a parent was withdrawn, in the seller's time zone like the days of the books, so that the list can be
//! asked as of a past evening. Bills that were withdrawn before have the day of UTC.
//!
//! What was booked on an invoice while it stood in a bill stays the parent's to see: its list of that evening is made of it.
//! What was booked from the day of the withdrawal on is the subsidiary's alone.

use crate::{
    portable,
    walls::{ME, bought, by_area},
};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DeriveMigrationName};
use sea_orm_migration::{DbErr, MigrationTrait, SchemaManager, async_trait};

/// See the file's header.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &str = "
ALTER TABLE rollups ADD COLUMN voided_on DAY;
UPDATE rollups SET voided_on = CAST(substr(CAST(voided_at AS text), 1, 10) AS DAY) WHERE voided_at IS NOT NULL
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        portable::run(manager, UP).await?;
        let billed = format!(
            "EXISTS (SELECT 1 FROM rollup_lines held JOIN rollups bill ON bill.seller_id = held.seller_id \
             AND bill.id = held.rollup_id WHERE held.seller_id = postings.seller_id \
             AND held.invoice_id = postings.invoice_id AND bill.buyer_id = {ME} \
             AND (bill.voided_on IS NULL OR postings.booked_on < bill.voided_on))"
        );
        move_wall(manager, &billed).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let billed = format!(
            "EXISTS (SELECT 1 FROM invoices whole WHERE whole.seller_id = postings.seller_id \
             AND whole.id = postings.invoice_id AND whole.rollup_buyer_id = {ME})"
        );
        move_wall(manager, &billed).await?;
        portable::drop_columns(manager, &[("rollups", "voided_on")]).await
    }
}

/// Puts the wall around the books: a buyer sees what was booked on its accounts, and what a condition says.
async fn move_wall(manager: &SchemaManager<'_>, billed: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    if connection.get_database_backend() == DbBackend::Postgres {
        let bought = format!("({} OR {billed})", bought("postings"));
        let reached = by_area(&format!("seller_id = {ME}"), &bought, "false");
        connection
            .execute_unprepared(&format!("ALTER POLICY tenancy_all ON postings USING ({reached})"))
            .await?;
    }
    Ok(())
}
