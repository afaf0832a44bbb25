//! Days that people type for what they write by hand.

use crate::refusal::Refusal;
use chrono::{Months, NaiveDate};

/// How far back a day may lie, in years.
const YEARS_BACK: u32 = 5;

/// Checks the day of a document or a payment that somebody writes today. It gives its series a year and changes what the books
/// say of every day since, so a slip in the year must not pass.
///
/// # Errors
/// [`Refusal::InFuture`]; [`Refusal::LongAgo`].
pub fn check_typed(day: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    let from = today
        .checked_sub_months(Months::new(12 * YEARS_BACK))
        .unwrap_or(NaiveDate::MIN);
    if day > today {
        Err(Refusal::InFuture { today })
    } else if day < from {
        Err(Refusal::LongAgo { from })
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_one_of_the_last_five_years() {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let today = day(2026, 11, 24);
        let from = day(2021, 11, 24);
        assert_eq!(check_typed(today, today), Ok(()));
        assert_eq!(check_typed(from, today), Ok(()));
        assert_eq!(
            check_typed(day(2026, 11, 25), today),
            Err(Refusal::InFuture { today })
        );
        assert_eq!(
            check_typed(day(2021, 11, 23), today),
            Err(Refusal::LongAgo { from })
        );
        assert_eq!(
            check_typed(day(1900, 1, 1), today),
            Err(Refusal::LongAgo { from })
        );
    }
}
