//! CSV: known layouts, a mapped one, and the grammar.

use super::{documents_of, fixture, raw, recognised};
use documents::incoming::{FileRefused, Limits, Options, mapped::MapChoice};
use domain::imports::{
    ColumnMap, DateOrder, DecimalMark, DocumentKind, DraftTax, Field, Problem, SignRule, suggest,
};
use domain::{Currency, TaxRate, invoices::TaxCategory};

fn rows(text: &str) -> Vec<(u64, Vec<String>)> {
    let (result, seen) = raw(text.as_bytes(), &Options::default());
    result.unwrap();
    seen.rows
}

fn refused(text: &[u8]) -> FileRefused {
    raw(text, &Options::default()).0.unwrap_err()
}

fn totals(seen: &super::Seen) -> Vec<(String, DocumentKind, String)> {
    let total = |checked: &domain::imports::Checked| {
        format!(
            "{} {}",
            checked.totals.total.to_decimal(),
            checked.totals.total.currency()
        )
    };
    seen.documents
        .iter()
        .map(|(d, checked)| (d.draft.number.clone(), d.draft.kind, total(checked)))
        .collect()
}

#[test]
fn quickbooks_is_recognised_and_adds_up() {
    let (result, seen) = documents_of(&fixture("csv/quickbooks.csv"), recognised());
    assert_eq!(seen.issues, []);
    assert_eq!(result.unwrap().rows, 3);
    let invoice = DocumentKind::Invoice;
    assert_eq!(
        totals(&seen),
        [
            ("1001".into(), invoice, "2600.00 USD".into()),
            ("1002".into(), invoice, "33.00 USD".into())
        ]
    );
    let (first, second) = (&seen.documents[0].0.draft, &seen.documents[1].0.draft);
    assert_eq!(first.lines[0].description, "Web hosting\nJanuary");
    assert_eq!(
        (
            first.due_date.unwrap().to_string(),
            second.due_date.unwrap().to_string()
        ),
        ("2026-03-02".into(), "2026-12-28".into())
    );
    assert_eq!((first.first_line, first.last_line, second.first_line), (2, 4, 5));
}

#[test]
fn xero_is_recognised_and_negative_invoices_are_credit_notes() {
    let (result, seen) = documents_of(&fixture("csv/xero.csv"), recognised());
    result.unwrap();
    assert_eq!(seen.issues, []);
    let (invoice, credit) = (DocumentKind::Invoice, DocumentKind::CreditNote);
    let expected = [
        ("INV-0001", invoice, "108.00 GBP"),
        ("INV-0002", credit, "24.00 GBP"),
        ("INV-0003", invoice, "55.00 GBP"),
    ];
    assert_eq!(
        totals(&seen),
        expected.map(|(number, kind, total)| (number.into(), kind, total.into()))
    );
    assert_eq!(seen.documents[0].0.draft.issue_date.to_string(), "2026-02-13");
}

#[test]
fn a_saved_search_is_read_through_the_mapper() {
    let columns = [
        (Field::Number, "Document Number"),
        (Field::IssueDate, "Date"),
        (Field::CustomerId, "Name"),
        (Field::CustomerName, "Name (2)"),
        (Field::ItemCode, "Item"),
        (Field::Quantity, "Quantity"),
        (Field::UnitPrice, "Rate"),
        (Field::LineNet, "Amount"),
    ];
    let map = ColumnMap {
        columns: columns.map(|(field, column)| (field, column.to_owned())).into(),
        signs: SignRule::QuantitiesReversed,
        default_currency: Some(Currency::USD),
        default_tax: Some(DraftTax {
            category: TaxCategory::O,
            rate: TaxRate::from_scaled(0),
            reason: None,
        }),
        ..ColumnMap::default()
    };
    let (result, seen) = documents_of(&fixture("csv/netsuite.csv"), MapChoice::Given(Box::new(map)));
    result.unwrap();
    assert_eq!(seen.issues, []);
    assert_eq!(
        totals(&seen),
        [("INV77".into(), DocumentKind::Invoice, "151.00 USD".into())]
    );
    assert_eq!(seen.documents[0].0.draft.customer.name.as_deref(), Some("Globex"));
}

