//! What becomes of a card that was entered for a payment: kept if the payer wants it, taken off the gateway's
//! customer if not (D7, V35).
//!
//! Taking it off is a job: the gateway may be away, and a card must not stay chargeable because of that.

use crate::{
    Error,
    jobs::{self, Job, JobContext},
    payment_methods,
    ports::{GatewayCard, GatewayError},
    scope::{Scope, Tx},
};
use domain::{
    access::PayInvoices,
    ids::{AttemptId, TenantId},
};
use entity::{card, codes::AttemptState, payment_attempt};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};

/// The job that takes an unsaved card off the gateway's customer.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct DetachCard {
    buyer: TenantId,
    seller: TenantId,
    attempt: AttemptId,
}

/// Expiry and fingerprint of a new card that is to be kept. Asks the gateway again when they are not at hand, as after
/// a crash; attaching is repeatable. None when the card is not to be kept, or cannot be any more.
///
/// # Errors
/// [`Error::Port`] when the gateway does not answer: then it is not yet time to settle the attempt.
pub(super) async fn to_keep(
    scope: &Scope<PayInvoices>,
    attempt: &payment_attempt::Model,
    at_hand: Option<GatewayCard>,
) -> Result<Option<GatewayCard>, Error> {
    if !attempt.save_card || at_hand.is_some() {
        return Ok(at_hand.filter(|_| attempt.save_card));
    }
    let (Some(customer), Some(token)) = (&attempt.gateway_customer, &attempt.gateway_method) else {
        return Ok(None);
    };
    match scope
        .ports()
        .gateway
        .attach_card(TenantId(attempt.seller_id), customer, token)
        .await
    {
        Ok(card) => Ok(Some(card)),
        Err(error @ (GatewayError::Unreachable(_) | GatewayError::RateLimited)) => Err(error.into()),
        Err(GatewayError::Declined { .. } | GatewayError::NeedsAuthentication | GatewayError::Misuse(_)) => {
            Ok(None)
        }
    }
}

/// After a success: keeps the card, or sees to it that it is taken off.
pub(super) async fn after_success(
    tx: &mut Tx,
    attempt: &payment_attempt::Model,
    card: Option<GatewayCard>,
) -> Result<(), Error> {
    match (card, attempt.card_id) {
        (Some(card), None) => payment_methods::write::keep(tx, attempt, &card).await,
        (None, Some(saved)) if attempt.make_default => {
            payment_methods::write::make_default(tx, attempt.seller_id, attempt.account_id, saved).await
        }
        (_, Some(_)) => Ok(()),
        (None, None) => detach_later(tx, attempt).await,
    }
}

/// Has a new card taken off once the attempt's outcome is committed.
pub(super) async fn detach_later(tx: &Tx, attempt: &payment_attempt::Model) -> Result<(), Error> {
    if attempt.card_id.is_some() || attempt.gateway_customer.is_none() {
        return Ok(());
    }
    let payload = DetachCard {
        buyer: TenantId(attempt.buyer_id),
        seller: TenantId(attempt.seller_id),
        attempt: AttemptId(attempt.id),
    };
    let key = format!("{}:{}", DetachCard::KIND, attempt.id);
    jobs::enqueue(tx, Some(payload.seller), &payload, Some(key)).await
}

impl Job for DetachCard {
    const KIND: &'static str = "payments.detach_card";

    async fn run(&self, context: &JobContext) -> Result<(), Error> {
        let scope = context
            .backend()
            .job(self.buyer, Self::KIND)
            .await?
            .permit::<PayInvoices>()?;
        detach(&scope, *self).await
    }
}

/// A card that was saved, or that another undecided payment of the same form still needs, stays.
async fn detach(scope: &Scope<PayInvoices>, job: DetachCard) -> Result<(), Error> {
    let DetachCard {
        buyer: _,
        seller,
        attempt,
    } = job;
    let attempts = |scope: &Scope<PayInvoices>| {
        scope
            .find::<payment_attempt::Entity>()
            .filter(payment_attempt::Column::SellerId.eq(seller.0))
    };
    let attempt = attempts(scope)
        .filter(payment_attempt::Column::Id.eq(attempt.0))
        .one(scope.db())
        .await?;
    let Some(attempt) = attempt else { return Ok(()) };
    let Some(token) = attempt.gateway_method else {
        return Ok(());
    };
    let kept = scope
        .find::<card::Entity>()
        .filter(card::Column::SellerId.eq(seller.0))
        .filter(card::Column::GatewayToken.eq(&token))
        .filter(card::Column::RemovedAt.is_null())
        .limit(1)
        .one(scope.db())
        .await?;
    let undecided = [
        AttemptState::Submitted,
        AttemptState::NeedsAction,
        AttemptState::Unknown,
    ];
    let needed = attempts(scope)
        .filter(payment_attempt::Column::AccountId.eq(attempt.account_id))
        .filter(payment_attempt::Column::GatewayMethod.eq(&token))
        .filter(payment_attempt::Column::State.is_in(undecided))
        .limit(1)
        .one(scope.db())
        .await?;
    if kept.is_some() || needed.is_some() {
        return Ok(());
    }
    match scope.ports().gateway.detach_card(seller, &token).await {
        // The gateway refuses when it was never attached or is gone already: that is what was wanted.
        Ok(()) | Err(GatewayError::Misuse(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
