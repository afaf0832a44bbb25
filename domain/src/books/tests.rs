//! Ages begin and end on the right day.

use super::*;
use crate::strategies::{date, day, eur};
use proptest::prelude::*;

#[test]
fn ages_begin_on_their_first_day() {
    let on = day("2026-03-31");
    let cases = [
        ("2026-04-01", Age::NotDue),
        ("2026-03-31", Age::NotDue),
        ("2026-03-30", Age::Days30),
        ("2026-03-01", Age::Days30),
        ("2026-02-28", Age::Days60),
        ("2026-01-30", Age::Days60),
        ("2026-01-29", Age::Days90),
        ("2025-12-31", Age::Days90),
        ("2025-12-30", Age::Older),
    ];
    for (due, age) in cases {
        assert_eq!(Age::of(day(due), on), age, "{due}");
    }
}

#[test]
fn what_is_usual_is_above_zero() {
    let balance = |book, debit, credit| {
        let (debit, credit) = (eur(debit), eur(credit));
        BookBalance { book, debit, credit }.balance().unwrap().minor()
    };
    assert_eq!(balance(Book::Receivable, 100, 40), 60);
    assert_eq!(balance(Book::Revenue, 5, 100), 95);
    assert_eq!(balance(Book::Unapplied, 10, 4), -6);
}

proptest! {
    #[test]
    fn the_latest_due_day_of_an_age_is_its_border(on in date()) {
        for age in Age::ALL {
            if let Some(latest) = age.latest_due(on) {
                prop_assert_eq!(Age::of(latest, on), *age);
                prop_assert!(Age::of(latest.succ_opt().unwrap(), on) < *age);
            }
        }
    }

    #[test]
    fn the_days_of_an_age_are_its_own(on in date(), due in date()) {
        for age in Age::ALL {
            let (first, last) = age.dues(on);
            let within = first.is_none_or(|first| first <= due) && last.is_none_or(|last| due <= last);
            prop_assert_eq!(within, Age::of(due, on) == *age);
        }
    }
}
