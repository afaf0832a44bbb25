//! The tries to pay that became payments, by when they were begun: on a day before, some of them were still under way.

use crate::portable;
use sea_orm_migration::sea_orm::DeriveMigrationName;
use sea_orm_migration::{DbErr, MigrationTrait, SchemaManager, async_trait};

/// See the file's header.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const INDEXES: &str = "
CREATE INDEX payment_attempts_paid ON payment_attempts (seller_id, created_at, id) WHERE state = 'succeeded';
CREATE INDEX payment_attempts_paid_bought ON payment_attempts (buyer_id, created_at, id) WHERE state = 'succeeded'
";

const GONE: &str = "
DROP INDEX payment_attempts_paid_bought;
DROP INDEX payment_attempts_paid
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        portable::run(manager, INDEXES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        portable::run(manager, GONE).await
    }
}
