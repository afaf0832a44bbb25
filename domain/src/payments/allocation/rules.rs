//! The rules by which a sum meets debts (V28), the one place where it is decided which invoice gets how much.
//!
//! Whatever the rule, no invoice gets more than can be paid on it, parts and rest are the sum, and the order in which
//! the invoices are given does not matter.

use super::{Open, exact};
use crate::{
    ids::{AccountId, InvoiceId},
    invoices::codes::codes,
    money::Money,
    refusal::Refusal,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::{cmp::Ordering, collections::BTreeMap};

/// By which rule money goes to invoices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Rule {
    /// What is due first is paid first.
    #[default]
    Due,
    /// What was issued first is paid first.
    Oldest,
    /// What is least open is paid first, so that most invoices are settled.
    Smallest,
    /// Those invoices are paid whose open amounts are together just the sum, and none when there are no such.
    Exact,
    /// Each gets its share by what is open on it.
    ProRata,
    /// Each company gets its share by what is open on it, and of its invoices what is due first is paid first (V41).
    Company,
}

codes! {
    Rule:
        Due = "due" "Due first",
        Oldest = "oldest" "Oldest invoice first",
        Smallest = "smallest" "Smallest first",
        Exact = "exact" "Exact sum",
        ProRata = "pro_rata" "In proportion",
        Company = "company" "By company";
}

/// An invoice that money could go to, with what the rules look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// The account it stands on.
    pub account: AccountId,
    /// When it was issued.
    pub issued: NaiveDate,
    /// The invoice.
    pub open: Open,
}

/// What a rule made of a sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// What goes to which invoice, in the order of the rule, without invoices that get nothing.
    pub parts: Vec<(InvoiceId, Money)>,
    /// What found no invoice (V26).
    pub rest: Money,
}

/// Spreads a total over open invoices, oldest due first, then by number (V28): each gets what it can take until the
/// total is used up. The answer is in that order, without invoices that get nothing, and with the rest that found no
/// invoice (V26).
///
/// # Errors
/// [`Refusal::NotPositive`] when the total is below zero; [`Refusal::MixedCurrencies`] when an invoice is of another
/// currency (V27).
pub fn spread(total: Money, open: &[Open]) -> Result<(Vec<(InvoiceId, Money)>, Money), Refusal> {
    not_below_zero(total)?;
    let mut order: Vec<&Open> = open.iter().collect();
    order.sort_by(|a, b| due_first(a, b));
    let Share { parts, rest } = fill(total, &order)?;
    Ok((parts, rest))
}

/// Shares a total by a rule.
///
/// # Errors
/// As [`spread`]; [`Refusal::AmountTooLarge`] when what is open together does not fit.
pub fn share(rule: Rule, total: Money, owed: &[Owed]) -> Result<Share, Refusal> {
    not_below_zero(total)?;
    let mut order: Vec<&Owed> = owed.iter().collect();
    order.sort_by(|a, b| rule.compare(a, b));
    let opens: Vec<&Open> = order.iter().map(|owed| &owed.open).collect();
    match rule {
        Rule::Due | Rule::Oldest | Rule::Smallest => fill(total, &opens),
        Rule::Exact => exact::sum(total, &opens),
        Rule::ProRata => in_proportion(total, &opens),
        Rule::Company => by_company(total, &order),
    }
}

impl Rule {
    /// Which of two invoices comes first.
    fn compare(self, a: &Owed, b: &Owed) -> Ordering {
        let first = match self {
            Self::Due | Self::Exact | Self::ProRata | Self::Company => Ordering::Equal,
            Self::Oldest => a.issued.cmp(&b.issued),
            Self::Smallest => a.open.payable.minor().cmp(&b.open.payable.minor()),
        };
        first.then_with(|| due_first(&a.open, &b.open))
    }
}

fn due_first(a: &Open, b: &Open) -> Ordering {
    (a.due, &a.number, a.invoice).cmp(&(b.due, &b.number, b.invoice))
}

fn not_below_zero(total: Money) -> Result<(), Refusal> {
    if total.is_negative() {
        return Err(Refusal::NotPositive {
            number: String::new(),
        });
    }
    Ok(())
}

/// Each in turn gets what it can take.
fn fill(total: Money, order: &[&Open]) -> Result<Share, Refusal> {
    let mut rest = total;
    let mut parts = Vec::new();
    for Open { invoice, payable, .. } in order {
        let part = rest.min(*payable)?;
        if part.is_positive() {
            rest = rest.checked_sub(part)?;
            parts.push((*invoice, part));
        }
    }
    Ok(Share { parts, rest })
}

/// All get the same share of what is open on them, to the unit by largest remainder (V5).
fn in_proportion(total: Money, order: &[&Open]) -> Result<Share, Refusal> {
    let takes: Vec<&&Open> = order.iter().filter(|open| open.payable.is_positive()).collect();
    let amounts: Vec<Money> = takes.iter().map(|open| open.payable).collect();
    let (parts, rest) = portions(total, &amounts)?;
    let parts = takes.iter().zip(parts);
    Ok(Share {
        parts: parts
            .map(|(open, part)| (open.invoice, part))
            .filter(|(_, part)| part.is_positive())
            .collect(),
        rest,
    })
}

/// All companies get the same share of what is open on them, and each pays what is due first (V41).
fn by_company(total: Money, order: &[&Owed]) -> Result<Share, Refusal> {
    let mut companies: BTreeMap<AccountId, Vec<&Open>> = BTreeMap::new();
    for owed in order.iter().filter(|owed| owed.open.payable.is_positive()) {
        companies.entry(owed.account).or_default().push(&owed.open);
    }
    let open_on = |opens: &Vec<&Open>| Money::sum(total.currency(), opens.iter().map(|open| open.payable));
    let amounts = companies.values().map(open_on).collect::<Result<Vec<_>, _>>()?;
    let (portions, rest) = portions(total, &amounts)?;
    let mut parts = Vec::new();
    for (opens, portion) in companies.values().zip(portions) {
        parts.extend(fill(portion, opens)?.parts);
    }
    Ok(Share { parts, rest })
}

/// The same share of each amount, and what is more than all of them. No portion is above its amount: it is at most that
/// times a part of one, and where it is rounded up it was less.
fn portions(total: Money, amounts: &[Money]) -> Result<(Vec<Money>, Money), Refusal> {
    let all = Money::sum(total.currency(), amounts.iter().copied())?;
    let shared = total.min(all)?;
    if shared.is_zero() {
        return Ok((vec![shared; amounts.len()], total));
    }
    let weights: Vec<u64> = amounts
        .iter()
        .map(|amount| amount.minor().unsigned_abs())
        .collect();
    Ok((shared.allocate(&weights)?, total.checked_sub(shared)?))
}

#[cfg(test)]
mod tests;
