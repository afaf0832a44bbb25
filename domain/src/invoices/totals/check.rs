//! Checks of a document that states its own totals, such as an imported one (V6 to V10, D18).
//!
//! Only what follows from the stated parts is asked for. How a document shared its discount among tax groups is its
//! own affair as long as the shares add up.

use super::{InvoiceLine, Line, Totals, bases, line_net, percentage};
use crate::{
    money::{Currency, Money},
    refusal::{Figure, Refusal},
};

/// Checks that a document's numbers follow from each other: line nets, their sum, total without tax, tax groups and
/// their sum, total.
///
/// # Errors
/// [`Refusal::TotalDiffers`] for the first number that does not follow, [`Refusal::RateUnfit`] or
/// [`Refusal::ReasonMissing`] for a tax group (V10), mixed currencies or overflow.
pub fn check(currency: Currency, lines: &[InvoiceLine], totals: &Totals) -> Result<(), Refusal> {
    let Totals {
        lines: sum,
        discount,
        charge,
        net,
        taxes,
        tax,
        rounding,
        total,
    } = totals;
    for line in lines {
        let InvoiceLine {
            quantity,
            unit_price,
            discount,
            net,
            ..
        } = line;
        same(
            Figure::LineNet,
            *net,
            line_net(*quantity, *unit_price, *discount)?,
        )?;
    }
    same(
        Figure::Lines,
        *sum,
        Money::sum(currency, lines.iter().map(|line| line.net))?,
    )?;
    same(
        Figure::Net,
        *net,
        sum.checked_sub(*discount)?.checked_add(*charge)?,
    )?;

    let plain: Vec<Line> = lines.iter().map(Line::from).collect();
    let groups = bases(currency, &plain)?;
    for group in taxes {
        group.category.check_rate(group.rate)?;
        if group.category.needs_reason() && group.reason.as_deref().is_none_or(|r| r.trim().is_empty()) {
            return Err(Refusal::ReasonMissing {
                category: group.category,
            });
        }
        if discount.is_zero() && charge.is_zero() {
            let base = groups
                .get(&(group.category, group.rate))
                .copied()
                .unwrap_or(Money::zero(currency));
            same(Figure::TaxBase, group.base, base)?;
        }
        same(Figure::Tax, group.tax, percentage(group.base, group.rate)?)?;
    }
    same(
        Figure::TaxBase,
        Money::sum(currency, taxes.iter().map(|group| group.base))?,
        *net,
    )?;
    same(
        Figure::Tax,
        *tax,
        Money::sum(currency, taxes.iter().map(|group| group.tax))?,
    )?;
    same(
        Figure::Total,
        *total,
        net.checked_add(*tax)?.checked_add(*rounding)?,
    )
}

fn same(what: Figure, stated: Money, computed: Money) -> Result<(), Refusal> {
    stated.checked_sub(computed)?;
    if stated == computed {
        Ok(())
    } else {
        Err(Refusal::TotalDiffers {
            what,
            stated,
            computed,
        })
    }
}
