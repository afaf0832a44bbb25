//! A row as the part of a document that it is: a line, a discount or charge, a stated tax group.
//!
//! What a part needs and the row does not have becomes an issue here, unless the mapping has already said why the
//! value could not be read.

use super::{
    fields::Field,
    issues::{ImportIssue, Problem},
    mapping::Row,
    types::{Adjustment, AdjustmentKind, DraftLine, StatedGroup},
    values::price_for,
};
use crate::{
    decimal::{Quantity, TaxRate, UnitPrice},
    money::Money,
};

/// A line. Without a price its amount is the price of the whole quantity, which is exact whatever the quantity.
pub(super) fn line_of(row: Row, issues: &mut Vec<ImportIssue>) -> Option<DraftLine> {
    let before = issues.len();
    // What was there and could not be read was reported by the mapping.
    let unread: Vec<Field> = issues.iter().filter_map(|issue| issue.field).collect();
    let mut wrong = |field, problem| {
        if !unread.contains(&field) {
            issues.push(ImportIssue::of(row.line, field, problem));
        }
    };
    let one = Quantity::from_scaled(1_000_000);
    let zero = Quantity::from_scaled(0);
    let currency = row.currency?;
    let amount = |field| row.amounts.get(&field).copied();
    let stated_net = amount(Field::LineNet);
    let discount = amount(Field::Discount).unwrap_or(Money::zero(currency));
    let charge = amount(Field::Charge).unwrap_or(Money::zero(currency));
    let quantity = row.quantity.unwrap_or(one);
    let price_base = row.price_base.unwrap_or(one);
    if price_base == zero {
        wrong(Field::PriceBase, Problem::ZeroPriceBase);
    }
    let priced = match (row.unit_price, stated_net) {
        (Some(price), _) => match price_for(price, price_base) {
            Ok(priced) => Some(priced),
            Err(problem) => {
                wrong(Field::UnitPrice, problem);
                None
            }
        },
        (None, None) => {
            if !unread.contains(&Field::LineNet) {
                wrong(Field::UnitPrice, Problem::NoPrice);
            }
            None
        }
        (None, Some(_)) if quantity == zero => {
            wrong(Field::Quantity, Problem::ZeroQuantity);
            None
        }
        (None, Some(net)) => {
            let gross = net
                .checked_add(discount)
                .and_then(|gross| gross.checked_sub(charge));
            let price = gross.and_then(|gross| UnitPrice::from_decimal(gross.to_decimal()));
            if price.is_err() {
                wrong(
                    Field::LineNet,
                    Problem::TooLarge {
                        text: net.to_decimal().to_string(),
                    },
                );
            }
            price.ok().map(|price| (price, quantity))
        }
    };
    let description = row.description.or_else(|| row.item_code.clone());
    if description.is_none() {
        wrong(Field::Description, Problem::MissingValue);
    }
    if row.tax.is_none()
        && !unread
            .iter()
            .any(|field| matches!(field, Field::TaxCategory | Field::TaxRate))
    {
        wrong(Field::TaxCode, Problem::MissingTax);
    }
    let (unit_price, price_base) = priced?;
    let line = DraftLine {
        source_line: row.line,
        description: description?,
        item_code: row.item_code,
        quantity,
        unit: row.unit,
        unit_price,
        price_base,
        // Without a price the stated amount is what is left after the percentage: it must not be taken off again.
        discount_percent: row
            .discount_percent
            .filter(|_| row.unit_price.is_some())
            .unwrap_or(TaxRate::from_scaled(0)),
        discount,
        charge,
        stated_net,
        stated_tax: row.amounts.get(&Field::LineTax).copied(),
        tax: row.tax?,
    };
    (issues.len() == before).then_some(line)
}

pub(super) fn adjustment_of(
    row: Row,
    kind: AdjustmentKind,
    issues: &mut Vec<ImportIssue>,
) -> Option<Adjustment> {
    let amount = row.amounts.get(&Field::LineNet).copied();
    let unread = issues
        .iter()
        .any(|issue| matches!(issue.field, Some(Field::LineNet | Field::Currency)));
    if amount.is_none() && !unread {
        issues.push(ImportIssue::of(row.line, Field::LineNet, Problem::MissingValue));
    }
    Some(Adjustment {
        source_line: row.line,
        kind,
        reason: row.description,
        amount: amount?,
        tax: row.tax,
    })
}

pub(super) fn group_of(row: Row, issues: &mut Vec<ImportIssue>) -> Option<StatedGroup> {
    let is_tax = |field| matches!(field, Field::TaxCode | Field::TaxCategory | Field::TaxRate);
    if row.tax.is_none() && !issues.iter().filter_map(|issue| issue.field).any(is_tax) {
        issues.push(ImportIssue::of(row.line, Field::TaxCategory, Problem::MissingTax));
    }
    let amount = |field| row.amounts.get(&field).copied();
    Some(StatedGroup {
        source_line: row.line,
        base: amount(Field::LineNet),
        amount: amount(Field::LineTax),
        tax: row.tax?,
    })
}
