//! Addresses of the list are read back as they were written, and its export says what the page does.

use super::*;
use crate::{
    list::Cursor,
    strategies::{date, day, eur},
};
use proptest::prelude::*;
use uuid::Uuid;

fn row() -> DisputeRow {
    DisputeRow {
        id: DisputeId(Uuid::nil()),
        invoice: InvoiceId(Uuid::nil()),
        number: "INV-2026-000001".to_owned(),
        counterparty: "=Acme".to_owned(),
        company: None,
        state: DisputeState::Credited,
        amount: eur(123_450),
        reason: "=Broken".to_owned(),
        opened_on: day("2026-03-15"),
        by: "Alex".to_owned(),
        ended_on: Some(day("2026-03-17")),
        credit_note: Some((CreditNoteId(Uuid::nil()), "CN-2026-000001".to_owned())),
        answer: "Sorry".to_owned(),
    }
}

#[test]
fn a_line_of_an_export_is_guarded_and_plain() {
    let line = "\"INV-2026-000001\",\"'=Acme\",\"Credited\",\"2026-03-15\",\"Alex\",\"2026-03-17\",\"EUR\",\"1234.50\",\"'=Broken\",\"CN-2026-000001\",\"Sorry\"\r\n";
    assert_eq!(csv_row(&row()), line);
    let columns = |side, several| csv_header(side, several).split(',').count();
    assert_eq!(columns(Side::Seller, false), 11);
    assert_eq!(columns(Side::Buyer, true), 12);
    let of_several = DisputeRow {
        company: Some("Harbor".to_owned()),
        ..row()
    };
    assert_eq!(csv_row(&of_several).split(',').count(), 12);
}

#[test]
fn what_cannot_be_read_narrows_nothing() {
    let query = DisputeQuery::from_query("side=both&state=lost&from=yesterday&to=&reason=%20&after=?");
    assert_eq!(query, DisputeQuery::default());
    assert!(!query.is_narrowed());
}

proptest! {
    #[test]
    fn addresses_are_read_back(
        number in proptest::option::of("[A-Z0-9-]{1,20}"), reason in proptest::option::of("[a-zäöü&=+%]{1,20}"),
        state in proptest::option::of(proptest::sample::select(DisputeState::ALL)),
        from in proptest::option::of(date()), to in proptest::option::of(date()), on in proptest::option::of(date()),
        id in any::<u128>(), company in proptest::option::of(any::<u128>()),
    ) {
        let position = Position::After(Cursor::new("2026-03-15", Uuid::from_u128(id)));
        let company = company.map(|id| TenantId(Uuid::from_u128(id)));
        let query = DisputeQuery {
            side: Some(Side::Buyer), number, counterparty: None, state, reason, company, from, to, on, position,
        };
        prop_assert_eq!(DisputeQuery::from_query(&query.to_query()), query);
    }
}
