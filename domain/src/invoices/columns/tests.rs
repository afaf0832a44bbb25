//! A cell says the same to people and to machines, each in its own way.

use super::*;
use crate::invoices::InvoiceQuery;
use crate::{
    ids::{AccountId, TenantId, Uuid},
    invoices::{Source, Status},
    money::{Currency, Money},
    strategies::{day, eur, invoice},
};

#[test]
fn a_row_reads_as_people_write() {
    let cells: Vec<String> = Column::ALL
        .iter()
        .map(|column| column.text(&row(), Locale::DeDe))
        .collect();
    assert_eq!(
        cells,
        [
            "INV-7",
            "=Acme, \"Inc\"",
            "",
            "ERP-1",
            "",
            "ERP import",
            "2. Nov. 2026",
            "2. Dez. 2026",
            "1.234,50 EUR",
            "−34,50 EUR",
            "EUR",
            "Overdue",
        ]
    );
}

#[test]
fn a_row_is_exported_as_machines_read() {
    assert_eq!(
        csv_header(&[Column::Number, Column::Open], Side::Seller),
        "\"Invoice\",\"Open\"\r\n"
    );
    assert_eq!(
        csv_row(Column::ALL, &row()),
        "\"INV-7\",\"'=Acme, \"\"Inc\"\"\",\"\",\"ERP-1\",\"\",\"ERP import\",\"2026-11-02\",\"2026-12-02\",\"1234.50\",\
         \"-34.50\",\"EUR\",\"Overdue\"\r\n"
    );
}

#[test]
fn a_draft_has_neither_number_nor_issue_date() {
    let draft = InvoiceRow {
        number: None,
        issue_date: None,
        status: Status::Draft,
        ..row()
    };
    assert_eq!(Column::Number.text(&draft, Locale::EnUs), "");
    assert_eq!(
        csv_row(&[Column::Number, Column::Issued], &draft),
        "\"\",\"\"\r\n"
    );
}

#[test]
fn exported_amounts_never_stand_without_their_currency() {
    use Column as C;
    assert_eq!(
        export_columns(&[C::Number, C::Total, C::Open]),
        [C::Number, C::Currency, C::Total, C::Open]
    );
    assert_eq!(export_columns(&[C::Open, C::Currency]), [C::Open, C::Currency]);
    assert_eq!(export_columns(&[C::Number]), [C::Number]);
}

#[test]
fn yen_and_dinars_are_exported_with_their_own_decimals() {
    let with = |currency| InvoiceRow {
        total: Money::new(1_234, currency),
        ..row()
    };
    assert_eq!(Column::Total.csv(&with(Currency::JPY)), "\"1234\"");
    assert_eq!(Column::Total.csv(&with(Currency::KWD)), "\"1.234\"");
}

#[test]
fn keys_are_read_back_and_headings_differ() {
    for column in Column::ALL {
        assert_eq!(Column::from_code(column.code()), Some(*column));
        for side in [Side::Seller, Side::Buyer] {
            let twins = Column::ALL
                .iter()
                .filter(|other| other.heading(side) == column.heading(side));
            assert_eq!(twins.count(), 1, "{column:?}");
        }
    }
}

#[test]
fn every_sort_key_has_one_heading() {
    for key in SortKey::ALL {
        assert_eq!(
            Column::ALL
                .iter()
                .filter(|column| column.sort_key() == Some(*key))
                .count(),
            1,
            "{key:?}"
        );
    }
}

#[test]
fn the_usual_columns_name_invoice_due_date_and_what_is_open() {
    for side in [Side::Seller, Side::Buyer] {
        for column in [Column::Number, Column::Due, Column::Open, Column::Status] {
            assert!(default_columns(side, false).contains(&column), "{column:?}");
        }
    }
    assert!(default_columns(Side::Seller, false).contains(&Column::Source));
}

#[test]
fn who_sees_several_companies_is_told_which_one_received_an_invoice() {
    for side in [Side::Seller, Side::Buyer] {
        assert!(!default_columns(side, false).contains(&Column::Company));
    }
    assert!(default_columns(Side::Buyer, true).contains(&Column::Company));
    let mut query = InvoiceQuery::new(Side::Buyer);
    query.columns = vec![Column::Number, Column::Company];
    query.seen_by(true);
    assert_eq!(query.shown(), [Column::Number, Column::Company]);
    query.seen_by(false);
    assert_eq!(query.shown(), [Column::Number]);
}

fn row() -> InvoiceRow {
    InvoiceRow {
        id: invoice(7),
        seller: TenantId(Uuid::nil()),
        account: AccountId(Uuid::nil()),
        number: Some("INV-7".to_owned()),
        counterparty: "=Acme, \"Inc\"".to_owned(),
        company: None,
        external_id: Some("ERP-1".to_owned()),
        order_id: None,
        source: Source::Import,
        issue_date: Some(day("2026-11-02")),
        due_date: day("2026-12-02"),
        total: eur(123_450),
        open: eur(-3_450),
        pending: eur(0),
        disputed: eur(0),
        status: Status::Overdue,
    }
}
