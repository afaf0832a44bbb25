//! Cards and bank accounts: named by a browser, attached to a customer by the portal, taken off again.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::banks;
use crate::cards::{self, Behaviour, Details};
use crate::customers;
use crate::error::ApiError;
use crate::form::merge;
use crate::objects::{BillingDetails, PaymentMethod, Stored, public};
use crate::state::Call;
use crate::store::{self, Filter};

/// The type of an account in the United States.
pub const US_ACCOUNT: &str = "us_bank_account";
/// The type of an account with an IBAN.
pub const SEPA_DEBIT: &str = "sepa_debit";

/// Whether the sandbox takes a type of payment method.
pub fn is_known(kind: &str) -> bool {
    matches!(kind, "card" | US_ACCOUNT | SEPA_DEBIT)
}

/// `POST /v1/payment_methods`, the one call that carries numbers of cards and accounts.
pub async fn create(call: &mut Call) -> Result<Value, ApiError> {
    let kind = call.form.required("type")?;
    let entered = match kind.as_str() {
        "card" => Entered::Card(card_details(call)?),
        US_ACCOUNT => Entered::UsAccount {
            routing: call.form.required("us_bank_account[routing_number]")?,
            number: call.form.required("us_bank_account[account_number]")?,
        },
        SEPA_DEBIT => Entered::Iban(call.form.required("sepa_debit[iban]")?),
        _ => return Err(unknown_type("type")),
    };
    let billing_details = billing_details(call);
    let mut metadata = BTreeMap::new();
    merge(&mut metadata, call.form.metadata()?);
    call.form.ignore(&[
        "allow_redisplay",
        "expand",
        // Of what was not taken by now: what kind of account and holder it is.
        "us_bank_account",
    ]);
    call.form.finish()?;
    let mut method = PaymentMethod {
        billing_details,
        metadata,
        ..blank(call, &kind)
    };
    entered.put_into(&mut method, call)?;
    store::save(&mut call.tx, &method).await?;
    public(&method)
}

/// A method of which nothing was entered yet.
fn blank(call: &Call, kind: &str) -> PaymentMethod {
    PaymentMethod {
        id: store::new_id("pm"),
        object: PaymentMethod::KIND.to_owned(),
        created: call.now,
        livemode: false,
        kind: kind.to_owned(),
        card: None,
        us_bank_account: None,
        sepa_debit: None,
        billing_details: BillingDetails::default(),
        customer: None,
        metadata: BTreeMap::new(),
        test_name: String::new(),
        detached: false,
    }
}

/// What was typed. It is gone when the call ends: it has no `Debug`.
enum Entered {
    Card(Details),
    UsAccount { routing: String, number: String },
    Iban(String),
}

impl Entered {
    fn put_into(self, method: &mut PaymentMethod, call: &Call) -> Result<(), ApiError> {
        let key = &call.shared.config.secret_key;
        let name = match self {
            Self::Card(details) => {
                let (card, view) = details.accept(call.now, key)?;
                method.card = Some(view);
                card.name
            }
            Self::UsAccount { routing, number } => {
                let (account, view) = banks::accept_us(&routing, &number, key)?;
                method.us_bank_account = Some(view);
                account.name
            }
            Self::Iban(iban) => {
                let (account, view) = banks::accept_iban(&iban, key)?;
                method.sepa_debit = Some(view);
                account.name
            }
        };
        method.test_name = name.to_owned();
        Ok(())
    }
}

/// The types that an intent takes: those that are named, else all where the gateway may choose, else cards.
pub fn types(call: &mut Call) -> Result<Vec<String>, ApiError> {
    let named = call.form.list("payment_method_types");
    if named.iter().any(|kind| !is_known(kind)) {
        return Err(unknown_type("payment_method_types"));
    }
    if !named.is_empty() {
        return Ok(named);
    }
    let automatic = call.form.boolean("automatic_payment_methods[enabled]")?;
    let all: &[&str] = match automatic {
        Some(true) => &["card", US_ACCOUNT, SEPA_DEBIT],
        Some(false) | None => &["card"],
    };
    Ok(all.iter().map(|kind| (*kind).to_owned()).collect())
}

