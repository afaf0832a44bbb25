//! Commands of payments: keep a choice, submit a form, go on after the bank's confirmation.

use super::{
    charge, read, reserve,
    reserve::{Payer, Reserved},
};
use crate::{
    Error, new_id,
    ports::{GatewayError, Intent, IntentState, Presence},
    scope::Scope,
    transact::transact,
};
use chrono::TimeDelta;
use domain::{
    Refusal,
    access::PayInvoices,
    ids::{AttemptId, DraftId, FormKey, InvoiceId, TenantId},
    payments::{Outcome, SubmitPayment},
};
use entity::{codes::AttemptState, form_draft, payment_attempt};
use sea_orm::ActiveValue::Set;

/// The most invoices that are kept as one choice.
pub const MOST_CHOSEN: usize = 1_000;

/// How long a choice is kept.
const CHOICE_KEPT: TimeDelta = TimeDelta::days(1);

/// What drafts of this slice are called.
pub(super) const CHOICE: &str = "payment_choice";

/// Keeps which invoices were chosen, for the payment page: a selection is too long for an address.
///
/// # Errors
/// [`Refusal::NothingChosen`]; [`Refusal::FormBroken`] beyond [`MOST_CHOSEN`].
pub async fn keep_choice(scope: &Scope<PayInvoices>, invoices: &[InvoiceId]) -> Result<DraftId, Error> {
    if invoices.is_empty() {
        return Err(Refusal::NothingChosen.into());
    }
    if invoices.len() > MOST_CHOSEN {
        return Err(Refusal::FormBroken.into());
    }
    let user = scope.actor().user().ok_or(Error::SignIn)?;
    let id = new_id();
    let content = serde_json::to_value(invoices)?;
    transact!(scope, tx => {
            tx.insert(form_draft::ActiveModel {
                id: Set(id),
                user_id: Set(user.0),
                tenant_id: Set(tx.actor().tenant().0),
                kind: Set(CHOICE.to_owned()),
                content: Set(content.clone()),
                created_at: Set(tx.now()),
                expires_at: Set(tx.now() + CHOICE_KEPT),
            })
            .await?;
            Ok(DraftId(id))
    })
}

/// Submits a payment form: one payment for each account and currency in it (D5). However often the same form is
/// posted, it is one act; the answer is always its key, under which [`read::result`] tells how it came out.
///
/// # Errors
/// Nothing was charged then: [`Error::Invalid`] by line or for the card, [`Refusal::NothingChosen`],
/// [`Refusal::FormBroken`] when another form came under the same key, [`Error::NotFound`] for an invoice of somebody
/// else, [`Error::SignIn`] when the actor is no person.
pub async fn submit(scope: &Scope<PayInvoices>, form: &SubmitPayment) -> Result<FormKey, Error> {
    let user = scope.actor().user().ok_or(Error::SignIn)?;
    let reserved = transact!(scope, tx => { reserve(tx, Payer::Person(user), form).await });
    let attempts = match reserved {
        Ok(Reserved::Fresh(attempts)) => attempts,
        Ok(Reserved::Known) => return Ok(form.key),
        // A colleague posted the same form at the same moment.
        Err(error) if error.is_duplicate() => return Err(Refusal::FormBroken.into()),
        Err(error) => return Err(error),
    };
    for attempt in &attempts {
        // The attempt is on record, so the payer is told how it stands whatever happens here; the reconciler goes on
        // from what is written.
        if let Err(error) = charge(scope, attempt).await {
            let cause = std::error::Error::source(&error);
            tracing::error!(attempt = %attempt.id, %error, ?cause, "payment left to the reconciler");
        }
    }
    Ok(form.key)
}

/// Goes on after the payer has confirmed at the bank (3-D Secure): the gateway is asked how the intent stands, the
/// browser's word is not taken.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Port`] when the gateway does not answer, the attempt then stands as it was.
pub async fn resume(scope: &Scope<PayInvoices>, attempt: AttemptId) -> Result<Outcome, Error> {
    let row = read::attempt(scope, attempt).await?;
    if let Some(intent) = row.gateway_intent.as_ref().filter(|_| row.resolved_at.is_none()) {
        look_and_settle(scope, &row, intent).await?;
    }
    let now = read::attempt(scope, attempt).await?;
    read::outcome(scope, &now).await
}

async fn look_and_settle(
    scope: &Scope<PayInvoices>,
    row: &payment_attempt::Model,
    intent: &str,
) -> Result<(), Error> {
    let gateway = &scope.ports().gateway;
    let seller = TenantId(row.seller_id);
    let Some(mut found) = gateway.find_intent(seller, intent).await? else {
        return Ok(());
    };
    if found.state == IntentState::RequiresConfirmation && row.state == AttemptState::NeedsAction {
        let card = row.gateway_method.as_deref().unwrap_or_default();
        found = match gateway
            .confirm_intent(seller, AttemptId(row.id), intent, card, Presence::OnSession)
            .await
        {
            Ok(intent) => intent,
            Err(GatewayError::Declined { code }) => Intent {
                state: IntentState::RequiresPaymentMethod,
                failure: Some(code),
                ..found
            },
            Err(error) => return Err(error.into()),
        };
    }
    // An attempt whose submission is still under way is decided there or by the reconciler.
    if row.state == AttemptState::Submitted && !is_decided(found.state) {
        return Ok(());
    }
    charge::settle(scope, row, &found, None).await
}

const fn is_decided(state: IntentState) -> bool {
    match state {
        IntentState::Succeeded | IntentState::Canceled => true,
        IntentState::RequiresConfirmation
        | IntentState::RequiresAction
        | IntentState::Processing
        | IntentState::RequiresPaymentMethod => false,
    }
}
