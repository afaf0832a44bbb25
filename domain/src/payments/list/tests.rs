//! Addresses of the list are read back as they were written.

use super::*;
use crate::{
    list::Cursor,
    strategies::{date, eur},
};
use proptest::prelude::*;

/// A recorded payment.
fn row() -> PaymentRow {
    PaymentRow {
        id: PaymentId(uuid::Uuid::nil()),
        receipt: "REC-2026-000001".to_owned(),
        counterparty: "=Acme".to_owned(),
        company: None,
        method: Method::Offline,
        memo: Some("Check 1".to_owned()),
        paid_on: crate::strategies::day("2026-03-15"),
        amount: eur(123_450),
        unapplied: eur(50),
        refunded: eur(0),
        back: None,
        reference: Some("pi_1".to_owned()),
        fee: Some(eur(45)),
    }
}

#[test]
fn what_went_back_says_more_than_what_is_unapplied() {
    let status = |unapplied, refunded, back| {
        let row = PaymentRow {
            amount: eur(9),
            unapplied: eur(unapplied),
            refunded: eur(refunded),
            back,
            ..row()
        };
        row.status()
    };
    assert_eq!(status(0, 0, None), PaymentStatus::Applied);
    assert_eq!(status(5, 0, None), PaymentStatus::Unapplied);
    assert_eq!(
        status(5, 1, Some(RefundKind::Refund)),
        PaymentStatus::PartlyRefunded
    );
    assert_eq!(status(0, 9, Some(RefundKind::Refund)), PaymentStatus::Refunded);
    assert_eq!(status(5, 1, Some(RefundKind::Reversal)), PaymentStatus::Reversed);
    assert_eq!(
        status(0, 9, Some(RefundKind::Chargeback)),
        PaymentStatus::ChargedBack
    );
}

#[test]
fn a_line_of_an_export_is_guarded_and_plain() {
    let row = row();
    let line = "\"REC-2026-000001\",\"2026-03-15\",\"'=Acme\",\"offline\",\"Check 1\",\"Unapplied\",\"EUR\",\"1234.50\",\"0.50\",\"0.00\",\"pi_1\"\r\n";
    assert_eq!(csv_row(&row, Side::Buyer), line);
    let sellers = csv_row(&row, Side::Seller);
    assert!(
        sellers.ends_with(",\"0.00\",\"0.45\",\"EUR\",\"pi_1\"\r\n"),
        "{sellers}"
    );
    assert_eq!(csv_header(Side::Seller, false).split(',').count(), 13);
    assert_eq!(csv_header(Side::Buyer, false).split(',').count(), 11);
    let of_several = PaymentRow {
        company: Some("=Harbor".to_owned()),
        ..row
    };
    assert!(csv_row(&of_several, Side::Buyer).ends_with(",\"'=Harbor\",\"pi_1\"\r\n"));
    assert!(csv_header(Side::Buyer, true).ends_with(",\"Company\",\"Gateway reference\"\r\n"));
}

#[test]
fn what_cannot_be_read_narrows_nothing() {
    let query = PaymentQuery::from_query("side=both&status=lost&from=yesterday&to=&number=%20&after=?");
    assert_eq!(query, PaymentQuery::default());
    assert!(!query.is_narrowed());
}

proptest! {
    #[test]
    fn addresses_are_read_back(
        number in proptest::option::of("[A-Z0-9-]{1,20}"), counterparty in proptest::option::of("[a-zäöü&=+ ]{0,19}z"),
        status in proptest::option::of(proptest::sample::select(PaymentStatus::ALL)),
        from in proptest::option::of(date()), to in proptest::option::of(date()), id in any::<u128>(),
        company in proptest::option::of(any::<u128>()), on in proptest::option::of(date()),
    ) {
        // A status is of today.
        let counterparty = counterparty.map(|text| text.trim().to_owned());
        let position = Position::After(Cursor::new("2026-03-15", uuid::Uuid::from_u128(id)));
        let company = company.map(|id| TenantId(uuid::Uuid::from_u128(id)));
        let query = PaymentQuery { side: Some(Side::Seller), number, counterparty, status, company, from, to, on, position };
        prop_assert_eq!(PaymentQuery::from_query(&query.to_query()), query);
    }
}
