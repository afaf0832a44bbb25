//! Refunds: never more in all than was charged.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::error::ApiError;
use crate::form::merge;
use crate::objects::{Charge, PaymentIntent, Refund, Stored, public};
use crate::state::Call;
use crate::store::{self, Filter};

/// `POST /v1/refunds`
pub async fn create(call: &mut Call) -> Result<Value, ApiError> {
    let (intent, charge) = (call.form.text("payment_intent"), call.form.text("charge"));
    let wanted = call.form.integer("amount")?;
    let reason = reason(call)?;
    let mut metadata = BTreeMap::new();
    merge(&mut metadata, call.form.metadata()?);
    call.form.ignore(&["expand"]);
    call.form.finish()?;
    let mut charge = charge_of(call, intent, charge).await?;
    let left = charge.amount_captured - charge.amount_refunded;
    let amount = wanted.unwrap_or(left);
    check(&charge, amount, left)?;
    let refund = Refund {
        id: store::new_id("re"),
        object: Refund::KIND.to_owned(),
        created: call.now,
        amount,
        currency: charge.currency.clone(),
        charge: charge.id.clone(),
        payment_intent: charge.payment_intent.clone(),
        reason,
        status: "succeeded".to_owned(),
        metadata,
    };
    charge.amount_refunded += amount;
    charge.refunded = charge.amount_refunded == charge.amount_captured;
    store::save(&mut call.tx, &charge).await?;
    store::save(&mut call.tx, &refund).await?;
    call.emit("refund.created", &refund).await?;
    call.emit("charge.refunded", &charge).await?;
    public(&refund)
}

/// `GET /v1/refunds/{id}`
pub async fn find(call: &mut Call, id: &str) -> Result<Value, ApiError> {
    call.form.ignore(&["expand"]);
    call.form.finish()?;
    public(&store::fetch::<Refund>(&mut call.tx, id, "id").await?)
}

/// `GET /v1/refunds`, of an intent, of a charge, or all.
pub async fn list(call: &mut Call) -> Result<Value, ApiError> {
    let mut parent = call.form.text("payment_intent");
    if let Some(charge) = call.form.text("charge") {
        parent = Some(
            store::fetch::<Charge>(&mut call.tx, &charge, "charge")
                .await?
                .payment_intent,
        );
    }
    call.form.ignore(&["expand"]);
    store::list::<Refund>(
        &mut call.tx,
        &mut call.form,
        "/v1/refunds",
        Filter {
            customer: None,
            parent,
        },
    )
    .await
}

fn check(charge: &Charge, amount: i64, left: i64) -> Result<(), ApiError> {
    if left == 0 {
        let message = format!("Charge {} has already been refunded.", charge.id);
        return Err(ApiError::state("charge_already_refunded", message));
    }
    if amount < 1 {
        let message = "This value must be greater than or equal to 1.";
        return Err(ApiError::parameter(
            "parameter_invalid_integer",
            "amount",
            message,
        ));
    }
    if amount > left {
        let message =
            format!("Refund amount ({amount}) is greater than unrefunded amount on charge ({left}).");
        return Err(ApiError::refused("amount", message));
    }
    Ok(())
}

async fn charge_of(
    call: &mut Call,
    intent: Option<String>,
    charge: Option<String>,
) -> Result<Charge, ApiError> {
    let found = match (intent, charge) {
        (None, Some(id)) => Some(store::fetch::<Charge>(&mut call.tx, &id, "charge").await?),
        (Some(id), None) => {
            let intent: PaymentIntent = store::fetch(&mut call.tx, &id, "payment_intent").await?;
            store::children::<Charge>(&mut call.tx, &intent.id)
                .await?
                .into_iter()
                .find(|charge| charge.paid)
        }
        (Some(_), Some(_)) | (None, None) => {
            let message =
                "One of the following params should be provided for this request: payment_intent or charge.";
            return Err(ApiError::invalid("charge", message));
        }
    };
    found.filter(|charge| charge.paid).ok_or_else(|| {
        ApiError::refused(
            "payment_intent",
            "This PaymentIntent does not have a successful charge to refund.",
        )
    })
}

fn reason(call: &mut Call) -> Result<Option<String>, ApiError> {
    match call.form.text("reason") {
        None => Ok(None),
        Some(reason)
            if matches!(
                reason.as_str(),
                "duplicate" | "fraudulent" | "requested_by_customer"
            ) =>
        {
            Ok(Some(reason))
        }
        Some(other) => Err(ApiError::invalid("reason", format!("Invalid reason: {other}."))),
    }
}
