//! The ledger, and what the documents that are there already did to it.
//!
//! A posting moves an amount from one book to another, so nothing can be out of balance. Its key is what it was done by,
//! the document or the allocation, and the kind of act: no act is posted twice. Rows are only added, on SQLite by triggers and
//! on PostgreSQL by rights. There is no foreign key to documents: an import that is undone takes its documents away, and
//! what they did to the books stays with its reversal.

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
CREATE TABLE postings (
    seller_id UUID NOT NULL,
    source_id UUID NOT NULL,
    kind text NOT NULL,
    position integer NOT NULL CHECK (position >= 1),
    account_id UUID NOT NULL,
    buyer_id UUID NOT NULL,
    invoice_id UUID,
    payment_id UUID,
    credit_note_id UUID,
    debit text NOT NULL,
    credit text NOT NULL,
    currency char(3) NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    booked_on DAY NOT NULL,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (seller_id, source_id, kind, position),
    FOREIGN KEY (seller_id, account_id, buyer_id) REFERENCES accounts (seller_id, id, buyer_id),
    CONSTRAINT postings_move CHECK (debit <> credit)
);
CREATE INDEX postings_invoice ON postings (seller_id, invoice_id) WHERE invoice_id IS NOT NULL;
CREATE INDEX postings_payment ON postings (seller_id, payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX postings_credit_note ON postings (seller_id, credit_note_id) WHERE credit_note_id IS NOT NULL;
CREATE INDEX postings_day ON postings (seller_id, booked_on);
CREATE INDEX postings_buyer ON postings (buyer_id, seller_id)
";

/// PostgreSQL says the same with rights (`crate::rights`).
const ONLY_ADDED_TO: [&str; 2] = [
    "CREATE TRIGGER postings_no_update BEFORE UPDATE ON postings \
     BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END",
    "CREATE TRIGGER postings_no_delete BEFORE DELETE ON postings \
     BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END",
];

/// Parts of a document's total: book, column, place among the postings.
const PARTS: [(&str, &str, u8); 3] = [
    ("revenue", "net_minor", 1),
    ("tax", "tax_minor", 2),
    ("rounding", "rounding_minor", 3),
];

/// The statements that post what stored documents did, for a ledger that is still empty.
pub fn of_documents(backend: DbBackend) -> Vec<String> {
    let day_of_void = match backend {
        DbBackend::Postgres => "COALESCE(CAST(voided_at AT TIME ZONE 'UTC' AS date), issue_date)",
        _ => "COALESCE(substr(voided_at, 1, 10), issue_date)",
    };
    let mut statements = Vec::new();
    for (book, column, place) in PARTS {
        let part = |kind, debit, credit, day, at, which| {
            post(&Text {
                source: "id",
                kind,
                place,
                of: "id, NULL, NULL",
                debit: &either(column, debit, credit),
                credit: &either(column, credit, debit),
                amount: &format!("ABS({column})"),
                day,
                at,
                from: &format!("invoices WHERE {which} AND {column} <> 0"),
                prefix: "",
            })
        };
        statements.push(part(
            "issue",
            "receivable",
            book,
            "issue_date",
            "created_at",
            "stage <> 'draft'",
        ));
        statements.push(part(
            "void",
            book,
            "receivable",
            day_of_void,
            "COALESCE(voided_at, created_at)",
            "stage = 'void'",
        ));
        statements.push(post(&Text {
            source: "id",
            kind: "credit",
            place,
            of: "NULL, NULL, id",
            debit: &either(column, book, "credit"),
            credit: &either(column, "credit", book),
            amount: &format!("ABS({column})"),
            day: "issue_date",
            at: "created_at",
            from: &format!("credit_notes WHERE stage = 'issued' AND {column} <> 0"),
            prefix: "",
        }));
    }
    statements.push(post(&Text {
        source: "id",
        kind: "receive",
        place: 1,
        of: "NULL, id, NULL",
        debit: "CASE method WHEN 'card' THEN 'cash_card' WHEN 'offline' THEN 'cash_offline' ELSE 'opening' END",
        credit: "'unapplied'",
        amount: "amount_minor",
        day: "paid_on",
        at: "created_at",
        from: "payments",
        prefix: "",
    }));
    statements.push(post(&Text {
        source: "id",
        kind: "refund",
        place: 1,
        of: "NULL, NULL, id",
        debit: "'credit'",
        credit: "'opening'",
        amount: "refunded_minor",
        day: "issue_date",
        at: "created_at",
        from: "credit_notes WHERE refunded_minor > 0",
        prefix: "",
    }));
    for (source, table, key, day) in [
        ("unapplied", "payments", "payment_id", "paid_on"),
        ("credit", "credit_notes", "credit_note_id", "issue_date"),
    ] {
        statements.push(post(&Text {
            source: "a.id",
            kind: "allocate",
            place: 1,
            of: "a.invoice_id, a.payment_id, a.credit_note_id",
            debit: &either("a.amount_minor", source, "receivable"),
            credit: &either("a.amount_minor", "receivable", source),
            amount: "ABS(a.amount_minor)",
            day: &format!("CASE WHEN m.{day} > i.issue_date THEN m.{day} ELSE i.issue_date END"),
            at: "a.created_at",
            from: &format!(
                "allocations a JOIN {table} m ON m.seller_id = a.seller_id AND m.id = a.{key} \
                 JOIN invoices i ON i.seller_id = a.seller_id AND i.id = a.invoice_id"
            ),
            prefix: "m.",
        }));
    }
    statements
}

struct Text<'a> {
    source: &'a str,
    kind: &'a str,
    place: u8,
    /// Invoice, payment, credit note.
    of: &'a str,
    debit: &'a str,
    credit: &'a str,
    amount: &'a str,
    day: &'a str,
    at: &'a str,
    from: &'a str,
    /// Of the table that has account and currency.
    prefix: &'a str,
}

fn post(text: &Text<'_>) -> String {
    let Text {
        source,
        kind,
        place,
        of,
        debit,
        credit,
        amount,
        day,
        at,
        from,
        prefix,
    } = text;
    format!(
        "INSERT INTO postings (seller_id, source_id, kind, position, account_id, buyer_id, invoice_id, payment_id, \
         credit_note_id, debit, credit, currency, amount_minor, booked_on, created_at) SELECT {prefix}seller_id, \
         {source}, '{kind}', {place}, {prefix}account_id, {prefix}buyer_id, {of}, {debit}, {credit}, \
         {prefix}currency, {amount}, {day}, {at} FROM {from}"
    )
}

/// One book for amounts above zero and another for those below.
fn either(column: &str, above: &str, below: &str) -> String {
    format!("CASE WHEN {column} > 0 THEN '{above}' ELSE '{below}' END")
}

fn wall() -> [Wall; 1] {
    [Wall::two_sided("postings")]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        portable::run(manager, TABLE).await?;
        let connection = manager.get_connection();
        for statement in of_documents(connection.get_database_backend()) {
            connection.execute_unprepared(&statement).await?;
        }
        if connection.get_database_backend() == DbBackend::Sqlite {
            for trigger in ONLY_ADDED_TO {
                connection.execute_unprepared(trigger).await?;
            }
        }
        walls::raise(manager, &wall()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        walls::lower(manager, &wall()).await?;
        portable::drop_tables(manager, &["postings"]).await
    }
}
