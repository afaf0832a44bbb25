//! Ways in which files write what they mean otherwise than we do, turned into ours before the check.
//!
//! Nothing is corrected in silence: each way is either a choice of the mapping or comes back as an issue.

use super::{
    check::{line_net, total},
    fields::Field,
    issues::{ImportIssue, Problem, Sum},
    types::{DocumentKind, DraftDocument, DraftLine},
};
use crate::{
    decimal::{Quantity, TaxRate, UnitPrice},
    money::Money,
    refusal::Refusal,
};
use serde::{Deserialize, Serialize};

/// What becomes of documents that come out below zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NegativeDocuments {
    /// They are refused.
    #[default]
    Refuse,
    /// They are credit notes with all signs turned, whatever the file calls them.
    AsCreditNote,
}

/// Turns a document below zero into a credit note with the opposite signs, when the rule says so.
pub fn settle_sign(document: DraftDocument, rule: NegativeDocuments) -> DraftDocument {
    match rule {
        NegativeDocuments::Refuse => document,
        NegativeDocuments::AsCreditNote => {
            let below_zero = total(&document).is_some_and(Money::is_negative);
            let mirrored = below_zero.then(|| mirrored(&document).ok()).flatten();
            mirrored.unwrap_or(document)
        }
    }
}

/// How far the price of a line binds its net amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinePrices {
    /// Peppol R120: up to two minor units of difference, for rounding on the way.
    Binding,
    /// EN 16931 by itself has no such rule: the stated net amount is what was billed.
    Informative,
}

/// Lets stated net amounts stand where they differ from quantity times price, but only when the document states the
/// sum of its lines and the net amounts give it (BR-CO-10); otherwise [`super::check()`] refuses with both numbers.
/// A return that is written with a positive quantity gets a negative one; any other line gets its net amount as the
/// price of its quantity. What was changed comes back as issues, to be shown and not to refuse.
pub fn settle_lines(mut document: DraftDocument, prices: LinePrices) -> (DraftDocument, Vec<ImportIssue>) {
    let mut notices = Vec::new();
    let zero = Money::zero(document.currency);
    let mut nets = document.lines.iter().map(|line| line.stated_net);
    let sum = nets.try_fold(zero, |sum, net| sum.checked_add(net?).ok());
    if sum.is_none() || sum != document.stated.lines {
        return (document, notices);
    }
    for line in &mut document.lines {
        let (Some(stated), Ok(computed)) = (line.stated_net, line_net(line, document.currency)) else {
            continue;
        };
        if stated == computed {
            continue;
        }
        let near = stated.minor().abs_diff(computed.minor()) <= ROUNDING_SLACK;
        let settled = as_return(line, stated, computed).or_else(|| match prices {
            LinePrices::Binding if !near => None,
            LinePrices::Binding | LinePrices::Informative => as_whole(line, stated),
        });
        if let Some(settled) = settled {
            let problem = Problem::Differs {
                sum: Sum::LineNet,
                stated,
                computed,
            };
            notices.push(ImportIssue::of(line.source_line, Field::LineNet, problem));
            *line = settled;
        }
    }
    (document, notices)
}

/// Minor units that Peppol R120 allows.
const ROUNDING_SLACK: u64 = 2;

fn as_return(line: &DraftLine, stated: Money, computed: Money) -> Option<DraftLine> {
    let plain = line.discount.is_zero() && line.charge.is_zero() && line.quantity.scaled() > 0;
    let opposite = stated.is_negative() && computed.checked_neg().is_ok_and(|opposite| opposite == stated);
    let quantity = Quantity::from_scaled(-line.quantity.scaled());
    (plain && opposite).then(|| DraftLine {
        quantity,
        ..line.clone()
    })
}

fn as_whole(line: &DraftLine, stated: Money) -> Option<DraftLine> {
    let gross = stated
        .checked_add(line.discount)
        .and_then(|gross| gross.checked_sub(line.charge))
        .ok()?;
    let unit_price = UnitPrice::from_decimal(gross.to_decimal()).ok()?;
    let zero = TaxRate::from_scaled(0);
    let whole = DraftLine {
        unit_price,
        price_base: line.quantity,
        discount_percent: zero,
        ..line.clone()
    };
    (line.quantity.scaled() != 0).then_some(whole)
}

/// The same document with all signs turned, as a credit note.
fn mirrored(document: &DraftDocument) -> Result<DraftDocument, Refusal> {
    let opposite = |amount: Option<Money>| amount.map(Money::checked_neg).transpose();
    let mut turned = DraftDocument {
        kind: DocumentKind::CreditNote,
        ..document.clone()
    };
    for line in &mut turned.lines {
        let quantity = line
            .quantity
            .scaled()
            .checked_neg()
            .ok_or(Refusal::AmountTooLarge)?;
        line.quantity = Quantity::from_scaled(quantity);
        line.discount = line.discount.checked_neg()?;
        line.charge = line.charge.checked_neg()?;
        line.stated_net = opposite(line.stated_net)?;
        line.stated_tax = opposite(line.stated_tax)?;
    }
    for adjustment in &mut turned.adjustments {
        adjustment.amount = adjustment.amount.checked_neg()?;
    }
    let stated = &mut turned.stated;
    let totals = [
        &mut stated.lines,
        &mut stated.discounts,
        &mut stated.charges,
        &mut stated.net,
        &mut stated.tax,
        &mut stated.total,
        &mut stated.due,
    ];
    for total in totals {
        *total = opposite(*total)?;
    }
    for group in &mut stated.groups {
        group.base = opposite(group.base)?;
        group.amount = opposite(group.amount)?;
    }
    turned.prepaid = turned.prepaid.checked_neg()?;
    turned.rounding = turned.rounding.checked_neg()?;
    turned.tax_currency_total = opposite(turned.tax_currency_total)?;
    Ok(turned)
}
