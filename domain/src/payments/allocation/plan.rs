//! Several sources meet many debts: unapplied money and credit of a family go to the invoices of the family, by a rule or
//! as somebody said.
//!
//! A subsidiary's money goes to its own invoices. The parent's goes to its own and to those of its subsidiaries (V27), as
//! far as these have not paid them with what is theirs. Of an account's sources the oldest is used up first.

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

/// Plans by a rule what goes where: each subsidiary pays its own first, and what the parent has goes to what is open then.
///
/// # Errors
/// As [`share`] says; [`Refusal::MixedCurrencies`] for a source of another currency.
pub fn plan(
    rule: Rule,
    currency: Currency,
    parent: AccountId,
    sources: &[Unused],
    owed: &[Owed],
) -> Result<Planned, Refusal> {
    let mut planned = Planned {
        total: Money::sum(currency, sources.iter().map(|source| source.amount))?,
        parts: BTreeMap::new(),
        rest: Money::zero(currency),
    };
    let payers: BTreeSet<AccountId> = sources.iter().map(|source| source.account).collect();
    let (parents, subsidiaries): (Vec<_>, Vec<_>) = payers.into_iter().partition(|payer| *payer == parent);
    for payer in subsidiaries.into_iter().chain(parents) {
        let own = sources.iter().filter(|source| source.account == payer);
        let total = Money::sum(currency, own.map(|source| source.amount))?;
        let open = planned.still_open(owed, |account| may_pay(parent, payer, account))?;
        planned.add(share(rule, total, &open)?)?;
    }
    Ok(planned)
}

/// Whether what an account has may go to another one's invoices (V27).
fn may_pay(parent: AccountId, payer: AccountId, account: AccountId) -> bool {
    payer == account || payer == parent
}

impl Planned {
    /// What some accounts owe less what is planned for it.
    fn still_open(&self, owed: &[Owed], of: impl Fn(AccountId) -> bool) -> Result<Vec<Owed>, Refusal> {
        let mut open: Vec<Owed> = owed.iter().filter(|owed| of(owed.account)).cloned().collect();
        for Owed { open, .. } in &mut open {
            if let Some(part) = self.parts.get(&open.invoice) {
                open.payable = open.payable.checked_sub(*part)?;
            }
        }
        Ok(open)
    }

    fn add(&mut self, Share { parts, rest }: Share) -> Result<(), Refusal> {
        for (invoice, part) in parts {
            let sum = self.parts.entry(invoice).or_insert(Money::zero(part.currency()));
            *sum = sum.checked_add(part)?;
        }
        self.rest = self.rest.checked_add(rest)?;
        Ok(())
    }
}

/// Draws the lines from the sources of their accounts and then from the parent's: the oldest source first, the lines in
/// their order. The answer has each source of which something is used.
///
/// A subsidiary's money has nowhere else to go, so whatever can be drawn at all is drawn so.
///
/// # Errors
/// [`Refusal::MoreThanAvailable`] when the lines are more than the sources that may pay them have.
pub fn draw(
    parent: AccountId,
    sources: &[Unused],
    lines: &[CheckedLine],
) -> Result<Vec<(Uuid, Vec<CheckedLine>)>, Refusal> {
    let mut order: Vec<Drawing> = sources.iter().map(Drawing::of).collect();
    order.sort_by(|Drawing { source: a, .. }, Drawing { source: b, .. }| {
        (a.day, &a.number, a.from).cmp(&(b.day, &b.number, b.from))
    });
    for line in lines {
        let mut missing = line.amount;
        for drawing in order.iter_mut().filter(|of| of.source.account == line.account) {
            missing = drawing.draw(line, missing)?;
        }
        for drawing in order.iter_mut().filter(|of| of.source.account == parent) {
            missing = drawing.draw(line, missing)?;
        }
        if missing.is_positive() {
            let payers = sources
                .iter()
                .filter(|source| may_pay(parent, source.account, line.account));
            let available = Money::sum(line.amount.currency(), payers.map(|source| source.amount))?;
            return Err(Refusal::MoreThanAvailable { available });
        }
    }
    let used = order.into_iter().filter(|drawing| !drawing.lines.is_empty());
    Ok(used.map(|drawing| (drawing.source.from, drawing.lines)).collect())
}

/// A source from which is drawn.
struct Drawing<'a> {
    source: &'a Unused,
    left: Money,
    lines: Vec<CheckedLine>,
}

impl<'a> Drawing<'a> {
    const fn of(source: &'a Unused) -> Self {
        Self {
            source,
            left: source.amount,
            lines: Vec::new(),
        }
    }

    /// Takes out what a line is missing, as far as it goes, and says what it is missing then.
    fn draw(&mut self, line: &CheckedLine, missing: Money) -> Result<Money, Refusal> {
        let amount = missing.min(self.left)?;
        if amount.is_positive() {
            self.left = self.left.checked_sub(amount)?;
            self.lines.push(CheckedLine {
                amount,
                ..line.clone()
            });
        }
        missing.checked_sub(amount)
    }
}

#[cfg(test)]
mod tests;
