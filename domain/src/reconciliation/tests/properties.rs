//! Whatever is billed and mapped: both sides add up, order says nothing, what is excluded is nowhere (V54, V55).

use super::*;
use proptest::{collection::vec, prelude::*, sample::select};

const COMPANIES: [&str; 4] = ["a", "b", "c", "d"];
const PRODUCTS: [&str; 4] = ["p", "q", "r", "s"];
const ITEMS: [&str; 4] = ["1", "2", "3", "4"];

fn any_line() -> impl Strategy<Value = BillLine> {
    (
        select(&COMPANIES[..]),
        select(&PRODUCTS[..]),
        select(LineKind::ALL),
        0_i64..50,
        -9_999_i64..9_999,
        proptest::option::of(-9_999_i64..9_999),
        0_i64..120,
    )
        .prop_map(|(company, product, kind, count, cost, price, days)| BillLine {
            kind,
            cost: usd(cost),
            price: price.map(usd),
            ends_on: day(3, 1).checked_add_days(chrono::Days::new(days.unsigned_abs())),
            ..line(company, product, count)
        })
}

fn any_own() -> impl Strategy<Value = OwnSum> {
    (1_u128..5, select(&ITEMS[..]), 0_i64..50, -9_999_i64..9_999)
        .prop_map(|(number, item, count, minor)| own(account(number), item, count, minor))
}

fn any_mappings() -> impl Strategy<Value = Mappings> {
    let companies = vec((proptest::option::of(1_u128..4), any::<bool>()), 4);
    let products = vec((vec(select(&ITEMS[..]), 0..3), any::<bool>()), 4);
    (companies, products).prop_map(|(companies, products)| Mappings {
        companies: COMPANIES
            .iter()
            .zip(companies)
            .map(|(name, (number, excluded))| {
                let mapping = CompanyMapping {
                    name: (*name).to_owned(),
                    account: number.map(account),
                    excluded,
                };
                (about(&format!("name:{name}")), mapping)
            })
            .collect(),
        products: PRODUCTS
            .iter()
            .zip(products)
            .map(|(name, (items, excluded))| {
                let mapping = ProductMapping {
                    name: (*name).to_owned(),
                    excluded,
                    ..product(&items)
                };
                (about(&format!("name:{name}")), mapping)
            })
            .collect(),
    })
}

fn cost(rows: &[ComparedRow]) -> i64 {
    let figures = rows.iter().flat_map(|row| &row.figures);
    figures.map(|figures| figures.cost.minor()).sum()
}

proptest! {
    #[test]
    fn every_line_that_is_not_left_out_is_in_one_row(
        lines in vec(any_line(), 0..20), sums in vec(any_own(), 0..12), mappings in any_mappings(),
    ) {
        let rows = compared(&lines, &sums, &mappings);
        let kept = |line: &&BillLine| {
            !mappings.leaves_out(&about(&line.company_key()), &about(&line.product_key()))
        };
        let kept: Vec<&BillLine> = lines.iter().filter(kept).collect();
        prop_assert_eq!(cost(&rows), kept.iter().map(|line| line.cost.minor()).sum::<i64>());
        let seats: i64 = kept.iter().filter(|line| line.counts_seats()).map(|line| line.quantity.scaled()).sum();
        prop_assert_eq!(rows.iter().map(|row| row.vendor_quantity.scaled()).sum::<i64>(), seats);
        // No own line counts twice, whatever shares its product.
        let own: i64 = sums.iter().map(|sum| sum.quantity.scaled()).sum();
        prop_assert!(rows.iter().map(|row| row.own_quantity.scaled()).sum::<i64>() <= own);
    }

    #[test]
    fn the_order_of_lines_says_nothing(
        lines in vec(any_line(), 0..12), sums in vec(any_own(), 0..12), mappings in any_mappings(),
    ) {
        let rows = compared(&lines, &sums, &mappings);
        let (mut back, mut own_back) = (lines, sums);
        back.reverse();
        own_back.reverse();
        prop_assert_eq!(compared(&back, &own_back, &mappings), rows);
    }

    #[test]
    fn what_is_excluded_is_as_if_it_was_not_billed(
        lines in vec(any_line(), 1..12), sums in vec(any_own(), 0..12), mappings in any_mappings(),
    ) {
        // One line stays, or the vendor would be one who did not bill yet.
        let stays = line("e", "t", 1);
        let mut all = lines.clone();
        all.push(stays.clone());
        let mut kept: Vec<BillLine> = lines
            .into_iter()
            .filter(|line| !mappings.leaves_out(&about(&line.company_key()), &about(&line.product_key())))
            .collect();
        kept.push(stays);
        let without = compared(&kept, &sums, &mappings);
        prop_assert_eq!(compared(&all, &sums, &mappings), without);
        for row in compared(&all, &sums, &mappings) {
            for (about, mapping) in &mappings.companies {
                let alone = row.account.is_none() && about.key == format!("name:{}", row.company);
                prop_assert!(!(alone && mapping.excluded), "{row:?}");
            }
        }
    }

    #[test]
    fn margin_and_profit_are_opposites_and_the_unmapped_has_neither(
        lines in vec(any_line(), 0..12), sums in vec(any_own(), 0..12), mappings in any_mappings(),
    ) {
        for row in compared(&lines, &sums, &mappings) {
            let mapped = !matches!(row.class, Class::Unmapped(_));
            prop_assert_eq!(row.difference().is_some(), row.class == Class::Seats);
            for figures in &row.figures {
                let (margin, profit) = (figures.margin().unwrap(), figures.profit().unwrap());
                prop_assert_eq!(margin.map(Money::minor), profit.map(|profit| -profit.minor()));
                prop_assert_eq!(margin.is_some(), mapped);
                prop_assert!(mapped || figures.price_difference().unwrap().is_none());
            }
        }
    }

    #[test]
    fn windows_are_cumulative(lines in vec(any_line(), 0..20), mappings in any_mappings()) {
        let bills: Vec<VendorLine<'_>> = lines.iter().map(|line| VendorLine { vendor: VENDOR, line }).collect();
        let found = expiring(&bills, &mappings, day(3, 1));
        for one in &found {
            prop_assert!(!Window::Days15.holds(one.days) || Window::Days30.holds(one.days));
            prop_assert!(Window::Days90.holds(one.days));
            let about = about(&format!("name:{}", one.company));
            prop_assert!(!mappings.companies.get(&about).is_some_and(|mapping| mapping.excluded));
        }
    }
}
