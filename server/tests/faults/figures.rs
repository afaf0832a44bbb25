//! How much is run, from which seed, and how what was measured is put into words.

use std::{env, time::Duration};

/// How much is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// For every run of the tests.
    Small,
    /// The counts of the promises.
    Full,
}

impl Size {
    /// As `FAULTS` says.
    pub fn of_run() -> Self {
        match env::var("FAULTS").as_deref() {
            Ok("full") => Self::Full,
            Ok(_) | Err(_) => Self::Small,
        }
    }

    /// One of the two counts.
    pub fn pick(self, small: usize, full: usize) -> usize {
        match self {
            Self::Small => small,
            Self::Full => full,
        }
    }
}

impl Size {
    /// One of two times.
    pub fn seconds(self, small: u64, full: u64) -> Duration {
        Duration::from_secs(match self {
            Self::Small => small,
            Self::Full => full,
        })
    }
}

/// What chance starts from; printed with the figures.
pub fn seed() -> u64 {
    env::var("FAULTS_SEED")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(1)
}

/// Median and worst in seconds.
pub fn median_and_worst(all: &[Duration]) -> String {
    let mut sorted = all.to_vec();
    sorted.sort();
    match (sorted.get(sorted.len() / 2), sorted.last()) {
        (Some(median), Some(worst)) => {
            format!(
                "median {:.2} s, worst {:.2} s",
                median.as_secs_f64(),
                worst.as_secs_f64()
            )
        }
        _ => "none to measure".to_owned(),
    }
}

/// One less the other, which may be below zero.
pub fn difference(one: usize, other: usize) -> i64 {
    i64::try_from(one).unwrap() - i64::try_from(other).unwrap()
}
