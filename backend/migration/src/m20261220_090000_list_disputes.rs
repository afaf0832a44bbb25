//! Lists the disputes of all invoices by day: of a seller, of a buyer, and of either those that are so far.

use crate::portable;
use sea_orm_migration::sea_orm::DeriveMigrationName;
use sea_orm_migration::{DbErr, MigrationTrait, SchemaManager, async_trait};

/// See the file's header.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const INDEXES: &str = "
CREATE INDEX disputes_by_day ON disputes (seller_id, opened_on, id);
CREATE INDEX disputes_received_by_day ON disputes (buyer_id, opened_on, id, seller_id);
CREATE INDEX disputes_by_state ON disputes (seller_id, state, opened_on, id);
CREATE INDEX disputes_received_by_state ON disputes (buyer_id, state, opened_on, id, seller_id)
";

const GONE: &str = "
DROP INDEX disputes_received_by_state;
DROP INDEX disputes_by_state;
DROP INDEX disputes_received_by_day;
DROP INDEX disputes_by_day
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
