//! Roll-up bills: one bill of a parent over its subsidiaries' invoices.
//!
//! A bill has lines and no postings: the invoices stay what is owed, so that a debt is counted once. An invoice that
//! stands in a bill says so itself, with what its buyer may read of it (the bill's number, the parent's name) and the
//! account that pays it from then on. The lines stay when a bill is withdrawn; what the invoices say of it goes.
//! The parent reaches the invoices of its bill whoever the subsidiary belongs to by then, so that it can pay what it was billed.

use crate::{
    portable,
    walls::{self, ME, Wall, bought, by_area},
};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DeriveMigrationName};
use sea_orm_migration::{DbErr, MigrationTrait, SchemaManager, async_trait};

/// See the file's header.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &str = "
CREATE TABLE rollups (
    seller_id UUID NOT NULL,
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    buyer_id UUID NOT NULL,
    number text NOT NULL,
    currency char(3) NOT NULL,
    period_from DAY NOT NULL,
    period_to DAY NOT NULL,
    issue_date DAY NOT NULL,
    due_date DAY NOT NULL,
    total_minor bigint NOT NULL CHECK (total_minor > 0),
    seller_name text NOT NULL,
    buyer_name text NOT NULL,
    created_by UUID REFERENCES users (id),
    created_by_name text NOT NULL,
    created_at INSTANT NOT NULL,
    voided_at INSTANT,
    void_reason text,
    PRIMARY KEY (seller_id, id),
    FOREIGN KEY (seller_id, account_id, buyer_id) REFERENCES accounts (seller_id, id, buyer_id),
    CHECK (period_from <= period_to),
    CHECK (issue_date <= due_date),
    CHECK ((voided_at IS NULL) = (void_reason IS NULL))
);
CREATE UNIQUE INDEX rollups_number ON rollups (seller_id, number);
CREATE INDEX rollups_issued ON rollups (seller_id, issue_date, id);
CREATE INDEX rollups_received ON rollups (buyer_id, issue_date, id, seller_id);
CREATE TABLE rollup_lines (
    seller_id UUID NOT NULL,
    rollup_id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    company text NOT NULL,
    number text NOT NULL,
    issue_date DAY NOT NULL,
    due_date DAY NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    PRIMARY KEY (seller_id, rollup_id, invoice_id),
    FOREIGN KEY (seller_id, rollup_id) REFERENCES rollups (seller_id, id),
    FOREIGN KEY (seller_id, invoice_id) REFERENCES invoices (seller_id, id)
);
CREATE INDEX rollup_lines_invoice ON rollup_lines (seller_id, invoice_id);
ALTER TABLE invoices ADD COLUMN rollup_id UUID;
ALTER TABLE invoices ADD COLUMN rollup_account_id UUID;
ALTER TABLE invoices ADD COLUMN rollup_buyer_id UUID;
ALTER TABLE invoices ADD COLUMN rollup_number text;
ALTER TABLE invoices ADD COLUMN rollup_payer text;
CREATE INDEX invoices_rollup ON invoices (seller_id, rollup_id) WHERE rollup_id IS NOT NULL;
CREATE INDEX invoices_rollup_account ON invoices (seller_id, rollup_account_id, stage, due_date, id) \
    WHERE rollup_account_id IS NOT NULL;
CREATE INDEX invoices_rollup_buyer ON invoices (rollup_buyer_id, stage, due_date, id, seller_id) \
    WHERE rollup_buyer_id IS NOT NULL
";

const ISSUED: &str = "stage <> 'draft'";

const COLUMNS: [(&str, &str); 5] = [
    ("invoices", "rollup_id"),
    ("invoices", "rollup_account_id"),
    ("invoices", "rollup_buyer_id"),
    ("invoices", "rollup_number"),
    ("invoices", "rollup_payer"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        portable::run(manager, UP).await?;
        walls::raise(manager, &new_walls()).await?;
        let billed = format!("({} OR rollup_buyer_id = {ME}) AND {ISSUED}", bought("invoices"));
        move_wall(manager, "invoices", &billed).await?;
        // Its payment is booked on the subsidiary's account, too.
        let booked = format!(
            "({} OR EXISTS (SELECT 1 FROM invoices whole WHERE whole.seller_id = postings.seller_id \
             AND whole.id = postings.invoice_id AND whole.rollup_buyer_id = {ME}))",
            bought("postings")
        );
        move_wall(manager, "postings", &booked).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        move_wall(manager, "postings", &bought("postings")).await?;
        let received = format!("{} AND {ISSUED}", bought("invoices"));
        move_wall(manager, "invoices", &received).await?;
        walls::lower(manager, &new_walls()).await?;
        portable::run(
            manager,
            "DROP INDEX invoices_rollup_buyer;\nDROP INDEX invoices_rollup_account;\nDROP INDEX invoices_rollup",
        )
        .await?;
        portable::drop_columns(manager, &COLUMNS).await?;
        portable::drop_tables(manager, &["rollups", "rollup_lines"]).await
    }
}

fn new_walls() -> [Wall; 2] {
    [
        Wall::papers("rollups"),
        Wall::part_of("rollup_lines", "rollup_id", "rollups"),
    ]
}

/// Puts the wall around a table where a buyer's rows are those that a condition says.
async fn move_wall(manager: &SchemaManager<'_>, table: &str, bought: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    if connection.get_database_backend() == DbBackend::Postgres {
        let reached = by_area(&format!("seller_id = {ME}"), bought, "false");
        connection
            .execute_unprepared(&format!("ALTER POLICY tenancy_all ON {table} USING ({reached})"))
            .await?;
    }
    Ok(())
}