/// The refusal of a type that the sandbox does not take.
pub fn unknown_type(param: &str) -> ApiError {
    ApiError::invalid(
        param,
        "This sandbox takes cards, us_bank_account and sepa_debit only.",
    )
}

/// `GET /v1/payment_methods/{id}`
pub async fn find(call: &mut Call, id: &str) -> Result<Value, ApiError> {
    call.form.ignore(&["expand"]);
    call.form.finish()?;
    public(&store::fetch::<PaymentMethod>(&mut call.tx, id, "payment_method").await?)
}

/// `POST /v1/payment_methods/{id}`: the expiry of a card, and who it is billed to. What is not named stays.
pub async fn update(call: &mut Call, id: &str) -> Result<Value, ApiError> {
    let mut method: PaymentMethod = store::fetch(&mut call.tx, id, "payment_method").await?;
    if method.customer.is_none() {
        let message = "You must save this PaymentMethod to a customer before you can update it.";
        return Err(ApiError::state("payment_method_unexpected_state", message));
    }
    let month = call.form.integer("card[exp_month]")?;
    let year = call.form.integer("card[exp_year]")?;
    match &mut method.card {
        Some(card) => {
            let month = month.unwrap_or_else(|| card.exp_month.into());
            let year = year.unwrap_or_else(|| card.exp_year.into());
            (card.exp_month, card.exp_year) = cards::check_expiry(month, year, call.now)?;
        }
        None if month.is_some() || year.is_some() => {
            let message = format!(
                "You cannot update `card` of a PaymentMethod of type `{}`.",
                method.kind
            );
            return Err(ApiError::invalid("card", &message));
        }
        None => {}
    }
    change_billing(call, &mut method.billing_details);
    merge(&mut method.metadata, call.form.metadata()?);
    call.form.ignore(&["allow_redisplay", "expand"]);
    call.form.finish()?;
    store::save(&mut call.tx, &method).await?;
    call.emit("payment_method.updated", &method).await?;
    public(&method)
}

/// Takes over what is named; an empty text clears it.
fn change_billing(call: &mut Call, known: &mut BillingDetails) {
    let BillingDetails {
        name,
        email,
        phone,
        address,
    } = billing_details(call);
    for (known, new) in [
        (&mut known.name, name),
        (&mut known.email, email),
        (&mut known.phone, phone),
    ] {
        if let Some(text) = new {
            *known = Some(text).filter(|text| !text.is_empty());
        }
    }
    known.address.extend(address);
}

/// `GET /v1/payment_methods?customer=…` and `GET /v1/customers/{id}/payment_methods`
pub async fn list(call: &mut Call, customer: Option<&str>) -> Result<Value, ApiError> {
    let (customer, url) = match customer {
        Some(id) => (id.to_owned(), format!("/v1/customers/{id}/payment_methods")),
        None => (call.form.required("customer")?, "/v1/payment_methods".to_owned()),
    };
    let kind = call.form.text("type");
    if kind.is_some_and(|kind| !is_known(&kind)) {
        return Err(unknown_type("type"));
    }
    call.form.ignore(&["expand", "allow_redisplay"]);
    customers::existing(call, &customer, "customer").await?;
    let filter = Filter {
        customer: Some(customer),
        parent: None,
    };
    store::list::<PaymentMethod>(&mut call.tx, &mut call.form, &url, filter).await
}

/// `POST /v1/payment_methods/{id}/attach`
pub async fn attach(call: &mut Call, id: &str) -> Result<Value, ApiError> {
    let customer = call.form.required("customer")?;
    call.form.ignore(&["expand"]);
    call.form.finish()?;
    public(&attach_to(call, id, &customer).await?)
}

/// Gives a card to a customer. Said again for the same customer it changes nothing.
///
/// # Errors
/// A card error when the issuer refuses it; a refusal when another customer has it or when it was detached.
pub async fn attach_to(call: &mut Call, id: &str, customer: &str) -> Result<PaymentMethod, ApiError> {
    let mut method: PaymentMethod = store::fetch(&mut call.tx, id, "payment_method").await?;
    customers::existing(call, customer, "customer").await?;
    if method.customer.as_deref() == Some(customer) {
        return Ok(method);
    }
    if method.customer.is_some() {
        let message = "The payment method you provided has already been attached to a customer.";
        return Err(ApiError::state("payment_method_unexpected_state", message));
    }
    refuse_detached(&method)?;
    if let Some(Behaviour::DeclinedAtAttach(decline)) = behaviour(&method) {
        return Err(ApiError::declined(decline));
    }
    method.customer = Some(customer.to_owned());
    store::save(&mut call.tx, &method).await?;
    call.emit("payment_method.attached", &method).await?;
    Ok(method)
}

