//! Crediting costs of an invoice as a whole (I9). A cost bears the tax that the invoice gave it: its charge is shared among
//! the tax groups, and a part of a cost takes of each group's share as much as that is of what is left. So no share is ever
//! overdrawn, and the last part takes the last of all.

use super::{Bases, Left, fits};
use crate::{
    decimal::{Quantity, UnitPrice},
    invoices::{InvoiceLine, billed::cost_place, totals::TaxKey},
    money::Money,
    refusal::Refusal,
};

impl Left {
    /// What is left of a cost, which is no more than is left of all of them: a credit note over all that was left named none.
    ///
    /// # Errors
    /// [`Refusal::AmountTooLarge`].
    pub(super) fn of_cost(&self, place: usize) -> Result<Money, Refusal> {
        match self.costs.get(place) {
            Some((cost, credited)) if cost.amount.is_positive() => {
                cost.amount.checked_sub(*credited)?.min(self.charge)
            }
            _ => Ok(Money::zero(self.currency)),
        }
    }

    /// The lines that credit a part of a cost, one for each tax group that bears it. `charged` is what the groups have left
    /// of the charge, which becomes less.
    ///
    /// # Errors
    /// [`Refusal::FormBroken`] for a cost that the invoice does not have, [`Refusal::NotPositive`],
    /// [`Refusal::MoreThanLeft`] for more than is left of it or of a tax group.
    pub(super) fn cost(
        &self,
        position: u32,
        amount: Money,
        charged: &mut [(TaxKey, Money)],
        bases: &mut Bases,
    ) -> Result<Vec<InvoiceLine>, Refusal> {
        let place = cost_place(position).ok_or(Refusal::FormBroken)?;
        let (cost, _) = self.costs.get(place).ok_or(Refusal::FormBroken)?;
        fits(amount, self.of_cost(place)?)?;
        let weights: Vec<u64> = charged
            .iter()
            .map(|(_, left)| u64::try_from(left.minor()).unwrap_or_default())
            .collect();
        let mut lines = Vec::new();
        for (((category, rate), left), share) in charged.iter_mut().zip(amount.allocate(&weights)?) {
            if share.is_zero() {
                continue;
            }
            self.take((*category, *rate), share, bases)?;
            *left = left.checked_sub(share)?;
            lines.push(InvoiceLine {
                position,
                item_code: None,
                description: cost.description.clone(),
                quantity: Quantity::ONE,
                unit_price: UnitPrice::from_decimal(share.to_decimal())?,
                discount: Money::zero(self.currency),
                net: share,
                tax_category: *category,
                tax_rate: *rate,
            });
        }
        Ok(lines)
    }
}
