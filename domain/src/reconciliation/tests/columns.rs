//! Rows of files as lines.

use super::*;
use crate::imports::{DateOrder, DecimalMark};

fn fields(row: &str) -> Vec<String> {
    row.split(';').map(str::to_owned).collect()
}

const HEADER: &str = "companyName;companyId;productName;sku;subscriptionId;type;term;quantity;cost;costTotal;price;total;currencyCode;End date;Status";

fn read(row: &str) -> Result<BillLine, String> {
    let header = fields(HEADER);
    let columns = BillColumns::suggest(&header, Currency::EUR);
    assert_eq!(columns.missing(&header), None);
    columns.row(&header, 7, &fields(row)).map_err(|problem| {
        let column = problem.column.unwrap_or_default();
        format!("{}/{column}/{}", problem.line, problem.what)
    })
}

#[test]
fn a_vendors_own_headings_and_words_are_understood() {
    let line =
        read("Brick;cc0a;Office E3;PAX-9092;f6b6;subscription;Annual;11;2.5;27.50;5;;USD;2026-05-01;Active");
    let line = line.unwrap();
    assert_eq!(
        (line.kind, line.quantity, line.cost),
        (LineKind::Recurring, seats(11), usd(27_50))
    );
    assert_eq!(
        line.price,
        Some(usd(55_00)),
        "the price of one where there is no total"
    );
    assert_eq!(
        (line.company_key().as_str(), line.product_key().as_str()),
        ("id:cc0a", "id:pax-9092")
    );
    assert_eq!((line.ends_on, line.cancelled), (Some(day(5, 1)), false));
}

#[test]
fn a_price_of_one_with_many_decimals_is_rounded_once() {
    let line = read("Brick;;Office;;;prorate;;3;0.335;;;;USD;;PendingCancel").unwrap();
    assert_eq!((line.cost, line.price, line.cancelled), (usd(1_01), None, true));
    assert_eq!(
        (line.kind, line.company_key().as_str()),
        (LineKind::Proration, "name:brick")
    );
}

#[test]
fn what_is_below_zero_is_a_credit() {
    for row in [
        "Brick;;Office;;;;;-3;2;;;;USD;;",
        "Brick;;Office;;;subscription;;3;;-6;;;USD;;",
    ] {
        let line = read(row).unwrap();
        assert_eq!((line.kind, line.cost), (LineKind::Credit, usd(-6_00)));
    }
}

#[test]
fn what_does_not_fit_is_named_with_its_line_and_column() {
    let wrong = |row: &str| read(row).unwrap_err();
    assert!(wrong(";;Office;;;;;3;2;;;;USD;;").starts_with("7/companyName/"));
    assert!(wrong("Brick;;;;;;;3;2;;;;USD;;").starts_with("7/productName/"));
    assert!(wrong("Brick;;Office;;;;;;2;;;;USD;;").starts_with("7/quantity/"));
    assert!(wrong("Brick;;Office;;;;;x;2;;;;USD;;").starts_with("7/quantity/"));
    assert!(wrong("Brick;;Office;;;;;3;;;;;USD;;").starts_with("7/costTotal/"));
    assert!(wrong("Brick;;Office;;;;;3;2;;;;Dollar;;").starts_with("7/currencyCode/"));
    assert!(wrong("Brick;;Office;;;;;3;EUR 2;;;;USD;;").contains("another currency"));
    assert!(wrong("Brick;;Office;;;mystery;;3;2;;;;USD;;").contains("mystery"));
    assert!(wrong("Brick;;Office;;;;;3;2;;;;USD;soon;").starts_with("7/End date/"));
}

#[test]
fn columns_that_are_needed_are_asked_for() {
    let columns = |header: &str| {
        let header = fields(header);
        BillColumns::suggest(&header, Currency::USD).missing(&header)
    };
    assert!(columns("Product;Quantity;Cost").unwrap().contains("company"));
    assert!(columns("Customer;Quantity;Cost").unwrap().contains("product"));
    assert!(columns("Customer;SKU;Cost").unwrap().contains("quantity"));
    assert!(columns("Customer;SKU;Qty").unwrap().contains("cost"));
    assert_eq!(columns("Customer;SKU;Qty;Total cost"), None);
    let other = BillColumns {
        date_order: DateOrder::Dmy,
        decimal_mark: DecimalMark::Comma,
        ..BillColumns::suggest(&fields("Customer;SKU;Qty;Total cost"), Currency::EUR)
    };
    let line = other
        .row(
            &fields("Customer;SKU;Qty;Total cost"),
            2,
            &fields("Acme;X;1.000;1.234,50"),
        )
        .unwrap();
    assert_eq!(
        (line.quantity, line.cost),
        (seats(1_000), Money::new(123_450, Currency::EUR))
    );
}
