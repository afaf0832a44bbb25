//! Finds the refunds whose money a credit note takes the place of, for the credit note and for whoever uses its credit.

use crate::portable;
use sea_orm_migration::sea_orm::DeriveMigrationName;
use sea_orm_migration::{DbErr, MigrationTrait, SchemaManager, async_trait};

/// See the file's header.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const INDEX: &str = "
CREATE INDEX refund_lines_credit_note ON refund_lines (seller_id, credit_note_id) WHERE credit_note_id IS NOT NULL
";

const GONE: &str = "
DROP INDEX refund_lines_credit_note
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        portable::run(manager, INDEX).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        portable::run(manager, GONE).await
    }
}
