//! Money that goes back: refunds, reversed records and chargebacks (V32 to V34).
//!
//! Money of a payment lies on invoices or unapplied. Before it can go back it is taken off the invoices, so what is given
//! back is never more than what is still there of the payment. A refund says what happens to the invoices: they are open
//! again, or a credit note takes their place. A chargeback is the bank's doing: it always opens them again, and when it is
//! won the money comes back as it went.

mod form;
mod types;

pub use form::RefundFields;
pub use types::*;

use crate::{
    credit_notes::Credited,
    credit_notes::Left,
    ids::{AllocationId, InvoiceId},
    invoices::Totals,
    money::Money,
    payments::form::line_field,
    refusal::{FieldErrors, Refusal},
};

/// Money of a payment that lies on an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lying {
    /// The allocation that stands.
    pub allocation: AllocationId,
    /// The invoice.
    pub invoice: InvoiceId,
    /// How much, above zero.
    pub amount: Money,
}

/// An allocation that is taken back, and what of it is put to its invoice again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Freed {
    /// The allocation that no longer stands.
    pub allocation: AllocationId,
    /// Its invoice.
    pub invoice: InvoiceId,
    /// All of it.
    pub off: Money,
    /// What stays with the invoice.
    pub back: Money,
}

impl Freed {
    /// What the invoice loses.
    ///
    /// # Errors
    /// [`Refusal::AmountTooLarge`].
    pub fn lost(&self) -> Result<Money, Refusal> {
        self.off.checked_sub(self.back)
    }
}

/// A payment as money could go back from it, read under lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refundable {
    /// Put to nothing.
    pub unapplied: Money,
    /// On invoices, the allocations that stand in the order in which they were made.
    pub lying: Vec<Lying>,
}

impl Refundable {
    /// What can go back in all (V32).
    ///
    /// # Errors
    /// [`Refusal::AmountTooLarge`].
    pub fn total(&self) -> Result<Money, Refusal> {
        let amounts = self.lying.iter().map(|lying| lying.amount);
        Money::sum(self.unapplied.currency(), amounts)?.checked_add(self.unapplied)
    }

    /// What lies on an invoice.
    ///
    /// # Errors
    /// [`Refusal::AmountTooLarge`].
    pub fn on(&self, invoice: InvoiceId) -> Result<Money, Refusal> {
        let here = self.lying.iter().filter(|lying| lying.invoice == invoice);
        Money::sum(self.unapplied.currency(), here.map(|lying| lying.amount))
    }

    /// The invoices that it lies on, each once, in the order in which money came to them.
    pub fn invoices(&self) -> Vec<InvoiceId> {
        let mut seen = Vec::new();
        for lying in &self.lying {
            if !seen.contains(&lying.invoice) {
                seen.push(lying.invoice);
            }
        }
        seen
    }

    /// Checks what somebody wants to give back against what is there now. Returns the whole amount.
    ///
    /// # Errors
    /// By field: [`Refusal::MoreThanAvailable`] for `unapplied` or the amount of a line, [`Refusal::FormBroken`] for an
    /// invoice that comes twice, [`Refusal::NotPositive`], [`Refusal::NothingChosen`] under the empty name.
    pub fn check(&self, wanted: &GiveBack) -> Result<Money, FieldErrors> {
        let mut errors = FieldErrors::default();
        if wanted.kind == RefundKind::Reversal {
            let total = self.total().map_err(|refusal| FieldErrors::one("", refusal))?;
            return if total.is_positive() {
                Ok(total)
            } else {
                Err(FieldErrors::one("", Refusal::NothingChosen))
            };
        }
        let mut sum = wanted.unapplied;
        if wanted.unapplied.is_negative() {
            let number = String::new();
            errors.add("unapplied", Refusal::NotPositive { number });
        } else if wanted.unapplied.minor() > self.unapplied.minor() {
            let available = self.unapplied;
            errors.add("unapplied", Refusal::MoreThanAvailable { available });
        }
        for (index, line) in wanted.lines.iter().enumerate() {
            let twice = wanted.lines[..index]
                .iter()
                .any(|other| other.invoice == line.invoice);
            let fits = || {
                if twice {
                    return Err(Refusal::FormBroken);
                }
                if !line.amount.is_positive() {
                    let number = String::new();
                    return Err(Refusal::NotPositive { number });
                }
                let available = self.on(line.invoice)?;
                if line.amount.min(available)? != line.amount {
                    return Err(Refusal::MoreThanAvailable { available });
                }
                sum.checked_add(line.amount)
            };
            match fits() {
                Ok(more) => sum = more,
                Err(refusal) => errors.add(line_field(index, "amount"), refusal),
            }
        }
        if errors.is_empty() && !sum.is_positive() {
            errors.add("", Refusal::NothingChosen);
        }
        errors.unless(sum)
    }