/// `POST /v1/payment_methods/{id}/detach`
pub async fn detach(call: &mut Call, id: &str) -> Result<Value, ApiError> {
    call.form.ignore(&["expand"]);
    call.form.finish()?;
    let mut method: PaymentMethod = store::fetch(&mut call.tx, id, "payment_method").await?;
    if method.customer.is_none() {
        let message =
            "The payment method you provided is not attached to a customer so detachment is impossible.";
        return Err(ApiError::state("payment_method_unexpected_state", message));
    }
    method.customer = None;
    method.detached = true;
    store::save(&mut call.tx, &method).await?;
    call.emit("payment_method.detached", &method).await?;
    public(&method)
}

/// What the card behind a method does; none for a bank account.
pub fn behaviour(method: &PaymentMethod) -> Option<&'static Behaviour> {
    cards::by_name(&method.test_name).map(|card| &card.behaviour)
}

/// A method as a charge shows it.
pub fn details(method: &PaymentMethod) -> Result<Value, ApiError> {
    let mut value = public(method)?;
    if let Value::Object(fields) = &mut value {
        fields.retain(|name, _| name == "type" || *name == method.kind);
    }
    Ok(value)
}

/// A method that an intent may use: not detached, and its customer's or nobody's.
pub async fn usable(call: &mut Call, id: &str, customer: Option<&str>) -> Result<PaymentMethod, ApiError> {
    if id == banks::TEST_METHOD {
        return test_account(call).await;
    }
    let method: PaymentMethod = store::fetch(&mut call.tx, id, "payment_method").await?;
    refuse_detached(&method)?;
    match (method.customer.as_deref(), customer) {
        (Some(owner), Some(payer)) if owner == payer => Ok(method),
        (None, _) => Ok(method),
        (Some(_), _) => {
            let message = "The provided PaymentMethod cannot be used: it belongs to another Customer.";
            Err(ApiError::refused("payment_method", message))
        }
    }
}

/// A new method for the account behind [`banks::TEST_METHOD`].
async fn test_account(call: &mut Call) -> Result<PaymentMethod, ApiError> {
    let mut method = blank(call, US_ACCOUNT);
    let (routing, number) = banks::TEST_NUMBERS;
    let entered = Entered::UsAccount {
        routing: routing.to_owned(),
        number: number.to_owned(),
    };
    entered.put_into(&mut method, call)?;
    store::save(&mut call.tx, &method).await?;
    Ok(method)
}

fn refuse_detached(method: &PaymentMethod) -> Result<(), ApiError> {
    if !method.detached {
        return Ok(());
    }
    let message = "The provided PaymentMethod was detached from a Customer. It may not be used again.";
    Err(ApiError::state("payment_method_unexpected_state", message))
}

fn card_details(call: &mut Call) -> Result<Details, ApiError> {
    let number = call.form.required("card[number]")?;
    let missing = |name: &str| {
        ApiError::parameter(
            "parameter_missing",
            name,
            format!("Missing required param: {name}."),
        )
    };
    let exp_month = call
        .form
        .integer("card[exp_month]")?
        .ok_or_else(|| missing("card[exp_month]"))?;
    let exp_year = call
        .form
        .integer("card[exp_year]")?
        .ok_or_else(|| missing("card[exp_year]"))?;
    Ok(Details {
        number,
        exp_month,
        exp_year,
        cvc: call.form.text("card[cvc]"),
    })
}

fn billing_details(call: &mut Call) -> BillingDetails {
    BillingDetails {
        name: call.form.text("billing_details[name]"),
        email: call.form.text("billing_details[email]"),
        phone: call.form.text("billing_details[phone]"),
        address: call.form.group("billing_details[address]").into_iter().collect(),
    }
}
