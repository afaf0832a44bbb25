//! How issued invoices were before they were changed (V17). Only added to, as the ledger is.
//!
//! A row holds what a change replaced, whole; the invoice itself is always the newest. Its number, parties and issue date never
//! change, so they are not here.

use crate::{
    portable,
    walls::{self, Wall},
};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DeriveMigrationName};
use sea_orm_migration::{DbErr, MigrationTrait, SchemaManager, async_trait};

/// See the file's header.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "
CREATE TABLE invoice_revisions (
    seller_id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    revision integer NOT NULL CHECK (revision >= 1),
    id UUID NOT NULL,
    content JSON NOT NULL,
    reason text NOT NULL,
    changed_by UUID REFERENCES users (id),
    changed_by_name text NOT NULL,
    changed_at INSTANT NOT NULL,
    PRIMARY KEY (seller_id, invoice_id, revision),
    FOREIGN KEY (seller_id, invoice_id) REFERENCES invoices (seller_id, id)
)
";

/// PostgreSQL says the same with rights (`crate::rights`).
const ONLY_ADDED_TO: [&str; 2] = [
    "CREATE TRIGGER invoice_revisions_no_update BEFORE UPDATE ON invoice_revisions \
     BEGIN SELECT RAISE(ABORT, 'revisions are only added to'); END",
    "CREATE TRIGGER invoice_revisions_no_delete BEFORE DELETE ON invoice_revisions \
     BEGIN SELECT RAISE(ABORT, 'revisions are only added to'); END",
];

fn wall() -> [Wall; 1] {
    [Wall::part_of("invoice_revisions", "invoice_id", "invoices")]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        portable::run(manager, TABLE).await?;
        let connection = manager.get_connection();
        if connection.get_database_backend() == DbBackend::Sqlite {
            for trigger in ONLY_ADDED_TO {
                connection.execute_unprepared(trigger).await?;
            }
        }
        walls::raise(manager, &wall()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        walls::lower(manager, &wall()).await?;
        portable::drop_tables(manager, &["invoice_revisions"]).await
    }
}
