//! What a document adds up to (V6 to V11).
//!
//! Rounding happens where a calculation becomes an amount: once for each line and once for each tax group, half away
//! from zero, so that a document with all signs turned round is the exact mirror (V4). Everything else is sums. The
//! results are stored and shown everywhere; nobody computes them again (V13).

mod check;

pub use check::check;

use super::{InvoiceLine, TaxCategory, TaxGroup, Totals};
use crate::{
    decimal::{Quantity, TaxRate, UnitPrice},
    money::{Currency, Money},
    refusal::Refusal,
};
use std::collections::BTreeMap;

/// What the totals need of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its net, rounded.
    pub net: Money,
    /// Its tax category.
    pub category: TaxCategory,
    /// Its tax rate.
    pub rate: TaxRate,
}

impl From<&InvoiceLine> for Line {
    fn from(line: &InvoiceLine) -> Self {
        Self {
            net: line.net,
            category: line.tax_category,
            rate: line.tax_rate,
        }
    }
}

/// What concerns the document as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WholeDocument {
    /// Taken off it.
    pub discount: Money,
    /// Added to it.
    pub charge: Money,
    /// Named cash rounding.
    pub rounding: Money,
    /// Why no tax is due, by category; where none is given, the usual words for the category stand.
    pub reasons: BTreeMap<TaxCategory, String>,
}

impl WholeDocument {
    /// No discount, no charge, no rounding.
    pub const fn plain(currency: Currency) -> Self {
        let zero = Money::zero(currency);
        Self {
            discount: zero,
            charge: zero,
            rounding: zero,
            reasons: BTreeMap::new(),
        }
    }
}

/// A line's net: quantity times unit price less discount, rounded once (V6). A negative discount is a surcharge.
///
/// # Errors
/// [`Refusal::AmountTooLarge`].
pub fn line_net(quantity: Quantity, price: UnitPrice, discount: Money) -> Result<Money, Refusal> {
    let Exact { scaled, scale } = line_exact(quantity, price, discount)?;
    Money::round_scaled(scaled, scale, discount.currency())
}

/// A number before it was rounded to an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exact {
    /// Its digits.
    pub scaled: i128,
    /// How many of them are decimals.
    pub scale: u32,
}

/// A line's net before it is rounded.
///
/// # Errors
/// [`Refusal::AmountTooLarge`].
pub fn line_exact(quantity: Quantity, price: UnitPrice, discount: Money) -> Result<Exact, Refusal> {
    let currency = discount.currency();
    let scale = Quantity::SCALE + UnitPrice::SCALE;
    // Two 64-bit factors fit 128 bits.
    let gross = i128::from(quantity.scaled()) * i128::from(price.scaled());
    let factor = scale
        .checked_sub(currency.exponent())
        .and_then(|places| 10_i128.checked_pow(places));
    let off = factor.and_then(|factor| i128::from(discount.minor()).checked_mul(factor));
    let scaled = off
        .and_then(|off| gross.checked_sub(off))
        .ok_or(Refusal::AmountTooLarge)?;
    Ok(Exact { scaled, scale })
}

/// A share of an amount in percent, rounded once: the tax of a group's base (V8), or a discount given as a rate.
///
/// # Errors
/// [`Refusal::AmountTooLarge`].
pub fn percentage(base: Money, rate: TaxRate) -> Result<Money, Refusal> {
    let Exact { scaled, scale } = percentage_exact(base, rate);
    Money::round_scaled(scaled, scale, base.currency())
}

/// A share of an amount in percent before it is rounded.
pub fn percentage_exact(base: Money, rate: TaxRate) -> Exact {
    Exact {
        scaled: i128::from(base.minor()) * i128::from(rate.scaled()),
        // Percent are two more decimals than the rate's own.
        scale: base.currency().exponent() + TaxRate::SCALE + 2,
    }
}

