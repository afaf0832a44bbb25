//! Runs jobs: claims one, keeps its lease while it runs, writes how it ended.

use super::{queue, queue::Claim};
use crate::{Backend, Error, scope::Tx};
use chrono::TimeDelta;
use domain::{
    audit::in_words,
    ids::{JobId, TenantId},
    jobs::JobSubject,
};
use entity::{Json, Uuid};
use futures::{FutureExt, future::BoxFuture};
use serde::{Serialize, de::DeserializeOwned};
use std::{collections::BTreeMap, fmt, panic::AssertUnwindSafe};

/// How long a claimed job belongs to its worker; renewed while it runs.
const LEASE: TimeDelta = TimeDelta::seconds(30);

/// Work that is done later. It carries ids, and running it twice must be the same as running it once.
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Its name in the queue, in logs and in the audit.
    const KIND: &'static str;
    /// What it does, as people read it.
    const WORDS: &'static str;
    /// How often and when it is tried again.
    const RETRY: Retry = Retry::USUAL;

    /// What it is about, where people have a page of that.
    fn subject(&self) -> Option<JobSubject> {
        None
    }

    /// Does the work.
    fn run(&self, context: &JobContext) -> impl Future<Output = Result<(), Error>> + Send;
}

/// When a failed job is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Runs before it is parked as dead.
    pub at_most: u32,
    /// Pause before the second run; twice as long before each further one.
    pub first: TimeDelta,
    /// Longest pause.
    pub longest: TimeDelta,
}

impl Retry {
    /// Twelve runs within about a day.
    pub const USUAL: Self = Self {
        at_most: 12,
        first: TimeDelta::seconds(20),
        longest: TimeDelta::hours(6),
    };
    /// A recurring job comes back by itself.
    pub const RECURRING: Self = Self {
        at_most: 1,
        first: TimeDelta::seconds(1),
        longest: TimeDelta::seconds(1),
    };
}

/// What a running job knows of itself.
#[derive(Clone, Debug)]
pub struct JobContext {
    backend: Backend,
    claim: (Uuid, i64),
    tenant: Option<Uuid>,
    last_try: bool,
}

impl JobContext {
    /// The backend it runs in.
    pub fn backend(&self) -> &Backend {
        &self.backend
    }

    /// Its id in the queue.
    pub fn id(&self) -> JobId {
        JobId(self.claim.0)
    }

    /// If this run fails, there is no other.
    pub const fn is_last_try(&self) -> bool {
        self.last_try
    }

    /// Says whose work it is, which was not known when it was enqueued. Should it fail, that tenant's people see it.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the job is another worker's by now; [`Error::Database`].
    pub(crate) async fn belongs_to(&self, tenant: TenantId) -> Result<(), Error> {
        if self.tenant.is_some() {
            return Ok(());
        }
        let (id, token) = self.claim;
        if queue::give_to(&self.backend, id, token, tenant).await? {
            Ok(())
        } else {
            Err(Error::Conflict)
        }
    }

    /// Makes the transaction fail when another worker has taken the job over, and keeps it from doing so until the
    /// transaction ends: the effect happens once, though the job may start twice.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the job is another worker's by now.
    pub(crate) async fn fence(&self, tx: &Tx) -> Result<(), Error> {
        let (id, token) = self.claim;
        if queue::extend(tx.db(), id, token, tx.now() + LEASE).await? {
            Ok(())
        } else {
            Err(Error::Conflict)
        }
    }
}

type Handler = fn(JobContext, Json) -> BoxFuture<'static, Result<(), Error>>;

/// What is known of the jobs of one kind.
#[derive(Clone, Copy)]
struct Kind {
    handler: Handler,
    retry: Retry,
    words: &'static str,
    subject: fn(Json) -> Option<JobSubject>,
}

