//! The jobs of a tenant as its people see them.

use super::standard;
use crate::{
    Error,
    by_day::{moment_cursor, part_by_moment},
    codes::Stored,
    scope::Scope,
};
use domain::{
    access::ManageSettings,
    ids::JobId,
    jobs::{JobQuery, JobRow, JobState},
    list::{COUNTED_TO, DEFAULT_PER_PAGE, Page, Total},
};
use entity::job;
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QuerySelect};

/// A page of the tenant's jobs, the newest first. What belongs to no tenant, such as clearing away, is the operator's.
///
/// # Errors
/// [`Error::Database`].
pub async fn list(scope: &Scope<ManageSettings>, query: &JobQuery) -> Result<Page<JobRow>, Error> {
    let JobQuery { state, position } = query;
    let mut rows = scope.find::<job::Entity>();
    if let Some(state) = state {
        rows = rows.filter(job::Column::State.eq(entity::codes::JobState::from_domain(*state)));
    }
    let sorted = (job::Column::CreatedAt, job::Column::Id);
    let found = part_by_moment(rows.clone(), sorted, position, u64::from(DEFAULT_PER_PAGE) + 1)
        .all(scope.db())
        .await?;
    let total = Total::counted(rows.limit(COUNTED_TO + 1).count(scope.db()).await?);
    let cursor = |job: &job::Model| moment_cursor(job.created_at, job.id);
    let known = standard();
    Ok(
        Page::of(found, usize::from(DEFAULT_PER_PAGE), position, total, cursor).map(|job| {
            let (work, subject) = known.describe(&job.kind, job.payload);
            let state = job.state.to_domain();
            JobRow {
                id: JobId(job.id),
                work,
                subject,
                state,
                runs: u32::try_from(job.attempts).unwrap_or(0),
                created_at: job.created_at,
                next_run: (state == JobState::Queued).then_some(job.run_at),
                finished_at: job.finished_at,
            }
        }),
    )
}
