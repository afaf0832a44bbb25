//! Received money goes to the invoices it was meant for, as far as they can take it (V24 to V26).
//!
//! Afterwards the allocations and the unapplied rest are the payment, and payments, credits and the open amount of
//! each invoice are its total. Nothing here can fail because of what a payer did.

use crate::{
    ids::InvoiceId,
    invoices::{
        Stage,
        lifecycle::{open_amount, stage_after},
    },
    money::Money,
    refusal::Refusal,
};
use std::collections::{BTreeMap, BTreeSet};

/// An invoice as a payment finds it when it is applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Debt {
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its stage.
    pub stage: Stage,
    /// What was billed.
    pub total: Money,
    /// Payments allocated to it so far.
    pub paid: Money,
    /// Credit applied to it so far.
    pub credited: Money,
    /// What of it was written off.
    pub written_off: Money,
}

/// What a payment did to one invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppliedLine {
    /// The invoice.
    pub invoice: InvoiceId,
    /// The allocation, above zero.
    pub amount: Money,
    /// Payments on the invoice with it.
    pub paid: Money,
    /// What is open now.
    pub open: Money,
    /// The stage now.
    pub stage: Stage,
}

/// A payment and where it went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The allocations, in the order that was wanted.
    pub lines: Vec<AppliedLine>,
    /// The rest, which stays on the account (V26).
    pub unapplied: Money,
}

/// Applies money that has been received. It is a fact by now, so an invoice that was settled, voided or lowered in
/// the meantime refuses nothing: what it cannot take stays unapplied (V26). Afterwards the allocations and the rest
/// are the payment (V24), and no invoice has more than its total (V25).
///
/// # Errors
/// [`Refusal::MoreThanAvailable`] when the wanted parts exceed the payment, [`Refusal::NotPositive`] for a wanted
/// part or payment below zero, [`Refusal::MixedCurrencies`] (V27), [`Refusal::FormBroken`] for an invoice that is
/// missing in `debts` or wanted twice. All of them are errors of the program, not of a payer.
pub fn apply(payment: Money, wanted: &[(InvoiceId, Money)], debts: &[Debt]) -> Result<Applied, Refusal> {
    if payment.is_negative() || wanted.iter().any(|(_, amount)| amount.is_negative()) {
        return Err(Refusal::NotPositive {
            number: String::new(),
        });
    }
    let all = Money::sum(payment.currency(), wanted.iter().map(|(_, amount)| *amount))?;
    if all.minor() > payment.minor() {
        return Err(Refusal::MoreThanAvailable { available: payment });
    }
    let by_id: BTreeMap<InvoiceId, &Debt> = debts.iter().map(|debt| (debt.invoice, debt)).collect();
    let mut seen = BTreeSet::new();
    let mut unapplied = payment;
    let mut lines = Vec::with_capacity(wanted.len());
    for &(invoice, amount) in wanted {
        let debt = by_id
            .get(&invoice)
            .filter(|_| seen.insert(invoice))
            .ok_or(Refusal::FormBroken)?;
        let gone = debt.credited.checked_add(debt.written_off)?;
        let open = match debt.stage {
            Stage::Draft | Stage::Void => Money::zero(debt.total.currency()),
            Stage::Open | Stage::Paid | Stage::WrittenOff => open_amount(debt.total, debt.paid, gone)?,
        };
        let part = amount.min(open)?;
        if !part.is_positive() {
            continue;
        }
        unapplied = unapplied.checked_sub(part)?;
        let paid = debt.paid.checked_add(part)?;
        let open = open_amount(debt.total, paid, gone)?;
        let stage = stage_after(debt.total, paid, gone)?;
        lines.push(AppliedLine {
            invoice,
            amount: part,
            paid,
            open,
            stage,
        });
    }
    Ok(Applied { lines, unapplied })
}

#[cfg(test)]
mod tests;
