//! From the lines of an invoice or a credit note to its total, in the order of the document.

use super::{Part, Step};
use crate::{
    invoices::{
        Cost, InvoiceLine, TaxGroup, Totals,
        totals::{line_exact, percentage, percentage_exact},
    },
    locale::{Locale, format_amount, format_exact, format_quantity, format_rate, format_unit_price},
    money::Money,
    refusal::Refusal,
};

/// Net, tax by rate and total. `costs` make up the charge.
///
/// # Errors
/// [`Refusal::AmountTooLarge`], which no stored document gives.
pub(crate) fn document(
    lines: &[InvoiceLine],
    costs: &[Cost],
    totals: &Totals,
    locale: Locale,
) -> Result<Vec<Step>, Refusal> {
    let mut steps = vec![net(lines, costs, totals, locale)?];
    if !totals.taxes.is_empty() {
        steps.push(tax(totals, locale));
    }
    let mut parts = vec![
        Part::of("Total without tax", totals.net),
        Part::of("Tax", totals.tax),
    ];
    if !totals.rounding.is_zero() {
        parts.push(Part::of("Rounding of the document", totals.rounding));
    }
    steps.push(Step {
        name: "Total",
        amount: totals.total,
        parts,
    });
    Ok(steps)
}

fn net(lines: &[InvoiceLine], costs: &[Cost], totals: &Totals, locale: Locale) -> Result<Step, Refusal> {
    let mut parts: Vec<Part> = lines
        .iter()
        .map(|line| Part::of(line_name(line), line.net).by_way_of(line_calculation(line, locale)))
        .collect();
    if !totals.discount.is_zero() {
        parts.push(Part::of(
            "Discount on the document",
            totals.discount.checked_neg()?,
        ));
    }
    let costs = Cost::all_of(totals.charge, costs.to_vec())?;
    parts.extend(
        costs
            .into_iter()
            .map(|cost| Part::of(cost.description, cost.amount)),
    );
    Ok(Step {
        name: "Total without tax",
        amount: totals.net,
        parts,
    })
}

fn line_name(line: &InvoiceLine) -> String {
    format!("{}. {}", line.position, line.description)
}

/// `3 × 1.665 − 0.50 = 4.495, rounded to 4.50`
fn line_calculation(line: &InvoiceLine, locale: Locale) -> String {
    let currency = line.net.currency();
    let mut text = format!(
        "{} × {}",
        format_quantity(line.quantity, locale),
        format_unit_price(line.unit_price, currency, locale)
    );
    if !line.discount.is_zero() {
        let (sign, amount) = if line.discount.is_negative() {
            ("+", line.discount.checked_neg().unwrap_or(line.discount))
        } else {
            ("−", line.discount)
        };
        text.push_str(&format!(" {sign} {}", format_amount(amount, locale)));
    }
    if let Ok(exact) = line_exact(line.quantity, line.unit_price, line.discount) {
        text.push_str(&result(&format_exact(exact, currency, locale), line.net, locale));
    }
    text
}

/// ` = 4.495, rounded to 4.50`, or no more than the sign and the number when that is exact.
fn result(exact: &str, rounded: Money, locale: Locale) -> String {
    let rounded = format_amount(rounded, locale);
    if *exact == rounded {
        format!(" = {exact}")
    } else {
        format!(" = {exact}, rounded to {rounded}")
    }
}

fn tax(totals: &Totals, locale: Locale) -> Step {
    let parts = totals.taxes.iter().map(|group| {
        let name = format!(
            "{} at {}",
            group.category.label(),
            format_rate(group.rate, locale)
        );
        let how = tax_calculation(group, locale);
        let how = match &group.reason {
            Some(reason) => format!("{how} ({reason})"),
            None => how,
        };
        Part::of(name, group.tax).by_way_of(how)
    });
    Step {
        name: "Tax",
        amount: totals.tax,
        parts: parts.collect(),
    }
}

/// `19% of 4.50 = 0.855, rounded to 0.86`. The last credit note over an invoice takes what was left of its tax (V37), and
/// an imported document may be rounded otherwise; what stands there is then said beside what the rate gives.
fn tax_calculation(group: &TaxGroup, locale: Locale) -> String {
    let (rate, base) = (format_rate(group.rate, locale), format_amount(group.base, locale));
    match percentage(group.base, group.rate) {
        Ok(usual) if usual != group.tax => format!(
            "{} stands on it; {rate} of {base} would be {}",
            format_amount(group.tax, locale),
            format_amount(usual, locale)
        ),
        _ => {
            let exact = format_exact(
                percentage_exact(group.base, group.rate),
                group.base.currency(),
                locale,
            );
            format!("{rate} of {base}{}", result(&exact, group.tax, locale))
        }
    }
}
