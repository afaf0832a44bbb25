//! Imports from the first batch to the undo.

mod batches;
mod crediting;
mod profiles;
mod references;
mod undoing;

use super::{
    Staged, begin, finish_upload, read, stage, undo,
    write::{publish, set_mapping},
};
use crate::{Error, Scope, jobs, payments, testing::World};
use domain::{
    Currency, Money, Refusal,
    access::ImportInvoices,
    ids::ImportId,
    imports::{ColumnMap, Field, ImportDetail, ImportState, Problem},
    payments::{CardChoice, PaymentChoice, SubmitLine, SubmitPayment},
};
use entity::{allocation, credit_note, invoice, payment};
use sea_orm::EntityTrait;

/// Rows of a small file in our own layout: kind, number, customer, currency, issue date, due date, description,
/// quantity, price, tax category, credited invoice, prepaid.
const HEADER: [&str; 12] = [
    "kind",
    "number",
    "customer_id",
    "currency",
    "issue_date",
    "due_date",
    "description",
    "quantity",
    "unit_price",
    "tax_category",
    "credited_invoices",
    "prepaid",
];

fn header() -> Staged {
    Staged::Header {
        line: 1,
        columns: HEADER.map(str::to_owned).to_vec(),
    }
}

fn row(line: u64, kind: &str, number: &str, price: &str, credited: &str, prepaid: &str) -> Staged {
    let fields = [
        kind,
        number,
        "C-DAISY",
        "EUR",
        "2026-03-01",
        "2026-03-31",
        "Licence",
        "1",
        price,
        "Z",
        credited,
        prepaid,
    ];
    Staged::Row(line, fields.map(str::to_owned).to_vec())
}

fn invoice_row(line: u64, number: &str, price: &str) -> Staged {
    row(line, "invoice", number, price, "", "")
}

async fn work(world: &World) {
    jobs::run_due(&world.backend, &jobs::standard()).await.unwrap();
    assert_eq!(crate::check::run(&world.backend).await.unwrap(), []);
}

/// Uploads items as a file and has it checked.
async fn upload(world: &World, items: &[Staged]) -> (Scope<ImportInvoices>, ImportId) {
    let scope = world.acme().scope();
    let import = begin(&scope, "march.csv", "CSV", "00").await.unwrap();
    for some in items.chunks(3) {
        stage(&scope, import, some).await.unwrap();
    }
    finish_upload(&scope, import, 1_000).await.unwrap();
    work(world).await;
    (scope, import)
}

async fn publish_now(world: &World, scope: &Scope<ImportInvoices>, import: ImportId) -> ImportDetail {
    publish(scope, import).await.unwrap();
    assert!(read::find(scope, import).await.unwrap().busy);
    work(world).await;
    read::find(scope, import).await.unwrap()
}

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn invoices(world: &World) -> Vec<invoice::Model> {
    let mut rows = invoice::Entity::find()
        .all(world.backend.system().db())
        .await
        .unwrap();
    rows.sort_by(|a, b| a.number_key.cmp(&b.number_key));
    rows
}

/// Rows of invoices, credit notes, payments and allocations.
#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn counts(world: &World) -> [usize; 4] {
    let system = world.backend.system();
    [
        invoice::Entity::find().all(system.db()).await.unwrap().len(),
        credit_note::Entity::find().all(system.db()).await.unwrap().len(),
        payment::Entity::find().all(system.db()).await.unwrap().len(),
        allocation::Entity::find().all(system.db()).await.unwrap().len(),
    ]
}

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

#[tokio::test]
async fn a_known_layout_is_checked_at_once_and_published_as_a_whole() {
    let world = World::new().await;
    let items = [
        header(),
        invoice_row(2, "A-1", "10.00"),
        invoice_row(3, "A-1", "5.00"),
        invoice_row(4, "A-2", "7.25"),
    ];
    let (scope, import) = upload(&world, &items).await;
    let preview = read::find(&scope, import).await.unwrap();
    assert_eq!(
        (preview.row.state, preview.row.documents, preview.row.errors),
        (ImportState::Checked, 2, 0)
    );
    assert_eq!(preview.totals, [eur(2_225)]);
    assert_eq!(preview.preview[0].total, eur(1_500));
    assert_eq!(
        (preview.preview[0].customer.as_str(), preview.preview[0].lines),
        ("Daisy", 2)
    );
    assert_eq!((preview.done, preview.total, preview.busy), (3, 3, false));
    assert_eq!(counts(&world).await, [0; 4]);

    let done = publish_now(&world, &scope, import).await;
    assert_eq!((done.row.state, done.busy), (ImportState::Published, false));
    let rows = invoices(&world).await;
    assert_eq!(
        rows.iter()
            .map(|row| row.number.as_deref().unwrap())
            .collect::<Vec<_>>(),
        ["A-1", "A-2"]
    );
    assert_eq!((rows[0].total_minor, rows[0].open_minor), (1_500, 1_500));
    assert_eq!(rows[0].buyer_id, world.daisy().id().0);
    // A second time there is nothing to do.
    assert!(matches!(
        publish(&scope, import).await,
        Err(Error::Refused(Refusal::ImportIs { .. }))
    ));
    assert_eq!(read::list(&scope).await.unwrap().len(), 1);
    assert!(matches!(
        read::find(&world.borealis().scope(), import).await,
        Err(Error::NotFound)
    ));
}

