//! Customers: create, read, list, change, delete.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::error::ApiError;
use crate::form::merge;
use crate::objects::{Customer, PaymentMethod, Stored, public};
use crate::payment_methods;
use crate::state::Call;
use crate::store::{self, Filter};

/// The plain texts of a customer.
const TEXTS: [&str; 4] = ["name", "email", "phone", "description"];
/// Known to Stripe, without meaning here.
const IGNORED: [&str; 4] = ["preferred_locales", "tax_exempt", "shipping", "expand"];

/// `POST /v1/customers`
pub async fn create(call: &mut Call) -> Result<Value, ApiError> {
    let mut customer = Customer {
        id: store::new_id("cus"),
        object: Customer::KIND.to_owned(),
        created: call.now,
        livemode: false,
        deleted: false,
        texts: TEXTS.map(|name| (name.to_owned(), None)).into(),
        address: None,
        invoice_settings: BTreeMap::from([("default_payment_method".to_owned(), None)]),
        metadata: BTreeMap::new(),
    };
    let method = call.form.text("payment_method");
    apply(call, &mut customer).await?;
    store::save(&mut call.tx, &customer).await?;
    if let Some(method) = method {
        payment_methods::attach_to(call, &method, &customer.id).await?;
    }
    call.emit("customer.created", &customer).await?;
    public(&customer)
}

/// `GET /v1/customers/{id}`
pub async fn find(call: &mut Call, id: &str) -> Result<Value, ApiError> {
    call.form.ignore(&["expand"]);
    call.form.finish()?;
    let customer: Customer = store::fetch(&mut call.tx, id, "id").await?;
    if customer.deleted {
        Ok(tombstone(id))
    } else {
        public(&customer)
    }
}

/// `GET /v1/customers`
pub async fn list(call: &mut Call) -> Result<Value, ApiError> {
    store::list::<Customer>(&mut call.tx, &mut call.form, "/v1/customers", Filter::default()).await
}

/// `POST /v1/customers/{id}`
pub async fn update(call: &mut Call, id: &str) -> Result<Value, ApiError> {
    let mut customer = existing(call, id, "id").await?;
    apply(call, &mut customer).await?;
    store::save(&mut call.tx, &customer).await?;
    call.emit("customer.updated", &customer).await?;
    public(&customer)
}

/// `DELETE /v1/customers/{id}`: its cards cannot be used any more.
pub async fn delete(call: &mut Call, id: &str) -> Result<Value, ApiError> {
    call.form.finish()?;
    let mut customer = existing(call, id, "id").await?;
    for mut method in store::of_customer::<PaymentMethod>(&mut call.tx, id).await? {
        method.customer = None;
        method.detached = true;
        store::save(&mut call.tx, &method).await?;
    }
    customer.deleted = true;
    store::save(&mut call.tx, &customer).await?;
    call.emit("customer.deleted", &customer).await?;
    Ok(tombstone(id))
}

/// A customer that has not been deleted; `param` is where the request names it.
pub async fn existing(call: &mut Call, id: &str, param: &str) -> Result<Customer, ApiError> {
    let customer: Customer = store::fetch(&mut call.tx, id, param).await?;
    if customer.deleted {
        Err(ApiError::missing(Customer::NOUN, id, param))
    } else {
        Ok(customer)
    }
}

/// What is left of a deleted customer.
fn tombstone(id: &str) -> Value {
    json!({ "id": id, "object": Customer::KIND, "deleted": true })
}

/// Takes the fields of the form over; an empty text clears a field.
async fn apply(call: &mut Call, customer: &mut Customer) -> Result<(), ApiError> {
    for name in TEXTS {
        if let Some(value) = call.form.text(name) {
            customer
                .texts
                .insert(name.to_owned(), Some(value).filter(|value| !value.is_empty()));
        }
    }
    let address = call.form.group("address");
    if !address.is_empty() {
        customer.address.get_or_insert_default().extend(address);
    }
    if let Some(method) = call.form.text("invoice_settings[default_payment_method]") {
        let param = "invoice_settings[default_payment_method]";
        if !method.is_empty() {
            let found: PaymentMethod = store::fetch(&mut call.tx, &method, param).await?;
            if found.customer.as_deref() != Some(customer.id.as_str()) {
                let message = "The customer does not have a payment method with that ID. The payment method must be \
                               attached to the customer.";
                return Err(ApiError::refused(param, message));
            }
        }
        let value = Some(method).filter(|method| !method.is_empty());
        customer
            .invoice_settings
            .insert("default_payment_method".to_owned(), value);
    }
    merge(&mut customer.metadata, call.form.metadata()?);
    call.form.ignore(&IGNORED);
    call.form.finish()
}
