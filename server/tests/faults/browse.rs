//! People who look at pages one after the other, and how long each took.

use crate::payer::Payer;
use reqwest::StatusCode;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// What they look at.
const PAGES: [&str; 3] = ["/invoices", "/payments", "/account"];
/// Between two pages of one person.
const PAUSE: Duration = Duration::from_millis(20);

/// One page.
#[derive(Clone, Debug)]
pub struct Look {
    /// None when there was no answer.
    pub status: Option<StatusCode>,
    /// Until the end of the answer.
    pub took: Duration,
    /// When it was asked for.
    pub at: Instant,
    /// Of an answer other than 200, what it said.
    pub said: String,
}

/// So many people who look at pages until they are stopped.
pub struct Crowd {
    stop: Arc<AtomicBool>,
    people: Vec<tokio::task::JoinHandle<Vec<Look>>>,
}

impl Crowd {
    /// Begins.
    pub fn of(count: usize, payer: &Payer) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let people = (0..count).map(|first| {
            let (stop, payer) = (stop.clone(), payer.clone());
            tokio::spawn(async move {
                let mut looks = Vec::new();
                for page in PAGES.iter().cycle().skip(first) {
                    if stop.load(Ordering::SeqCst) {
                        break;
                    }
                    looks.push(look(&payer, page).await);
                    tokio::time::sleep(PAUSE).await;
                }
                looks
            })
        });
        let people = people.collect();
        Self { stop, people }
    }

    /// Ends, and tells what they saw in the order of time.
    pub async fn end(self) -> Vec<Look> {
        self.stop.store(true, Ordering::SeqCst);
        let mut looks = Vec::new();
        for person in self.people {
            looks.extend(person.await.unwrap());
        }
        looks.sort_by_key(|look| look.at);
        looks
    }
}

async fn look(payer: &Payer, page: &str) -> Look {
    let at = Instant::now();
    let answer = payer.try_get(page).await;
    let took = at.elapsed();
    let (status, said) = answer.map_or((None, String::new()), |(status, text)| {
        (
            Some(status),
            if status.is_success() { String::new() } else { text },
        )
    });
    Look {
        status,
        took,
        at,
        said,
    }
}

/// Answers that should never be: none at all, or an error of ours other than "not available".
pub fn broken(looks: &[Look]) -> usize {
    let is_broken = |look: &&Look| match look.status {
        None => true,
        Some(status) => status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE,
    };
    looks.iter().filter(is_broken).count()
}

/// How many say that the portal is not available; and those of them that do not say it clearly.
pub fn unavailable(looks: &[Look]) -> (usize, usize) {
    let down = looks
        .iter()
        .filter(|look| look.status == Some(StatusCode::SERVICE_UNAVAILABLE));
    let unclear = down
        .clone()
        .filter(|look| !look.said.contains("database does not answer"));
    (down.count(), unclear.count())
}

/// The time that 99 of 100 do not exceed.
pub fn p99(looks: &[Look]) -> Duration {
    let mut all: Vec<_> = looks.iter().map(|look| look.took).collect();
    all.sort();
    all.get((all.len() * 99).div_ceil(100).saturating_sub(1))
        .copied()
        .unwrap_or_default()
}

/// The slowest.
pub fn slowest(looks: &[Look]) -> Duration {
    looks.iter().map(|look| look.took).max().unwrap_or_default()
}
