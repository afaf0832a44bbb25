//! Finds the payment that was recorded for a charge nobody asked for here, by what the gateway calls that charge.

use crate::portable;
use sea_orm_migration::sea_orm::DeriveMigrationName;
use sea_orm_migration::{DbErr, MigrationTrait, SchemaManager, async_trait};

/// See the file's header.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const INDEX: &str = "
CREATE INDEX payments_recorded ON payments (reference) WHERE attempt_id IS NULL
";

const GONE: &str = "
DROP INDEX payments_recorded
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
