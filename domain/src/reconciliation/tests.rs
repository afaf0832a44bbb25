//! What is compared and how, and what is never equal.

mod columns;
mod pages;
mod properties;

use super::*;
use crate::{
    decimal::Quantity,
    ids::{AccountId, Uuid},
    money::{Currency, Money},
};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const VENDOR: &str = "cloud depot";

pub(super) fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

pub(super) fn seats(count: i64) -> Quantity {
    Quantity::from_scaled(count * 1_000_000)
}

pub(super) fn account(number: u128) -> AccountId {
    AccountId(Uuid::from_u128(number))
}

pub(super) fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

pub(super) fn month(text: &str) -> Month {
    text.parse().unwrap()
}

pub(super) fn about(key: &str) -> VendorRef {
    VendorRef {
        vendor: VENDOR.into(),
        key: key.into(),
    }
}

/// Recurring seats at 3.00, proposed at 5.00.
pub(super) fn line(company: &str, product: &str, count: i64) -> BillLine {
    BillLine {
        line: 1,
        kind: LineKind::Recurring,
        company: company.into(),
        company_id: None,
        product: product.into(),
        sku: None,
        subscription: None,
        description: None,
        quantity: seats(count),
        cost: usd(3_00 * count),
        price: Some(usd(5_00 * count)),
        term: None,
        cancelled: false,
        starts_on: None,
        ends_on: None,
    }
}

pub(super) fn own(account: AccountId, item: &str, count: i64, minor: i64) -> OwnSum {
    OwnSum {
        account,
        item: item.into(),
        quantity: seats(count),
        price: usd(minor),
    }
}

pub(super) fn company(number: u128) -> CompanyMapping {
    CompanyMapping {
        name: String::new(),
        account: Some(account(number)),
        excluded: false,
    }
}

pub(super) fn product(items: &[&str]) -> ProductMapping {
    ProductMapping {
        name: String::new(),
        items: items.iter().map(|item| (*item).to_owned()).collect(),
        excluded: false,
    }
}

/// Acme is customer 1, Borealis 2; Office stands for OF-1 and OF-2.
pub(super) fn mappings() -> Mappings {
    Mappings {
        companies: BTreeMap::from([
            (about("name:acme"), company(1)),
            (about("name:borealis"), company(2)),
        ]),
        products: BTreeMap::from([(about("name:office"), product(&["OF-1", "OF-2"]))]),
    }
}

pub(super) fn compared(lines: &[BillLine], own: &[OwnSum], mappings: &Mappings) -> Vec<ComparedRow> {
    let customers = BTreeMap::from([
        (account(1), "Acme".to_owned()),
        (account(2), "Borealis".to_owned()),
    ]);
    let bills: Vec<VendorLine<'_>> = lines
        .iter()
        .map(|line| VendorLine { vendor: VENDOR, line })
        .collect();
    compare(&bills, own, mappings, &customers).unwrap()
}

#[test]
fn the_differences_have_the_guides_formulas_and_signs() {
    let rows = compared(
        &[line("Acme", "Office", 10)],
        &[
            own(account(1), "OF-1", 5, 40_00),
            own(account(1), "OF-2", 3, 20_00),
        ],
        &mappings(),
    );
    let [row] = &rows[..] else { panic!("{rows:?}") };
    assert_eq!((row.class, row.difference()), (Class::Seats, Some(seats(2))));
    let [figures] = row.figures[..] else {
        panic!("{row:?}")
    };
    assert_eq!(
        (figures.cost, figures.price, figures.own_price),
        (usd(30_00), Some(usd(50_00)), usd(60_00))
    );
    assert_eq!(figures.extended_cost(), Ok(Some(usd(24_00))));
    assert_eq!(figures.price_difference(), Ok(Some(usd(-10_00))));
    assert_eq!(figures.margin(), Ok(Some(usd(-30_00))));
    assert_eq!(
        (figures.profit(), figures.profit_share()),
        (Ok(Some(usd(30_00))), Ok(Some(50_00)))
    );
}

#[test]
fn a_share_is_rounded_half_away_from_zero_and_needs_a_price() {
    let figures = |cost, price| Figures {
        cost: usd(cost),
        own_price: usd(price),
        ..Figures::none(Currency::USD)
    };
    assert_eq!(figures(1, 3).profit_share(), Ok(Some(66_67)));
    assert_eq!(figures(5, 3).profit_share(), Ok(Some(-66_67)));
    assert_eq!(
        figures(39_998, 40_000).profit_share(),
        Ok(Some(1)),
        "half a hundredth goes away from zero"
    );
    assert_eq!(figures(5, 0).profit_share(), Ok(None));
}

#[test]
fn what_is_not_mapped_is_a_class_of_its_own() {
    let rows = compared(
        &[
            line("Acme", "Backup", 4),
            line("Canyon", "Office", 4),
            line("Canyon", "Backup", 4),
        ],
        &[
            own(account(3), "OF-1", 7, 70_00),
            own(account(1), "other", 1, 1_00),
        ],
        &mappings(),
    );
    let classes: BTreeSet<Class> = rows.iter().map(|row| row.class).collect();
    let all = [Missing::Company, Missing::Product, Missing::Both].map(Class::Unmapped);
    assert_eq!(classes, BTreeSet::from(all));
    assert_eq!(
        rows.len(),
        4,
        "a customer who is nobody at the vendor is not mapped either: {rows:?}"
    );
    assert!(
        rows.iter()
            .all(|row| row.difference().is_none() && !row.differs())
    );
    for figures in rows.iter().flat_map(|row| &row.figures) {
        assert_eq!((figures.margin(), figures.profit()), (Ok(None), Ok(None)));
    }
    assert_eq!(sums(&rows), Ok(Vec::new()));
}

