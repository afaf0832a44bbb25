//! Rows into documents, and our own layout there and back.

use super::{any::any_document, *};
use proptest::prelude::*;

const HEADER: &str =
    "number|kind|customer_name|issue_date|currency|description|quantity|unit_price|tax_rate|total";

fn assemble(rows: &[&str]) -> (Vec<DraftDocument>, Vec<ImportIssue>, usize) {
    assemble_with(suggest(&fields(HEADER)), Limits::default(), rows)
}

fn assemble_with(
    map: ColumnMap,
    limits: Limits,
    rows: &[&str],
) -> (Vec<DraftDocument>, Vec<ImportIssue>, usize) {
    let mut assembler = Assembler::new(map, limits, 1, &fields(HEADER)).unwrap();
    let (mut documents, mut issues, mut broken) = (Vec::new(), Vec::new(), 0);
    let mut out = |assembled| match assembled {
        Assembled::Document(document) => documents.push(*document),
        Assembled::Issue(issue) => issues.push(issue),
        Assembled::Broken { .. } => broken += 1,
    };
    for (row, line) in rows.iter().zip(2..) {
        assembler.push(line, &fields(row), &mut out);
    }
    assembler.finish(&mut out);
    (documents, issues, broken)
}

#[test]
fn consecutive_rows_of_one_number_are_one_document() {
    let (documents, issues, _) = assemble(&[
        "1||Acme|2026-01-01|EUR|a|1|10|20|36",
        "1|||||b|2|10|20|",
        "1|credit note|Acme|2026-01-01|EUR|c|1|1|20|",
        "2||Acme|2026-01-01|JPY|d|1|10|0|",
    ]);
    assert_eq!(issues, []);
    let told: Vec<_> = documents
        .iter()
        .map(|d| (d.number.as_str(), d.kind, d.lines.len(), d.last_line))
        .collect();
    let (invoice, credit) = (DocumentKind::Invoice, DocumentKind::CreditNote);
    assert_eq!(
        told,
        [("1", invoice, 2, 3), ("1", credit, 1, 4), ("2", invoice, 1, 5)]
    );
}

#[test]
fn each_wrong_row_is_told_once_with_line_column_and_reason() {
    let good = "9||Acme|2026-01-01|EUR|a|1|10|20|";
    let cases = [
        (
            "||Acme|2026-01-01|EUR|a|1|10|20|",
            "number",
            Problem::MissingValue,
        ),
        (
            "1||Acme|31.12.2026|EUR|a|1|10|20|",
            "issue_date",
            Problem::NotADate {
                text: "31.12.2026".into(),
                order: DateOrder::Ymd,
            },
        ),
        ("1||Acme||EUR|a|1|10|20|", "issue_date", Problem::MissingValue),
        (
            "1|||2026-01-01|EUR|a|1|10|20|",
            "customer_name",
            Problem::MissingValue,
        ),
        (
            "1||Acme|2026-01-01|XQZ|a|1|10|20|",
            "currency",
            Problem::UnknownCurrency { text: "XQZ".into() },
        ),
        (
            "1||Acme|2026-01-01||a|1|10|20|",
            "currency",
            Problem::MissingCurrency,
        ),
        (
            "1||Acme|2026-01-01|EUR||1|10|20|",
            "description",
            Problem::MissingValue,
        ),
        (
            "1||Acme|2026-01-01|EUR|a|x|10|20|",
            "quantity",
            Problem::NotANumber {
                text: "x".into(),
                mark: DecimalMark::Point,
            },
        ),
        ("1||Acme|2026-01-01|EUR|a|1||20|", "unit_price", Problem::NoPrice),
        (
            "1||Acme|2026-01-01|EUR|a|1|x|20|",
            "unit_price",
            Problem::NotANumber {
                text: "x".into(),
                mark: DecimalMark::Point,
            },
        ),
        (
            "1||Acme|2026-01-01|EUR|a|1|10|200|",
            "tax_rate",
            Problem::RateOutOfRange { text: "200".into() },
        ),
        (
            "1|receipt|Acme|2026-01-01|EUR|a|1|10|20|",
            "kind",
            Problem::UnknownKind {
                text: "receipt".into(),
            },
        ),
        (
            "1||Acme|2026-01-01|EUR|a|1|10|20|1.234",
            "total",
            Problem::TooManyDecimals {
                text: "1.234".into(),
                kept: 2,
            },
        ),
        (
            "1||Ac\u{7}me|2026-01-01|EUR|a|1|10|20|",
            "customer_name",
            Problem::ControlCharacter,
        ),
    ];
    for (row, column, problem) in cases {
        let (documents, issues, broken) = assemble(&[row, good]);
        let expected = ImportIssue {
            line: 2,
            column: Some(column.into()),
            field: issues[0].field,
            problem,
        };
        assert_eq!(issues, [expected], "{row}");
        assert_eq!((documents.len(), broken), (1, 1), "{row}");
    }
}

