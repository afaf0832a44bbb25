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

/// What changed how much of an invoice is open: money or credit that was put to it or taken off it, and what was given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    /// When.
    pub at: DateTime<Utc>,
    /// What it came from, or went back to.
    pub from: MovedFrom,
    /// Number of that; nothing where there is no document.
    pub number: String,
    /// How much was put to the invoice or given up; below zero what was taken off or is hoped for again.
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
    /// Nothing: it was given up (V14).
    WriteOff,
    /// Nothing: the invoice was withdrawn (V15).
    Void,
}

impl MovedFrom {
    /// What a part of an amount is called that came from here, or went back.
    fn name(self, number: &str, back: bool) -> String {
        let what = match (self, back) {
            (Self::Payment(_), _) => "Payment",
            (Self::CreditNote(_), _) => "Credit note",
            (Self::Company, _) => "Payment by",
            (Self::WriteOff, false) => return "Written off".to_owned(),
            (Self::WriteOff, true) => return "Write-off taken back".to_owned(),
            (Self::Void, _) => return "Voided".to_owned(),
        };
        let word = if back { "taken off again" } else { "put to it" };
        format!("{what} {number} {word}")
    }

    fn link(self) -> Option<String> {
        match self {
            Self::Payment(id) => Some(format!("/payments/{id}")),
            Self::CreditNote(id) => Some(format!("/credits/{id}")),
            Self::Company | Self::WriteOff | Self::Void => None,
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
    let mut written_off = figures.written_off;
    for movement in movements {
        let Movement {
            at,
            from,
            number,
            amount,
            by,
        } = movement;
        if *from == MovedFrom::WriteOff {
            written_off = written_off.checked_sub(*amount)?;
        }
        parts.push(Part {
            name: from.name(number, amount.is_negative()),
            how: None,
            amount: amount.checked_neg()?,
            at: Some(*at),
            by: by.clone(),
            link: from.link(),
        });
    }
    // What nobody is known for is told all the same.
    if !written_off.is_zero() {
        parts.push(Part::of("Written off", written_off.checked_neg()?));
    }
    if figures.status == Status::Void {
        // What was withdrawn is not owed, whatever it adds up to.
        let sum = Money::sum(figures.open.currency(), parts.iter().map(|part| part.amount))?;
        let rest = figures.open.checked_sub(sum)?;
        parts.extend((!rest.is_zero()).then(|| Part::of("Voided", rest)));
    }
    Ok(Step {
        name: "Open",
        amount: figures.open,
        parts,
    })
}

#[cfg(test)]
mod tests;
