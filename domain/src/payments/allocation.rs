//! How money meets debts (V24 to V31): a sum is spread, a form's lines are checked, a payment is applied.
//!
//! A payment and its invoices are of one currency and of one account, but for a plan that puts a parent's money to its
//! subsidiaries' invoices (V27, D5). No allocation exceeds what is open, and
//! allocations and the unapplied rest are always the whole payment. Balances come from the caller, read under lock.
//! By which rule a sum meets debts stands in one place, `rules`; payers, imports and autopay use its first.

mod apply;
mod exact;
mod plan;
mod rules;

pub use apply::{Applied, AppliedLine, Debt, apply};
pub use exact::MOST_EXACT;
pub use plan::{Planned, Unused, draw, plan};
pub use rules::{Owed, Rule, Share, share, spread};

use super::SubmitLine;
use crate::{
    disputes::offered,
    ids::{AccountId, FormKey, InvoiceId},
    invoices::{Stage, lifecycle::can_pay},
    money::{Currency, Money},
    refusal::{FieldErrors, Refusal},
};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// An invoice that money could go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: String,
    /// When it is due.
    pub due: NaiveDate,
    /// What can be paid now: open and not being paid already.
    pub payable: Money,
}

/// An invoice as it is now, for judging a line of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Current {
    /// The invoice.
    pub invoice: InvoiceId,
    /// The account that pays it: that it stands on, or the parent's with whose bill it is paid (V40).
    pub account: AccountId,
    /// The number of that bill.
    pub rollup: Option<String>,
    /// Its number.
    pub number: String,
    /// Its stage.
    pub stage: Stage,
    /// What is open.
    pub open: Money,
    /// Part of it that is being paid right now (V31).
    pub pending: Money,
    /// Part of it that is disputed and not answered.
    pub disputed: Money,
}

impl Current {
    /// Whether an account may pay it, as far as a bill of a parent is concerned: with one, only the parent's may.
    ///
    /// # Errors
    /// [`Refusal::PaidWithRollup`].
    pub fn paid_by(&self, account: AccountId) -> Result<(), Refusal> {
        match &self.rollup {
            Some(rollup) if self.account != account => Err(Refusal::PaidWithRollup {
                number: self.number.clone(),
                rollup: rollup.clone(),
            }),
            Some(_) | None => Ok(()),
        }
    }

    /// What can be paid now.
    pub fn payable(&self) -> Money {
        Money::new(
            self.open.minor().saturating_sub(self.pending.minor()).max(0),
            self.open.currency(),
        )
    }

    /// What of that a rule may put money to: what is not disputed (V28).
    pub fn offered(&self) -> Money {
        offered(self.open, self.pending, self.disputed)
    }
}

/// A line of a form that was found payable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedLine {
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: String,
    /// The account it stands on.
    pub account: AccountId,
    /// What to pay on it.
    pub amount: Money,
}

/// Checks the lines of a form against the invoices as they are now, read under lock in the same transaction (V30).
/// The caller has answered "not found" for foreign ids already.
///
/// # Errors
/// By the name of the amount field of the line as counted in `lines` ([`super::form::PaymentFields::place`] turns
/// that into the posted field), the first that applies: [`Refusal::FormBroken`] for an invoice that is
/// missing in `current` or comes twice, [`Refusal::MixedCurrencies`], [`Refusal::NotPositive`],
/// [`Refusal::NotPayable`], [`Refusal::OpenAmountMoved`] when the payer saw another amount,
/// [`Refusal::MoreThanOpen`]. [`Refusal::NothingChosen`] for the whole form when there is no line.
pub fn check_lines(lines: &[SubmitLine], current: &[Current]) -> Result<Vec<CheckedLine>, FieldErrors> {
    if lines.is_empty() {
        return Err(FieldErrors::one("", Refusal::NothingChosen));
    }
    let by_id: BTreeMap<InvoiceId, &Current> = current.iter().map(|now| (now.invoice, now)).collect();
    let mut seen = BTreeSet::new();
    let mut errors = FieldErrors::default();
    let mut checked = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let first_time = seen.insert(line.invoice);
        let judged = match by_id.get(&line.invoice) {
            Some(now) if first_time => check_line(line, now),
            _ => Err(Refusal::FormBroken),
        };
        match judged {
            Ok(line) => checked.push(line),
            Err(refusal) => errors.add(super::form::line_field(index, "amount"), refusal),
        }
    }
    errors.unless(checked)
}

fn check_line(line: &SubmitLine, now: &Current) -> Result<CheckedLine, Refusal> {
    let SubmitLine {
        invoice,
        seen,
        amount,
    } = *line;
    let payable = now.payable();
    for given in [amount, seen] {
        // Refuses another currency.
        given.min(payable)?;
    }
    let number = || now.number.clone();
    if !amount.is_positive() {
        return Err(Refusal::NotPositive { number: number() });
    }
    can_pay(now.stage, now.open, now.pending).map_err(|why| Refusal::NotPayable {
        number: number(),
        why,
    })?;
    if seen != payable {
        return Err(Refusal::OpenAmountMoved {
            number: number(),
            seen,
            now: payable,
        });
    }
    if amount.minor() > payable.minor() {
        return Err(Refusal::MoreThanOpen {
            number: number(),
            open: payable,
        });
    }
    Ok(CheckedLine {
        invoice,
        number: number(),
        account: now.account,
        amount,
    })
}

/// What becomes one payment: one account, one currency (D5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The account.
    pub account: AccountId,
    /// The currency.
    pub currency: Currency,
    /// The payment's own idempotency key, see [`group_key`].
    pub key: String,
    /// Its lines, in the order of the form.
    pub lines: Vec<CheckedLine>,
    /// Sum of the lines.
    pub total: Money,
}

/// Parts a form's lines by account and currency, in the order of both, so that the same form always makes the same
/// payments.
///
/// # Errors
/// [`Refusal::AmountTooLarge`] when a sum does not fit.
pub fn group_by_account_currency(form: FormKey, lines: Vec<CheckedLine>) -> Result<Vec<Group>, Refusal> {
    let mut groups: BTreeMap<(AccountId, Currency), Vec<CheckedLine>> = BTreeMap::new();
    for line in lines {
        groups
            .entry((line.account, line.amount.currency()))
            .or_default()
            .push(line);
    }
    groups
        .into_iter()
        .map(|((account, currency), lines)| {
            let total = Money::sum(currency, lines.iter().map(|line| line.amount))?;
            Ok(Group {
                account,
                currency,
                key: group_key(form, account, currency),
                lines,
                total,
            })
        })
        .collect()
}

/// The idempotency key of one payment of a form: the same for every post of the same form, another one for each
/// account and currency (V29, D5).
pub fn group_key(form: FormKey, account: AccountId, currency: Currency) -> String {
    format!("{form}:{account}:{currency}")
}

#[cfg(test)]
mod tests;
