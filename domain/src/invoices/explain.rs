//! Where the amounts of an invoice come from: every total opens to its parts, each of which is a document, a line or an
//! act of somebody.
//!
//! The parts of a step add up to its amount; a property test says so. What was rounded shows what it was before.

use super::{Cost, InvoiceDetail, InvoiceLine, Status, Totals};
use crate::{
    explain::{Part, Step, document},
    ids::{CreditNoteId, PaymentId},
    locale::Locale,
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

/// The amounts that are explained.
#[derive(Clone, Copy, Debug)]
pub struct Figures<'a> {
    /// The lines.
    pub lines: &'a [InvoiceLine],
    /// The costs of the whole.
    pub costs: &'a [Cost],
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
            costs: &invoice.costs,
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
    let mut steps = document(figures.lines, figures.costs, figures.totals, locale)?;
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
