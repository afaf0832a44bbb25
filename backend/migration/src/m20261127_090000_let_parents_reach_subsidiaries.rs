//! Customers of one seller that belong together: one is the parent, others are its subsidiaries; and how far a person's
//! role on the buyer's side reaches.
//!
//! A row names both by their trading accounts, so they are customers of the same seller. A subsidiary has one parent.
//! The walls around what a buyer received grow by the rows of its subsidiaries at that seller, for transactions that say
//! so in `quittance.reach`. Built-in administrators get the wide reach, or nobody could ever give it.

use crate::{
    portable,
    walls::{self, ME, SUBSIDIARIES, Wall, bought, by_area, sells_to_me},
};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DeriveMigrationName};
use sea_orm_migration::{DbErr, MigrationTrait, SchemaManager, async_trait};

/// See the file's header.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: &str = "
CREATE TABLE subsidiaries (
    seller_id UUID NOT NULL,
    buyer_id UUID NOT NULL,
    parent_id UUID NOT NULL,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (seller_id, buyer_id),
    FOREIGN KEY (seller_id, buyer_id) REFERENCES accounts (seller_id, buyer_id),
    FOREIGN KEY (seller_id, parent_id) REFERENCES accounts (seller_id, buyer_id),
    CHECK (buyer_id <> parent_id)
);
CREATE INDEX subsidiaries_parent ON subsidiaries (parent_id, seller_id, buyer_id);
CREATE INDEX subsidiaries_buyer ON subsidiaries (buyer_id);
ALTER TABLE memberships ADD COLUMN buyer_reach text NOT NULL DEFAULT 'own' CHECK (buyer_reach IN ('own', 'subsidiaries'));
ALTER TABLE invitations ADD COLUMN buyer_reach text NOT NULL DEFAULT 'own' CHECK (buyer_reach IN ('own', 'subsidiaries'));
UPDATE memberships SET buyer_reach = 'subsidiaries' WHERE buyer_role = 'admin' AND buyer_custom IS NULL;
UPDATE invitations SET buyer_reach = 'subsidiaries' WHERE buyer_role = 'admin' AND buyer_custom IS NULL
";

/// What a buyer receives and what hangs on it. Its mail stays its own.
const PAPERS: [&str; 6] = [
    "account_currencies",
    "cards",
    "payment_attempts",
    "payments",
    "credit_notes",
    "postings",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        portable::run(manager, TABLES).await?;
        walls::raise(manager, &wall()).await?;
        on_postgres(manager, SUBSIDIARIES).await?;
        let family = format!(
            "(id = {ME} OR {} OR ({} AND EXISTS (SELECT 1 FROM subsidiaries below \
             WHERE below.buyer_id = tenants.id AND below.parent_id = {ME})))",
            sells_to_me("tenants.id"),
            walls::WIDE
        );
        move_walls(manager, bought, &family).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let family = format!("(id = {ME} OR {})", sells_to_me("tenants.id"));
        move_walls(manager, |_| format!("buyer_id = {ME}"), &family).await?;
        on_postgres(manager, "DROP FUNCTION reached_subsidiaries()").await?;
        walls::lower(manager, &wall()).await?;
        portable::drop_columns(
            manager,
            &[("memberships", "buyer_reach"), ("invitations", "buyer_reach")],
        )
        .await?;
        portable::drop_tables(manager, &["subsidiaries"]).await
    }
}

/// The seller says who belongs to whom, through the machinery; all three see it.
fn wall() -> [Wall; 1] {
    let (said, told) = (
        format!("seller_id = {ME}"),
        format!("{ME} IN (parent_id, buyer_id)"),
    );
    let system = || by_area("false", "false", "false");
    [Wall::around("subsidiaries")
        .and("SELECT", by_area(&said, &told, &told))
        .and("INSERT", system())
        .and("UPDATE", system())
        .and("DELETE", system())]
}

/// Puts the walls where a buyer's rows are those that a condition says, and its tenants those that another one says.
async fn move_walls(
    manager: &SchemaManager<'_>,
    bought: fn(&str) -> String,
    family: &str,
) -> Result<(), DbErr> {
    let sold = format!("seller_id = {ME}");
    for table in PAPERS {
        alter(
            manager,
            "tenancy_all",
            table,
            &by_area(&sold, &bought(table), "false"),
        )
        .await?;
    }
    let issued = format!("{} AND stage <> 'draft'", bought("invoices"));
    alter(
        manager,
        "tenancy_all",
        "invoices",
        &by_area(&sold, &issued, "false"),
    )
    .await?;
    let both = format!("({sold} OR buyer_id = {ME})");
    let accounts = by_area(&sold, &bought("accounts"), &both);
    alter(manager, "tenancy_all", "accounts", &accounts).await?;
    let me = format!("id = {ME}");
    let buys_from_me = format!(
        "({me} OR EXISTS (SELECT 1 FROM accounts mine WHERE mine.seller_id = {ME} AND mine.buyer_id = tenants.id))"
    );
    alter(
        manager,
        "tenancy_select",
        "tenants",
        &by_area(&buys_from_me, family, &me),
    )
    .await
}

async fn alter(manager: &SchemaManager<'_>, policy: &str, table: &str, condition: &str) -> Result<(), DbErr> {
    on_postgres(
        manager,
        &format!("ALTER POLICY {policy} ON {table} USING ({condition})"),
    )
    .await
}

async fn on_postgres(manager: &SchemaManager<'_>, statement: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    if connection.get_database_backend() == DbBackend::Postgres {
        connection.execute_unprepared(statement).await?;
    }
    Ok(())
}