/// Adds a document up: lines by tax group, discount and charge shared among the groups, tax once for each group.
///
/// # Errors
/// [`Refusal::MixedCurrencies`] (V3), [`Refusal::RateUnfit`] for a rate that does not go with its category (V10),
/// [`Refusal::AmountTooLarge`].
pub fn totals(currency: Currency, lines: &[Line], whole: &WholeDocument) -> Result<Totals, Refusal> {
    let WholeDocument {
        discount,
        charge,
        rounding,
        reasons,
    } = whole;
    let sum = Money::sum(currency, lines.iter().map(|line| line.net))?;
    let net = sum.checked_sub(*discount)?.checked_add(*charge)?;

    let groups = bases(currency, lines)?;
    let less = shares(*discount, sum, &groups)?;
    let more = shares(*charge, sum, &groups)?;
    let mut taxes = Vec::with_capacity(groups.len());
    for (((category, rate), base), (less, more)) in groups.into_iter().zip(less.into_iter().zip(more)) {
        let base = base.checked_sub(less)?.checked_add(more)?;
        let tax = percentage(base, rate)?;
        let given = reasons
            .get(&category)
            .map(|reason| reason.trim())
            .filter(|reason| !reason.is_empty());
        let reason = given
            .or(category.usual_reason())
            .filter(|_| category.needs_reason())
            .map(str::to_owned);
        taxes.push(TaxGroup {
            category,
            rate,
            base,
            tax,
            reason,
        });
    }
    let tax = Money::sum(currency, taxes.iter().map(|group| group.tax))?;
    let total = net.checked_add(tax)?.checked_add(*rounding)?;
    Ok(Totals {
        lines: sum,
        discount: *discount,
        charge: *charge,
        net,
        taxes,
        tax,
        rounding: *rounding,
        total,
    })
}

/// What each tax group of the lines bears of a charge on the document, if there is one.
///
/// # Errors
/// As [`totals`].
pub fn charged(charge: Money, lines: &[Line]) -> Result<Vec<(TaxKey, Money)>, Refusal> {
    if charge.is_zero() {
        return Ok(Vec::new());
    }
    let currency = charge.currency();
    let sum = Money::sum(currency, lines.iter().map(|line| line.net))?;
    let groups = bases(currency, lines)?;
    let shares = shares(charge, sum, &groups)?;
    Ok(groups.into_keys().zip(shares).collect())
}

/// A tax group, by what it is told from others.
pub type TaxKey = (TaxCategory, TaxRate);

/// Sum of the lines of each (category, rate), in that order.
fn bases(currency: Currency, lines: &[Line]) -> Result<BTreeMap<(TaxCategory, TaxRate), Money>, Refusal> {
    let mut groups = BTreeMap::new();
    for Line { net, category, rate } in lines {
        category.check_rate(*rate)?;
        let base = groups.entry((*category, *rate)).or_insert(Money::zero(currency));
        *base = base.checked_add(*net)?;
    }
    Ok(groups)
}

/// Each group's part of a discount or charge on the document, in proportion to its base (V5, V11). Groups whose base
/// has the other sign than the whole, such as a returned item among sold ones, have no part in it.
fn shares(
    amount: Money,
    sum: Money,
    groups: &BTreeMap<(TaxCategory, TaxRate), Money>,
) -> Result<Vec<Money>, Refusal> {
    if amount.is_zero() {
        return Ok(vec![amount; groups.len()]);
    }
    let weight = |base: &Money| {
        let counts = base.is_negative() == sum.is_negative();
        if counts { base.minor().unsigned_abs() } else { 0 }
    };
    let weights: Vec<u64> = groups.values().map(weight).collect();
    amount.allocate(&weights)
}

impl TaxCategory {
    /// Whether documents must say why no tax is due (V10).
    pub const fn needs_reason(self) -> bool {
        match self {
            Self::S | Self::Z => false,
            Self::E | Self::AE | Self::K | Self::G | Self::O => true,
        }
    }

    /// The words that stand when the document gives no reason of its own.
    pub const fn usual_reason(self) -> Option<&'static str> {
        match self {
            Self::S | Self::Z => None,
            Self::E => Some("Exempt from tax"),
            Self::AE => Some("Reverse charge"),
            Self::K => Some("Intra-community supply"),
            Self::G => Some("Export outside the EU"),
            Self::O => Some("Not subject to tax"),
        }
    }

    /// Only the standard category has a rate, and it always has one: "no tax" is a category, not a rate (V10).
    ///
    /// # Errors
    /// [`Refusal::RateUnfit`].
    pub fn check_rate(self, rate: TaxRate) -> Result<(), Refusal> {
        let fits = match self {
            Self::S => rate.scaled() > 0,
            Self::Z | Self::E | Self::AE | Self::K | Self::G | Self::O => rate.scaled() == 0,
        };
        if fits {
            Ok(())
        } else {
            Err(Refusal::RateUnfit { category: self, rate })
        }
    }
}

#[cfg(test)]
mod tests;
