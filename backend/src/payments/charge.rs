//! The second step of a payment: the conversation with the gateway. No transaction is open while it is asked.
//!
//! The intent is made unconfirmed and its id stored before it is confirmed (D6). Every store is guarded by the
//! attempt's state: when the reconciler has decided meanwhile, the conversation ends and no money moves.

use super::{outcome, outcome::Decline};
use crate::{
    Error,
    codes::Stored,
    ports::{GatewayCard, GatewayError, Intent, IntentRequest, IntentState, Presence},
    scope::Scope,
    transact::transact,
};
use domain::{
    access::PayInvoices,
    ids::{AccountId, AttemptId, TenantId},
    payment_methods::autopay::NEEDS_PAYER,
};
use entity::{Uuid, account, codes::AttemptState, payment_attempt, tenant};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, UpdateMany};

/// Why the conversation ended without the gateway's word on the intent.
enum Stop {
    /// Before anything was confirmed: nothing can have been charged, but there may be an unconfirmed intent.
    Unconfirmed(GatewayError),
    /// Confirming it went wrong.
    AtConfirm(String, GatewayError),
    /// Somebody else decided the attempt meanwhile; an intent that was made by now is to be cancelled.
    Decided(Option<String>),
    /// Our own side failed; the reconciler goes on from here.
    Ours(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

/// Charges an attempt that has just been reserved and writes what came of it.
///
/// # Errors
/// [`Error::Database`]; the attempt then stands as it is and the reconciler finds out.
pub(crate) async fn charge(
    scope: &Scope<PayInvoices>,
    attempt: &payment_attempt::Model,
) -> Result<(), Error> {
    let mut card = None;
    match converse(scope, attempt, &mut card).await {
        Ok(intent) => settle(scope, attempt, &intent, card).await,
        Err(Stop::Unconfirmed(error)) => match error {
            GatewayError::Unreachable(_) => unanswered(scope, attempt, &error).await,
            other => outcome::fail(scope, attempt, &refused(&other)).await,
        },
        Err(Stop::AtConfirm(intent, error)) => match error {
            GatewayError::Unreachable(_) | GatewayError::Misuse(_) => {
                unanswered(scope, attempt, &error).await
            }
            other => close(scope, attempt, &intent, &refused(&other)).await,
        },
        Err(Stop::Decided(Some(intent))) => {
            // It is unconfirmed, so no money moves even if this is lost.
            let cancelled = scope
                .ports()
                .gateway
                .cancel_intent(TenantId(attempt.seller_id), &intent)
                .await;
            if let Err(error) = cancelled {
                tracing::warn!(attempt = %attempt.id, %error, "an unconfirmed intent was left at the gateway");
            }
            Ok(())
        }
        Err(Stop::Decided(None)) => Ok(()),
        Err(Stop::Ours(error)) => Err(error),
    }
}

/// Writes what an intent at the gateway means for its attempt. Repeatable.
///
/// # Errors
/// [`Error::Database`]; [`Error::Port`] when the gateway would have to be asked again and does not answer.
pub(super) async fn settle(
    scope: &Scope<PayInvoices>,
    attempt: &payment_attempt::Model,
    intent: &Intent,
    card: Option<GatewayCard>,
) -> Result<(), Error> {
    match intent.state {
        IntentState::Succeeded => outcome::succeed(scope, attempt, intent, card).await,
        // Nobody is there to confirm; the payer is told by mail.
        IntentState::RequiresAction if attempt.by_itself => {
            close(scope, attempt, &intent.id, &Decline::new(NEEDS_PAYER)).await
        }
        IntentState::RequiresAction => outcome::wait(scope, attempt, AttemptState::NeedsAction, None).await,
        IntentState::Processing if attempt.kind.to_domain().is_bank_debit() => {
            outcome::process(scope, attempt).await
        }
        IntentState::Processing => outcome::wait(scope, attempt, AttemptState::Unknown, None).await,
        IntentState::RequiresConfirmation | IntentState::RequiresPaymentMethod => {
            close(scope, attempt, &intent.id, &Decline::of(intent, attempt)).await
        }
        IntentState::Canceled => outcome::fail(scope, attempt, &Decline::of(intent, attempt)).await,
    }
}

/// Gives an intent up at the gateway and only then writes the failure: whoever holds its client secret could otherwise
/// still pay it.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn close(
    scope: &Scope<PayInvoices>,
    attempt: &payment_attempt::Model,
    intent: &str,
    why: &Decline,
) -> Result<(), Error> {
    let gateway = &scope.ports().gateway;
    let seller = TenantId(attempt.seller_id);
    let now = match gateway.cancel_intent(seller, intent).await {
        Ok(intent) => Ok(Some(intent)),
        // It refuses to cancel what was paid or cancelled already: look at it.
        Err(GatewayError::Misuse(_)) => gateway.find_intent(seller, intent).await,
        Err(error) => Err(error),
    };
    match now {
        Ok(Some(intent)) if intent.state == IntentState::Succeeded => {
            outcome::succeed(scope, attempt, &intent, None).await
        }
        Ok(Some(intent)) if intent.state == IntentState::Canceled => outcome::fail(scope, attempt, why).await,
        Ok(None) => outcome::fail(scope, attempt, why).await,
        Ok(Some(_)) | Err(_) => outcome::wait(scope, attempt, AttemptState::Unknown, Some(why)).await,
    }
}

/// No answer is no answer: the outcome is unknown until the gateway tells it (K2).
async fn unanswered(
    scope: &Scope<PayInvoices>,
    attempt: &payment_attempt::Model,
    error: &GatewayError,
) -> Result<(), Error> {
    tracing::warn!(attempt = %attempt.id, cause = ?std::error::Error::source(error), %error, "payment unknown");
    outcome::wait(scope, attempt, AttemptState::Unknown, None).await
}

fn refused(error: &GatewayError) -> Decline {
    match error {
        GatewayError::Declined { code } => Decline(code.clone()),
        GatewayError::NeedsAuthentication => Decline::new(NEEDS_PAYER),
        GatewayError::RateLimited => Decline::new("try_again_later"),
        GatewayError::Unreachable(_) => Decline::new("processing_error"),
        GatewayError::Misuse(why) => {
            tracing::error!(why, "the gateway refused a request as such");
            Decline::new("processing_error")
        }
    }
}

/// Customer, card, intent, confirmation; each step is stored before the next one is asked for.
async fn converse(
    scope: &Scope<PayInvoices>,
    attempt: &payment_attempt::Model,
    new_card: &mut Option<GatewayCard>,
) -> Result<Intent, Stop> {
    let gateway = &scope.ports().gateway;
    let seller = TenantId(attempt.seller_id);
    let attempt_id = AttemptId(attempt.id);
    let token = attempt.gateway_method.as_deref().unwrap_or_default();
    let customer = customer(scope, attempt).await?;
    let mut prepared = payment_attempt::ActiveModel {
        gateway_customer: Set(Some(customer.clone())),
        ..Default::default()
    };
    let mut card_token = token.to_owned();
    if attempt.card_id.is_none() {
        // Stored first, so that a card that gets attached is taken off again even if the answer is lost.
        store(scope, attempt, prepared.clone(), None).await?;
        let card = gateway
            .attach_card(seller, &customer, token)
            .await
            .map_err(Stop::Unconfirmed)?;
        card_token.clone_from(&card.token);
        prepared.gateway_method = Set(Some(card.token.clone()));
        prepared.brand = Set(Some(card.brand.clone()));
        prepared.last4 = Set(Some(card.last4.clone()));
        *new_card = Some(card);
    }
    // With a known customer and a saved card there is nothing to add, and no commit to wait for; whether the attempt
    // still stands is asked with the intent, before it is confirmed.
    if attempt.card_id.is_none() || attempt.gateway_customer.is_none() {
        store(scope, attempt, prepared, None).await?;
    }
    let amount = crate::codes::money(attempt.amount_minor, &attempt.currency)?;
    let request = IntentRequest {
        attempt: attempt_id,
        customer,
        card_token: card_token.clone(),
        kind: attempt.kind.to_domain(),
        amount,
    };
    let intent = gateway
        .create_intent(seller, &request)
        .await
        .map_err(Stop::Unconfirmed)?;
    let known = payment_attempt::ActiveModel {
        gateway_intent: Set(Some(intent.id.clone())),
        ..Default::default()
    };
    store(scope, attempt, known, Some(&intent.id)).await?;
    let payer = if attempt.by_itself {
        Presence::OffSession
    } else {
        Presence::OnSession
    };
    let confirmed = gateway
        .confirm_intent(seller, attempt_id, &intent.id, &card_token, payer)
        .await;
    confirmed.map_err(|error| Stop::AtConfirm(intent.id, error))
}

/// The gateway's customer of the account, made at the first payment.
async fn customer(scope: &Scope<PayInvoices>, attempt: &payment_attempt::Model) -> Result<String, Stop> {
    match &attempt.gateway_customer {
        Some(customer) => Ok(customer.clone()),
        None => {
            let account = AccountId(attempt.account_id);
            make_customer(scope, TenantId(attempt.seller_id), account, attempt.buyer_id)
                .await?
                .map_err(Stop::Unconfirmed)
        }
    }
}

/// Makes the gateway's customer of an account and writes it down. The inner error is the gateway's.
///
/// # Errors
/// [`Error::NotFound`] without the buyer; [`Error::Database`].
pub(crate) async fn make_customer(
    scope: &Scope<PayInvoices>,
    seller: TenantId,
    account: AccountId,
    buyer: Uuid,
) -> Result<Result<String, GatewayError>, Error> {
    let buyer = scope
        .find::<tenant::Entity>()
        .filter(tenant::Column::Id.eq(buyer));
    let buyer = buyer.one(scope.db()).await?.ok_or(Error::NotFound)?;
    let made = scope
        .ports()
        .gateway
        .create_customer(seller, account, &buyer.name, buyer.billing_email.as_deref())
        .await;
    let customer = match made {
        Ok(customer) => customer,
        Err(error) => return Ok(Err(error)),
    };
    let of_account = customer.clone();
    transact!(scope, tx => {
            tx.update::<account::Entity>()
                .set(account::ActiveModel {
                    gateway_customer: Set(Some(of_account.clone())),
                    ..Default::default()
                })
                .filter(account::Column::SellerId.eq(seller.0))
                .filter(account::Column::Id.eq(account.0))
                .exec(tx.db())
                .await?;
            Ok(())
    })?;
    Ok(Ok(customer))
}

/// Stores a step, unless somebody else has decided the attempt.
async fn store(
    scope: &Scope<PayInvoices>,
    attempt: &payment_attempt::Model,
    step: payment_attempt::ActiveModel,
    intent: Option<&str>,
) -> Result<(), Stop> {
    let stored = transact!(scope, tx => {
            let guarded: UpdateMany<_> = tx
                .update::<payment_attempt::Entity>()
                .set(step.clone())
                .filter(payment_attempt::Column::SellerId.eq(attempt.seller_id))
                .filter(payment_attempt::Column::Id.eq(attempt.id))
                .filter(payment_attempt::Column::State.eq(AttemptState::Submitted));
            Ok(guarded.exec(tx.db()).await?.rows_affected)
    })?;
    if stored == 1 {
        Ok(())
    } else {
        Err(Stop::Decided(intent.map(str::to_owned)))
    }
}
