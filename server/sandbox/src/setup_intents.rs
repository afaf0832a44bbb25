//! Setup intents: a card made ready for later payments, with the payer present.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::banks;
use crate::cards::{AUTHENTICATION_FAILED, Behaviour};
use crate::charges::three_d_secure;
use crate::customers;
use crate::debits;
use crate::error::ApiError;
use crate::form::merge;
use crate::objects::{IntentStatus, Mandate, PaymentMethod, SetupIntent, Stored};
use crate::payment_methods;
use crate::state::Call;
use crate::store;

/// Known to Stripe, without meaning here.
const IGNORED: [&str; 6] = [
    "automatic_payment_methods",
    "return_url",
    "use_stripe_sdk",
    "mandate_data",
    "payment_method_options",
    "expand",
];

/// `POST /v1/setup_intents`
pub async fn create(call: &mut Call) -> Result<Value, ApiError> {
    let usage = call
        .form
        .text("usage")
        .unwrap_or_else(|| "off_session".to_owned());
    if !matches!(usage.as_str(), "off_session" | "on_session") {
        return Err(ApiError::invalid(
            "usage",
            "Invalid usage: must be one of off_session or on_session.",
        ));
    }
    let mut intent = SetupIntent {
        id: store::new_id("seti"),
        object: SetupIntent::KIND.to_owned(),
        created: call.now,
        livemode: false,
        customer: call.form.text("customer"),
        payment_method: call.form.text("payment_method"),
        payment_method_types: payment_methods::types(call)?,
        usage,
        description: call.form.text("description"),
        client_secret: String::new(),
        status: IntentStatus::RequiresPaymentMethod,
        next_action: None,
        last_setup_error: None,
        mandate: None,
        metadata: BTreeMap::new(),
    };
    intent.client_secret = format!("{}_secret_{}", intent.id, store::random_text(25));
    merge(&mut intent.metadata, call.form.metadata()?);
    let confirm = call.form.boolean("confirm")?.unwrap_or(false);
    call.form.ignore(&IGNORED);
    call.form.finish()?;
    if let Some(customer) = &intent.customer {
        customers::existing(call, customer, "customer").await?;
    }
    if let Some(method) = intent.payment_method.clone() {
        payment_methods::usable(call, &method, intent.customer.as_deref()).await?;
        intent.status = IntentStatus::RequiresConfirmation;
    }
    store::save(&mut call.tx, &intent).await?;
    call.emit("setup_intent.created", &intent).await?;
    if confirm {
        set_up(call, &mut intent).await?;
    }
    call.show(&intent)
}

/// `GET /v1/setup_intents/{id}`
pub async fn find(call: &mut Call, id: &str) -> Result<Value, ApiError> {
    let intent = admitted(call, id).await?;
    call.form.ignore(&["expand"]);
    call.form.finish()?;
    call.show(&intent)
}

/// `POST /v1/setup_intents/{id}/confirm`
pub async fn confirm(call: &mut Call, id: &str) -> Result<Value, ApiError> {
    let mut intent = admitted(call, id).await?;
    let method = call.form.text("payment_method");
    call.form.ignore(&IGNORED);
    call.form.finish()?;
    refuse_final(&intent, "confirm")?;
    if method.is_some() {
        intent.payment_method = method;
    }
    set_up(call, &mut intent).await?;
    call.show(&intent)
}

/// `POST /v1/setup_intents/{id}/cancel`
pub async fn cancel(call: &mut Call, id: &str) -> Result<Value, ApiError> {
    let mut intent: SetupIntent = store::fetch(&mut call.tx, id, "intent").await?;
    call.form.ignore(&["cancellation_reason", "expand"]);
    call.form.finish()?;
    refuse_final(&intent, "cancel")?;
    intent.status = IntentStatus::Canceled;
    intent.next_action = None;
    store::save(&mut call.tx, &intent).await?;
    call.emit("setup_intent.canceled", &intent).await?;
    call.show(&intent)
}

/// `POST /v1/setup_intents/{id}/_authenticate`: the payer's answer to the 3-D Secure challenge.
pub async fn authenticate(call: &mut Call, id: &str) -> Result<Value, ApiError> {
    let mut intent = admitted(call, id).await?;
    let success = call.form.boolean("success")?.unwrap_or(false);
    call.form.finish()?;
    let method = match (intent.status, intent.payment_method.clone()) {
        (IntentStatus::RequiresAction, Some(id)) => {
            payment_methods::usable(call, &id, intent.customer.as_deref()).await?
        }
        _ => {
            let message = "You cannot authenticate this SetupIntent because it does not wait for it.";
            return Err(ApiError::state("setup_intent_unexpected_state", message));
        }
    };
    if success {
        succeed(call, &mut intent, &method).await?;
    } else {
        fail(call, &mut intent, &ApiError::declined(&AUTHENTICATION_FAILED)).await?;
    }
    call.show(&intent)
}