#[test]
fn a_row_without_any_tax_is_asked_about() {
    let (_, issues, _) = assemble(&["1||Acme|2026-01-01|EUR|a|1|10||"]);
    assert!(matches!(
        &issues[..],
        [ImportIssue {
            line: 2,
            problem: Problem::MissingTax,
            ..
        }]
    ));
    let map = ColumnMap {
        default_tax: Some(standard("20")),
        ..suggest(&fields(HEADER))
    };
    let (documents, issues, _) = assemble_with(map, Limits::default(), &["1||Acme|2026-01-01|EUR|a|1|10||"]);
    assert_eq!(
        (documents[0].lines[0].tax.clone(), issues.len()),
        (standard("20"), 0)
    );
}

#[test]
fn a_number_that_comes_back_is_found() {
    let row = |number: &str| format!("{number}||Acme|2026-01-01|EUR|a|1|10|20|");
    let rows = [row("1"), row("2"), row("1")];
    let (documents, issues, broken) = assemble(&rows.each_ref().map(String::as_str));
    assert_eq!((documents.len(), broken), (2, 1));
    assert!(matches!(
        &issues[..],
        [ImportIssue {
            line: 4,
            problem: Problem::NumberComesBack { .. },
            ..
        }]
    ));
}

#[test]
fn rows_of_one_document_must_agree() {
    let (_, issues, broken) = assemble(&[
        "1||Acme|2026-01-01|EUR|a|1|10|20|12",
        "1||Other|2026-01-02|USD|a|1|10|20|13",
    ]);
    let columns: Vec<_> = issues.iter().map(|issue| issue.column.clone().unwrap()).collect();
    assert_eq!(broken, 1);
    assert_eq!(columns, ["customer_name", "currency", "issue_date", "total"]);
    assert!(issues[0].problem.message().contains("Acme"));
}

#[test]
fn a_document_that_never_ends_is_cut_off() {
    let limits = Limits { rows_per_document: 3 };
    let rows = vec!["1||Acme|2026-01-01|EUR|a|1|10|20|"; 50];
    let (documents, issues, broken) = assemble_with(suggest(&fields(HEADER)), limits, &rows);
    assert_eq!((documents.len(), issues.len(), broken), (0, 1, 1));
    assert_eq!(issues[0].problem, Problem::TooManyLines { limit: 3 });
}

#[test]
fn ledger_signs_and_documents_below_zero_become_what_they_mean() {
    let reversed = ColumnMap {
        signs: SignRule::QuantitiesReversed,
        ..suggest(&fields(HEADER))
    };
    let (documents, ..) = assemble_with(
        reversed,
        Limits::default(),
        &["1||Acme|2026-01-01|EUR|a|-3|10|20|36"],
    );
    assert_eq!(check(&documents[0]).unwrap().totals.total, eur(36_00));

    let map = ColumnMap {
        negative_documents: NegativeDocuments::AsCreditNote,
        ..suggest(&fields(HEADER))
    };
    let (documents, ..) = assemble_with(map, Limits::default(), &["1||Acme|2026-01-01|EUR|a|-3|10|20|-36"]);
    assert_eq!(documents[0].kind, DocumentKind::CreditNote);
    assert_eq!(check(&documents[0]).unwrap().totals.total, eur(36_00));
}

#[test]
fn formula_guards_of_our_exports_are_taken_off() {
    let (documents, ..) = assemble(&["'=1||'@Acme|2026-01-01|EUR|'plain|'-1|10|20|"]);
    let document = &documents[0];
    assert_eq!(document.number, "=1");
    assert_eq!(document.customer.name.as_deref(), Some("@Acme"));
    assert_eq!(document.lines[0].description, "'plain");
    assert_eq!(document.lines[0].quantity.to_string(), "-1");
}

proptest! {
    #[test]
    fn our_own_rows_read_back_are_the_same_document(document in any_document()) {
        let header = own_header();
        let mut assembler = Assembler::new(suggest(&header), Limits::default(), 0, &header).unwrap();
        let mut out = Vec::new();
        for record in own_records(&document) {
            assembler.push(0, &record, &mut |assembled| out.push(assembled));
        }
        assembler.finish(&mut |assembled| out.push(assembled));
        prop_assert_eq!(out, [Assembled::Document(Box::new(document))]);
    }

    #[test]
    fn no_row_of_any_text_panics(cells in prop::collection::vec(".{0,20}", 10), signs in any::<bool>()) {
        let signs = if signs { SignRule::AllReversed } else { SignRule::AsWritten };
        let map = ColumnMap { signs, default_currency: Some(Currency::EUR), ..suggest(&fields(HEADER)) };
        let mut assembler = Assembler::new(map, Limits::default(), 1, &fields(HEADER)).unwrap();
        assembler.push(2, &cells, &mut |_| {});
        assembler.finish(&mut |_| {});
    }
}
