//! The table behind the queue: enqueue, claim, extend, finish, put off, park.

use super::{Job, Retry};
use crate::{Backend, Error, database::Sql, new_id, scope::Tx};
use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::TenantId;
use entity::{Uuid, codes::JobState, job};
use rand::Rng;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    QuerySelect,
    sea_query::{Expr, OnConflict},
};

/// Longest error text that is kept of a failed run.
const ERROR_KEPT: usize = 500;

/// Enqueues a job with the transaction's other changes: no commit, no job. Of the jobs with one `unique` key only one
/// waits or runs at a time; another one is not enqueued. A job without a tenant is enqueued by the machinery alone.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn enqueue<J: Job>(
    tx: &Tx,
    tenant: Option<TenantId>,
    job: &J,
    unique: Option<String>,
) -> Result<(), Error> {
    insert(tx.db(), (tx.now(), tx.now()), tenant, job, unique).await
}

/// The same for a job that is to run at a time or later.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn enqueue_at<J: Job>(
    tx: &Tx,
    at: DateTime<Utc>,
    tenant: Option<TenantId>,
    job: &J,
    unique: Option<String>,
) -> Result<(), Error> {
    insert(tx.db(), (tx.now(), at), tenant, job, unique).await
}

/// Enqueues a job of the machinery with a transaction of its own, such as the one that keeps what a gateway told. Its tenant
/// is who is to see it when it fails.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn enqueue_in<J: Job>(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    tenant: Option<TenantId>,
    job: &J,
) -> Result<(), Error> {
    insert(db, (now, now), tenant, job, None).await
}

/// Enqueues a job that belongs to no change, such as a recurring one, to run at a time or later.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn schedule<J: Job>(
    backend: &Backend,
    job: &J,
    unique: &str,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    // Looked at first, so that a tick that finds its job waiting writes nothing.
    if is_waiting(backend, unique).await? {
        return Ok(());
    }
    insert(
        backend.system().writer(),
        (backend.now(), at),
        None,
        job,
        Some(unique.to_owned()),
    )
    .await
}

async fn insert<J: Job>(
    db: &impl ConnectionTrait,
    (now, at): (DateTime<Utc>, DateTime<Utc>),
    tenant: Option<TenantId>,
    job: &J,
    unique: Option<String>,
) -> Result<(), Error> {
    let row = job::ActiveModel {
        id: Set(new_id()),
        tenant_id: Set(tenant.map(|tenant| tenant.0)),
        kind: Set(J::KIND.to_owned()),
        payload: Set(serde_json::to_value(job)?),
        unique_key: Set(unique),
        state: Set(JobState::Queued),
        run_at: Set(at),
        attempts: Set(0),
        lease_until: Set(None),
        token: Set(0),
        last_error: Set(None),
        created_at: Set(now),
        finished_at: Set(None),
    };
    job::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Whether a job with the key waits or runs.
#[expect(clippy::disallowed_methods, reason = "the queue belongs to no tenant")]
pub(super) async fn is_waiting(backend: &Backend, unique: &str) -> Result<bool, Error> {
    let found = job::Entity::find()
        .filter(job::Column::UniqueKey.eq(unique))
        // As text: with bound values SQLite cannot tell that the partial index of such jobs answers it.
        .filter(Expr::cust("state IN ('queued', 'running')"))
        .limit(1)
        .one(backend.system().db())
        .await?;
    Ok(found.is_some())
}

/// What waits in the queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Jobs that wait or run.
    pub jobs: u64,
    /// Jobs that were given up and wait for somebody to look.
    pub dead: u64,
    /// Since when the oldest one that is due waits.
    pub oldest: Option<DateTime<Utc>>,
}

/// What waits in the queue, for metrics and tests.
///
/// # Errors
/// [`Error::Database`].
#[expect(clippy::disallowed_methods, reason = "the queue belongs to no tenant")]
pub async fn waiting(backend: &Backend) -> Result<Waiting, Error> {
    let system = backend.system();
    let db = system.db();
    let of = |state: JobState| job::Entity::find().filter(job::Column::State.eq(state));
    let queued = of(JobState::Queued).count(db).await?;
    let running = of(JobState::Running).count(db).await?;
    let dead = of(JobState::Dead).count(db).await?;
    let oldest: Option<DateTime<Utc>> = of(JobState::Queued)
        .filter(job::Column::RunAt.lte(backend.now()))
        .select_only()
        .column_as(job::Column::RunAt.min(), "oldest")
        .into_tuple::<Option<DateTime<Utc>>>()
        .one(db)
        .await?
        .flatten();
    Ok(Waiting {
        jobs: queued + running,
        dead,
        oldest,
    })
}

/// A claimed job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) id: Uuid,
    pub(super) token: i64,
    pub(super) kind: String,
    pub(super) payload: entity::Json,
    pub(super) attempts: u32,
    pub(super) tenant: Option<Uuid>,
}

