//! Has jobs run again that failed.

use crate::{
    Error,
    codes::Stored,
    scope::{Act, Scope},
    transact::transact,
};
use chrono::{DateTime, Utc};
use domain::{access::ManageSettings, ids::JobId, refusal::Refusal};
use entity::{codes::JobState, job};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, sea_query::Expr};
use serde_json::json;

/// Has a job of the tenant run now that was given up, or that waits after runs that failed. It has all its tries again.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::JobNotFailed`] when it runs, is done, or never failed; [`Refusal::JobReplaced`]
/// when another one does the same by now.
pub async fn repeat(scope: &Scope<ManageSettings>, id: JobId) -> Result<(), Error> {
    transact!(scope, tx => {
        let row = tx
            .lock::<job::Entity>()
            .filter(job::Column::Id.eq(id.0))
            .one(tx.db())
            .await?
            .ok_or(Error::NotFound)?;
        if !row.state.to_domain().can_be_repeated(u32::try_from(row.attempts).unwrap_or(0)) {
            return Err(Refusal::JobNotFailed.into());
        }
        if row.state == JobState::Dead && is_replaced(tx, &row).await? {
            return Err(Refusal::JobReplaced.into());
        }
        tx.update::<job::Entity>()
            .set(from_the_start(tx.now()))
            .filter(job::Column::Id.eq(row.id))
            .exec(tx.db())
            .await?;
        let act = Act::new(tx.actor().tenant(), "repeat", "job", row.id);
        tx.audit(act.after(json!({ "kind": row.kind, "failed_runs": row.attempts })));
        Ok(())
    })
}

/// The job waits for its first try again, which is due.
pub(super) fn from_the_start(now: DateTime<Utc>) -> job::ActiveModel {
    job::ActiveModel {
        state: Set(JobState::Queued),
        run_at: Set(now),
        attempts: Set(0),
        finished_at: Set(None),
        ..Default::default()
    }
}

/// Whether another job with its unique key waits or runs.
async fn is_replaced(tx: &crate::scope::Tx, row: &job::Model) -> Result<bool, Error> {
    let Some(key) = &row.unique_key else {
        return Ok(false);
    };
    let other = tx
        .find::<job::Entity>()
        .filter(job::Column::UniqueKey.eq(key))
        .filter(Expr::cust("state IN ('queued', 'running')"))
        .one(tx.db())
        .await?;
    Ok(other.is_some())
}
