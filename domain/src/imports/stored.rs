//! What a file says, as it is stored.
//!
//! Storage knows one price for one unit and one discount; files know prices for a hundred, percentages and charges.
//! What is stored must give the same net amount by itself, since nobody computes it again (V13).

use super::types::{Adjustment, AdjustmentKind, DraftDocument, DraftLine};
use crate::{
    decimal::{Quantity, UnitPrice},
    invoices::{Cost, InvoiceLine},
    money::{Currency, Money},
    refusal::Refusal,
};
use rust_decimal::RoundingStrategy;

/// A line as it is stored: one price for one unit and one discount, so that V6 holds for the stored numbers too.
/// Where a price per unit would need more decimals than are kept, the line becomes one piece at its whole price and
/// says in its description what it was.
pub(super) fn stored(
    line: &DraftLine,
    net: Money,
    position: u32,
    currency: Currency,
) -> Result<InvoiceLine, Refusal> {
    let each = line.unit_price.to_decimal() / line.price_base.to_decimal();
    let each = each.round_dp_with_strategy(UnitPrice::SCALE, RoundingStrategy::MidpointAwayFromZero);
    let named_discount = line.discount.checked_sub(line.charge)?;
    let price = UnitPrice::from_decimal(each)?;
    // A percentage becomes the amount that it took off.
    let gross = line
        .quantity
        .to_decimal()
        .checked_mul(price.to_decimal())
        .ok_or(Refusal::AmountTooLarge)?;
    let whole_discount = Money::round_half_away(gross, currency)?.checked_sub(net)?;
    let (quantity, unit_price, discount, description) = if fits(line.quantity, price, named_discount, net) {
        (line.quantity, price, named_discount, line.description.clone())
    } else if line.discount_percent.scaled() != 0 && fits(line.quantity, price, whole_discount, net) {
        (line.quantity, price, whole_discount, line.description.clone())
    } else {
        let whole = UnitPrice::from_decimal(net.checked_add(named_discount)?.to_decimal())?;
        let was = format!(
            "{} ({} \u{d7} {} / {})",
            line.description, line.quantity, line.unit_price, line.price_base
        );
        (Quantity::from_scaled(1_000_000), whole, named_discount, was)
    };
    Ok(InvoiceLine {
        position,
        item_code: line.item_code.clone(),
        description,
        quantity,
        unit_price,
        discount,
        net,
        tax_category: line.tax.category,
        tax_rate: line.tax.rate,
    })
}

/// V6 holds for these numbers.
fn fits(quantity: Quantity, price: UnitPrice, discount: Money, net: Money) -> bool {
    let gross = quantity.to_decimal().checked_mul(price.to_decimal());
    let rounded = gross
        .and_then(|gross| gross.checked_sub(discount.to_decimal()))
        .and_then(|amount| Money::round_half_away(amount, net.currency()).ok());
    rounded == Some(net)
}

/// The charges with their names. A charge below zero is no cost: then only their sum is known.
pub(super) fn costs(document: &DraftDocument) -> Vec<Cost> {
    let charges = document.adjustments.iter();
    let charges: Vec<_> = charges.filter(|one| one.kind == AdjustmentKind::Charge).collect();
    if charges.iter().any(|charge| !charge.amount.is_positive()) {
        return Vec::new();
    }
    let cost = |charge: &Adjustment| Cost {
        description: charge.reason.clone().unwrap_or_else(|| "Charge".to_owned()),
        amount: charge.amount,
    };
    charges.into_iter().map(cost).collect()
}
