//! When a card expires, and when autopay tries again.

use super::{
    Expiry,
    autopay::{Next, next},
    expiry,
};
use chrono::NaiveDate;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn a_card_is_good_until_the_last_day_of_its_month() {
    let table = [
        (12, 2026, "2026-11-18", Expiry::Good),
        (12, 2026, "2026-11-19", Expiry::Soon),
        (12, 2026, "2026-11-20", Expiry::Soon),
        (12, 2026, "2026-12-31", Expiry::Soon),
        (12, 2026, "2027-01-01", Expiry::Expired),
        (2, 2027, "2027-02-28", Expiry::Soon),
        (2, 2027, "2027-03-01", Expiry::Expired),
        (2, 2028, "2028-02-29", Expiry::Soon),
        (2, 2028, "2028-03-01", Expiry::Expired),
        (4, 2027, "2027-04-30", Expiry::Soon),
        (4, 2027, "2027-05-01", Expiry::Expired),
        (0, 2027, "2026-01-01", Expiry::Expired),
        (13, 2027, "2026-01-01", Expiry::Expired),
    ];
    for (month, year, today, wanted) in table {
        assert_eq!(
            expiry(month, year, day(today)),
            wanted,
            "{month}/{year} on {today}"
        );
    }
}

#[test]
fn a_refusal_is_tried_again_after_one_three_and_five_days_and_then_given_up() {
    let first = day("2026-02-27");
    let table = [
        ("card_declined", 0, "2026-02-27", Next::Retry(day("2026-02-28"))),
        ("card_declined", 1, "2026-02-28", Next::Retry(day("2026-03-02"))),
        (
            "insufficient_funds",
            2,
            "2026-03-02",
            Next::Retry(day("2026-03-04")),
        ),
        ("card_declined", 3, "2026-03-04", Next::Pause),
        // Nobody ran for a while: not twice on one day.
        ("card_declined", 1, "2026-03-10", Next::Retry(day("2026-03-11"))),
        ("lost_card", 0, "2026-02-27", Next::Pause),
        ("stolen_card", 2, "2026-03-02", Next::Pause),
        ("expired_card", 0, "2026-02-27", Next::Pause),
        ("authentication_required", 0, "2026-02-27", Next::AskPayer),
        ("authentication_required", 3, "2026-03-04", Next::AskPayer),
    ];
    for (code, before, today, wanted) in table {
        assert_eq!(
            next(code, before, first, day(today)),
            wanted,
            "{code} after {before}"
        );
    }
}

proptest! {
    #[test]
    fn no_day_sees_two_tries_and_the_tries_end(
        late in proptest::collection::vec(0_u64..9, 8),
        start in 0_i64..20_000,
    ) {
        let since = day("2000-01-01") + chrono::TimeDelta::days(start);
        let (mut today, mut before, mut tries) = (since, 0, 1);
        for late in late {
            match next("card_declined", before, since, today) {
                Next::Retry(on) => {
                    prop_assert!(on > today);
                    today = on + chrono::Days::new(late);
                    before += 1;
                    tries += 1;
                }
                Next::Pause => break,
                Next::AskPayer => prop_assert!(false, "the bank asked for nobody"),
            }
        }
        prop_assert_eq!(tries, 4);
    }

    #[test]
    fn a_card_only_gets_older(month in 1_u8..=12, year in 2020_u16..2060, at in 0_i64..12_000) {
        let order = |expiry| match expiry {
            Expiry::Good => 0,
            Expiry::Soon => 1,
            Expiry::Expired => 2,
        };
        let today = day("2025-01-01") + chrono::TimeDelta::days(at);
        let tomorrow = today + chrono::TimeDelta::days(1);
        prop_assert!(order(expiry(month, year, today)) <= order(expiry(month, year, tomorrow)));
    }
}
