//! What a credit note takes of the invoices that it names when it does not say which of their lines: it is compared by tax
//! group and in total (V12).
//!
//! Files bring such credit notes. Each is stored as it is or not at all, so nothing is cut to what is left.

use crate::{
    decimal::TaxRate,
    invoices::{TaxCategory, Totals},
    money::Money,
};
use serde::{Deserialize, Serialize};

/// What a document adds up to, or what is left of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sums {
    /// By tax group.
    pub groups: Vec<GroupSum>,
    /// The named rounding.
    pub rounding: Money,
}

/// Base and tax of one tax group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupSum {
    /// Category.
    pub category: TaxCategory,
    /// Rate.
    pub rate: TaxRate,
    /// What the tax is computed on.
    pub base: Money,
    /// The tax.
    pub tax: Money,
}

/// In which respect a credit note is more than what is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// In total.
    Total,
    /// By the base of a tax group.
    Base(TaxCategory, TaxRate),
    /// By the tax of a tax group.
    Tax(TaxCategory, TaxRate),
}

/// A credit note is more than what is left of the invoices that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beyond {
    /// In which respect.
    pub measure: Measure,
    /// What is credited.
    pub credited: Money,
    /// What is left.
    pub left: Money,
}

impl Sums {
    /// Of a document as it was issued.
    pub fn of(totals: &Totals) -> Self {
        let groups = totals.taxes.iter().map(|group| GroupSum {
            category: group.category,
            rate: group.rate,
            base: group.base,
            tax: group.tax,
        });
        Self {
            groups: groups.collect(),
            rounding: totals.rounding,
        }
    }

    /// Nothing is in any group.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    fn group(&self, like: &GroupSum, of: fn(&GroupSum) -> Money) -> Money {
        let found = self
            .groups
            .iter()
            .find(|group| (group.category, group.rate) == (like.category, like.rate));
        found.map_or(Money::zero(self.rounding.currency()), of)
    }

    fn total(&self) -> i128 {
        let groups = self.groups.iter().flat_map(|group| [group.base, group.tax]);
        groups
            .chain([self.rounding])
            .map(|one| i128::from(one.minor()))
            .sum()
    }

    /// Less a part of it.
    fn less(&self, part: &Self) -> Self {
        let minus = |one: Money, other: Money| Money::new(one.minor() - other.minor(), one.currency());
        let groups = self.groups.iter().map(|group| GroupSum {
            base: minus(group.base, part.group(group, |group| group.base)),
            tax: minus(group.tax, part.group(group, |group| group.tax)),
            ..*group
        });
        Self {
            groups: groups.collect(),
            rounding: minus(self.rounding, part.rounding),
        }
    }
}

/// Takes a credit note off what is left of the invoices that it names: of each as much as there is, in their order. The
/// answer says what it took of each; together that is all of it.
///
/// # Errors
/// [`Beyond`] when it is more than there is, in total or in a tax group; then nothing was taken.
pub fn take(note: &Sums, left: &mut [Sums]) -> Result<Vec<Sums>, Beyond> {
    let together = left.iter().map(Sums::total).sum();
    within(note.total(), together, note.rounding)?;
    let nothing = Money::zero(note.rounding.currency());
    let mut parts = vec![
        Sums {
            groups: Vec::new(),
            rounding: nothing,
        };
        left.len()
    ];
    for group in &note.groups {
        let bases = fill(group, left, |group| group.base, Measure::Base)?;
        let taxes = fill(group, left, |group| group.tax, Measure::Tax)?;
        for (part, (base, tax)) in parts.iter_mut().zip(bases.into_iter().zip(taxes)) {
            if !base.is_zero() || !tax.is_zero() {
                part.groups.push(GroupSum { base, tax, ..*group });
            }
        }
    }
    round(note, &mut parts, left);
    let rest: Vec<Sums> = left
        .iter()
        .zip(&parts)
        .map(|(left, part)| left.less(part))
        .collect();
    for ((part, left), rest) in parts.iter().zip(&*left).zip(&rest) {
        if rest.total() < 0 {
            within(part.total(), left.total(), note.rounding)?;
        }
    }
    left.clone_from_slice(&rest);
    Ok(parts)
}

/// Refuses a total beyond another one.
fn within(credited: i128, left: i128, like: Money) -> Result<(), Beyond> {
    if credited <= left {
        return Ok(());
    }
    let shown = |amount| Money::new(i64::try_from(amount).unwrap_or(i64::MAX), like.currency());
    Err(Beyond {
        measure: Measure::Total,
        credited: shown(credited),
        left: shown(left),
    })
}

/// Fills what is left of a group, the first invoice first. What a return took off an invoice can only be taken off less
/// of, so both are on the same side of zero.
fn fill(
    group: &GroupSum,
    left: &[Sums],
    of: fn(&GroupSum) -> Money,
    measure: fn(TaxCategory, TaxRate) -> Measure,
) -> Result<Vec<Money>, Beyond> {
    let credited = of(group);
    let mut rest = credited.minor();
    let mut parts = Vec::with_capacity(left.len());
    for one in left {
        let there = one.group(group, of).minor();
        let part = if rest.signum() != there.signum() {
            0
        } else if rest > 0 {
            rest.min(there)
        } else {
            rest.max(there)
        };
        rest -= part;
        parts.push(Money::new(part, credited.currency()));
    }
    if rest == 0 {
        return Ok(parts);
    }
    Err(Beyond {
        measure: measure(group.category, group.rate),
        credited,
        left: Money::new(credited.minor() - rest, credited.currency()),
    })
}

/// The credit note's rounding belongs to the invoice that would be credited beyond its own without it, else to the first
/// of which it takes something.
fn round(note: &Sums, parts: &mut [Sums], left: &[Sums]) {
    let beyond = |(part, left): (&Sums, &Sums)| part.total() > left.total();
    let place = parts.iter().zip(left).position(beyond);
    let place = place.or_else(|| parts.iter().position(|part| !part.is_empty()));
    if let Some(part) = parts.get_mut(place.unwrap_or_default()) {
        part.rounding = note.rounding;
    }
}

#[cfg(test)]
mod tests;
