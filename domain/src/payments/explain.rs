//! Where the money of a payment is: on which invoices, gone back, or not applied; and what moved it there.

use crate::{
    explain::{Outflow, Part, Step, went_back, went_to_invoices, whereabouts},
    ids::{AccountId, PaymentId},
    money::Money,
    refusal::Refusal,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A payment and everything that moved its money, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainedPayment {
    /// Which.
    pub id: PaymentId,
    /// Its receipt number.
    pub number: String,
    /// The account it was paid on.
    pub account: AccountId,
    /// All of it.
    pub amount: Money,
    /// What is put to nothing.
    pub unapplied: Money,
    /// What went back and did not return.
    pub refunded: Money,
    /// When it was written down.
    pub at: DateTime<Utc>,
    /// Who paid or recorded it, as far as the viewer may know.
    pub by: Option<String>,
    /// What left it and came back.
    pub outflows: Vec<Outflow>,
    /// What is on its way back and not gone yet.
    pub under_way: Vec<UnderWay>,
}

/// Money that was asked to go back, of which it is not known yet whether it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnderWay {
    /// When it was asked for.
    pub at: DateTime<Utc>,
    /// How much.
    pub amount: Money,
    /// Who asked, as far as the viewer may know.
    pub by: Option<String>,
}

/// The steps from what was received to what of it is not applied.
///
/// # Errors
/// [`Refusal::AmountTooLarge`], which no stored payment gives.
pub fn explain(payment: &ExplainedPayment) -> Result<Vec<Step>, Refusal> {
    let ExplainedPayment {
        amount,
        unapplied,
        refunded,
        at,
        by,
        outflows,
        under_way,
        ..
    } = payment;
    let rest = Part::of("Not applied", *unapplied);
    let mut steps = vec![whereabouts(("Amount of the payment", *amount), outflows, rest)?];
    let on_invoices = Money::sum(
        amount.currency(),
        outflows
            .iter()
            .filter(|one| one.is_to_invoice())
            .map(|one| one.amount),
    )?;
    let mut left = vec![Part::of("Received", *amount).done(*at, by.clone())];
    for step in [
        went_to_invoices(on_invoices, outflows),
        went_back(*refunded, outflows),
    ]
    .into_iter()
    .flatten()
    {
        left.push(Part::of(step.name, step.amount.checked_neg()?));
        steps.push(step);
    }
    steps.push(Step {
        name: "Not applied",
        amount: *unapplied,
        parts: left,
    });
    if !under_way.is_empty() {
        let parts = under_way.iter().map(|one| {
            let UnderWay { at, amount, by } = one;
            Part::of("Asked to go back", *amount).done(*at, by.clone())
        });
        steps.push(Step {
            name: "On its way back",
            amount: Money::sum(amount.currency(), under_way.iter().map(|one| one.amount))?,
            parts: parts.collect(),
        });
    }
    Ok(steps)
}

#[cfg(test)]
mod tests;
