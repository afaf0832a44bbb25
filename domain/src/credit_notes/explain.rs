//! Where the amounts of a credit note come from and where its credit is.

use super::CreditNote;
use crate::{
    explain::{Outflow, Part, Step, document, whereabouts},
    ids::AccountId,
    locale::Locale,
    money::Money,
    refusal::Refusal,
};
use serde::{Deserialize, Serialize};

/// A credit note and everything that moved its credit, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainedCredit {
    /// The credit note.
    pub note: CreditNote,
    /// The account it stands on.
    pub account: AccountId,
    /// What left it and came back.
    pub outflows: Vec<Outflow>,
}

/// The steps from its lines to what of it is left, in the order of the document.
///
/// # Errors
/// [`Refusal::AmountTooLarge`], which no stored credit note gives.
pub fn explain(credit: &ExplainedCredit, locale: Locale) -> Result<Vec<Step>, Refusal> {
    let ExplainedCredit { note, outflows, .. } = credit;
    let total = note.totals.total;
    let mut steps = document(&note.lines, &[], &note.totals, locale)?;
    let rest = if note.void {
        // What was withdrawn is nobody's credit, whatever it adds up to.
        Part::of("Voided", total)
    } else {
        Part::of("Left for other invoices", note.remaining)
    };
    steps.push(whereabouts(("Where it is", total), outflows, rest)?);
    steps.push(left(note, outflows)?);
    Ok(steps)
}

fn left(note: &CreditNote, outflows: &[Outflow]) -> Result<Step, Refusal> {
    let total = note.totals.total;
    let mut parts = vec![Part::of("Total", total)];
    for outflow in outflows {
        let part = outflow.part();
        let amount = part.amount.checked_neg()?;
        parts.push(Part { amount, ..part });
    }
    if note.void {
        let sum = Money::sum(total.currency(), parts.iter().map(|part| part.amount))?;
        parts.push(Part::of("Voided", note.remaining.checked_sub(sum)?));
    }
    Ok(Step {
        name: "Left for other invoices",
        amount: note.remaining,
        parts,
    })
}

#[cfg(test)]
mod tests;