/// The jobs that a worker knows.
#[derive(Clone, Default)]
pub struct Registry(BTreeMap<&'static str, Kind>);

impl Registry {
    /// With one more.
    #[must_use]
    pub fn with<J: Job>(mut self) -> Self {
        let handler: Handler = |context, payload| {
            async move {
                let job: J = serde_json::from_value(payload)?;
                job.run(&context).await
            }
            .boxed()
        };
        let kind = Kind {
            handler,
            retry: J::RETRY,
            words: J::WORDS,
            subject: |payload| serde_json::from_value::<J>(payload).ok()?.subject(),
        };
        self.0.insert(J::KIND, kind);
        self
    }

    /// What a stored job does, in words, and what it is about. Of a kind that is not known any more its name is left.
    pub(super) fn describe(&self, kind: &str, payload: Json) -> (String, Option<JobSubject>) {
        self.0.get(kind).map_or_else(
            || (in_words(kind), None),
            |known| (known.words.to_owned(), (known.subject)(payload)),
        )
    }

    fn kinds(&self) -> Vec<&'static str> {
        self.0.keys().copied().collect()
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ran {
    /// Its work is done.
    Done,
    /// It failed and is tried again or parked.
    Failed,
    /// Another worker took it over meanwhile.
    Lost,
}

/// Runs the job that has waited longest; none when nothing is due.
///
/// # Errors
/// [`Error::Database`] of the queue itself. What the job says is written to the queue and logged.
pub async fn run_one(backend: &Backend, registry: &Registry) -> Result<Option<Ran>, Error> {
    let Some(claim) = queue::claim(backend, &registry.kinds(), LEASE).await? else {
        return Ok(None);
    };
    let Some(Kind { handler, retry, .. }) = registry.0.get(claim.kind.as_str()) else {
        return Err(Error::corrupt("claimed a job of no known kind"));
    };
    let context = JobContext {
        backend: backend.clone(),
        claim: (claim.id, claim.token),
        tenant: claim.tenant,
        last_try: claim.attempts >= retry.at_most,
    };
    let work = AssertUnwindSafe(handler(context, claim.payload.clone())).catch_unwind();
    let outcome = with_lease_kept(backend, &claim, work).await;
    let kept = match outcome {
        Ok(Ok(())) => queue::finish(backend, &claim, *retry).await?.then_some(Ran::Done),
        Ok(Err(error)) => {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            tracing::warn!(job = %claim.id, kind = claim.kind, %error, ?cause, attempts = claim.attempts, "job failed");
            let why = format!("{error}: {}", cause.unwrap_or_default());
            queue::put_off(backend, &claim, *retry, &why)
                .await?
                .then_some(Ran::Failed)
        }
        Err(_) => {
            tracing::error!(job = %claim.id, kind = claim.kind, "job panicked");
            queue::put_off(backend, &claim, *retry, "panicked")
                .await?
                .then_some(Ran::Failed)
        }
    };
    Ok(Some(kept.unwrap_or(Ran::Lost)))
}

/// Runs what is due, until nothing is. Returns how many ran.
///
/// # Errors
/// As [`run_one`].
pub async fn run_due(backend: &Backend, registry: &Registry) -> Result<u32, Error> {
    let mut count = 0;
    while run_one(backend, registry).await?.is_some() {
        count += 1;
    }
    Ok(count)
}

/// Renews the lease now and then while the job runs. A renewal that fails is no reason to stop: whether the job is
/// still ours is told by the fence and by how it is finished.
async fn with_lease_kept<T>(backend: &Backend, claim: &Claim, work: impl Future<Output = T>) -> T {
    let third = LEASE.to_std().unwrap_or_default() / 3;
    let mut work = std::pin::pin!(work);
    loop {
        tokio::select! {
            outcome = &mut work => return outcome,
            () = tokio::time::sleep(third) => {
                let until = backend.now() + LEASE;
                let extended = queue::extend(backend.system().writer(), claim.id, claim.token, until).await;
                if let Err(error) = extended {
                    tracing::debug!(job = %claim.id, %error, "lease not renewed");
                }
            }
        }
    }
}
