//! The buyer beside the keys of the seller's lists, on PostgreSQL alone: its row security looks at both sides of an
//! invoice, and would fetch each row for that which a list or a count else finds in the index.

use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DeriveMigrationName};
use sea_orm_migration::{DbErr, MigrationTrait, SchemaManager, async_trait};

/// See the file's header.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const INDEXES: [(&str, &str); 8] = [
    ("invoices_by_due", "seller_id, stage, due_date, id"),
    ("invoices_by_number", "seller_id, stage, number_key, id, due_date"),
    ("invoices_by_total", "seller_id, stage, total_minor, id, due_date"),
    ("invoices_by_open", "seller_id, stage, open_minor, id, due_date"),
    ("invoices_by_issue", "seller_id, stage, issue_key, id, due_date"),
    ("invoices_by_buyer", "seller_id, stage, buyer_key, id, due_date"),
    ("invoices_by_order", "seller_id, stage, order_key, id, due_date"),
    ("invoices_by_source", "seller_id, stage, source, id, due_date"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        make_again(manager, " INCLUDE (buyer_id)").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        make_again(manager, "").await
    }
}

async fn make_again(manager: &SchemaManager<'_>, with: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    if connection.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    for (name, columns) in INDEXES {
        connection
            .execute_unprepared(&format!("DROP INDEX {name}"))
            .await?;
        connection
            .execute_unprepared(&format!("CREATE INDEX {name} ON invoices ({columns}){with}"))
            .await?;
    }
    Ok(())
}
