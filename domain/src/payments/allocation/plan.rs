//! Several sources meet many debts: unapplied money and credit of one or several accounts go to the invoices of the same
//! accounts, by a rule or as somebody said.
//!
//! Each account's money goes to its own invoices (V27): what companies of a family have is planned together and never
//! mixed. Of an account's sources the oldest is used up first.

use super::{CheckedLine, Owed, Rule, Share, share};
use crate::{
    ids::{AccountId, InvoiceId},
    money::{Currency, Money},
    refusal::Refusal,
};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Unapplied money of a payment, or what is left of a credit note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unused {
    /// The payment or credit note.
    pub from: Uuid,
    /// The account it is of.
    pub account: AccountId,
    /// Number of the receipt or credit note.
    pub number: String,
    /// When it came in or was issued.
    pub day: NaiveDate,
    /// What can be put to invoices.
    pub amount: Money,
}

/// What would go where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The sum of the sources.
    pub total: Money,
    /// What goes to which invoice.
    pub parts: BTreeMap<InvoiceId, Money>,
    /// What finds no invoice.
    pub rest: Money,
}

/// Plans by a rule what goes where.
///
/// # Errors
/// As [`share`] says; [`Refusal::MixedCurrencies`] for a source of another currency.
pub fn plan(rule: Rule, currency: Currency, sources: &[Unused], owed: &[Owed]) -> Result<Planned, Refusal> {
    let mut planned = Planned {
        total: Money::sum(currency, sources.iter().map(|source| source.amount))?,
        parts: BTreeMap::new(),
        rest: Money::zero(currency),
    };
    let accounts: BTreeSet<AccountId> = sources.iter().map(|source| source.account).collect();
    for account in accounts {
        let own = sources.iter().filter(|source| source.account == account);
        let total = Money::sum(currency, own.map(|source| source.amount))?;
        let owed: Vec<Owed> = owed
            .iter()
            .filter(|owed| owed.account == account)
            .cloned()
            .collect();
        let Share { parts, rest } = share(rule, total, &owed)?;
        planned.parts.extend(parts);
        planned.rest = planned.rest.checked_add(rest)?;
    }
    Ok(planned)
}

/// Draws the lines from the sources of their accounts: the oldest source first, the lines in their order. The answer
/// has each source of which something is used.
///
/// # Errors
/// [`Refusal::MoreThanAvailable`] when the lines of an account are more than its sources have.
pub fn draw(sources: &[Unused], lines: &[CheckedLine]) -> Result<Vec<(Uuid, Vec<CheckedLine>)>, Refusal> {
    let mut order: Vec<(&Unused, Money)> = sources.iter().map(|source| (source, source.amount)).collect();
    order.sort_by(|(a, _), (b, _)| (a.day, &a.number, a.from).cmp(&(b.day, &b.number, b.from)));
    let mut drawn: Vec<Vec<CheckedLine>> = vec![Vec::new(); order.len()];
    for line in lines {
        let mut missing = line.amount;
        for ((source, left), drawn) in order.iter_mut().zip(&mut drawn) {
            if source.account != line.account {
                continue;
            }
            let amount = missing.min(*left)?;
            if amount.is_positive() {
                missing = missing.checked_sub(amount)?;
                *left = left.checked_sub(amount)?;
                drawn.push(CheckedLine {
                    amount,
                    ..line.clone()
                });
            }
        }
        if missing.is_positive() {
            let own = sources.iter().filter(|source| source.account == line.account);
            let available = Money::sum(line.amount.currency(), own.map(|source| source.amount))?;
            return Err(Refusal::MoreThanAvailable { available });
        }
    }
    let used = order.iter().zip(drawn).filter(|(_, lines)| !lines.is_empty());
    Ok(used.map(|((source, _), lines)| (source.from, lines)).collect())
}

#[cfg(test)]
mod tests;