/// Claims the job of these kinds that has waited longest; one whose lease ran out counts as waiting.
pub(super) async fn claim(
    backend: &Backend,
    kinds: &[&'static str],
    lease: TimeDelta,
) -> Result<Option<Claim>, Error> {
    for due in [
        "state = 'queued' AND run_at <= ?",
        "state = 'running' AND lease_until < ?",
    ] {
        if let Some(row) = claim_where(backend, due, kinds, lease).await? {
            let attempts = u32::try_from(row.attempts).unwrap_or(u32::MAX);
            let job::Model {
                id,
                token,
                kind,
                payload,
                tenant_id: tenant,
                ..
            } = row;
            return Ok(Some(Claim {
                id,
                token,
                kind,
                payload,
                attempts,
                tenant,
            }));
        }
    }
    Ok(None)
}

/// Choosing and taking are one statement, so that two workers cannot take the same job.
async fn claim_where(
    backend: &Backend,
    due: &'static str,
    kinds: &[&'static str],
    lease: TimeDelta,
) -> Result<Option<job::Model>, Error> {
    let system = backend.system();
    let engine = system.writer().get_database_backend();
    let now = backend.now();
    let mut sql = Sql::new(engine);
    sql.push("UPDATE jobs SET state = 'running', token = token + 1, attempts = attempts + 1, lease_until = ");
    sql.bind(now + lease);
    sql.push(" WHERE id = (SELECT id FROM jobs WHERE ");
    sql.fill(due, [now.into()]);
    sql.push(" AND kind IN (").bind_all(kinds.iter().copied());
    sql.push(") ORDER BY run_at, id LIMIT 1");
    if engine == DbBackend::Postgres {
        // SQLite has one writer at a time, so its statement needs no lock of its own.
        sql.push(" FOR UPDATE SKIP LOCKED");
    }
    sql.push(") RETURNING *");
    Ok(job::Model::find_by_statement(sql.statement())
        .one(system.writer())
        .await?)
}

/// Changes a job that is still this claim's. False when another worker has it.
#[expect(clippy::disallowed_methods, reason = "the whole key and the claim's token")]
async fn change(
    db: &impl ConnectionTrait,
    id: Uuid,
    token: i64,
    change: job::ActiveModel,
) -> Result<bool, Error> {
    let changed = job::Entity::update_many()
        .set(change)
        .filter(job::Column::Id.eq(id))
        .filter(job::Column::Token.eq(token))
        .filter(job::Column::State.eq(JobState::Running))
        .exec(db)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Gives the job to a tenant, whose people see it from now on.
pub(super) async fn give_to(
    backend: &Backend,
    id: Uuid,
    token: i64,
    tenant: TenantId,
) -> Result<bool, Error> {
    let given = job::ActiveModel {
        tenant_id: Set(Some(tenant.0)),
        ..Default::default()
    };
    change(backend.system().writer(), id, token, given).await
}

/// Keeps the lease.
pub(super) async fn extend(
    db: &impl ConnectionTrait,
    id: Uuid,
    token: i64,
    until: DateTime<Utc>,
) -> Result<bool, Error> {
    let kept = job::ActiveModel {
        lease_until: Set(Some(until)),
        ..Default::default()
    };
    change(db, id, token, kept).await
}

/// Done. A recurring job leaves no row: nobody would look for it, and there would be one for every second.
#[expect(clippy::disallowed_methods, reason = "the whole key and the claim's token")]
pub(super) async fn finish(backend: &Backend, claim: &Claim, retry: Retry) -> Result<bool, Error> {
    if retry == Retry::RECURRING {
        let gone = job::Entity::delete_many()
            .filter(job::Column::Id.eq(claim.id))
            .filter(job::Column::Token.eq(claim.token))
            .filter(job::Column::State.eq(JobState::Running))
            .exec(backend.system().writer())
            .await?;
        return Ok(gone.rows_affected == 1);
    }
    let done = job::ActiveModel {
        state: Set(JobState::Done),
        lease_until: Set(None),
        finished_at: Set(Some(backend.now())),
        ..Default::default()
    };
    change(backend.system().writer(), claim.id, claim.token, done).await
}

/// Failed: tried again later, or parked when it was tried often enough.
pub(super) async fn put_off(
    backend: &Backend,
    claim: &Claim,
    retry: Retry,
    why: &str,
) -> Result<bool, Error> {
    let now = backend.now();
    let again = claim.attempts < retry.at_most;
    let change_to = job::ActiveModel {
        state: Set(if again { JobState::Queued } else { JobState::Dead }),
        run_at: Set(now + pause(claim.attempts, retry)),
        lease_until: Set(None),
        last_error: Set(Some(why.chars().take(ERROR_KEPT).collect())),
        finished_at: Set(if again { None } else { Some(now) }),
        ..Default::default()
    };
    change(backend.system().writer(), claim.id, claim.token, change_to).await
}

/// Twice as long each time, with up to a quarter more so that jobs that failed together do not come back together.
fn pause(attempts: u32, retry: Retry) -> TimeDelta {
    let doubled = retry
        .first
        .checked_mul(1 << attempts.saturating_sub(1).min(20))
        .unwrap_or(retry.longest);
    let pause = doubled.min(retry.longest);
    let quarter = pause.num_milliseconds().max(4) / 4;
    pause + TimeDelta::milliseconds(rand::rng().random_range(0..=quarter))
}

/// Lets go of all leases. Right only where no other worker can run, as at the start of a node on SQLite; there it saves
/// waiting for the leases of a process that was killed.
///
/// # Errors
/// [`Error::Database`].
#[expect(clippy::disallowed_methods, reason = "the queue belongs to no tenant")]
pub async fn release_all(backend: &Backend) -> Result<u64, Error> {
    let freed = job::Entity::update_many()
        .set(job::ActiveModel {
            state: Set(JobState::Queued),
            lease_until: Set(None),
            ..Default::default()
        })
        .filter(job::Column::State.eq(JobState::Running))
        .exec(backend.system().writer())
        .await?;
    Ok(freed.rows_affected)
}
