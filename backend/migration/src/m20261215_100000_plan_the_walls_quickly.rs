//! On PostgreSQL: what row security asks of each row is found in the indexes of the lists again, and is planned in less
//! time than the lists themselves take.
//!
//! A bill's receiver came into the condition of invoices, so each row was fetched for it; and whose subsidiaries somebody
//! reaches was a query in the text of every condition, planned anew with each statement, with the conditions of its own
//! table, in each branch of a list. The function is planned once, and only if it is asked.

use crate::walls::{ME, SUBSIDIARIES, bought, by_area};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DeriveMigrationName};
use sea_orm_migration::{DbErr, MigrationTrait, SchemaManager, async_trait};

/// See the file's header.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

/// Indexes of the lists, their keys, and which side they serve.
const INDEXES: [(&str, &str, Side); 13] = [
    ("invoices_by_due", "seller_id, stage, due_date, id", Side::Seller),
    (
        "invoices_by_number",
        "seller_id, stage, number_key, id, due_date",
        Side::Seller,
    ),
    (
        "invoices_by_total",
        "seller_id, stage, total_minor, id, due_date",
        Side::Seller,
    ),
    (
        "invoices_by_open",
        "seller_id, stage, open_minor, id, due_date",
        Side::Seller,
    ),
    (
        "invoices_by_issue",
        "seller_id, stage, issue_key, id, due_date",
        Side::Seller,
    ),
    (
        "invoices_by_buyer",
        "seller_id, stage, buyer_key, id, due_date",
        Side::Seller,
    ),
    (
        "invoices_by_order",
        "seller_id, stage, order_key, id, due_date",
        Side::Seller,
    ),
    (
        "invoices_by_source",
        "seller_id, stage, source, id, due_date",
        Side::Seller,
    ),
    (
        "invoices_to_pay_by_due",
        "buyer_id, stage, due_date, id, seller_id",
        Side::Buyer,
    ),
    (
        "invoices_to_pay_by_number",
        "buyer_id, stage, number_key, id, due_date, seller_id",
        Side::Buyer,
    ),
    (
        "invoices_to_pay_by_total",
        "buyer_id, stage, total_minor, id, due_date, seller_id",
        Side::Buyer,
    ),
    (
        "invoices_to_pay_by_open",
        "buyer_id, stage, open_minor, id, due_date, seller_id",
        Side::Buyer,
    ),
    (
        "invoices_to_pay_by_issue",
        "buyer_id, stage, issue_key, id, due_date, seller_id, order_key, source, seller_key, buyer_key",
        Side::Buyer,
    ),
];

/// Whose lists an index serves.
#[derive(Clone, Copy, Debug)]
enum Side {
    Seller,
    Buyer,
}

/// What a buyer receives and what hangs on it.
const PAPERS: [&str; 10] = [
    "account_currencies",
    "autopays",
    "billing_profiles",
    "cards",
    "credit_notes",
    "disputes",
    "payment_attempts",
    "payments",
    "refunds",
    "rollups",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, SUBSIDIARIES).await?;
        for (name, columns, side) in INDEXES {
            let wall = match side {
                Side::Seller => " INCLUDE (buyer_id, rollup_buyer_id)",
                Side::Buyer => " INCLUDE (rollup_buyer_id)",
            };
            make_again(manager, name, columns, wall).await?;
        }
        for table in PAPERS {
            move_wall(manager, table, &bought(table), "false").await?;
        }
        let issued = format!(
            "({} OR rollup_buyer_id = {ME}) AND stage <> 'draft'",
            bought("invoices")
        );
        move_wall(manager, "invoices", &issued, "false").await?;
        let booked = format!(
            "({} OR EXISTS (SELECT 1 FROM invoices whole WHERE whole.seller_id = postings.seller_id \
             AND whole.id = postings.invoice_id AND whole.rollup_buyer_id = {ME}))",
            bought("postings")
        );
        move_wall(manager, "postings", &booked, "false").await?;
        let own = format!("(form_key IS NOT NULL AND {})", bought("allocation_plans"));
        move_wall(manager, "allocation_plans", &own, "false").await?;
        let both = format!("(seller_id = {ME} OR buyer_id = {ME})");
        move_wall(manager, "accounts", &bought("accounts"), &both).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The walls mean the same before and after.
        for (name, columns, side) in INDEXES {
            let wall = match side {
                Side::Seller => " INCLUDE (buyer_id)",
                Side::Buyer => "",
            };
            make_again(manager, name, columns, wall).await?;
        }
        Ok(())
    }
}

async fn make_again(manager: &SchemaManager<'_>, name: &str, columns: &str, wall: &str) -> Result<(), DbErr> {
    run(manager, &format!("DROP INDEX {name}")).await?;
    run(
        manager,
        &format!("CREATE INDEX {name} ON invoices ({columns}){wall}"),
    )
    .await
}

/// Puts the wall around a table where a buyer's rows, and those of who acts on no side, are those that conditions say.
async fn move_wall(
    manager: &SchemaManager<'_>,
    table: &str,
    bought: &str,
    tenant: &str,
) -> Result<(), DbErr> {
    let reached = by_area(&format!("seller_id = {ME}"), bought, tenant);
    run(
        manager,
        &format!("ALTER POLICY tenancy_all ON {table} USING ({reached})"),
    )
    .await
}

async fn run(manager: &SchemaManager<'_>, statement: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    if connection.get_database_backend() == DbBackend::Postgres {
        connection.execute_unprepared(statement).await?;
    }
    Ok(())
}
