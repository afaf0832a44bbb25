//! The jobs of the portal, and the ones that come by themselves.

use super::{Job, JobContext, Registry, Retry, queue, sweep::Sweep};
use crate::{
    Backend, Error,
    gateway::{CompareGateway, PlanComparisons},
    gateway_events::{ApplyEvent, LookAgain},
    imports::{CheckImport, PublishImport},
    mail::SendMail,
    payment_methods::{PayDue, detach::DetachCard},
    payments::reconcile::{Patience, RECONCILE, reconcile},
    refunds,
    reminders::SendDue,
    sessions::reset::ResetAsked,
};
use serde::{Deserialize, Serialize};

/// All jobs of the portal.
pub fn standard() -> Registry {
    Registry::default()
        .with::<Reconcile>()
        .with::<DetachCard>()
        .with::<PayDue>()
        .with::<SendDue>()
        .with::<ApplyEvent>()
        .with::<LookAgain>()
        .with::<PlanComparisons>()
        .with::<CompareGateway>()
        .with::<SendMail>()
        .with::<CheckImport>()
        .with::<PublishImport>()
        .with::<ResetAsked>()
        .with::<Sweep>()
}

/// Enqueues what is to be done again and again. Called by every node every few seconds; a job that waits or runs is
/// not enqueued twice.
///
/// # Errors
/// [`Error::Database`].
pub async fn tick(backend: &Backend, patience: Patience) -> Result<(), Error> {
    let now = backend.now();
    queue::schedule(backend, &Reconcile::with(patience), RECONCILE, now).await?;
    queue::schedule(backend, &PayDue {}, PayDue::KIND, now + PayDue::EVERY).await?;
    let compare = PlanComparisons {};
    queue::schedule(
        backend,
        &compare,
        PlanComparisons::KIND,
        now + PlanComparisons::EVERY,
    )
    .await?;
    queue::schedule(backend, &SendDue {}, SendDue::KIND, now + SendDue::EVERY).await?;
    queue::schedule(backend, &Sweep {}, Sweep::NAME, now + Sweep::EVERY).await
}

/// One run of the payments' reconciler.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Reconcile {
    look_up_after_ms: i64,
    give_up_after_ms: i64,
    at_most: u64,
}

impl Reconcile {
    const fn with(patience: Patience) -> Self {
        let Patience {
            look_up_after,
            give_up_after,
            at_most,
        } = patience;
        Self {
            look_up_after_ms: look_up_after.num_milliseconds(),
            give_up_after_ms: give_up_after.num_milliseconds(),
            at_most,
        }
    }
}

impl Job for Reconcile {
    const KIND: &'static str = RECONCILE;
    const WORDS: &'static str = "Look up payments and refunds";
    const RETRY: Retry = Retry::RECURRING;

    async fn run(&self, context: &JobContext) -> Result<(), Error> {
        let patience = Patience {
            look_up_after: chrono::TimeDelta::milliseconds(self.look_up_after_ms),
            give_up_after: chrono::TimeDelta::milliseconds(self.give_up_after_ms),
            at_most: self.at_most,
        };
        let done = reconcile(context.backend(), patience).await?;
        let refunds = refunds::settle::reconcile(context.backend(), patience).await?;
        if refunds > 0 {
            tracing::info!(refunds, "refunds looked up");
        }
        if done != crate::payments::reconcile::Reconciled::default() {
            tracing::info!(?done, "payments reconciled");
        }
        Ok(())
    }
}
