//! What expires, months and addresses.

use super::*;

#[test]
fn windows_hold_one_another_and_leave_out_what_goes_on_or_is_over() {
    let ends = |ends_on, term: &str| BillLine {
        ends_on: Some(ends_on),
        term: Some(term.into()),
        subscription: Some(format!("{ends_on} {term}")),
        ..line("Acme", "Office", 1)
    };
    let cancelled = BillLine {
        cancelled: true,
        ..ends(day(3, 10), "Annual")
    };
    let lines = [
        ends(day(3, 1), "Annual"),
        ends(day(3, 16), "1 Year"),
        ends(day(3, 17), "Annual"),
        ends(day(3, 31), "3-Year"),
        ends(day(5, 30), "Annual"),
        ends(day(5, 31), "Annual"),
        ends(day(2, 28), "Annual"),
        ends(day(3, 5), "Monthly"),
        ends(day(3, 5), "30 Day Trial"),
        cancelled,
        line("Acme", "Office", 1),
    ];
    let bills: Vec<VendorLine<'_>> = lines
        .iter()
        .map(|line| VendorLine { vendor: VENDOR, line })
        .collect();
    let found = expiring(&bills, &mappings(), day(3, 1));
    let count = |window: &Window| found.iter().filter(|one| window.holds(one.days)).count();
    assert_eq!(Window::ALL.iter().map(count).collect::<Vec<_>>(), [2, 4, 5]);
    let mut left_out = mappings();
    left_out.products.get_mut(&about("name:office")).unwrap().excluded = true;
    assert!(expiring(&bills, &left_out, day(3, 1)).is_empty());
}

#[test]
fn a_subscription_with_several_lines_expires_once() {
    let one = |count| BillLine {
        ends_on: Some(day(3, 9)),
        ..line("Acme", "Office", count)
    };
    let lines = [one(2), one(9), one(3)];
    let bills: Vec<VendorLine<'_>> = lines
        .iter()
        .map(|line| VendorLine { vendor: VENDOR, line })
        .collect();
    let found = expiring(&bills, &Mappings::default(), day(3, 1));
    assert_eq!(
        found.iter().map(|one| one.quantity).collect::<Vec<_>>(),
        [seats(9)]
    );
}

#[test]
fn months_are_read_written_and_counted() {
    let december = month(" 2026-12 ");
    assert_eq!(
        (december.to_string().as_str(), december.label().as_str()),
        ("2026-12", "December 2026")
    );
    assert_eq!(
        (december.later(1).to_string(), december.earlier(12).to_string()),
        ("2027-01".into(), "2025-12".into())
    );
    assert_eq!(Month::of(day(12, 31)), december);
    assert!("December".parse::<Month>().is_err() && "2026-13".parse::<Month>().is_err());
}

#[test]
fn addresses_are_read_as_they_are_written() {
    let query = ReconciliationQuery {
        month: Some(month("2026-03")),
        all: true,
        window: Some(Window::Days30),
        company: None,
        product: Some(about("name:office & more")),
    };
    assert_eq!(ReconciliationQuery::from_query(&query.to_query()), query);
    let nonsense = ReconciliationQuery::from_query("month=x&expiring=7&show=some");
    assert_eq!(nonsense, ReconciliationQuery::default());
}
