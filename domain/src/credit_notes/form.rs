//! The form of a credit note as a browser posts it.

use super::{CreditAct, CreditReason, HowMuch, IssueCredit, NOTE_MAX, split::BackFields};
use crate::{
    ids::{DisputeId, InvoiceId},
    locale::{Locale, parse_amount},
    money::{Currency, Money},
    payments::form::line_field,
    refusal::{FieldErrors, Refusal},
    text,
};
use serde::{Deserialize, Serialize};

/// Most lines of a form.
const MOST_LINES: usize = 2_000;

/// What was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditFields {
    /// Key of the rendering.
    #[serde(default)]
    pub key: String,
    /// Code of the currency.
    #[serde(default)]
    pub currency: String,
    /// What was left when the form was shown, in minor units.
    #[serde(default)]
    pub seen: String,
    /// A word of [`CreditReason`].
    #[serde(default)]
    pub reason: String,
    /// What is said beside it.
    #[serde(default)]
    pub note: String,
    /// A word of [`HowMuch`].
    #[serde(default)]
    pub how_much: String,
    /// Id of the dispute that it answers, if it answers one.
    #[serde(default)]
    pub dispute: String,
    /// A word of [`CreditAct`]; nothing is to issue it.
    #[serde(default)]
    pub act: String,
    /// What of the rest is paid back, as typed; nothing when all of it stays as credit.
    #[serde(default)]
    pub back: String,
    /// A word of [`crate::refunds::RefundWay`].
    #[serde(default)]
    pub way: String,
    /// By which the customer finds what is paid back.
    #[serde(default)]
    pub reference: String,
    /// One for each line of the invoice.
    #[serde(default)]
    pub lines: Vec<PartFields>,
}

/// A line of [`CreditFields`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartFields {
    /// Position of the invoice's line.
    #[serde(default)]
    pub position: String,
    /// Net amount to credit, as typed; nothing when the line is not meant.
    #[serde(default)]
    pub amount: String,
}

impl CreditFields {
    /// Reads what was typed.
    ///
    /// # Errors
    /// By field: [`Refusal::FormBroken`] under the empty name for what was tampered with, [`Refusal::UnknownChoice`],
    /// what [`text::line`] and [`parse_amount`] say.
    pub fn parse(&self, invoice: InvoiceId, locale: Locale) -> Result<IssueCredit, FieldErrors> {
        let mut errors = FieldErrors::default();
        let unknown = |word: &str| Refusal::UnknownChoice {
            text: word.chars().take(40).collect(),
        };
        let reason = CreditReason::from_code(&self.reason);
        if reason.is_none() {
            errors.add("reason", unknown(&self.reason));
        }
        let how_much = HowMuch::from_code(&self.how_much);
        if how_much.is_none() {
            errors.add("how_much", unknown(&self.how_much));
        }
        let note = match text::line(&self.note, NOTE_MAX) {
            Ok(note) => note,
            Err(refusal) => {
                errors.add("note", refusal);
                String::new()
            }
        };
        let (key, currency, seen) = (
            self.key.trim().parse(),
            self.currency.trim().parse::<Currency>(),
            self.seen.trim().parse::<i64>(),
        );
        let (Ok(key), Ok(currency), Ok(seen), true) = (key, currency, seen, self.lines.len() <= MOST_LINES)
        else {
            return Err(FieldErrors::one("", Refusal::FormBroken));
        };
        let back = BackFields {
            amount: &self.back,
            way: &self.way,
            reference: &self.reference,
        };
        let pay_back = back.parse(currency, locale).unwrap_or_else(|found| {
            errors.0.extend(found.0);
            None
        });
        let mut parts = Vec::new();
        if how_much == Some(HowMuch::Parts) {
            for index in self.meant() {
                let line = &self.lines[index];
                let position = line.position.trim().parse().map_err(|_| Refusal::FormBroken);
                let part = position
                    .and_then(|position| Ok((position, parse_amount(&line.amount, currency, locale)?)));
                match part {
                    Ok(part) => parts.push(part),
                    Err(refusal) => errors.add(line_field(index, "amount"), refusal),
                }
            }
        }
        match (reason, how_much) {
            (Some(reason), Some(how_much)) => errors.unless(IssueCredit {
                key,
                invoice,
                seen: Money::new(seen, currency),
                reason,
                note,
                how_much,
                parts,
                pay_back,
            }),
            _ => Err(errors),
        }
    }

    /// What the button does that was used.
    pub fn asked(&self) -> CreditAct {
        CreditAct::from_code(self.act.trim()).unwrap_or(CreditAct::Issue)
    }

    /// The dispute that it answers.
    ///
    /// # Errors
    /// [`Refusal::FormBroken`] under the empty name.
    pub fn answers(&self) -> Result<Option<DisputeId>, FieldErrors> {
        let text = self.dispute.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let id = text.parse().map(Some);
        id.map_err(|_| FieldErrors::one("", Refusal::FormBroken))
    }

    /// Moves the errors of the lines that are meant to the fields that were posted.
    pub fn place(&self, errors: FieldErrors) -> FieldErrors {
        crate::payments::form::place_among(&self.meant(), errors)
    }

    /// The posted lines that have an amount.
    fn meant(&self) -> Vec<usize> {
        let has_amount = |index: &usize| !self.lines[*index].amount.trim().is_empty();
        (0..self.lines.len()).filter(has_amount).collect()
    }
}
