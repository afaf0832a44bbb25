//! The job behind a post of the gateway: looks at what it is about.

use super::seller::{Known, known};
use crate::{
    Backend, Error,
    jobs::{Job, JobContext, Retry},
    payments::{fees, reconcile},
    ports::{DisputeState, IntentState},
    refunds,
    scope::Scope,
};
use chrono::TimeDelta;
use domain::{access::RefundPayments, ids::TenantId};
use entity::{
    codes::{AttemptState, EventState},
    gateway_event, payment, payment_attempt,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};

/// Looks at what one post is about.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ApplyEvent {
    /// The gateway's account that it came for.
    pub(super) account: String,
    /// Its id at the gateway.
    pub(super) id: String,
}

/// The gateway may be down for a while, and money that is not in the books yet is worth patience. What a bank took waits for a
/// refund that is under way, which may take a week.
pub(super) const TRIES: u32 = 50;

/// What the job is called in the audit.
const NAME: &str = "gateway.event";

impl Job for ApplyEvent {
    const KIND: &'static str = NAME;
    const WORDS: &'static str = "Look at what the gateway told";
    const RETRY: Retry = Retry {
        at_most: TRIES,
        first: TimeDelta::seconds(2),
        longest: TimeDelta::hours(6),
    };

    async fn run(&self, context: &JobContext) -> Result<(), Error> {
        let backend = context.backend();
        let Some(event) = find(backend, self).await? else {
            return Ok(());
        };
        if event.state != EventState::Waiting {
            return Ok(());
        }
        let state = apply(context, &event).await?;
        finish(backend, &event, state).await
    }
}

async fn apply(context: &JobContext, event: &gateway_event::Model) -> Result<EventState, Error> {
    let done = match event.about.as_str() {
        "intent" => intent(context, event, &event.object).await?.is_some(),
        "refunds" => about_refunds(context, event).await?,
        "dispute" => about_dispute(context, event).await?,
        other => return Err(Error::corrupt(format!("an event about {other}"))),
    };
    Ok(if done {
        EventState::Done
    } else {
        EventState::Ignored
    })
}

/// Looks at an intent and says what it is known as. None when it is none of ours: others may use the gateway's account too.
async fn intent(
    context: &JobContext,
    event: &gateway_event::Model,
    intent: &str,
) -> Result<Option<Known>, Error> {
    let backend = context.backend();
    let Some(known) = known(backend, &event.account, intent).await? else {
        return Ok(None);
    };
    context.belongs_to(known.seller()).await?;
    if let Known::Attempt(attempt) = &known {
        look_at(backend, attempt, intent).await?;
    }
    Ok(Some(known))
}

/// Looks up the attempt of an intent if it is not decided, and what of a decided one is not known yet.
async fn look_at(backend: &Backend, attempt: &payment_attempt::Model, intent: &str) -> Result<(), Error> {
    if attempt.resolved_at.is_none() {
        return reconcile::look_up_now(backend, attempt).await;
    }
    if attempt.state == AttemptState::Succeeded {
        return learn_fee(backend, attempt, intent).await;
    }
    if attempt.state == AttemptState::Failed {
        let gateway = &backend.ports().gateway;
        let there = gateway.find_intent(TenantId(attempt.seller_id), intent).await?;
        if there.is_some_and(|there| there.state == IntentState::Succeeded) {
            // An intent that was given up cannot be paid; should a gateway say so all the same, somebody has to look.
            tracing::error!(attempt = %attempt.id, "the gateway has money for an attempt that failed");
            return Err(Error::Conflict);
        }
    }
    Ok(())
}

/// Books what the gateway kept of a charge that is paid, if that was not known before.
async fn learn_fee(backend: &Backend, attempt: &payment_attempt::Model, intent: &str) -> Result<(), Error> {
    let scope = sellers(backend, TenantId(attempt.seller_id)).await?;
    let payment = payment_of(&scope, attempt).await?;
    if !fees::known(&scope, [payment.id]).await?.is_empty() {
        return Ok(());
    }
    let gateway = &backend.ports().gateway;
    let there = gateway.find_intent(TenantId(attempt.seller_id), intent).await?;
    match there.and_then(|there| there.fee) {
        Some(fee) => fees::learn(&scope, &payment, fee).await,
        None => Ok(()),
    }
}

async fn about_refunds(context: &JobContext, event: &gateway_event::Model) -> Result<bool, Error> {
    let backend = context.backend();
    let Some(known) = intent(context, event, &event.object).await? else {
        return Ok(false);
    };
    let (scope, payment) = paid(backend, known).await?;
    refunds::settle::compare(&scope, &payment).await?;
    Ok(true)
}

async fn about_dispute(context: &JobContext, event: &gateway_event::Model) -> Result<bool, Error> {
    let backend = context.backend();
    let gateway = &backend.ports().gateway;
    let found = gateway.find_dispute(&event.account, &event.object).await?;
    let Some(dispute) = found else {
        return Ok(false);
    };
    let Some(known) = intent(context, event, &dispute.intent).await? else {
        return Ok(false);
    };
    if dispute.state == DisputeState::InquiryAnswered {
        return Ok(true);
    }
    let (scope, payment) = paid(backend, known).await?;
    refunds::note_dispute(&scope, &payment, &dispute).await?;
    Ok(true)
}

/// The payment that an intent made, and its seller, whose money it is about.
async fn paid(backend: &Backend, known: Known) -> Result<(Scope<RefundPayments>, payment::Model), Error> {
    let scope = sellers(backend, known.seller()).await?;
    let payment = match known {
        Known::Attempt(attempt) => payment_of(&scope, &attempt).await?,
        Known::Recorded(payment) => payment,
    };
    Ok((scope, payment))
}

async fn sellers(backend: &Backend, seller: TenantId) -> Result<Scope<RefundPayments>, Error> {
    backend.job(seller, NAME).await?.permit()
}

/// The payment of an attempt. Where it is not written yet the job comes back later.
async fn payment_of(
    scope: &Scope<RefundPayments>,
    attempt: &payment_attempt::Model,
) -> Result<payment::Model, Error> {
    let found = scope
        .find::<payment::Entity>()
        .filter(payment::Column::AttemptId.eq(attempt.id))
        .one(scope.db())
        .await?;
    found.ok_or(Error::NotFound)
}

#[expect(clippy::disallowed_methods, reason = "the inbox belongs to no tenant")]
async fn find(backend: &Backend, job: &ApplyEvent) -> Result<Option<gateway_event::Model>, Error> {
    let key = (job.account.clone(), job.id.clone());
    Ok(gateway_event::Entity::find_by_id(key)
        .one(backend.system().db())
        .await?)
}

#[expect(clippy::disallowed_methods, reason = "the inbox belongs to no tenant")]
async fn finish(backend: &Backend, event: &gateway_event::Model, state: EventState) -> Result<(), Error> {
    gateway_event::Entity::update_many()
        .set(gateway_event::ActiveModel {
            state: Set(state),
            done_at: Set(Some(backend.now())),
            ..Default::default()
        })
        .filter(gateway_event::Column::Account.eq(event.account.as_str()))
        .filter(gateway_event::Column::Id.eq(event.id.as_str()))
        .exec(backend.system().writer())
        .await?;
    Ok(())
}
