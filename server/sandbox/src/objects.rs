//! The objects of the API, as they are stored and as they are answered.
//!
//! Each is one JSON document. Fields whose stored name begins with an underscore are the sandbox's own and never
//! leave it; [`public`] takes them out.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::banks::{SepaView, UsView};
use crate::cards::CardView;
use crate::error::ApiError;

/// Text by text, the caller's own notes on an object.
pub type Metadata = BTreeMap<String, String>;

/// What the store needs to know of an object.
pub trait Stored: Serialize + DeserializeOwned {
    /// The value of its `object` field.
    const KIND: &'static str;
    /// What an error calls it: "No such customer".
    const NOUN: &'static str;
    /// Its id.
    fn id(&self) -> &str;
    /// When it was made, in Unix seconds.
    fn created(&self) -> i64;
    /// The customer whose lists it appears in.
    fn customer(&self) -> Option<&str>;
    /// The object that it belongs to: a charge to its intent, a refund to its intent.
    fn parent(&self) -> Option<&str>;
}

/// An object as the API shows it.
pub fn public(object: &impl Serialize) -> Result<Value, ApiError> {
    let mut value = serde_json::to_value(object)?;
    if let Value::Object(fields) = &mut value {
        fields.retain(|name, _| !name.starts_with('_'));
    }
    Ok(value)
}

macro_rules! stored {
    ($type:ident, $kind:literal, $noun:literal, customer: $customer:expr, parent: $parent:expr) => {
        impl Stored for $type {
            const KIND: &'static str = $kind;
            const NOUN: &'static str = $noun;
            fn id(&self) -> &str {
                &self.id
            }
            fn created(&self) -> i64 {
                self.created
            }
            fn customer(&self) -> Option<&str> {
                let find: fn(&Self) -> Option<&str> = $customer;
                find(self)
            }
            fn parent(&self) -> Option<&str> {
                let find: fn(&Self) -> Option<&str> = $parent;
                find(self)
            }
        }
    };
}

/// Who pays.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Customer {
    pub id: String,
    pub object: String,
    pub created: i64,
    pub livemode: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
    /// `name`, `email` and the other plain texts.
    #[serde(flatten)]
    pub texts: BTreeMap<String, Option<String>>,
    pub address: Option<BTreeMap<String, String>>,
    pub invoice_settings: BTreeMap<String, Option<String>>,
    pub metadata: Metadata,
}
stored!(Customer, "customer", "customer", customer: |_| None, parent: |_| None);

/// A card or bank account, with or without a customer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PaymentMethod {
    pub id: String,
    pub object: String,
    pub created: i64,
    pub livemode: bool,
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<CardView>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub us_bank_account: Option<UsView>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sepa_debit: Option<SepaView>,
    pub billing_details: BillingDetails,
    pub customer: Option<String>,
    pub metadata: Metadata,
    /// The name of the test card or account.
    #[serde(rename = "_card")]
    pub test_name: String,
    /// Whether it was taken from a customer, after which it cannot be used again.
    #[serde(rename = "_detached")]
    pub detached: bool,
}
stored!(PaymentMethod, "payment_method", "PaymentMethod", customer: |m| m.customer.as_deref(), parent: |_| None);

/// What the payer gave with the card.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct BillingDetails {
    pub name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub address: BTreeMap<String, String>,
}

/// A payment in the making.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PaymentIntent {
    pub id: String,
    pub object: String,
    pub created: i64,
    pub livemode: bool,
    pub amount: i64,
    pub amount_received: i64,
    pub currency: String,
    pub customer: Option<String>,
    pub payment_method: Option<String>,
    pub payment_method_types: Vec<String>,
    pub capture_method: String,
    pub confirmation_method: String,
    pub description: Option<String>,
    pub client_secret: String,
    pub status: IntentStatus,
    pub next_action: Option<Value>,
    pub last_payment_error: Option<Value>,
    pub latest_charge: Option<String>,
    pub canceled_at: Option<i64>,
    pub cancellation_reason: Option<String>,
    pub setup_future_usage: Option<String>,
    pub metadata: Metadata,
}
stored!(PaymentIntent, "payment_intent", "payment_intent", customer: |i| i.customer.as_deref(), parent: |_| None);

