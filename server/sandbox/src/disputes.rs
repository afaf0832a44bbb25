//! Disputes: a payer's bank takes money back, and decides later. Two calls of our own play the payer and the bank.

use serde_json::{Value, json};

use crate::charges;
use crate::error::ApiError;
use crate::form::Form;
use crate::objects::{Charge, Dispute, Stored, public};
use crate::state::Call;
use crate::store;

/// What the gateway takes for a dispute, in minor units, whatever the currency.
const FEE: i64 = 1_500;

/// `GET /v1/disputes/{id}`
pub async fn find(call: &mut Call, id: &str) -> Result<Value, ApiError> {
    charges::find::<Dispute>(call, id).await
}

/// `POST /v1/_disputes`: the payer of an intent's charge disputes it, in whole or with `amount` in part. Not Stripe's.
pub async fn raise(call: &mut Call) -> Result<Value, ApiError> {
    let intent = required(&mut call.form, "payment_intent")?;
    let amount = call.form.integer("amount")?;
    call.form.finish()?;
    let charges = store::children::<Charge>(&mut call.tx, &intent).await?;
    let charge = charges.into_iter().find(|charge| charge.paid);
    let charge =
        charge.ok_or_else(|| ApiError::refused("payment_intent", "There is no charge to dispute."))?;
    let amount = amount.unwrap_or(charge.amount);
    if amount < 1 || amount > charge.amount {
        return Err(ApiError::invalid("amount", "No such amount was charged."));
    }
    public(&open(call, &charge, amount).await?)
}

/// `POST /v1/_disputes/{id}`: the bank decides, `status` is `won` or `lost`. Not Stripe's.
pub async fn decide(call: &mut Call, id: &str) -> Result<Value, ApiError> {
    let status = required(&mut call.form, "status")?;
    call.form.finish()?;
    let mut dispute: Dispute = store::fetch(&mut call.tx, id, "id").await?;
    if !matches!(status.as_str(), "won" | "lost") {
        return Err(ApiError::invalid("status", "A bank says won or lost."));
    }
    if matches!(dispute.status.as_str(), "won" | "lost") {
        return Err(ApiError::state("dispute_closed", "The dispute is closed."));
    }
    dispute.status = status;
    store::save(&mut call.tx, &dispute).await?;
    call.emit("charge.dispute.closed", &dispute).await?;
    public(&dispute)
}

/// Takes a charge's money back and says so.
pub async fn open(call: &mut Call, charge: &Charge, amount: i64) -> Result<Dispute, ApiError> {
    let dispute = new(call, charge, amount);
    store::save(&mut call.tx, &dispute).await?;
    call.emit("charge.dispute.created", &dispute).await?;
    Ok(dispute)
}

/// A bank returns a debit that had been paid: a dispute that is lost from the beginning.
pub async fn return_debit(call: &mut Call, charge: &Charge, reason: &str) -> Result<(), ApiError> {
    let mut dispute = new(call, charge, charge.amount);
    dispute.reason = reason.to_owned();
    dispute.status = "lost".to_owned();
    store::save(&mut call.tx, &dispute).await?;
    call.emit("charge.dispute.created", &dispute).await?;
    call.emit("charge.dispute.closed", &dispute).await
}

fn new(call: &Call, charge: &Charge, amount: i64) -> Dispute {
    Dispute {
        id: store::new_id("dp"),
        object: Dispute::KIND.to_owned(),
        created: call.now,
        livemode: false,
        amount,
        currency: charge.currency.clone(),
        charge: charge.id.clone(),
        payment_intent: charge.payment_intent.clone(),
        reason: "fraudulent".to_owned(),
        status: "needs_response".to_owned(),
        balance_transactions: vec![json!({
            "object": "balance_transaction", "type": "adjustment", "amount": -amount, "fee": FEE,
            "net": -amount - FEE, "currency": charge.currency,
        })],
        metadata: std::collections::BTreeMap::new(),
    }
}

fn required(form: &mut Form, name: &str) -> Result<String, ApiError> {
    let missing = || ApiError::invalid(name, format!("Missing required param: {name}."));
    form.text(name).ok_or_else(missing)
}
