//! Money and credit that was put to invoices as one act, so that it can be taken back as one.
//!
//! An allocation says of which plan it is a part; the plan keeps who saved it, by which rule, and when it was undone. The
//! other indexes hold only what is open or unused, which is little: by account they are what the workbench reads.

use crate::{
    portable,
    walls::{self, Wall},
};
use sea_orm_migration::sea_orm::DeriveMigrationName;
use sea_orm_migration::{DbErr, MigrationTrait, SchemaManager, async_trait};

/// See the file's header.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "
CREATE TABLE allocation_plans (
    seller_id UUID NOT NULL,
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    buyer_id UUID NOT NULL,
    currency char(3) NOT NULL,
    rule text NOT NULL CHECK (rule IN ('due', 'oldest', 'smallest', 'exact', 'pro_rata')),
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    created_by UUID REFERENCES users (id),
    created_by_name text NOT NULL,
    created_at INSTANT NOT NULL,
    undone_by_name text,
    undone_at INSTANT,
    PRIMARY KEY (seller_id, id),
    FOREIGN KEY (seller_id, account_id, buyer_id) REFERENCES accounts (seller_id, id, buyer_id),
    CHECK ((undone_at IS NULL) = (undone_by_name IS NULL))
);
CREATE INDEX allocation_plans_account ON allocation_plans (seller_id, account_id, created_at, id);
ALTER TABLE allocations ADD COLUMN plan_id UUID;
CREATE INDEX allocations_plan ON allocations (seller_id, plan_id) WHERE plan_id IS NOT NULL;
CREATE INDEX invoices_owed ON invoices (seller_id, account_id, stage, due_date, id) WHERE open_minor > 0;
CREATE INDEX payments_unused ON payments (seller_id, account_id, paid_on, id) WHERE unapplied_minor > 0;
CREATE INDEX credit_notes_unused ON credit_notes (seller_id, account_id, issue_date, id) WHERE remaining_minor > 0;
CREATE INDEX credit_notes_remaining ON credit_notes (seller_id, issue_date, id) WHERE remaining_minor > 0
";

const GONE: &str = "
DROP INDEX credit_notes_remaining;
DROP INDEX credit_notes_unused;
DROP INDEX payments_unused;
DROP INDEX invoices_owed;
DROP INDEX allocations_plan
";

/// By which rule money went where is the seller's to know; where it went stands on the invoices.
fn wall() -> [Wall; 1] {
    [Wall::sellers_own("allocation_plans")]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        portable::run(manager, TABLE).await?;
        walls::raise(manager, &wall()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        walls::lower(manager, &wall()).await?;
        portable::run(manager, GONE).await?;
        portable::drop_columns(manager, &[("allocations", "plan_id")]).await?;
        portable::drop_tables(manager, &["allocation_plans"]).await
    }
}
