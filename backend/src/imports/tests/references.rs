//! Everything that points to a document: it goes with an import that is taken back, or keeps it from being taken back.

use super::*;
use crate::{reminders, rollups};
use domain::{
    access::WriteInvoices,
    ids::{FormKey, InvoiceId},
    reminders::ByHand,
};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::collections::BTreeSet;

/// What the undoing of an import does about rows that point to its documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// They go with the documents.
    Goes,
    /// They keep the import from being taken back.
    Keeps,
    /// They go if the import brought them, else they keep it from being taken back.
    ByOrigin,
    /// There are none, for the reason given.
    Never(&'static str),
}

/// Every column that points to an invoice, a payment or a credit note. A new one is not found here, so that whoever adds it
/// decides what becomes of it in `imports/undo.rs`.
const POINTING: &[(&str, &str, Fate)] = &[
    ("allocations", "credit_note_id", Fate::ByOrigin),
    ("allocations", "invoice_id", Fate::ByOrigin),
    ("allocations", "payment_id", Fate::ByOrigin),
    ("attempt_lines", "invoice_id", Fate::Keeps),
    (
        "bank_entries",
        "payment_id",
        Fate::Never("a bank's entry names the payment that was recorded of it"),
    ),
    ("credit_note_lines", "credit_note_id", Fate::Goes),
    ("credit_note_parts", "credit_note_id", Fate::Goes),
    ("credit_note_parts", "invoice_id", Fate::ByOrigin),
    ("credit_note_taxes", "credit_note_id", Fate::Goes),
    ("credit_notes", "invoice_id", Fate::ByOrigin),
    (
        "disputes",
        "credit_note_id",
        Fate::Never("a dispute is answered by a credit note that is written for it"),
    ),
    ("disputes", "invoice_id", Fate::Keeps),
    (
        "gateway_checks",
        "payment_id",
        Fate::Never("the gateway is asked for payments that came through it"),
    ),
    (
        "gateway_findings",
        "payment_id",
        Fate::Never("the gateway is asked for payments that came through it"),
    ),
    ("invoice_costs", "invoice_id", Fate::Goes),
    ("invoice_lines", "invoice_id", Fate::Goes),
    ("invoice_parties", "invoice_id", Fate::Goes),
    ("invoice_revisions", "invoice_id", Fate::Keeps),
    ("invoice_taxes", "invoice_id", Fate::Goes),
    (
        "payment_attachments",
        "payment_id",
        Fate::Never("files are kept beside payments that were recorded by hand"),
    ),
    (
        "refund_lines",
        "credit_note_id",
        Fate::Never("it names a credit note that was written for the refund"),
    ),
    ("refund_lines", "invoice_id", Fate::Keeps),
    ("refunds", "credit_note_id", Fate::Keeps),
    ("refunds", "payment_id", Fate::Keeps),
    ("reminders", "invoice_id", Fate::Goes),
    ("rollup_lines", "invoice_id", Fate::Keeps),
    ("write_offs", "invoice_id", Fate::Keeps),
];

const SQLITE: &str = "SELECT m.name, f.\"from\" FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f \
    WHERE m.type = 'table' AND f.\"to\" = 'id' AND f.\"table\" IN ('invoices', 'payments', 'credit_notes')";

const POSTGRES: &str = "SELECT child.relname::text, a.attname::text FROM pg_constraint c \
    JOIN pg_class child ON child.oid = c.conrelid JOIN pg_class parent ON parent.oid = c.confrelid \
    CROSS JOIN LATERAL unnest(c.conkey, c.confkey) AS pair (here, there) \
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = pair.here \
    JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = pair.there \
    WHERE c.contype = 'f' AND c.connamespace = CAST(current_schema() AS regnamespace) AND b.attname = 'id' \
    AND parent.relname IN ('invoices', 'payments', 'credit_notes')";

/// Rows of a statement with one or two columns of text.
#[expect(
    clippy::disallowed_methods,
    reason = "asks the schema, and counts everybody's rows"
)]
async fn asked(world: &World, statement: &str) -> Vec<sea_orm::QueryResult> {
    let db = world.backend.system().db();
    let statement = Statement::from_string(db.get_database_backend(), statement);
    db.query_all_raw(statement).await.unwrap()
}

