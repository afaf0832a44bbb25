//! A dispute that came back, since the credit note that answered it was withdrawn, names the one that it continues. One is
//! continued once.

use crate::portable;
use sea_orm_migration::sea_orm::DeriveMigrationName;
use sea_orm_migration::{DbErr, MigrationTrait, SchemaManager, async_trait};

/// See the file's header.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const COLUMN: &str = "
ALTER TABLE disputes ADD COLUMN reopens UUID;
CREATE UNIQUE INDEX disputes_reopened ON disputes (seller_id, reopens) WHERE reopens IS NOT NULL;
CREATE INDEX disputes_answered ON disputes (seller_id, credit_note_id) WHERE credit_note_id IS NOT NULL
";

const GONE: &str = "
DROP INDEX disputes_answered;
DROP INDEX disputes_reopened
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        portable::run(manager, COLUMN).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        portable::run(manager, GONE).await?;
        portable::drop_columns(manager, &[("disputes", "reopens")]).await
    }
}
