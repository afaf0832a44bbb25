//! The form of a dispute as a browser posts it.

use super::{OpenDispute, REASON_MAX};
use crate::{
    credit_notes::PartFields,
    ids::InvoiceId,
    locale::{Locale, parse_amount},
    money::Currency,
    payments::form::{line_field, place_among},
    refusal::{FieldErrors, Refusal},
    text,
};
use serde::{Deserialize, Serialize};

/// Most lines of a form.
const MOST_LINES: usize = 2_000;

/// What was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeFields {
    /// Key of the rendering.
    #[serde(default)]
    pub key: String,
    /// Code of the currency.
    #[serde(default)]
    pub currency: String,
    /// What is wrong.
    #[serde(default)]
    pub reason: String,
    /// One for each line of the invoice.
    #[serde(default)]
    pub lines: Vec<PartFields>,
}

impl DisputeFields {
    /// Reads what was typed.
    ///
    /// # Errors
    /// By field: [`Refusal::FormBroken`] under the empty name for what was tampered with, what [`text::needed`] and
    /// [`parse_amount`] say.
    pub fn parse(&self, invoice: InvoiceId, locale: Locale) -> Result<OpenDispute, FieldErrors> {
        let (key, currency) = (self.key.trim().parse(), self.currency.trim().parse::<Currency>());
        let (Ok(key), Ok(currency), true) = (key, currency, self.lines.len() <= MOST_LINES) else {
            return Err(FieldErrors::one("", Refusal::FormBroken));
        };
        let mut errors = FieldErrors::default();
        let reason = text::needed(&self.reason, REASON_MAX)
            .map_err(|refusal| errors.add("reason", refusal))
            .unwrap_or_default();
        let mut parts = Vec::new();
        for index in self.meant() {
            let line = &self.lines[index];
            let position = line.position.trim().parse().map_err(|_| Refusal::FormBroken);
            let part =
                position.and_then(|position| Ok((position, parse_amount(&line.amount, currency, locale)?)));
            match part {
                Ok(part) => parts.push(part),
                Err(refusal) => errors.add(line_field(index, "amount"), refusal),
            }
        }
        errors.unless(OpenDispute {
            key,
            invoice,
            reason,
            parts,
        })
    }

    /// Moves the errors of the lines that are meant to the fields that were posted.
    pub fn place(&self, errors: FieldErrors) -> FieldErrors {
        place_among(&self.meant(), errors)
    }

    /// The posted lines that have an amount.
    fn meant(&self) -> Vec<usize> {
        let has_amount = |index: &usize| !self.lines[*index].amount.trim().is_empty();
        (0..self.lines.len()).filter(has_amount).collect()
    }
}