    /// Which allocations are taken back so that an amount is unapplied: from the invoices that were named as much as was
    /// named, then what is unapplied, then from the others, the last ones first.
    ///
    /// # Errors
    /// [`Refusal::MoreThanAvailable`] when there is not that much of it.
    pub fn free(&self, amount: Money, named: &[(InvoiceId, Money)]) -> Result<Vec<Freed>, Refusal> {
        let available = self.total()?;
        if amount.min(available)? != amount {
            return Err(Refusal::MoreThanAvailable { available });
        }
        let zero = Money::zero(amount.currency());
        let mut taken: Vec<Money> = vec![zero; self.lying.len()];
        let mut need = amount;
        for (invoice, part) in named {
            let mut part = part.min(need)?;
            for (lying, taken) in self.lying.iter().zip(&mut taken).rev() {
                if lying.invoice == *invoice {
                    let now = part.min(lying.amount.checked_sub(*taken)?)?;
                    *taken = taken.checked_add(now)?;
                    part = part.checked_sub(now)?;
                    need = need.checked_sub(now)?;
                }
            }
        }
        need = need.checked_sub(need.min(self.unapplied)?)?;
        for (lying, taken) in self.lying.iter().zip(&mut taken).rev() {
            let now = need.min(lying.amount.checked_sub(*taken)?)?;
            *taken = taken.checked_add(now)?;
            need = need.checked_sub(now)?;
        }
        let mut freed = Vec::new();
        for (lying, taken) in self.lying.iter().zip(taken) {
            if taken.is_positive() {
                freed.push(Freed {
                    allocation: lying.allocation,
                    invoice: lying.invoice,
                    off: lying.amount,
                    back: lying.amount.checked_sub(taken)?,
                });
            }
        }
        Ok(freed)
    }
}

/// What each invoice loses by allocations that are taken back, in the order in which they come.
///
/// # Errors
/// [`Refusal::AmountTooLarge`].
pub fn lost(freed: &[Freed]) -> Result<Vec<(InvoiceId, Money)>, Refusal> {
    let mut lost: Vec<(InvoiceId, Money)> = Vec::new();
    for one in freed {
        let part = one.lost()?;
        match lost.iter_mut().find(|(invoice, _)| *invoice == one.invoice) {
            Some((_, sum)) => *sum = sum.checked_add(part)?,
            None => lost.push((one.invoice, part)),
        }
    }
    Ok(lost)
}

/// A credit over an amount with tax, for an invoice whose money goes back: its net is shared over lines and costs by what
/// is left of them (V5), tax is computed on that as everywhere (V8), and what rounding leaves over is named (V9), so
/// that the credit is the amount to the last unit.
///
/// # Errors
/// [`Refusal::MoreThanLeft`] when not that much is left of the invoice, or its lines cannot be credited in part.
pub fn credit_of(left: &Left, amount: Money) -> Result<Credited, Refusal> {
    let total = left.total()?;
    if !amount.is_positive() || amount.min(total)? != amount {
        return Err(Refusal::MoreThanLeft { left: total });
    }
    if amount == total {
        return left.everything();
    }
    let mut parts = Vec::new();
    for position in left.positions() {
        let there = left.of(position)?;
        if there.is_positive() {
            parts.push((position, there));
        }
    }
    let refused = Refusal::MoreThanLeft { left: total };
    let net = Money::sum(left.currency, left.groups.iter().map(|group| group.base))?;
    let wanted = net_of(amount, net, total)?;
    let weights: Vec<u64> = parts
        .iter()
        .map(|(_, there)| there.minor().unsigned_abs())
        .collect();
    let shares = wanted.allocate(&weights).map_err(|_| refused.clone())?;
    let wanted: Vec<(u32, Money)> = parts
        .iter()
        .zip(shares)
        .filter(|(_, share)| share.is_positive())
        .map(|((position, _), share)| (*position, share))
        .collect();
    let credited = left.parts(&wanted).map_err(|_| refused)?;
    rounded_to(credited, amount)
}

/// The net in an amount with tax, as the net is in the whole: at most the whole net.
fn net_of(amount: Money, net: Money, total: Money) -> Result<Money, Refusal> {
    let minor = i128::from(amount.minor()) * i128::from(net.minor()) / i128::from(total.minor().max(1));
    let minor = i64::try_from(minor).map_err(|_| Refusal::AmountTooLarge)?;
    Money::new(minor.max(1), amount.currency()).min(net)
}

/// The same credit over exactly an amount: the difference is a named rounding.
fn rounded_to(credited: Credited, amount: Money) -> Result<Credited, Refusal> {
    let Credited { lines, totals } = credited;
    let rounding = amount.checked_sub(totals.total)?;
    // More than rounding can be: what is left of the lines is not what is left of the document.
    let most = lines.len() + 2 * totals.taxes.len();
    if rounding.minor().unsigned_abs() > most as u64 {
        return Err(Refusal::MoreThanLeft { left: totals.total });
    }
    Ok(Credited {
        lines,
        totals: Totals {
            rounding: totals.rounding.checked_add(rounding)?,
            total: amount,
            ..totals
        },
    })
}

#[cfg(test)]
mod tests;