/// The preparation of a card for later payments.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetupIntent {
    pub id: String,
    pub object: String,
    pub created: i64,
    pub livemode: bool,
    pub customer: Option<String>,
    pub payment_method: Option<String>,
    pub payment_method_types: Vec<String>,
    pub usage: String,
    pub description: Option<String>,
    pub client_secret: String,
    pub status: IntentStatus,
    pub next_action: Option<Value>,
    pub last_setup_error: Option<Value>,
    #[serde(default)]
    pub mandate: Option<String>,
    pub metadata: Metadata,
}
stored!(SetupIntent, "setup_intent", "setupintent", customer: |i| i.customer.as_deref(), parent: |_| None);

/// What the owner of a bank account allowed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Mandate {
    pub id: String,
    pub object: String,
    #[serde(rename = "_created")]
    pub created: i64,
    pub livemode: bool,
    pub customer_acceptance: Value,
    pub payment_method: String,
    pub payment_method_details: Value,
    pub status: String,
    #[serde(rename = "type")]
    pub kind: String,
}
stored!(Mandate, "mandate", "mandate", customer: |_| None, parent: |_| None);

/// Where an intent stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntentStatus {
    RequiresPaymentMethod,
    RequiresConfirmation,
    RequiresAction,
    Processing,
    Succeeded,
    Canceled,
}

impl IntentStatus {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RequiresPaymentMethod => "requires_payment_method",
            Self::RequiresConfirmation => "requires_confirmation",
            Self::RequiresAction => "requires_action",
            Self::Processing => "processing",
            Self::Succeeded => "succeeded",
            Self::Canceled => "canceled",
        }
    }
}

/// Money taken, or the trace of a refusal.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Charge {
    pub id: String,
    pub object: String,
    pub created: i64,
    pub livemode: bool,
    pub amount: i64,
    pub amount_captured: i64,
    pub amount_refunded: i64,
    pub currency: String,
    pub customer: Option<String>,
    pub payment_intent: String,
    pub payment_method: String,
    pub payment_method_details: Value,
    #[serde(default)]
    pub description: Option<String>,
    pub status: String,
    pub paid: bool,
    pub captured: bool,
    pub refunded: bool,
    pub failure_code: Option<String>,
    pub failure_message: Option<String>,
    pub metadata: Metadata,
    /// The idempotency key of the request that made it, for the counts of the control API.
    #[serde(rename = "_key")]
    pub key: Option<String>,
}
stored!(Charge, "charge", "charge", customer: |c| c.customer.as_deref(), parent: |c| Some(&c.payment_intent));

/// Money given back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Refund {
    pub id: String,
    pub object: String,
    pub created: i64,
    pub amount: i64,
    pub currency: String,
    pub charge: String,
    pub payment_intent: String,
    pub reason: Option<String>,
    pub status: String,
    pub metadata: Metadata,
}
stored!(Refund, "refund", "refund", customer: |_| None, parent: |r| Some(&r.payment_intent));

/// A charge that the payer's bank took back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Dispute {
    pub id: String,
    pub object: String,
    pub created: i64,
    pub livemode: bool,
    pub amount: i64,
    pub currency: String,
    pub charge: String,
    pub payment_intent: String,
    pub reason: String,
    pub status: String,
    pub balance_transactions: Vec<Value>,
    pub metadata: Metadata,
}
stored!(Dispute, "dispute", "dispute", customer: |_| None, parent: |d| Some(&d.payment_intent));

/// Something that happened, as webhooks tell it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Event {
    pub id: String,
    pub object: String,
    pub created: i64,
    pub livemode: bool,
    pub api_version: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub pending_webhooks: usize,
    pub request: Value,
    pub data: Value,
}
stored!(Event, "event", "event", customer: |_| None, parent: |_| None);
