//! What of an invoice can be credited or disputed by itself: its lines, and its costs as a whole (I9).
//!
//! A position names a line; costs stand after the lines and are counted from [`COSTS`] on.

use super::{
    Cost, InvoiceLine,
    totals::{Line, charged, percentage},
};
use crate::{
    money::{Currency, Money},
    refusal::Refusal,
};
use serde::{Deserialize, Serialize};

/// The position of the first cost: more than there are lines.
const COSTS: u32 = 1_000_000;

/// The position of a cost by its place in the order of the document, from zero on.
pub fn cost_position(place: usize) -> u32 {
    u32::try_from(place)
        .ok()
        .and_then(|place| COSTS.checked_add(place))
        .unwrap_or(u32::MAX)
}

/// The place of the cost that a position names; none when it names a line.
pub fn cost_place(position: u32) -> Option<usize> {
    let place = position.checked_sub(COSTS)?;
    usize::try_from(place).ok()
}

/// A line or a cost of an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Billed {
    /// Its position.
    pub position: u32,
    /// What it is.
    pub description: String,
    /// What it costs.
    pub net: Money,
    /// The same with its tax, for the reader of a form: the tax of the document itself is worked out by group (V8). What
    /// takes something off has none.
    pub gross: Money,
}

impl Billed {
    /// Lines and costs of an invoice, in the order of the document.
    ///
    /// # Errors
    /// [`Refusal::AmountTooLarge`].
    pub fn all(currency: Currency, lines: &[InvoiceLine], costs: &[Cost]) -> Result<Vec<Self>, Refusal> {
        let mut all = Vec::with_capacity(lines.len() + costs.len());
        for line in lines {
            all.push(Self {
                position: line.position,
                description: line.description.clone(),
                net: line.net,
                gross: line
                    .net
                    .checked_add(percentage(line.net, line.tax_rate)?)?
                    .not_below_zero(),
            });
        }
        let added: Vec<Line> = lines.iter().map(Line::from).collect();
        let charge = Money::sum(currency, costs.iter().map(|cost| cost.amount))?;
        let groups = charged(charge, &added)?;
        let weights: Vec<u64> = groups
            .iter()
            .map(|(_, share)| share.minor().unsigned_abs())
            .collect();
        for (place, cost) in costs.iter().enumerate() {
            let mut gross = cost.amount;
            for (((_, rate), _), share) in groups.iter().zip(cost.amount.allocate(&weights)?) {
                gross = gross.checked_add(percentage(share, *rate)?)?;
            }
            all.push(Self {
                position: cost_position(place),
                description: cost.description.clone(),
                net: cost.amount,
                gross: gross.not_below_zero(),
            });
        }
        Ok(all)
    }

    /// The net amount of which a part with tax consists, for the credit note that answers a dispute: all of it for all, and
    /// for less in proportion, rounded down, so that it is never more than there is.
    ///
    /// # Errors
    /// [`Refusal::AmountTooLarge`].
    pub fn net_of(&self, part: Money) -> Result<Money, Refusal> {
        if !self.gross.is_positive() || part.minor() >= self.gross.minor() {
            return Ok(self.net.not_below_zero());
        }
        let net = i128::from(self.net.minor()) * i128::from(part.minor()) / i128::from(self.gross.minor());
        let net = i64::try_from(net).map_err(|_| Refusal::AmountTooLarge)?;
        Ok(Money::new(net, part.currency()))
    }
}
