//! A month of a calendar, as bills are for.

use crate::refusal::Refusal;
use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A month. The earlier one is the smaller one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Month(NaiveDate);

impl Month {
    /// The month in which a day lies.
    pub fn of(day: NaiveDate) -> Self {
        Self(day.with_day(1).unwrap_or(day))
    }

    /// Its first day, as it is stored.
    pub const fn first(self) -> NaiveDate {
        self.0
    }

    /// The month that is so many months later; where the calendar ends, this one.
    #[must_use]
    pub fn later(self, months: u32) -> Self {
        self.0.checked_add_months(Months::new(months)).map_or(self, Self)
    }

    /// The month that is so many months earlier.
    #[must_use]
    pub fn earlier(self, months: u32) -> Self {
        self.0.checked_sub_months(Months::new(months)).map_or(self, Self)
    }

    /// As people read it: `October 2026`.
    pub fn label(self) -> String {
        const NAMES: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let place = usize::try_from(self.0.month0()).unwrap_or_default();
        format!("{} {}", NAMES.get(place).unwrap_or(&""), self.0.year())
    }
}

impl fmt::Display for Month {
    /// As addresses and month inputs write it: `2026-10`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

impl FromStr for Month {
    type Err = Refusal;

    /// # Errors
    /// [`Refusal::NotAMonth`].
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        let day = crate::locale::parse_date(&format!("{text}-01"));
        day.map(Self).map_err(|_| Refusal::NotAMonth {
            text: text.chars().take(40).collect(),
        })
    }
}
