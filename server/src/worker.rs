//! What goes on behind the pages: jobs, mail that is due, payments without an outcome.

use backend::{
    Backend,
    jobs::{run_one, standard, tick},
    payments::reconcile::Patience,
};
use std::time::Duration;
use tokio::{sync::watch, time::Instant};

/// Pause when there was nothing to do.
const PAUSE: Duration = Duration::from_millis(500);
/// How often it is looked whether something recurring is due, however busy the hands are: a recurring job is done in a
/// moment, and enqueued again at once it would keep the disk busy for nothing.
const TICK: Duration = Duration::from_secs(1);
/// Jobs that run at once: a long import must not keep a payment waiting for its outcome.
const HANDS: usize = 2;

/// Works until told to stop. What fails is logged and does not end it.
pub async fn run(backend: Backend, patience: Patience, stopping: watch::Receiver<bool>) {
    let hands =
        (0..HANDS).map(|hand| work(backend.clone(), (hand == 0).then_some(patience), stopping.clone()));
    futures::future::join_all(hands).await;
}

/// One hand. The one with patience also enqueues what is to be done again and again.
async fn work(backend: Backend, patience: Option<Patience>, mut stopping: watch::Receiver<bool>) {
    let registry = standard();
    let mut next = Instant::now();
    while !*stopping.borrow() {
        if let Some(patience) = patience
            && Instant::now() >= next
        {
            next = Instant::now() + TICK;
            if let Err(error) = tick(&backend, patience).await {
                tracing::error!(%error, "cannot enqueue what is due");
            }
        }
        let busy = match run_one(&backend, &registry).await {
            Ok(ran) => ran.is_some(),
            Err(error) => {
                tracing::error!(%error, "cannot run a job");
                false
            }
        };
        if !busy {
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                _ = stopping.changed() => {}
            }
        }
    }
}
