//! Debits of bank accounts: ordered at once, decided by the bank some time later.
//!
//! The bank decides when somebody looks after its time has come, or when a test says so.

use serde_json::{Value, json};

use crate::auth::Access;
use crate::banks::{self, Ending};
use crate::charges;
use crate::disputes;
use crate::error::ApiError;
use crate::objects::{Charge, IntentStatus, PaymentIntent, PaymentMethod};
use crate::payment_methods;
use crate::state::Call;
use crate::store;

/// Orders the debit of an account for an intent.
pub async fn order(
    call: &mut Call,
    intent: &mut PaymentIntent,
    method: &PaymentMethod,
) -> Result<(), ApiError> {
    let mut charge = charges::record(call, intent, method, None).await?;
    charge.status = "pending".to_owned();
    charge.paid = false;
    charge.captured = false;
    charge.amount_captured = 0;
    store::save(&mut call.tx, &charge).await?;
    intent.status = IntentStatus::Processing;
    intent.latest_charge = Some(charge.id.clone());
    store::save(&mut call.tx, intent).await?;
    call.emit("charge.pending", &charge).await?;
    call.emit("payment_intent.processing", intent).await
}

/// Lets the bank decide if it has had its time.
pub async fn decide_if_due(call: &mut Call, intent: &mut PaymentIntent) -> Result<(), ApiError> {
    let takes = i64::try_from(call.shared.config.bank_takes.as_secs()).unwrap_or(i64::MAX);
    let is_due =
        intent.status == IntentStatus::Processing && intent.created.saturating_add(takes) <= call.now;
    if is_due && call.access == Access::Secret {
        decide(call, intent).await?;
    }
    Ok(())
}

/// `POST /v1/payment_intents/{id}/_settle`: the bank decides now. Not Stripe's.
pub async fn settle(call: &mut Call, id: &str) -> Result<Value, ApiError> {
    call.form.finish()?;
    let mut intent: PaymentIntent = store::fetch(&mut call.tx, id, "intent").await?;
    if intent.status != IntentStatus::Processing {
        let message = "The bank has nothing to decide about this PaymentIntent.";
        return Err(ApiError::state("payment_intent_unexpected_state", message));
    }
    decide(call, &mut intent).await?;
    call.show(&intent)
}

async fn decide(call: &mut Call, intent: &mut PaymentIntent) -> Result<(), ApiError> {
    let (Some(method), Some(charge)) = (&intent.payment_method, &intent.latest_charge) else {
        return Err(ApiError::gateway(500));
    };
    let method: PaymentMethod = store::fetch(&mut call.tx, method, "payment_method").await?;
    let charge: Charge = store::fetch(&mut call.tx, charge, "id").await?;
    let account = banks::by_name(&method.test_name).ok_or_else(|| ApiError::gateway(500))?;
    match &account.ending {
        Ending::Paid => pay(call, intent, charge).await.map(|_| ()),
        Ending::Returned(reason) => {
            let charge = pay(call, intent, charge).await?;
            disputes::return_debit(call, &charge, reason).await
        }
        Ending::Refused(decline) => {
            let mut charge = charge;
            charge.status = "failed".to_owned();
            charge.failure_code = Some(decline.code.to_owned());
            charge.failure_message = Some(decline.message.to_owned());
            store::save(&mut call.tx, &charge).await?;
            let error = ApiError::declined(decline).with_charge(&charge.id);
            charges::fail_intent(call, intent, &error).await?;
            call.emit("charge.failed", &charge).await
        }
    }
}

async fn pay(call: &mut Call, intent: &mut PaymentIntent, mut charge: Charge) -> Result<Charge, ApiError> {
    charge.status = "succeeded".to_owned();
    charge.paid = true;
    charge.captured = true;
    charge.amount_captured = charge.amount;
    store::save(&mut call.tx, &charge).await?;
    intent.status = IntentStatus::Succeeded;
    intent.amount_received = intent.amount;
    store::save(&mut call.tx, intent).await?;
    call.emit("charge.succeeded", &charge).await?;
    call.emit("payment_intent.succeeded", intent).await?;
    Ok(charge)
}

/// Refuses a kind of account that is not debited in the intent's currency, or that the intent does not admit.
pub fn check(intent: &PaymentIntent, method: &PaymentMethod) -> Result<(), ApiError> {
    let currency = match method.kind.as_str() {
        payment_methods::US_ACCOUNT => "usd",
        payment_methods::SEPA_DEBIT => "eur",
        _ => return Ok(()),
    };
    if intent.currency != currency {
        let message = format!(
            "The payment method type {} needs the currency {currency}.",
            method.kind
        );
        return Err(ApiError::invalid("currency", message));
    }
    if intent.payment_method_types.contains(&method.kind) {
        return Ok(());
    }
    let message = format!(
        "The PaymentMethod's type {} is not among the allowed types.",
        method.kind
    );
    Err(ApiError::refused("payment_method", message))
}

/// What an account's owner allowed, as the API shows it.
pub fn mandate_details(method: &PaymentMethod, id: &str) -> Value {
    match method.kind.as_str() {
        payment_methods::SEPA_DEBIT => {
            let reference = id.trim_start_matches("mandate_").to_ascii_uppercase();
            json!({ "type": method.kind, "sepa_debit": { "reference": reference, "url": "" } })
        }
        kind => json!({ "type": kind, kind: {} }),
    }
}
