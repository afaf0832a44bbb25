//! Credit notes: what can still be credited of an invoice, what a credit over some of it adds up to, and what a credit note
//! over an account says (V12, V36, V37).
//!
//! Whatever the way, all credit notes of an invoice together are never more than it, by line, by tax group and in total.
//! The one that takes the last of a group's base takes the last of its tax too, so no rounding is left over, and a
//! credit over everything is the invoice's exact mirror (V4).

pub mod account;
mod costs;
pub mod explain;
mod form;
mod split;
pub mod sums;
mod types;

pub use form::{CreditFields, PartFields};
pub use split::{Due, PayBack, Preview, Split, over_payments};
pub use types::*;

use crate::{
    decimal::{Quantity, UnitPrice},
    invoices::{
        Cost, InvoiceLine, TaxGroup, Totals,
        billed::{cost_place, cost_position},
        totals::{TaxKey, percentage},
    },
    money::{Currency, Money},
    payments::form::line_field,
    refusal::{FieldErrors, Refusal},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is left of an invoice that could be credited: the invoice less the credit notes on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// The currency.
    pub currency: Currency,
    /// Its lines as they were issued, each with what was credited of its net.
    pub lines: Vec<(InvoiceLine, Money)>,
    /// What is left of each tax group.
    pub groups: Vec<TaxGroup>,
    /// What is left of the discount on the document.
    pub discount: Money,
    /// What is left of the charge on the document.
    pub charge: Money,
    /// The costs that the charge consists of, each with what was credited of it by name.
    pub costs: Vec<(Cost, Money)>,
    /// What of it is left in each tax group, as far as it was credited by name.
    pub charged: Vec<(TaxKey, Money)>,
    /// What is left of the named rounding.
    pub rounding: Money,
}

/// Bases of tax groups as they are being added up.
type Bases = BTreeMap<TaxKey, Money>;

/// A credit note that has been added up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credited {
    /// Its lines, each with the position of the invoice's line that it credits.
    pub lines: Vec<(Option<u32>, InvoiceLine)>,
    /// What they add up to.
    pub totals: Totals,
}

impl Left {
    /// What is left in total.
    ///
    /// # Errors
    /// [`Refusal::AmountTooLarge`].
    pub fn total(&self) -> Result<Money, Refusal> {
        let groups = self.groups.iter().flat_map(|group| [group.base, group.tax]);
        Money::sum(self.currency, groups)?.checked_add(self.rounding)
    }

    /// What is left of the net of a line or a cost. Only of what was billed, not of what a line takes off, a part can be
    /// credited.
    ///
    /// # Errors
    /// [`Refusal::AmountTooLarge`].
    pub fn of(&self, position: u32) -> Result<Money, Refusal> {
        match cost_place(position) {
            Some(place) => self.of_cost(place),
            None => self.of_line(position),
        }
    }

    /// The positions of its lines and costs, in the order of the document.
    pub fn positions(&self) -> impl Iterator<Item = u32> {
        let lines = self.lines.iter().map(|(line, _)| line.position);
        lines.chain((0..self.costs.len()).map(cost_position))
    }

    fn of_line(&self, position: u32) -> Result<Money, Refusal> {
        let zero = Money::zero(self.currency);
        match self.lines.iter().find(|(line, _)| line.position == position) {
            Some((line, credited)) if line.net.is_positive() => line.net.checked_sub(*credited),
            _ => Ok(zero),
        }
    }

    /// A credit over everything that is left.
    ///
    /// # Errors
    /// [`Refusal::NothingToCredit`]; [`Refusal::AmountTooLarge`].
    pub fn everything(&self) -> Result<Credited, Refusal> {
        let total = self.total()?;
        if !total.is_positive() {
            return Err(Refusal::NothingToCredit);
        }
        let net = Money::sum(self.currency, self.groups.iter().map(|group| group.base))?;
        let mut lines = Vec::with_capacity(self.lines.len());
        for (line, credited) in &self.lines {
            let left = line.net.checked_sub(*credited)?;
            if credited.is_zero() {
                lines.push((Some(line.position), line.clone()));
            } else if !left.is_zero() {
                lines.push((Some(line.position), one_of(line, left)?));
            }
        }
        let sum = Money::sum(self.currency, lines.iter().map(|(_, line)| line.net))?;
        let (mut discount, mut charge) = (self.discount, self.charge);
        let mut sums = sum;
        if sum.checked_sub(discount)?.checked_add(charge)? != net {
            // An older credit note did not say which lines it was for: what is left is known by tax group only.
            lines = self
                .groups
                .iter()
                .filter(|group| !group.base.is_zero())
                .map(of_group)
                .collect::<Result<_, _>>()?;
            (discount, charge, sums) = (Money::zero(self.currency), Money::zero(self.currency), net);
        }
        let tax = Money::sum(self.currency, self.groups.iter().map(|group| group.tax))?;
        let lines = numbered(lines);
        Ok(Credited {
            lines,
            totals: Totals {
                lines: sums,
                discount,
                charge,
                net,
                taxes: self.groups.clone(),
                tax,
                rounding: self.rounding,
                total,
            },
        })
    }