#[tokio::test]
async fn errors_keep_the_whole_file_out() {
    let world = World::new().await;
    world.daisy().invoice("5.00").number("A-9").await;
    let stranger = Staged::Row(
        5,
        [
            "invoice",
            "A-3",
            "nobody",
            "EUR",
            "2026-03-01",
            "",
            "x",
            "1",
            "1",
            "Z",
            "",
            "",
        ]
        .map(str::to_owned)
        .to_vec(),
    );
    let items = [
        header(),
        invoice_row(2, "A-1", "10.00"),
        invoice_row(3, "A-2", "ten"),
        invoice_row(4, "A-9", "1.00"),
        stranger,
        row(6, "credit note", "C-1", "1.00", "A-77", ""),
        invoice_row(7, "A-1", "2.00"),
    ];
    let (scope, import) = upload(&world, &items).await;
    let found = read::find(&scope, import).await.unwrap();
    let lines: Vec<u64> = found.issues.iter().map(|issue| issue.line).collect();
    assert_eq!(lines, [3, 4, 5, 6, 7]);
    assert!(matches!(found.issues[1].problem, Problem::AlreadyThere { .. }));
    assert!(matches!(found.issues[2].problem, Problem::UnknownCustomer { .. }));
    assert!(matches!(found.issues[3].problem, Problem::UnknownInvoice { .. }));
    assert!(matches!(found.issues[4].problem, Problem::NumberComesBack { .. }));
    assert_eq!((found.row.errors, found.duplicates), (5, 1));
    assert!(matches!(
        publish(&scope, import).await,
        Err(Error::Refused(Refusal::FileRefused { .. }))
    ));
    assert_eq!(counts(&world).await, [1, 0, 0, 0]);
}

#[tokio::test]
async fn a_number_that_is_taken_after_the_check_keeps_everything_out() {
    let world = World::new().await;
    let items = [
        header(),
        invoice_row(2, "A-1", "10.00"),
        invoice_row(3, "A-2", "5.00"),
    ];
    let (scope, import) = upload(&world, &items).await;
    world.daisy().invoice("5.00").number("A-2").await;
    let done = publish_now(&world, &scope, import).await;
    assert_eq!((done.row.state, done.row.errors), (ImportState::Checked, 1));
    assert!(matches!(done.issues[0].problem, Problem::AlreadyThere { .. }));
    assert_eq!(counts(&world).await, [1, 0, 0, 0]);
}

#[tokio::test]
async fn columns_are_mapped_and_the_mapping_is_found_again() {
    let world = World::new().await;
    let columns = ["Beleg", "Wer", "Wann", "Was", "Wieviel"]
        .map(str::to_owned)
        .to_vec();
    let items = [
        Staged::Header {
            line: 1,
            columns: columns.clone(),
        },
        Staged::Row(
            2,
            ["X-1", "Daisy", "2026-03-01", "Hosting", "12.50"]
                .map(str::to_owned)
                .to_vec(),
        ),
    ];
    let (scope, import) = upload(&world, &items).await;
    let waiting = read::find(&scope, import).await.unwrap();
    assert_eq!((waiting.row.state, waiting.busy), (ImportState::Staged, false));
    let offer = waiting.mapping.unwrap();
    assert_eq!(offer.header, columns);
    assert_eq!(offer.sample.len(), 1);
    let mut map = ColumnMap {
        default_currency: Some(Currency::USD),
        default_tax: Some(domain::imports::DraftTax {
            category: domain::invoices::TaxCategory::Z,
            rate: domain::TaxRate::from_scaled(0),
            reason: None,
        }),
        ..ColumnMap::default()
    };
    for (field, column) in [
        (Field::Number, "Beleg"),
        (Field::CustomerName, "Wer"),
        (Field::IssueDate, "Wann"),
        (Field::Description, "Was"),
        (Field::UnitPrice, "Wieviel"),
    ] {
        map.columns.insert(field, column.to_owned());
    }
    set_mapping(&scope, import, &map, Some("Ours")).await.unwrap();
    work(&world).await;
    let preview = read::find(&scope, import).await.unwrap();
    assert_eq!(
        (preview.row.state, preview.row.errors),
        (ImportState::Checked, 0),
        "{:?}",
        preview.issues
    );
    assert_eq!(preview.totals, [Money::new(1_250, Currency::USD)]);
    // The terms of the customer say when it is due.
    assert_eq!(preview.preview[0].due_date.unwrap().to_string(), "2026-03-31");

    let (scope, next) = upload(&world, &items).await;
    let known = read::find(&scope, next).await.unwrap();
    assert_eq!(known.row.state, ImportState::Checked);
    assert_eq!(known.mapping.unwrap().saved.unwrap().1, "Ours");
    assert_eq!(read::mappings(&scope).await.unwrap().len(), 1);
}
