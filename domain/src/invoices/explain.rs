//! Where the amounts of an invoice come from: every total opens to its parts, each of which is a document, a line or an
//! act of somebody.
//!
//! The parts of a step add up to its amount; a property test says so. What was rounded shows what it was before.

use super::{
    InvoiceDetail, InvoiceLine, Status, Totals,
    totals::{line_exact, percentage_exact},
};
use crate::{
    ids::{CreditNoteId, PaymentId},
    locale::{Locale, format_amount, format_exact, format_quantity, format_rate, format_unit_price},
    money::Money,
    refusal::Refusal,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Money or credit that was put to an invoice or taken off it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    /// When.
    pub at: DateTime<Utc>,
    /// What it came from, or went back to.
    pub from: MovedFrom,
    /// Number of that.
    pub number: String,
    /// How much was put to the invoice; below zero what was taken off.
    pub amount: Money,
    /// Who did it.
    pub by: Option<String>,
}

/// What lowers an open amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MovedFrom {
    /// A payment.
    Payment(PaymentId),
    /// A credit note.
    CreditNote(CreditNoteId),
    /// The parent, whose document the reader does not reach (V27). Its name stands for the number.
    Company,
}

impl MovedFrom {
    const fn word(self) -> &'static str {
        match self {
            Self::Payment(_) => "Payment",
            Self::CreditNote(_) => "Credit note",
            Self::Company => "Payment by",
        }
    }

    fn link(self) -> Option<String> {
        match self {
            Self::Payment(id) => Some(format!("/payments/{id}")),
            Self::CreditNote(id) => Some(format!("/credits/{id}")),
            Self::Company => None,
        }
    }
}

/// A total and what it is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it is called on the document.
    pub name: &'static str,
    /// How much.
    pub amount: Money,
    /// Its parts, which add up to it.
    pub parts: Vec<Part>,
}

/// A part of a total.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub name: String,
    /// How it was computed.
    pub how: Option<String>,
    /// How much.
    pub amount: Money,
    /// When it happened, if it is an act.
    pub at: Option<DateTime<Utc>>,
    /// Who did it, if it is an act of somebody.
    pub by: Option<String>,
    /// The page of what it is.
    pub link: Option<String>,
}

impl Part {
    fn of(name: impl Into<String>, amount: Money) -> Self {
        Self {
            name: name.into(),
            how: None,
            amount,
            at: None,
            by: None,
            link: None,
        }
    }

    fn by_way_of(self, how: String) -> Self {
        Self {
            how: Some(how),
            ..self
        }
    }
}

/// The amounts that are explained.
#[derive(Clone, Copy, Debug)]
pub struct Figures<'a> {
    /// The lines.
    pub lines: &'a [InvoiceLine],
    /// What they add up to.
    pub totals: &'a Totals,
    /// What is open.
    pub open: Money,
    /// What of that is being paid right now.
    pub pending: Money,
    /// What was written off and not taken back.
    pub written_off: Money,
    /// The badge.
    pub status: Status,
}

impl<'a> From<&'a InvoiceDetail> for Figures<'a> {
    fn from(invoice: &'a InvoiceDetail) -> Self {
        Self {
            lines: &invoice.lines,
            totals: &invoice.totals,
            open: invoice.row.open,
            pending: invoice.row.pending,
            written_off: invoice.written_off,
            status: invoice.row.status,
        }
    }
}

/// The steps from the lines of an invoice to what can be paid of it now, in the order of the document.
///
/// # Errors
/// [`Refusal::AmountTooLarge`], which no stored invoice gives.
pub fn explain(figures: Figures<'_>, movements: &[Movement], locale: Locale) -> Result<Vec<Step>, Refusal> {
    let totals = figures.totals;
    let mut steps = vec![net(figures, locale)?];
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
    steps.push(open(figures, movements)?);
    if !figures.pending.is_zero() {
        steps.push(Step {
            name: "Can be paid now",
            amount: figures.open.checked_sub(figures.pending)?,
            parts: vec![
                Part::of("Open", figures.open),
                Part::of("Being confirmed by a bank", figures.pending.checked_neg()?),
            ],
        });
    }
    Ok(steps)
}

fn net(figures: Figures<'_>, locale: Locale) -> Result<Step, Refusal> {
    let totals = figures.totals;
    let mut parts: Vec<Part> = figures
        .lines
        .iter()
        .map(|line| Part::of(line_name(line), line.net).by_way_of(line_calculation(line, locale)))
        .collect();
    if !totals.discount.is_zero() {
        parts.push(Part::of(
            "Discount on the document",
            totals.discount.checked_neg()?,
        ));
    }
    if !totals.charge.is_zero() {
        parts.push(Part::of("Charge on the document", totals.charge));
    }
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
        let exact = format_exact(
            percentage_exact(group.base, group.rate),
            group.base.currency(),
            locale,
        );
        let how = format!(
            "{} of {}{}",
            format_rate(group.rate, locale),
            format_amount(group.base, locale),
            result(&exact, group.tax, locale)
        );
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

fn open(figures: Figures<'_>, movements: &[Movement]) -> Result<Step, Refusal> {
    let mut parts = vec![Part::of("Total", figures.totals.total)];
    for movement in movements {
        let Movement {
            at,
            from,
            number,
            amount,
            by,
        } = movement;
        let word = if amount.is_negative() {
            "taken off again"
        } else {
            "put to it"
        };
        parts.push(Part {
            name: format!("{} {number} {word}", from.word()),
            how: None,
            amount: amount.checked_neg()?,
            at: Some(*at),
            by: by.clone(),
            link: from.link(),
        });
    }
    if !figures.written_off.is_zero() {
        parts.push(Part::of("Written off", figures.written_off.checked_neg()?));
    }
    if figures.status == Status::Void {
        // What was withdrawn is not owed, whatever it adds up to.
        let sum = Money::sum(figures.open.currency(), parts.iter().map(|part| part.amount))?;
        parts.push(Part::of("Voided", figures.open.checked_sub(sum)?));
    }
    Ok(Step {
        name: "Open",
        amount: figures.open,
        parts,
    })
}

#[cfg(test)]
mod tests;