    /// A credit over parts of some lines and costs: net amounts by their positions.
    ///
    /// # Errors
    /// By field of the line as counted in `parts` (see [`line_field`]): [`Refusal::FormBroken`] for a position that the
    /// invoice does not have or that comes twice, [`Refusal::NotPositive`], [`Refusal::MoreThanLeft`] for more than is
    /// left of the line or of its tax group. Under the empty name [`Refusal::NothingChosen`], or
    /// [`Refusal::MoreThanLeft`] for more than is left in total.
    pub fn parts(&self, parts: &[(u32, Money)]) -> Result<Credited, FieldErrors> {
        if parts.is_empty() {
            return Err(FieldErrors::one("", Refusal::NothingChosen));
        }
        let mut errors = FieldErrors::default();
        let mut lines = Vec::with_capacity(parts.len());
        let whole = |refusal| FieldErrors::one("", refusal);
        let (mut bases, mut charged) = (Bases::new(), self.charged.clone());
        for (index, (position, amount)) in parts.iter().enumerate() {
            let twice = parts[..index].iter().any(|(other, _)| other == position);
            let outcome = if twice {
                Err(Refusal::FormBroken)
            } else if cost_place(*position).is_some() {
                self.cost(*position, *amount, &mut charged, &mut bases)
            } else {
                self.part(*position, *amount, &mut bases).map(|line| vec![line])
            };
            match outcome {
                Ok(found) => lines.extend(found.into_iter().map(|line| (Some(*position), line))),
                Err(refusal) => errors.add(line_field(index, "amount"), refusal),
            }
        }
        let lines = errors.unless(numbered(lines))?;
        let mut taxes = Vec::with_capacity(bases.len());
        for group in &self.groups {
            if let Some(base) = bases.get(&(group.category, group.rate)) {
                taxes.push(part_of(group, *base).map_err(whole)?);
            }
        }
        let zero = Money::zero(self.currency);
        let sums = || {
            let net = Money::sum(self.currency, lines.iter().map(|(_, line)| line.net))?;
            let tax = Money::sum(self.currency, taxes.iter().map(|group| group.tax))?;
            Ok((net, tax, net.checked_add(tax)?))
        };
        let (net, tax, total) = sums().map_err(whole)?;
        let left = self.total().map_err(whole)?;
        if total.minor() > left.minor() {
            return Err(whole(Refusal::MoreThanLeft { left }));
        }
        Ok(Credited {
            lines,
            totals: Totals {
                lines: net,
                discount: zero,
                charge: zero,
                net,
                taxes,
                tax,
                rounding: zero,
                total,
            },
        })
    }

    fn part(&self, position: u32, amount: Money, bases: &mut Bases) -> Result<InvoiceLine, Refusal> {
        let found = self.lines.iter().find(|(line, _)| line.position == position);
        let (line, _) = found.ok_or(Refusal::FormBroken)?;
        fits(amount, self.of_line(position)?)?;
        self.take((line.tax_category, line.tax_rate), amount, bases)?;
        one_of(line, amount)
    }

    /// Adds to the base of a tax group, which has no more than is left of it.
    fn take(&self, key: TaxKey, amount: Money, bases: &mut Bases) -> Result<(), Refusal> {
        let group = self
            .groups
            .iter()
            .find(|group| (group.category, group.rate) == key);
        let group = group.ok_or(Refusal::FormBroken)?;
        let before = bases.get(&key).copied().unwrap_or(Money::zero(self.currency));
        let base = before.checked_add(amount)?;
        if base.minor() > group.base.minor() {
            let left = group.base.checked_sub(before)?;
            return Err(Refusal::MoreThanLeft { left });
        }
        bases.insert(key, base);
        Ok(())
    }
}

/// Something is credited, and no more than is left.
fn fits(amount: Money, left: Money) -> Result<(), Refusal> {
    if !amount.is_positive() {
        return Err(Refusal::NotPositive {
            number: String::new(),
        });
    }
    if amount.min(left)? != amount {
        return Err(Refusal::MoreThanLeft { left });
    }
    Ok(())
}

/// The tax of a part of a group: worked out on it, never more than is left, and all that is left with the last part.
fn part_of(group: &TaxGroup, base: Money) -> Result<TaxGroup, Refusal> {
    let tax = if base == group.base {
        group.tax
    } else {
        percentage(base, group.rate)?.min(group.tax)?
    };
    Ok(TaxGroup {
        base,
        tax,
        ..group.clone()
    })
}

/// A line that credits a part of another one.
fn one_of(line: &InvoiceLine, net: Money) -> Result<InvoiceLine, Refusal> {
    Ok(InvoiceLine {
        quantity: Quantity::ONE,
        unit_price: UnitPrice::from_decimal(net.to_decimal())?,
        discount: Money::zero(net.currency()),
        net,
        ..line.clone()
    })
}

fn of_group(group: &TaxGroup) -> Result<(Option<u32>, InvoiceLine), Refusal> {
    let line = InvoiceLine {
        position: 0,
        item_code: None,
        description: "Rest of the invoice".to_owned(),
        quantity: Quantity::ONE,
        unit_price: UnitPrice::from_decimal(group.base.to_decimal())?,
        discount: Money::zero(group.base.currency()),
        net: group.base,
        tax_category: group.category,
        tax_rate: group.rate,
    };
    Ok((None, line))
}

/// Lines of a document are counted from one.
fn numbered(lines: Vec<(Option<u32>, InvoiceLine)>) -> Vec<(Option<u32>, InvoiceLine)> {
    (1..)
        .zip(lines)
        .map(|(position, (of, line))| (of, InvoiceLine { position, ..line }))
        .collect()
}

#[cfg(test)]
mod tests;
