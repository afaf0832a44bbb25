//! Charges: how an intent's money is taken, or refused; and the reading of charges and events.

use serde_json::{Value, json};

use crate::cards::{AUTHENTICATION_REQUIRED, Behaviour, Decline};
use crate::error::ApiError;
use crate::events::API_VERSION;
use crate::objects::{Charge, Event, IntentStatus, PaymentIntent, PaymentMethod, Stored, public};
use crate::state::Call;
use crate::store::{self, Filter};
use crate::{balance, banks, debits, disputes, payment_methods};

/// Whether the payer is there to answer the bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Yes: 3-D Secure can run.
    OnSession,
    /// No: a card that needs it is refused.
    OffSession,
    /// Yes, and 3-D Secure was passed.
    Authenticated,
}

/// Charges an intent with a card and stores what came of it.
///
/// # Errors
/// A card error, with the intent's new state in it, when the card is refused.
pub async fn attempt(
    call: &mut Call,
    intent: &mut PaymentIntent,
    method: &PaymentMethod,
    presence: Presence,
) -> Result<(), ApiError> {
    intent.payment_method = Some(method.id.clone());
    intent.next_action = None;
    intent.last_payment_error = None;
    debits::check(intent, method)?;
    if banks::by_name(&method.test_name).is_some() {
        return debits::order(call, intent, method).await;
    }
    match (payment_methods::behaviour(method), presence) {
        (Some(Behaviour::DeclinedAtAttach(decline) | Behaviour::DeclinedAtCharge(decline)), _) => {
            refuse(call, intent, method, decline).await
        }
        (Some(Behaviour::NeedsAuthentication), Presence::OffSession) => {
            refuse(call, intent, method, &AUTHENTICATION_REQUIRED).await
        }
        (Some(Behaviour::NeedsAuthentication), Presence::OnSession) => {
            intent.status = IntentStatus::RequiresAction;
            intent.next_action = Some(three_d_secure());
            store::save(&mut call.tx, intent).await?;
            call.emit("payment_intent.requires_action", intent).await
        }
        (Some(Behaviour::NeedsAuthentication), Presence::Authenticated) | (Some(Behaviour::Works), _) => {
            take(call, intent, method).await.map(|_| ())
        }
        (Some(Behaviour::Disputed), _) => {
            let charge = take(call, intent, method).await?;
            disputes::open(call, &charge, charge.amount).await.map(|_| ())
        }
        (None, _) => Err(ApiError::gateway(500)),
    }
}

/// Leaves an intent without a card after a refusal, and says so to the receivers of events.
pub async fn fail_intent(
    call: &mut Call,
    intent: &mut PaymentIntent,
    error: &ApiError,
) -> Result<(), ApiError> {
    intent.status = IntentStatus::RequiresPaymentMethod;
    intent.payment_method = None;
    intent.next_action = None;
    intent.last_payment_error = Some(error.detail());
    store::save(&mut call.tx, intent).await?;
    call.emit("payment_intent.payment_failed", intent).await
}

/// `GET /v1/charges`
pub async fn list(call: &mut Call) -> Result<Value, ApiError> {
    let filter = Filter {
        customer: call.form.text("customer"),
        parent: call.form.text("payment_intent"),
    };
    let expanded = call.form.list("expand");
    let mut page = store::list::<Charge>(&mut call.tx, &mut call.form, "/v1/charges", filter).await?;
    if expanded.iter().any(|path| path == "data.balance_transaction") {
        for shown in page["data"].as_array_mut().into_iter().flatten() {
            let id = shown["id"].as_str().unwrap_or_default();
            let charge: Charge = store::fetch(&mut call.tx, id, "id").await?;
            shown["balance_transaction"] = balance::of_charge(&charge);
        }
    }
    Ok(page)
}

/// `GET /v1/events`
pub async fn list_events(call: &mut Call) -> Result<Value, ApiError> {
    store::list::<Event>(&mut call.tx, &mut call.form, "/v1/events", Filter::default()).await
}

/// `GET /v1/charges/{id}`, `GET /v1/events/{id}`
pub async fn find<T: Stored>(call: &mut Call, id: &str) -> Result<Value, ApiError> {
    call.form.ignore(&["expand"]);
    call.form.finish()?;
    public(&store::fetch::<T>(&mut call.tx, id, "id").await?)
}

/// What the browser is told to do next; this sandbox's own script knows the rest.
pub fn three_d_secure() -> Value {
    json!({ "type": "use_stripe_sdk", "use_stripe_sdk": { "type": "three_d_secure_redirect", "version": API_VERSION } })
}

async fn take(
    call: &mut Call,
    intent: &mut PaymentIntent,
    method: &PaymentMethod,
) -> Result<Charge, ApiError> {
    let charge = record(call, intent, method, None).await?;
    intent.status = IntentStatus::Succeeded;
    intent.amount_received = intent.amount;
    intent.latest_charge = Some(charge.id.clone());
    store::save(&mut call.tx, intent).await?;
    call.emit("charge.succeeded", &charge).await?;
    call.emit("payment_intent.succeeded", intent).await?;
    Ok(charge)
}

async fn refuse(
    call: &mut Call,
    intent: &mut PaymentIntent,
    method: &PaymentMethod,
    decline: &Decline,
) -> Result<(), ApiError> {
    let charge = record(call, intent, method, Some(decline)).await?;
    intent.latest_charge = Some(charge.id.clone());
    let error = ApiError::declined(decline)
        .with_charge(&charge.id)
        .about("payment_method", public(method)?);
    fail_intent(call, intent, &error).await?;
    call.emit("charge.failed", &charge).await?;
    Err(ApiError::declined(decline)
        .with_charge(&charge.id)
        .about("payment_intent", public(intent)?))
}

/// Writes the charge of an intent: of what was taken, or refused.
pub async fn record(
    call: &mut Call,
    intent: &PaymentIntent,
    method: &PaymentMethod,
    decline: Option<&Decline>,
) -> Result<Charge, ApiError> {
    let paid = decline.is_none();
    let reason = decline.map(|decline| decline.decline_code.unwrap_or(decline.code));
    let charge = Charge {
        id: store::new_id("ch"),
        object: Charge::KIND.to_owned(),
        created: call.now,
        livemode: false,
        amount: intent.amount,
        amount_captured: if paid { intent.amount } else { 0 },
        amount_refunded: 0,
        currency: intent.currency.clone(),
        customer: intent.customer.clone(),
        payment_intent: intent.id.clone(),
        payment_method: method.id.clone(),
        description: intent.description.clone(),
        payment_method_details: payment_methods::details(method)?,
        status: if paid { "succeeded" } else { "failed" }.to_owned(),
        paid,
        captured: paid,
        refunded: false,
        failure_code: reason.map(str::to_owned),
        failure_message: decline.map(|decline| decline.message.to_owned()),
        metadata: intent.metadata.clone(),
        key: call.key.clone(),
    };
    store::save(&mut call.tx, &charge).await?;
    Ok(charge)
}