/// The mapping of the German files.
pub(crate) fn german() -> MapChoice {
    let header = "Rechnungsnummer;Kundennummer;Kunde;Rechnungsdatum;F\u{e4}lligkeit;W\u{e4}hrung;Beschreibung;Menge;Einzelpreis;Netto;Steuersatz";
    let header: Vec<String> = header.split(';').map(str::to_owned).collect();
    let map = ColumnMap {
        date_order: DateOrder::Dmy,
        decimal_mark: DecimalMark::Comma,
        ..suggest(&header)
    };
    MapChoice::Given(Box::new(map))
}

#[test]
fn decimal_commas_semicolons_and_suffixed_minus_are_read() {
    let (result, seen) = documents_of(&fixture("csv/german.csv"), german());
    result.unwrap();
    assert_eq!(seen.issues, []);
    let invoice = DocumentKind::Invoice;
    assert_eq!(
        totals(&seen),
        [
            ("R-1".into(), invoice, "1428.00 EUR".into()),
            ("R-2".into(), invoice, "3.21 EUR".into())
        ]
    );
    assert_eq!(
        seen.documents[0].0.draft.lines[0].description,
        "B\u{fc}rostuhl \"Gr\u{f6}\u{df}e L\""
    );
}

#[test]
fn each_wrong_row_of_a_file_is_told_with_its_line() {
    let (result, seen) = documents_of(&fixture("csv/broken.csv"), recognised());
    result.unwrap();
    let told: Vec<_> = seen
        .issues
        .iter()
        .map(|issue| (issue.line, issue.column.as_deref().unwrap_or("-")))
        .collect();
    let expected = [
        (3, "issue_date"),
        (4, "-"),
        (5, "currency"),
        (6, "unit_price"),
        (7, "-"),
        (8, "number"),
        (9, "customer_name"),
        (10, "tax_category"),
        (12, "issue_date"),
    ];
    assert_eq!(told, expected);
    assert_eq!(seen.documents.len(), 1);
    assert_eq!(
        seen.issues[1].problem,
        Problem::RaggedRow {
            expected: 10,
            found: 6
        }
    );
    assert_eq!(
        seen.issues[4].problem.message(),
        "The total with tax is 1.00 EUR in the file, but the lines give 1.21 EUR."
    );
}

#[test]
fn an_unknown_layout_and_a_mapping_that_does_not_fit_are_refused() {
    let (result, _) = documents_of(b"a,b\n1,2\n", recognised());
    assert_eq!(
        result,
        Err(FileRefused::UnknownLayout {
            columns: vec!["a".into(), "b".into()]
        })
    );
    let (result, seen) = documents_of(b"a;b\n1;2\n", german());
    assert_eq!(result, Err(FileRefused::ColumnsMissing));
    assert!(seen.issues.iter().all(|issue| issue.line == 1));
    assert!(seen.issues.iter().any(|i| i.problem
        == Problem::MissingColumn {
            column: "Rechnungsnummer".into()
        }));
}

#[test]
fn lines_are_counted_as_an_editor_does() {
    let text = "a,b\r\n\"1\r\n2\n3\",x\r\n\r\n,\r\n4,5\r6,7";
    let lines: Vec<_> = rows(text)
        .into_iter()
        .map(|(line, fields)| (line, fields.join("|")))
        .collect();
    let expected = [(1, "a|b"), (2, "1\r\n2\n3|x"), (7, "4|5"), (8, "6|7")];
    assert_eq!(lines, expected.map(|(line, fields)| (line, fields.to_owned())));
}

