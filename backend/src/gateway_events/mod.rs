//! The inbox: what the gateway tells by itself (K4 to K6).
//!
//! A post is kept under the gateway's own id and answered at once; a job reads what it is about and asks the gateway how
//! that stands now. So the same post twice is one row, and posts in any order end at what the gateway says: an old one
//! that comes late finds the new state.

mod again;
mod apply;
mod seller;
#[cfg(test)]
mod tests;

pub(crate) use again::LookAgain;
pub(crate) use apply::ApplyEvent;

use crate::{
    Backend, Error, jobs,
    ports::{About, EventRefused},
};
use entity::{codes::EventState, gateway_event};
use sea_orm::{ActiveValue::Set, EntityTrait, TryInsertResult};

/// What became of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// It is kept, and will be looked at.
    Kept,
    /// It came before.
    Known,
    /// It is of no interest.
    Ignored,
}

/// Keeps what the gateway posted for one of its accounts, if it really is from it.
///
/// # Errors
/// The inner one says why it is not believed; [`Error::Database`].
pub async fn receive(
    backend: &Backend,
    account: &str,
    signature: &str,
    body: &[u8],
) -> Result<Result<Received, EventRefused>, Error> {
    let now = backend.now();
    let event = match backend.ports().gateway.read_event(account, signature, body, now) {
        Ok(event) => event,
        Err(refused) => return Ok(Err(refused)),
    };
    let (about, object) = match event.about {
        About::Intent(object) => ("intent", object),
        About::Refunds(object) => ("refunds", object),
        About::Dispute(object) => ("dispute", object),
        About::Nothing => return Ok(Ok(Received::Ignored)),
    };
    let seller = seller::of_post(backend, account, about, &object).await?;
    let row = gateway_event::ActiveModel {
        account: Set(account.to_owned()),
        id: Set(event.id.clone()),
        about: Set(about.to_owned()),
        object: Set(object),
        body: Set(String::from_utf8_lossy(body).into_owned()),
        state: Set(EventState::Waiting),
        received_at: Set(now),
        done_at: Set(None),
    };
    let job = ApplyEvent {
        account: account.to_owned(),
        id: event.id,
    };
    let db = backend.system().begin().await?;
    let kept = gateway_event::Entity::insert(row)
        .on_conflict_do_nothing()
        .exec_without_returning(&db)
        .await?;
    if !matches!(kept, TryInsertResult::Inserted(1..)) {
        db.rollback().await?;
        return Ok(Ok(Received::Known));
    }
    jobs::enqueue_in(&db, now, seller, &job).await?;
    db.commit().await?;
    Ok(Ok(Received::Kept))
}
