//! Times, their middle and their tail, and what is kept of a run.

use crate::Outcome;
use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant};

/// Runs that are not counted.
const WARM: usize = 5;

/// Median and 95th percentile, in milliseconds.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Spread {
    /// Half of the runs took less.
    pub(crate) median: f64,
    /// One run in twenty took longer.
    pub(crate) p95: f64,
}

impl Spread {
    /// Of times, of which there is at least one.
    pub(crate) fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        let at = |place: usize| times.get(place).map_or(f64::NAN, |time| time.as_secs_f64() * 1e3);
        Self {
            median: at(times.len() / 2),
            p95: at(times.len() * 95 / 100),
        }
    }
}

/// One thing that was measured.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Figure {
    /// Which kind of thing.
    pub(crate) group: Group,
    /// What it is, in words.
    pub(crate) name: String,
    /// The portal's time.
    pub(crate) ours: Spread,
    /// The same statements without the portal.
    pub(crate) bare: Option<Spread>,
}

impl Figure {
    /// How many times the bare time.
    pub(crate) fn ratio(&self) -> Option<f64> {
        self.bare.map(|bare| self.ours.median / bare.median)
    }
}

/// Kinds of figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Group {
    /// Data of a grid page, by a sort that the bars name.
    Grid,
    /// The same beside the smallest database, which stands where the bare statements do.
    Growth,
    /// Last pages beside first ones, which stand where the bare statements do.
    Last,
    /// The same by hand.
    LastByHand,
    /// Data of a grid page by another sort.
    OtherSort,
    /// The page of one invoice.
    Invoice,
    /// A payment over five invoices.
    PayFive,
    /// A payment over fifty invoices.
    PayFifty,
    /// A list as CSV.
    Export,
    /// Processor time of a page as HTML.
    Html,
    /// `quittance check`.
    Proof,
}

/// The program as it runs.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Process {
    /// From its start to its first answer.
    pub(crate) start: Spread,
    /// Resident memory in megabytes, a few seconds after the start.
    pub(crate) idle: f64,
    /// After some hundred grid pages.
    pub(crate) busy: f64,
    /// At most, while a list is exported.
    pub(crate) export: f64,
    /// How long that export took over HTTP, in milliseconds.
    pub(crate) export_time: f64,
}

/// What was measured at one number of invoices.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Size {
    /// Invoices.
    pub(crate) invoices: u64,
    /// Seconds that it took to generate them.
    pub(crate) generated: f64,
    /// Rows of the export.
    pub(crate) exported: u64,
    /// The times.
    pub(crate) figures: Vec<Figure>,
    /// The program.
    pub(crate) process: Option<Process>,
}

/// What was measured on one database.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Run {
    /// Its name and version.
    pub(crate) database: String,
    /// Load of the machine before it began.
    pub(crate) load: String,
    /// One after the other.
    pub(crate) sizes: Vec<Size>,
}

/// Measures two ways of the same thing, in turns, so that what else goes on falls on both.
pub(crate) async fn in_turns(
    rounds: usize,
    mut ours: impl AsyncFnMut() -> Outcome,
    mut bare: impl AsyncFnMut() -> Outcome,
) -> Outcome<(Spread, Spread)> {
    let (mut one, mut other) = (Vec::with_capacity(rounds), Vec::with_capacity(rounds));
    for round in 0..rounds + WARM {
        let start = Instant::now();
        ours().await?;
        let middle = Instant::now();
        bare().await?;
        if round >= WARM {
            one.push(middle - start);
            other.push(middle.elapsed());
        }
    }
    Ok((Spread::of(one), Spread::of(other)))
}
