//! Billing profiles (B1): an account has one or more, one of them is its default, and each invoice is bound to one (I16).
//!
//! Every account there is gets a profile that says nothing of its own, so that its documents go on printing the company's
//! particulars; it has the account's id. What an invoice printed of its profile lies beside the buyer's particulars (V17).
//! SQLite cannot add a column that must not be empty, nor a foreign key of two columns: a constraint that is sharpened once
//! the column is filled says the former, `quittance check` the latter.

use crate::{
    portable::{self, Check},
    walls::{self, Wall},
};
use sea_orm_migration::sea_orm::DeriveMigrationName;
use sea_orm_migration::{DbErr, MigrationTrait, SchemaManager, async_trait};

/// See the file's header.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "
CREATE TABLE billing_profiles (
    seller_id UUID NOT NULL,
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    buyer_id UUID NOT NULL,
    name text NOT NULL,
    content JSON NOT NULL,
    card_id UUID,
    is_default boolean NOT NULL,
    archived_at INSTANT,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (seller_id, id),
    FOREIGN KEY (seller_id, account_id, buyer_id) REFERENCES accounts (seller_id, id, buyer_id),
    FOREIGN KEY (seller_id, card_id) REFERENCES cards (seller_id, id),
    CHECK (NOT is_default OR archived_at IS NULL)
);
CREATE UNIQUE INDEX billing_profiles_default ON billing_profiles (seller_id, account_id) WHERE is_default;
CREATE UNIQUE INDEX billing_profiles_name ON billing_profiles (seller_id, account_id, name) WHERE archived_at IS NULL;
CREATE INDEX billing_profiles_buyer ON billing_profiles (buyer_id, seller_id, account_id);
INSERT INTO billing_profiles (seller_id, id, account_id, buyer_id, name, content, is_default, created_at)
    SELECT seller_id, id, id, buyer_id, 'Main', '{\"name\":\"Main\",\"contacts\":[]}', TRUE, created_at FROM accounts
";

const COLUMNS: &str = "
ALTER TABLE invoices ADD COLUMN profile_id UUID CONSTRAINT invoices_profile CHECK (profile_id IS NULL OR TRUE);
UPDATE invoices SET profile_id = account_id;
ALTER TABLE invoice_parties ADD COLUMN profile JSON
";

const BOUND: Check = Check {
    name: "invoices_profile",
    before: "(profile_id IS NULL OR TRUE)",
    after: "(profile_id IS NOT NULL)",
};

fn wall() -> [Wall; 1] {
    [Wall::papers("billing_profiles")]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        portable::run(manager, TABLE).await?;
        portable::run(manager, COLUMNS).await?;
        portable::change_checks(manager, "invoices", &[BOUND]).await?;
        walls::raise(manager, &wall()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        walls::lower(manager, &wall()).await?;
        let columns = [("invoices", "profile_id"), ("invoice_parties", "profile")];
        portable::drop_columns(manager, &columns).await?;
        portable::drop_tables(manager, &["billing_profiles"]).await
    }
}
