//! What was ignored when it came, since nothing here was known of it, is looked at again once it is: a charge may have been
//! given back or disputed before somebody recorded it as a payment.

use super::apply::ApplyEvent;
use crate::{
    Backend, Error,
    jobs::{self, Job, JobContext},
    scope::Tx,
};
use domain::ids::TenantId;
use entity::{codes::EventState, gateway_event};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};

/// Looks again at what the gateway told of a charge.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct LookAgain {
    /// Whose charge it is by now.
    pub(crate) seller: TenantId,
    /// The charge.
    pub(crate) reference: String,
}

impl LookAgain {
    /// Enqueues it.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub(crate) async fn plan(&self, tx: &Tx) -> Result<(), Error> {
        jobs::enqueue(tx, Some(self.seller), self, None).await
    }
}

impl Job for LookAgain {
    const KIND: &'static str = "gateway.again";
    const WORDS: &'static str = "Look again at what the gateway told of a charge";

    async fn run(&self, context: &JobContext) -> Result<(), Error> {
        let backend = context.backend();
        for event in ignored(backend, self).await? {
            wake(backend, self.seller, event).await?;
        }
        Ok(())
    }
}

/// What was ignored and names the charge. It reads all that was ignored of late, for an act that hardly ever happens.
#[expect(clippy::disallowed_methods, reason = "the inbox belongs to no tenant")]
async fn ignored(backend: &Backend, job: &LookAgain) -> Result<Vec<gateway_event::Model>, Error> {
    let account = backend.ports().gateway.account_of(job.seller);
    let rows = gateway_event::Entity::find()
        .filter(gateway_event::Column::Account.eq(account))
        .filter(gateway_event::Column::State.eq(EventState::Ignored))
        .filter(gateway_event::Column::Body.contains(&job.reference));
    Ok(rows.all(backend.system().db()).await?)
}

/// Has one applied as if it had just come, unless that was done already.
#[expect(clippy::disallowed_methods, reason = "the inbox belongs to no tenant")]
async fn wake(backend: &Backend, seller: TenantId, event: gateway_event::Model) -> Result<(), Error> {
    let db = backend.system().begin().await?;
    let woken = gateway_event::Entity::update_many()
        .set(gateway_event::ActiveModel {
            state: Set(EventState::Waiting),
            done_at: Set(None),
            ..Default::default()
        })
        .filter(gateway_event::Column::Account.eq(event.account.as_str()))
        .filter(gateway_event::Column::Id.eq(event.id.as_str()))
        .filter(gateway_event::Column::State.eq(EventState::Ignored))
        .exec(&db)
        .await?;
    if woken.rows_affected == 1 {
        let job = ApplyEvent {
            account: event.account,
            id: event.id,
        };
        jobs::enqueue_in(&db, backend.now(), Some(seller), &job).await?;
    }
    db.commit().await?;
    Ok(())
}