#[test]
fn quotes_are_quotes_only_at_the_start_of_a_field() {
    let fields = |text| rows(text)[1].1.clone();
    assert_eq!(fields("a,b\n5\" pipe,\"5\"\" pipe\"\n"), ["5\" pipe", "5\" pipe"]);
    assert_eq!(fields("a,b\n\"x\" ,\"\"\n"), ["x", ""]);
    assert_eq!(
        refused(b"a,b\n1,2\n\"x\"y,2\n"),
        FileRefused::BrokenQuote { line: 3 }
    );
    assert_eq!(
        refused(b"a,b\n\"x,2\n3,4\n"),
        FileRefused::UnclosedQuote { line: 2 }
    );
}

#[test]
fn delimiters_are_told_apart() {
    for (text, delimiter) in [
        ("a,b,c\n1,2,3\n", ','),
        ("a;b;c\n1,5;2,5;3\n", ';'),
        ("a\tb\n1,5\t2;3\n", '\t'),
        ("a|b\n\"x;y;z\"|2\n", '|'),
        ("sep=|\r\na|b\r\n1|2\r\n", '|'),
        ("a,b;c\n1;2\n3;4\n", ';'),
        ("a\n1\n", ','),
    ] {
        let (_, seen) = raw(text.as_bytes(), &Options::default());
        assert!(
            seen.entries[0].ends_with(&format!("Some({delimiter:?})")),
            "{text}: {:?}",
            seen.entries
        );
    }
    assert_eq!(rows("sep=;\na;b\n1;2\n")[1].0, 3);
}

#[test]
fn ragged_rows_are_issues_and_empty_fields_behind_the_last_column_are_not() {
    let (result, seen) = raw(b"a,b,,\n1,2\n1,2,,,,\n1\n1,2,3\n", &Options::default());
    assert_eq!(result.unwrap().rows, 4);
    assert_eq!(seen.rows.len(), 3);
    let told: Vec<_> = seen
        .issues
        .iter()
        .map(|issue| (issue.line, issue.problem.clone()))
        .collect();
    let ragged = |found| Problem::RaggedRow { expected: 2, found };
    assert_eq!(told, [(4, ragged(1)), (5, ragged(3))]);
}

#[test]
fn every_limit_of_a_csv_file_is_kept() {
    let limits = Limits {
        rows: 2,
        columns: 3,
        field_bytes: 8,
        row_bytes: 12,
        file_bytes: 64,
        ..Limits::default()
    };
    let options = Options {
        limits,
        ..Options::default()
    };
    let refused = |text: &str| raw(text.as_bytes(), &options).0.unwrap_err();
    assert_eq!(
        refused("a,b\n1,2\n3,4\n5,6\n"),
        FileRefused::TooManyRows { limit: 2 }
    );
    assert_eq!(
        refused("a,b,c,d\n"),
        FileRefused::TooManyColumns { line: 1, limit: 3 }
    );
    assert_eq!(
        refused("a,b\n1,123456789\n"),
        FileRefused::FieldTooLong { line: 2, limit: 8 }
    );
    assert_eq!(
        refused("a,b\n1,\"unclosed\n3,4\n"),
        FileRefused::FieldTooLong { line: 2, limit: 8 }
    );
    assert_eq!(
        refused("a,b,c\n12345,12345,12345\n"),
        FileRefused::RowTooLong { line: 2, limit: 12 }
    );
    assert_eq!(refused(&"a,b\n".repeat(20)), FileRefused::TooLarge { limit: 64 });
}

#[test]
fn files_without_rows_are_refused() {
    assert_eq!(refused(b""), FileRefused::Empty);
    assert_eq!(refused(b" \n\t\n"), FileRefused::Empty);
    assert_eq!(refused(b"\xef\xbb\xbf"), FileRefused::Empty);
    assert_eq!(refused(b"a,b\n"), FileRefused::NoRows);
    assert_eq!(refused(b"a,b\n,,\n\n"), FileRefused::NoRows);
    assert_eq!(refused(b"a,b\n1,x\0y\n"), FileRefused::NulByte { line: 2 });
}