async fn set_up(call: &mut Call, intent: &mut SetupIntent) -> Result<(), ApiError> {
    let Some(id) = intent.payment_method.clone() else {
        let message = "You cannot confirm this SetupIntent because it's missing a payment method.";
        return Err(ApiError::state("setup_intent_unexpected_state", message));
    };
    let method = payment_methods::usable(call, &id, intent.customer.as_deref()).await?;
    if !intent.payment_method_types.contains(&method.kind) {
        let message = format!(
            "The PaymentMethod's type {} is not among the allowed types.",
            method.kind
        );
        return Err(ApiError::refused("payment_method", message));
    }
    if banks::by_name(&method.test_name).is_some() {
        intent.mandate = Some(give_mandate(call, &method).await?);
        return succeed(call, intent, &method).await;
    }
    match payment_methods::behaviour(&method) {
        Some(Behaviour::DeclinedAtAttach(decline)) => {
            let error = ApiError::declined(decline);
            fail(call, intent, &error).await?;
            Err(error.about("setup_intent", call.show(&intent)?))
        }
        Some(Behaviour::NeedsAuthentication) => {
            intent.status = IntentStatus::RequiresAction;
            intent.next_action = Some(three_d_secure());
            store::save(&mut call.tx, intent).await?;
            call.emit("setup_intent.requires_action", intent).await
        }
        Some(Behaviour::Works | Behaviour::Disputed | Behaviour::DeclinedAtCharge(_)) => {
            succeed(call, intent, &method).await
        }
        None => Err(ApiError::gateway(500)),
    }
}

/// The owner of an account allows that it is debited.
async fn give_mandate(call: &mut Call, method: &PaymentMethod) -> Result<String, ApiError> {
    let id = store::new_id("mandate");
    let mandate = Mandate {
        object: Mandate::KIND.to_owned(),
        created: call.now,
        livemode: false,
        customer_acceptance: json!({ "accepted_at": call.now, "type": "online" }),
        payment_method: method.id.clone(),
        payment_method_details: debits::mandate_details(method, &id),
        status: "active".to_owned(),
        kind: "multi_use".to_owned(),
        id,
    };
    store::save(&mut call.tx, &mandate).await?;
    Ok(mandate.id)
}

async fn succeed(call: &mut Call, intent: &mut SetupIntent, method: &PaymentMethod) -> Result<(), ApiError> {
    if let Some(customer) = intent.customer.clone() {
        payment_methods::attach_to(call, &method.id, &customer).await?;
    }
    intent.status = IntentStatus::Succeeded;
    intent.next_action = None;
    intent.last_setup_error = None;
    store::save(&mut call.tx, intent).await?;
    call.emit("setup_intent.succeeded", intent).await
}

async fn fail(call: &mut Call, intent: &mut SetupIntent, error: &ApiError) -> Result<(), ApiError> {
    intent.status = IntentStatus::RequiresPaymentMethod;
    intent.payment_method = None;
    intent.next_action = None;
    intent.last_setup_error = Some(error.detail());
    store::save(&mut call.tx, intent).await?;
    call.emit("setup_intent.setup_failed", intent).await
}

async fn admitted(call: &mut Call, id: &str) -> Result<SetupIntent, ApiError> {
    let intent: SetupIntent = store::fetch(&mut call.tx, id, "intent").await?;
    call.admit(SetupIntent::NOUN, id, &intent.client_secret)?;
    Ok(intent)
}

fn refuse_final(intent: &SetupIntent, verb: &str) -> Result<(), ApiError> {
    match intent.status {
        IntentStatus::Succeeded | IntentStatus::Canceled => {
            let status = intent.status.as_str();
            let message = format!("You cannot {verb} this SetupIntent because it has a status of {status}.");
            Err(ApiError::state("setup_intent_unexpected_state", message))
        }
        IntentStatus::RequiresPaymentMethod
        | IntentStatus::RequiresConfirmation
        | IntentStatus::RequiresAction
        | IntentStatus::Processing => Ok(()),
    }
}
