//! A customer reads the letters to its own people on the buyer's side, so whoever looks after them must be able to write
//! such a letter too: from the tenant to itself.

use crate::walls::{ME, by_area};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DeriveMigrationName};
use sea_orm_migration::{DbErr, MigrationTrait, SchemaManager, async_trait};

/// See the file's header.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let own = format!("seller_id = {ME} AND (buyer_id IS NULL OR buyer_id = {ME})");
        write_letters(manager, &own).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        write_letters(manager, &format!("seller_id = {ME} AND buyer_id IS NULL")).await
    }
}

/// Says which letters are the tenant's own.
async fn write_letters(manager: &SchemaManager<'_>, own: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    if connection.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let (sent, received) = (format!("seller_id = {ME}"), format!("buyer_id = {ME}"));
    let condition = by_area(&sent, &received, own);
    connection
        .execute_unprepared(&format!("ALTER POLICY tenancy_all ON mails USING ({condition})"))
        .await?;
    Ok(())
}
