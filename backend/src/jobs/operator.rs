//! What the operator does from the command line about jobs that belong to no tenant, so that no page shows them.

use super::{queue::is_waiting, standard, write};
use crate::{Backend, Error, codes::Stored};
use chrono::{DateTime, Utc};
use domain::{access::ManageSettings, ids::JobId, ids::TenantId, jobs::JobState, refusal::Refusal};
use entity::{codes, job};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// The most jobs that are listed at once.
pub const LISTED: u64 = 200;

/// The operator's name in the audit.
const NAME: &str = "quittance jobs repeat";

/// Which jobs are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// All but those that are done.
    Open,
    /// Those that were given up.
    Parked,
}

/// A job of no tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unowned {
    /// Its id, which the log names too.
    pub id: JobId,
    /// What it does, in words.
    pub work: String,
    /// How far it is.
    pub state: JobState,
    /// How often it was begun.
    pub runs: u32,
    /// When it was enqueued.
    pub created_at: DateTime<Utc>,
    /// Why it failed the last time.
    pub error: Option<String>,
}

/// The jobs of no tenant, the newest first, [`LISTED`] at most.
///
/// # Errors
/// [`Error::Database`].
#[expect(clippy::disallowed_methods, reason = "these jobs belong to no tenant")]
pub async fn list(backend: &Backend, which: Which) -> Result<Vec<Unowned>, Error> {
    let all = job::Entity::find().filter(job::Column::TenantId.is_null());
    let chosen = match which {
        Which::Open => all.filter(job::Column::State.ne(codes::JobState::Done)),
        Which::Parked => all.filter(job::Column::State.eq(codes::JobState::Dead)),
    };
    let found = chosen
        .order_by_desc(job::Column::CreatedAt)
        .order_by_desc(job::Column::Id)
        .limit(LISTED)
        .all(backend.system().db())
        .await?;
    let known = standard();
    let unowned = |row: job::Model| Unowned {
        id: JobId(row.id),
        work: known.describe(&row.kind, row.payload).0,
        state: row.state.to_domain(),
        runs: u32::try_from(row.attempts).unwrap_or(0),
        created_at: row.created_at,
        error: row.last_error,
    };
    Ok(found.into_iter().map(unowned).collect())
}

/// Has a job run now that was given up, or that waits after runs that failed. Where it is a tenant's, the tenant's audit
/// names the operator.
///
/// # Errors
/// As [`write::repeat`]; [`Error::Conflict`] when somebody else changed it meanwhile.
#[expect(clippy::disallowed_methods, reason = "the operator names the job")]
pub async fn repeat(backend: &Backend, id: JobId) -> Result<(), Error> {
    let system = backend.system();
    let row = job::Entity::find_by_id(id.0)
        .one(system.writer())
        .await?
        .ok_or(Error::NotFound)?;
    if let Some(tenant) = row.tenant_id {
        let operator = backend.operator(TenantId(tenant), NAME).await?;
        return write::repeat(&operator.permit::<ManageSettings>()?, id).await;
    }
    if !row
        .state
        .to_domain()
        .can_be_repeated(u32::try_from(row.attempts).unwrap_or(0))
    {
        return Err(Refusal::JobNotFailed.into());
    }
    if let (codes::JobState::Dead, Some(key)) = (row.state, &row.unique_key)
        && is_waiting(backend, key).await?
    {
        return Err(Refusal::JobReplaced.into());
    }
    let repeated = job::Entity::update_many()
        .set(write::from_the_start(backend.now()))
        .filter(job::Column::Id.eq(row.id))
        .filter(job::Column::Token.eq(row.token))
        .filter(job::Column::State.eq(row.state))
        .exec(system.writer())
        .await?;
    if repeated.rows_affected == 0 {
        return Err(Error::Conflict);
    }
    tracing::info!(job = %row.id, kind = row.kind, "the operator has a job run again");
    Ok(())
}
