//! Clears away what nobody needs any more: what expired, and jobs that are done. (Tries at passwords clear themselves.)

use super::{Job, JobContext, Retry};
use crate::{Backend, Error, database::Sql};
use chrono::TimeDelta;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};

/// Rows that one statement deletes: what waits for the writer waits this long at most.
const AT_ONCE: u64 = 1_000;

/// How long a finished job, and what a gateway told, is kept, for whoever asks what the portal did.
const JOBS_KEPT: TimeDelta = TimeDelta::days(30);

/// What is cleared away: a table, its key, and the column that says since when a row is of no use.
const SWEPT: [(&str, &str, &str); 10] = [
    ("sessions", "token_hash", "expires_at"),
    ("password_resets", "token_hash", "expires_at"),
    ("pending_sign_ins", "token_hash", "expires_at"),
    ("sign_in_requests", "state_hash", "expires_at"),
    ("email_changes", "token_hash", "expires_at"),
    ("typed_forms", "id_hash", "expires_at"),
    ("form_drafts", "id", "expires_at"),
    ("idempotency", "tenant_id, user_id, key", "expires_at"),
    ("gateway_events", "account, id", "done_at"),
    ("jobs", "id", "finished_at"),
];

/// One round through all of it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Sweep {}

impl Sweep {
    /// Its name in the queue; only one waits at a time.
    pub(super) const NAME: &'static str = "sweep";
    /// Pause between two rounds.
    pub(super) const EVERY: TimeDelta = TimeDelta::hours(1);
}

impl Job for Sweep {
    const KIND: &'static str = Self::NAME;
    const WORDS: &'static str = "Clear away what expired";
    const RETRY: Retry = Retry::RECURRING;

    async fn run(&self, context: &JobContext) -> Result<(), Error> {
        let swept = sweep(context.backend()).await?;
        tracing::debug!(swept, "cleared away what expired");
        Ok(())
    }
}

/// Deletes what is of no use now. Returns how many rows it were.
///
/// # Errors
/// [`Error::Database`].
#[expect(
    clippy::disallowed_methods,
    reason = "what expired is cleared away for every tenant alike"
)]
pub(super) async fn sweep(backend: &Backend) -> Result<u64, Error> {
    let system = backend.system();
    let engine = system.writer().get_database_backend();
    let now = backend.now();
    let mut swept = 0;
    for (table, key, since) in SWEPT {
        let before = match table {
            "jobs" | "gateway_events" => now - JOBS_KEPT,
            _ => now,
        };
        loop {
            let mut sql = Sql::new(engine);
            sql.push(&format!(
                "DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE {since} < "
            ));
            sql.bind(before);
            if table == "jobs" {
                // A job that was given up stays until somebody looked at it.
                sql.push(" AND state = 'done'");
            }
            sql.push(&format!(" ORDER BY {since} LIMIT {AT_ONCE})"));
            let gone = system
                .writer()
                .execute_raw(sql.statement())
                .await?
                .rows_affected();
            swept += gone;
            if gone < AT_ONCE {
                break;
            }
        }
    }
    Ok(swept)
}

#[cfg(test)]
mod tests {
    use super::{JOBS_KEPT, sweep};
    use crate::{
        jobs::{enqueue, run_due, standard},
        mail::SendMail,
        new_id,
        sessions::typed::{find_typed, keep_typed},
        testing::World,
        transact::transact,
    };
    use domain::{access::ViewIssuedInvoices, ids::MailId};

    #[tokio::test]
    async fn what_expired_goes_and_the_rest_stays() {
        let world = World::new().await;
        let backend = &world.backend;
        let typed = keep_typed(backend, None, "old".into()).await.unwrap();
        assert_eq!(sweep(backend).await.unwrap(), 0);
        assert!(find_typed(backend, None, &typed).await.unwrap().is_some());
        world.days_pass(2);
        let fresh = keep_typed(backend, None, "new".into()).await.unwrap();
        assert_eq!(sweep(backend).await.unwrap(), 1);
        assert!(find_typed(backend, None, &fresh).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn finished_jobs_go_after_a_while() {
        let world = World::new().await;
        let scope = world.acme().scope::<ViewIssuedInvoices>();
        // A mail that is not there any more is nothing to send, so its job is done at once.
        let job = SendMail {
            seller: world.acme().id(),
            mail: MailId(new_id()),
        };
        let enqueued: Result<(), crate::Error> =
            transact!(scope, tx => { enqueue(tx, Some(job.seller), &job, None).await });
        enqueued.unwrap();
        assert_eq!(run_due(&world.backend, &standard()).await.unwrap(), 1);
        assert_eq!(sweep(&world.backend).await.unwrap(), 0);
        world.days_pass(JOBS_KEPT.num_days() + 1);
        assert_eq!(sweep(&world.backend).await.unwrap(), 1);
    }
}