async fn rows_of(world: &World, table: &str, column: &str) -> i64 {
    let counted = format!("SELECT COUNT(*) FROM {table} WHERE {column} IS NOT NULL");
    asked(world, &counted).await[0].try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn everything_that_points_to_a_document_is_thought_of() {
    let world = World::new().await;
    let statement = match world.backend.system().db().get_database_backend() {
        DbBackend::Postgres => POSTGRES,
        _ => SQLITE,
    };
    let found = asked(&world, statement).await;
    let found: BTreeSet<(String, String)> = found
        .iter()
        .map(|row| (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap()))
        .collect();
    let known = POINTING.iter();
    let known = known.map(|(table, column, _)| ((*table).to_owned(), (*column).to_owned()));
    assert_eq!(found, known.collect());
    for (table, column, fate) in POINTING {
        assert!(*fate != Fate::Never(""), "why is there no {table}.{column}?");
    }
}

/// The heading of the kind of a row, and of a charge's amount.
fn with_charges(staged: Staged) -> Staged {
    match staged {
        Staged::Header { line, mut columns } => {
            columns.extend(["row", "net"].map(str::to_owned));
            Staged::Header { line, columns }
        }
        Staged::Row(line, mut fields) => {
            fields.extend(["line", ""].map(str::to_owned));
            Staged::Row(line, fields)
        }
        other => other,
    }
}

/// A charge on the document of the row before.
fn charge_row(line: u64, number: &str, amount: &str) -> Staged {
    let Staged::Row(line, mut fields) = with_charges(invoice_row(line, number, "")) else {
        unreachable!("it is a row");
    };
    fields[6] = "Freight".to_owned();
    fields[7] = String::new();
    fields[12] = "charge".to_owned();
    fields[13] = amount.to_owned();
    Staged::Row(line, fields)
}

/// A file that fills all tables that an import fills.
fn full() -> Vec<Staged> {
    let plain = [
        header(),
        row(2, "invoice", "A-1", "100.00", "", "20.00"),
        invoice_row(4, "A-2", "50.00"),
        row(5, "credit note", "C-1", "120.00", "A-1\nA-2", ""),
        row(6, "credit note", "C-2", "8.00", "A-2", ""),
    ];
    let mut items: Vec<Staged> = plain.into_iter().map(with_charges).collect();
    items.insert(2, charge_row(3, "A-1", "7.00"));
    items
}

/// The seller reminds of an invoice, which is overdue by then.
async fn remind(world: &World, number: &str) {
    world.days_pass(60);
    let rows = invoices(world).await;
    let invoice = rows
        .iter()
        .find(|row| row.number.as_deref() == Some(number))
        .unwrap();
    let wanted = ByHand {
        key: FormKey(crate::new_id()),
        account: world.daisy().account(),
        invoices: vec![InvoiceId(invoice.id)],
        words: "As we said".to_owned(),
    };
    reminders::write::send(&world.acme().scope(), &wanted)
        .await
        .unwrap();
    work(world).await;
}

#[tokio::test]
async fn all_that_an_import_brought_goes_with_it() {
    let world = World::new().await;
    let items = full();
    let (scope, import) = upload(&world, &items).await;
    let done = publish_now(&world, &scope, import).await;
    assert_eq!(done.row.state, ImportState::Published, "{:?}", done.issues);
    remind(&world, "A-2").await;
    let gone = POINTING
        .iter()
        .filter(|(_, _, fate)| matches!(fate, Fate::Goes | Fate::ByOrigin));
    for (table, column, _) in gone.clone() {
        assert!(rows_of(&world, table, column).await > 0, "{table}.{column}");
    }
    undo(&scope, import).await.unwrap();
    for (table, column, _) in gone {
        assert_eq!(rows_of(&world, table, column).await, 0, "{table}.{column}");
    }
    assert_eq!(counts(&world).await, [0; 4]);
    work(&world).await;
    let (scope, again) = upload(&world, &items).await;
    assert_eq!(
        publish_now(&world, &scope, again).await.row.state,
        ImportState::Published
    );
}

#[tokio::test]
async fn an_invoice_that_stood_in_a_bill_keeps_its_import() {
    let world = World::new().await;
    world.make_subsidiary(world.daisy(), world.party("Elm")).await;
    let (scope, import) = upload(&world, &[header(), invoice_row(2, "A-1", "100.00")]).await;
    publish_now(&world, &scope, import).await;
    let seller: Scope<WriteInvoices> = world.acme().scope();
    let fields = domain::rollups::RollupFields {
        account: world.party("Elm").account().to_string(),
        currency: "EUR".to_owned(),
        period_from: "2026-01-01".to_owned(),
        period_to: world.today().to_string(),
        ..Default::default()
    };
    let page = rollups::read::prepare(&seller, fields.clone()).await.unwrap();
    let preview = page.preview.unwrap();
    let wanted = domain::rollups::RollupFields {
        key: preview.key.to_string(),
        due_date: preview.due_date.to_string(),
        seen: preview.total.minor().to_string(),
        shown: preview.shown,
        ..fields
    };
    let bill = rollups::write::issue(&seller, &wanted.parse().unwrap())
        .await
        .unwrap();
    let kept = async || match undo(&scope, import).await {
        Err(Error::Refused(Refusal::ImportInUse { numbers })) => assert_eq!(numbers, ["A-1"]),
        other => panic!("{other:?}"),
    };
    kept().await;
    rollups::write::void(&world.acme().scope(), bill, "Wrong")
        .await
        .unwrap();
    kept().await;
    work(&world).await;
}
