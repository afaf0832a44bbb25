//! Invoices that are given up, and hoped for again.
//!
//! What is written off lies beside what was paid and credited, and the three constraints that tie those together learn of
//! it. Rows of `write_offs` are only added: one below zero takes back.

use crate::{
    portable::{self, Check},
    walls::{self, Wall},
};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DeriveMigrationName};
use sea_orm_migration::{DbErr, MigrationTrait, SchemaManager, async_trait};

/// See the file's header.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const COLUMN: &str = "
ALTER TABLE invoices ADD COLUMN written_off_minor bigint NOT NULL DEFAULT 0 CHECK (written_off_minor >= 0)
";

const CHECKS: [Check; 3] = [
    Check {
        name: "invoices_stage_check",
        before: "(stage IN ('draft', 'open', 'partly_paid', 'paid', 'void'))",
        after: "(stage IN ('draft', 'open', 'partly_paid', 'paid', 'void', 'written_off'))",
    },
    Check {
        name: "invoices_open",
        before: "(
        open_minor = CASE WHEN stage = 'void' THEN 0 ELSE total_minor - paid_minor - credited_minor END
    )",
        after: "(
        open_minor = CASE WHEN stage = 'void' THEN 0
            ELSE total_minor - paid_minor - credited_minor - written_off_minor END
    )",
    },
    Check {
        name: "invoices_stage",
        before: "(
        (stage IN ('draft', 'void') AND paid_minor = 0 AND credited_minor = 0 AND reserved_minor = 0)
        OR (stage = 'open' AND open_minor > 0 AND open_minor = total_minor)
        OR (stage = 'partly_paid' AND open_minor > 0 AND open_minor < total_minor)
        OR (stage = 'paid' AND open_minor = 0)
    )",
        after: "(
        (stage IN ('draft', 'void') AND paid_minor = 0 AND credited_minor = 0 AND reserved_minor = 0
            AND written_off_minor = 0)
        OR (stage = 'open' AND open_minor > 0 AND open_minor = total_minor)
        OR (stage = 'partly_paid' AND open_minor > 0 AND open_minor < total_minor)
        OR (stage = 'paid' AND open_minor = 0 AND written_off_minor = 0)
        OR (stage = 'written_off' AND open_minor = 0 AND written_off_minor > 0)
    )",
    },
];

const TABLE: &str = "
CREATE TABLE write_offs (
    seller_id UUID NOT NULL,
    id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor <> 0),
    reason text NOT NULL,
    created_by UUID REFERENCES users (id),
    created_by_name text NOT NULL,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (seller_id, id),
    FOREIGN KEY (seller_id, invoice_id) REFERENCES invoices (seller_id, id)
);
CREATE INDEX write_offs_invoice ON write_offs (seller_id, invoice_id)
";

/// PostgreSQL says the same with rights (`crate::rights`).
const ONLY_ADDED_TO: [&str; 2] = [
    "CREATE TRIGGER write_offs_no_update BEFORE UPDATE ON write_offs \
     BEGIN SELECT RAISE(ABORT, 'write-offs are only added to'); END",
    "CREATE TRIGGER write_offs_no_delete BEFORE DELETE ON write_offs \
     BEGIN SELECT RAISE(ABORT, 'write-offs are only added to'); END",
];

/// Why a debt was given up is the seller's to know.
fn wall() -> [Wall; 1] {
    [Wall::sellers_own("write_offs")]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        portable::run(manager, COLUMN).await?;
        portable::change_checks(manager, "invoices", &CHECKS).await?;
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
        portable::drop_tables(manager, &["write_offs"]).await?;
        portable::change_checks(manager, "invoices", &CHECKS.map(Check::back)).await?;
        portable::drop_columns(manager, &[("invoices", "written_off_minor")]).await
    }
}