#[test]
fn what_is_billed_and_no_longer_bought_differs() {
    let rows = compared(
        &[line("Acme", "Office", 10)],
        &[own(account(1), "OF-1", 10, 1), own(account(2), "OF-1", 4, 1)],
        &mappings(),
    );
    let differing = discrepancies(&rows);
    let [row] = &differing[..] else { panic!("{rows:?}") };
    assert_eq!(
        (row.company.as_str(), row.difference()),
        ("Borealis", Some(seats(-4)))
    );
}

#[test]
fn prorations_credits_and_single_items_are_money_and_no_seats() {
    let other = |kind, minor| BillLine {
        kind,
        cost: usd(minor),
        ..line("Acme", "Office", 3)
    };
    let extra = [
        other(LineKind::Proration, 1_00),
        other(LineKind::Credit, -4_00),
        other(LineKind::OneTime, 9_00),
    ];
    let rows = compared(&extra, &[own(account(1), "OF-1", 1, 5_00)], &mappings());
    let [row] = &rows[..] else { panic!("{rows:?}") };
    assert_eq!((row.class, row.difference()), (Class::Money, None));
    assert_eq!(row.figures[0].margin(), Ok(Some(usd(1_00))));
    assert_eq!(row.figures[0].extended_cost(), Ok(None));
    let mut with_seats = extra.to_vec();
    with_seats.push(line("Acme", "Office", 10));
    let rows = compared(&with_seats, &[own(account(1), "OF-1", 10, 5_00)], &mappings());
    assert_eq!(
        (rows[0].difference(), rows[0].figures[0].cost),
        (Some(seats(0)), usd(36_00))
    );
}

#[test]
fn products_that_share_an_own_product_are_compared_as_one() {
    let mut mappings = mappings();
    mappings.products = BTreeMap::from([
        (about("name:monthly"), product(&["A", "B"])),
        (about("name:yearly"), product(&["B", "C"])),
        (about("name:other"), product(&["D"])),
    ]);
    let rows = compared(
        &[
            line("Acme", "Yearly", 6),
            line("Acme", "Monthly", 4),
            line("Acme", "Other", 1),
        ],
        &[
            own(account(1), "B", 9, 1),
            own(account(1), "C", 1, 1),
            own(account(1), "D", 1, 1),
        ],
        &mappings,
    );
    let names: Vec<&str> = rows.iter().map(|row| row.product.as_str()).collect();
    assert_eq!(names, ["Monthly + Yearly", "Other"]);
    assert!(
        rows.iter().all(|row| row.difference() == Some(seats(0))),
        "{rows:?}"
    );
}

#[test]
fn a_vendor_who_did_not_bill_yet_is_not_compared() {
    let mut mappings = mappings();
    let other = VendorRef {
        vendor: "other".into(),
        key: "name:backup".into(),
    };
    mappings.products.insert(other, product(&["BK"]));
    let rows = compared(
        &[line("Acme", "Office", 1)],
        &[own(account(1), "OF-1", 1, 1), own(account(1), "BK", 8, 1)],
        &mappings,
    );
    assert_eq!(rows.len(), 1, "{rows:?}");
}

#[test]
fn what_is_left_out_takes_the_own_side_with_it() {
    let lines = [line("Acme", "Office", 10), line("Borealis", "Office", 5)];
    let sums = [own(account(1), "OF-1", 3, 1), own(account(2), "OF-1", 2, 1)];
    let mut no_company = mappings();
    no_company
        .companies
        .get_mut(&about("name:acme"))
        .unwrap()
        .excluded = true;
    let rows = compared(&lines, &sums, &no_company);
    assert_eq!(
        rows.iter().map(|row| row.company.as_str()).collect::<Vec<_>>(),
        ["Borealis"]
    );
    let mut no_product = mappings();
    no_product
        .products
        .get_mut(&about("name:office"))
        .unwrap()
        .excluded = true;
    assert!(compared(&lines, &sums, &no_product).is_empty());
}

#[test]
fn licences_keep_apart_what_is_not_mapped() {
    let rows = compared(
        &[
            line("Acme", "Office", 10),
            line("Borealis", "Office", 5),
            line("Canyon", "Office", 7),
        ],
        &[own(account(1), "OF-1", 8, 1), own(account(2), "OF-1", 7, 1)],
        &mappings(),
    );
    let licences = licences(&rows);
    let [office] = &licences[..] else {
        panic!("{licences:?}")
    };
    assert_eq!(
        (office.vendor_quantity, office.own_quantity, office.unmapped),
        (seats(15), seats(15), seats(7))
    );
    assert_eq!((office.difference(), office.differing), (seats(0), 2));
}

#[test]
fn a_mapping_holds_from_its_month_on() {
    let all = |text| {
        let rows = [("2026-03", "old"), ("2026-06", "new")];
        in_force(
            rows.map(|(from, name)| (about("x"), month(from), name)),
            month(text),
        )
    };
    assert_eq!(all("2026-02").get(&about("x")), None);
    assert_eq!(all("2026-05").get(&about("x")), Some(&"old"));
    assert_eq!(all("2026-06").get(&about("x")), Some(&"new"));
    assert_eq!(all("2027-01").get(&about("x")), Some(&"new"));
}

#[test]
fn customers_are_proposed_by_their_name_alone_and_only_when_it_is_one() {
    let customers = [
        (account(1), "Acme, Inc."),
        (account(2), "Twin"),
        (account(3), "twin"),
    ];
    let proposed = propose_customers(["ACME Inc", "Twin", "", "Acme"], customers);
    assert_eq!(proposed, [Some(account(1)), None, None, None]);
}
