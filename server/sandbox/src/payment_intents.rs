//! Payment intents: made, confirmed, authenticated, cancelled.
//!
//! An intent is charged at most once: every way to a charge goes through [`charges::attempt`] from a state that is
//! not final.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::auth::Access;
use crate::balance;
use crate::cards::AUTHENTICATION_FAILED;
use crate::charges::{self, Presence};
use crate::customers;
use crate::debits;
use crate::error::ApiError;
use crate::form::merge;
use crate::objects::{Charge, IntentStatus, PaymentIntent, Stored, public};
use crate::payment_methods;
use crate::state::Call;
use crate::store::{self, Filter};

/// Known to Stripe, without meaning here.
const IGNORED: [&str; 7] = [
    "receipt_email",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "automatic_payment_methods",
    "return_url",
    "use_stripe_sdk",
    "mandate_data",
];
/// Stripe's limit.
const LARGEST_AMOUNT: i64 = 99_999_999;

/// `POST /v1/payment_intents`
pub async fn create(call: &mut Call) -> Result<Value, ApiError> {
    let amount = amount(call)?;
    let currency = call.form.required("currency")?.to_ascii_lowercase();
    if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_lowercase()) {
        return Err(ApiError::invalid(
            "currency",
            format!("Invalid currency: {currency}."),
        ));
    }
    let mut intent = PaymentIntent {
        id: store::new_id("pi"),
        object: PaymentIntent::KIND.to_owned(),
        created: call.now,
        livemode: false,
        amount,
        amount_received: 0,
        currency,
        customer: call.form.text("customer"),
        payment_method: call.form.text("payment_method"),
        payment_method_types: payment_methods::types(call)?,
        capture_method: capture_method(call)?,
        confirmation_method: "automatic".to_owned(),
        description: call.form.text("description"),
        client_secret: String::new(),
        status: IntentStatus::RequiresPaymentMethod,
        next_action: None,
        last_payment_error: None,
        latest_charge: None,
        canceled_at: None,
        cancellation_reason: None,
        setup_future_usage: call.form.text("setup_future_usage"),
        metadata: BTreeMap::new(),
    };
    intent.client_secret = format!("{}_secret_{}", intent.id, store::random_text(25));
    merge(&mut intent.metadata, call.form.metadata()?);
    let confirm = call.form.boolean("confirm")?.unwrap_or(false);
    let off_session = call.form.boolean("off_session")?;
    if off_session.is_some() && !confirm {
        let message = "`off_session` can only be used when `confirm` is true.";
        return Err(ApiError::invalid("off_session", message));
    }
    let expand = expand(call);
    call.form.ignore(&IGNORED);
    call.form.finish()?;
    if let Some(customer) = &intent.customer {
        customers::existing(call, customer, "customer").await?;
    }
    if let Some(method) = intent.payment_method.clone() {
        let method = payment_methods::usable(call, &method, intent.customer.as_deref()).await?;
        debits::check(&intent, &method)?;
        intent.status = IntentStatus::RequiresConfirmation;
    }
    store::save(&mut call.tx, &intent).await?;
    call.emit("payment_intent.created", &intent).await?;
    if confirm {
        charge(call, &mut intent, presence(off_session)).await?;
    }
    answer(call, &intent, expand).await
}

/// `GET /v1/payment_intents/{id}`
pub async fn find(call: &mut Call, id: &str) -> Result<Value, ApiError> {
    let mut intent = admitted(call, id).await?;
    let expand = expand(call);
    call.form.finish()?;
    debits::decide_if_due(call, &mut intent).await?;
    answer(call, &intent, expand).await
}

/// `GET /v1/payment_intents`
pub async fn list(call: &mut Call) -> Result<Value, ApiError> {
    let filter = Filter {
        customer: call.form.text("customer"),
        parent: None,
    };
    call.form.ignore(&["expand"]);
    store::list::<PaymentIntent>(&mut call.tx, &mut call.form, "/v1/payment_intents", filter).await
}

/// `POST /v1/payment_intents/{id}/confirm`, the call that takes the money.
pub async fn confirm(call: &mut Call, id: &str) -> Result<Value, ApiError> {
    let mut intent = admitted(call, id).await?;
    let method = call.form.text("payment_method");
    let off_session = call.form.boolean("off_session")?;
    if off_session.is_some() && call.access == Access::Publishable {
        return Err(ApiError::invalid(
            "off_session",
            "`off_session` needs a secret API key.",
        ));
    }
    let expand = expand(call);
    // What may be said again at this point, and is the same for this sandbox.
    call.form
        .ignore(&["setup_future_usage", "payment_method_types", "capture_method"]);
    call.form.ignore(&IGNORED);
    call.form.finish()?;
    match intent.status {
        IntentStatus::Processing | IntentStatus::Succeeded | IntentStatus::Canceled => {
            return Err(unexpected(&intent, "confirm"));
        }
        IntentStatus::RequiresPaymentMethod
        | IntentStatus::RequiresConfirmation
        | IntentStatus::RequiresAction => {}
    }
    if method.is_some() {
        intent.payment_method = method;
    }
    charge(call, &mut intent, presence(off_session)).await?;
    answer(call, &intent, expand).await
}

