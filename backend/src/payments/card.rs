//! What becomes of a card that was entered for a payment: kept if the payer wants it, taken off the gateway's
//! customer if not (D7, V35).
//!
//! Taking it off is a job: the gateway may be away, and a card must not stay chargeable because of that.

use crate::{
    Error,
    payment_methods::{
        detach::DetachCard,
        write::{self, Kept},
    },
    ports::{GatewayCard, GatewayError},
    scope::{Scope, Tx},
};
use domain::{
    access::PayInvoices,
    ids::{AttemptId, TenantId},
};
use entity::payment_attempt;

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
        (Some(card), None) => {
            let kept = Kept {
                seller: attempt.seller_id,
                account: attempt.account_id,
                buyer: attempt.buyer_id,
                by: attempt.created_by,
                make_default: attempt.make_default,
                mandate: None,
            };
            write::keep(tx, &kept, &card).await
        }
        (None, Some(saved)) if attempt.make_default => {
            write::make_default(tx, attempt.seller_id, attempt.account_id, saved).await
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
    let (buyer, seller) = (TenantId(attempt.buyer_id), TenantId(attempt.seller_id));
    DetachCard::of_attempt(buyer, seller, AttemptId(attempt.id))
        .enqueue(tx, tx.now())
        .await
}
