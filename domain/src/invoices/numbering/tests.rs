//! Numbers and dates of a series rise together, without gap or twin.

use super::*;
use crate::strategies::{date, day};
use proptest::prelude::*;

#[test]
fn a_number_shows_prefix_year_and_filled_counter() {
    assert_eq!(
        series(Yearly::Restart).number(day("2026-12-01"), 42),
        "INV-2026-00042"
    );
    assert_eq!(
        series(Yearly::Continue).number(day("2026-12-01"), 42),
        "INV-00042"
    );
    assert_eq!(
        series(Yearly::Restart).number(day("2026-12-01"), 1_234_567),
        "INV-2026-1234567"
    );
}

#[test]
fn a_year_has_its_own_counter_only_when_the_series_says_so() {
    let names = |yearly| ["2026-12-31", "2027-01-01"].map(|date| series(yearly).counter_name(day(date)));
    assert_eq!(names(Yearly::Restart), ["INV-2026", "INV-2027"]);
    assert_eq!(names(Yearly::Continue), ["INV", "INV"]);
}

#[test]
fn no_date_goes_before_the_last_one() {
    let counter = Counter {
        last: 7,
        last_date: Some(day("2026-12-01")),
    };
    assert_eq!(
        counter.next(day("2026-11-30")),
        Err(Refusal::DateBeforeLast {
            last: day("2026-12-01")
        })
    );
    assert_eq!(counter.next(day("2026-12-01")).map(|next| next.last), Ok(8));
}

#[test]
fn an_exhausted_counter_refuses() {
    let counter = Counter {
        last: u64::MAX,
        last_date: None,
    };
    assert_eq!(counter.next(day("2026-12-01")), Err(Refusal::AmountTooLarge));
}

proptest! {
    #[test]
    fn numbers_count_from_one_without_gap_and_dates_never_fall(dates in prop::collection::vec(date(), 1..50)) {
        let mut counter = Counter { last: 0, last_date: None };
        let mut issued = Vec::new();
        for date in dates {
            if let Ok(next) = counter.next(date) {
                counter = next;
                issued.push((next.last, date));
            }
        }
        prop_assert!(issued.iter().zip(1..).all(|((number, _), expected)| *number == expected));
        prop_assert!(issued.is_sorted_by_key(|(_, date)| *date));
    }

    #[test]
    fn within_its_digits_text_order_is_counting_order(a in 1_u64..100_000, b in 1_u64..100_000) {
        let number = |count| series(Yearly::Restart).number(day("2026-12-01"), count);
        prop_assert_eq!(number(a).cmp(&number(b)), a.cmp(&b));
    }
}

fn series(yearly: Yearly) -> Series {
    Series {
        prefix: "INV".to_owned(),
        yearly,
        digits: 5,
    }
}