/// `POST /v1/payment_intents/{id}/cancel`
pub async fn cancel(call: &mut Call, id: &str) -> Result<Value, ApiError> {
    let mut intent: PaymentIntent = store::fetch(&mut call.tx, id, "intent").await?;
    let reason = call.form.text("cancellation_reason");
    call.form.ignore(&["expand"]);
    call.form.finish()?;
    match intent.status {
        IntentStatus::Processing | IntentStatus::Succeeded | IntentStatus::Canceled => {
            return Err(unexpected(&intent, "cancel"));
        }
        IntentStatus::RequiresPaymentMethod
        | IntentStatus::RequiresConfirmation
        | IntentStatus::RequiresAction => {}
    }
    intent.status = IntentStatus::Canceled;
    intent.next_action = None;
    intent.canceled_at = Some(call.now);
    intent.cancellation_reason = reason;
    store::save(&mut call.tx, &intent).await?;
    call.emit("payment_intent.canceled", &intent).await?;
    call.show(&intent)
}

/// `POST /v1/payment_intents/{id}/_authenticate`: the payer's answer to the 3-D Secure challenge.
pub async fn authenticate(call: &mut Call, id: &str) -> Result<Value, ApiError> {
    let mut intent = admitted(call, id).await?;
    let success = call.form.boolean("success")?.unwrap_or(false);
    call.form.finish()?;
    if intent.status != IntentStatus::RequiresAction {
        return Err(unexpected(&intent, "authenticate"));
    }
    if success {
        charge(call, &mut intent, Presence::Authenticated).await?;
    } else {
        charges::fail_intent(call, &mut intent, &ApiError::declined(&AUTHENTICATION_FAILED)).await?;
    }
    call.show(&intent)
}

async fn charge(call: &mut Call, intent: &mut PaymentIntent, presence: Presence) -> Result<(), ApiError> {
    let Some(id) = intent.payment_method.clone() else {
        let message = "You cannot confirm this PaymentIntent because it's missing a payment method.";
        return Err(ApiError::state("payment_intent_unexpected_state", message));
    };
    let method = payment_methods::usable(call, &id, intent.customer.as_deref()).await?;
    if intent.setup_future_usage.is_some()
        && let Some(customer) = intent.customer.clone()
    {
        payment_methods::attach_to(call, &id, &customer).await?;
    }
    charges::attempt(call, intent, &method, presence).await
}

async fn admitted(call: &mut Call, id: &str) -> Result<PaymentIntent, ApiError> {
    let intent: PaymentIntent = store::fetch(&mut call.tx, id, "intent").await?;
    call.admit(PaymentIntent::NOUN, id, &intent.client_secret)?;
    Ok(intent)
}

/// Whether the caller wants the charge itself instead of its id, and what it did to the account.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expand {
    Nothing,
    LatestCharge,
    Settled,
}

fn expand(call: &mut Call) -> Expand {
    let wanted = call.form.list("expand");
    let named = |name: &str| wanted.iter().any(|path| path == name);
    if named("latest_charge.balance_transaction") {
        Expand::Settled
    } else if named("latest_charge") {
        Expand::LatestCharge
    } else {
        Expand::Nothing
    }
}

async fn answer(call: &mut Call, intent: &PaymentIntent, expand: Expand) -> Result<Value, ApiError> {
    let mut value = call.show(intent)?;
    if call.access == Access::Secret {
        show_charge(call, &mut value, expand).await?;
    }
    Ok(value)
}

/// Puts the charge in the place of its id.
async fn show_charge(call: &mut Call, intent: &mut Value, expand: Expand) -> Result<(), ApiError> {
    let Some(id) = intent["latest_charge"]
        .as_str()
        .filter(|_| expand != Expand::Nothing)
    else {
        return Ok(());
    };
    let charge: Charge = store::fetch(&mut call.tx, id, "id").await?;
    let mut shown = public(&charge)?;
    if expand == Expand::Settled {
        shown["balance_transaction"] = balance::of_charge(&charge);
    }
    intent["latest_charge"] = shown;
    Ok(())
}

fn presence(off_session: Option<bool>) -> Presence {
    if off_session == Some(true) {
        Presence::OffSession
    } else {
        Presence::OnSession
    }
}

fn unexpected(intent: &PaymentIntent, verb: &str) -> ApiError {
    let status = intent.status.as_str();
    let message = format!("You cannot {verb} this PaymentIntent because it has a status of {status}.");
    let error = ApiError::state("payment_intent_unexpected_state", message);
    match public(intent) {
        Ok(value) => error.about("payment_intent", value),
        Err(error) => error,
    }
}

fn amount(call: &mut Call) -> Result<i64, ApiError> {
    let missing = || ApiError::parameter("parameter_missing", "amount", "Missing required param: amount.");
    match call.form.integer("amount")?.ok_or_else(missing)? {
        amount @ 1..=LARGEST_AMOUNT => Ok(amount),
        i64::MIN..=0 => Err(ApiError::parameter(
            "parameter_invalid_integer",
            "amount",
            "This value must be greater than or equal to 1.",
        )),
        _ => Err(ApiError::parameter(
            "amount_too_large",
            "amount",
            "Amount must be no more than 999999.99.",
        )),
    }
}

fn capture_method(call: &mut Call) -> Result<String, ApiError> {
    let method = call
        .form
        .text("capture_method")
        .unwrap_or_else(|| "automatic".to_owned());
    if matches!(method.as_str(), "automatic" | "automatic_async") {
        Ok(method)
    } else {
        Err(ApiError::invalid(
            "capture_method",
            "This sandbox captures at once only.",
        ))
    }
}
