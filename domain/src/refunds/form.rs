//! The form on which money is given back, as a browser posts it.

use super::{GiveBack, REASON_MAX, RefundKind, RefundWay, Then};
use crate::{
    locale::{Locale, parse_amount},
    money::{Currency, Money},
    payments::form::{LineFields, MOST_LINES, line_field, place_among},
    refusal::{FieldErrors, Refusal},
    text,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundFields {
    /// Key of the rendering.
    #[serde(default)]
    pub key: String,
    /// Code of the currency.
    #[serde(default)]
    pub currency: String,
    /// A word of [`RefundKind`]; a refund when nothing was said.
    #[serde(default)]
    pub kind: String,
    /// A word of [`RefundWay`].
    #[serde(default)]
    pub way: String,
    /// A word of [`Then`]; nothing where no invoice is concerned.
    #[serde(default)]
    pub then: String,
    /// What is said about it.
    #[serde(default)]
    pub reason: String,
    /// Of what is put to nothing, as typed.
    #[serde(default)]
    pub unapplied: String,
    /// One for each invoice that the money lies on.
    #[serde(default)]
    pub lines: Vec<LineFields>,
}

impl RefundFields {
    /// Reads what was typed. Lines without an amount are not meant.
    ///
    /// # Errors
    /// By field: [`Refusal::FormBroken`] under the empty name for what was tampered with, [`Refusal::UnknownChoice`],
    /// what [`text::needed`] says of the reason and [`parse_amount`] of amounts.
    pub fn parse(&self, from: Uuid, locale: Locale) -> Result<GiveBack, FieldErrors> {
        let mut errors = FieldErrors::default();
        let (Ok(key), Ok(currency), true) = (
            self.key.trim().parse(),
            self.currency.trim().parse::<Currency>(),
            self.lines.len() <= MOST_LINES,
        ) else {
            return Err(FieldErrors::one("", Refusal::FormBroken));
        };
        let kind = match self.kind.trim() {
            "" => Some(RefundKind::Refund),
            // A chargeback is the bank's, nobody makes one here.
            word => RefundKind::from_code(word).filter(|kind| *kind != RefundKind::Chargeback),
        };
        let then = match self.then.trim() {
            "" => Some(Then::Reopen),
            word => Then::from_code(word),
        };
        let way = RefundWay::from_code(self.way.trim());
        let mut known = |field: &'static str, word: &str, is_known: bool| {
            if !is_known {
                let text = word.chars().take(40).collect();
                errors.add(field, Refusal::UnknownChoice { text });
            }
        };
        known("kind", &self.kind, kind.is_some());
        known("then", &self.then, then.is_some());
        known("way", &self.way, way.is_some());
        let reason = text::needed(&self.reason, REASON_MAX).map_err(|refusal| errors.add("reason", refusal));
        let unapplied = if self.unapplied.trim().is_empty() {
            Ok(Money::zero(currency))
        } else {
            parse_amount(&self.unapplied, currency, locale)
                .map_err(|refusal| errors.add("unapplied", refusal))
        };
        let mut lines = Vec::new();
        // A reversal takes all of it, whatever was typed.
        if kind == Some(RefundKind::Refund) {
            for index in self.meant() {
                match self.lines[index].parse(locale) {
                    Ok(line) => lines.push(line),
                    Err((field, refusal)) => errors.add(line_field(index, field), refusal),
                }
            }
        }
        match (kind, way, then, reason, unapplied) {
            (Some(kind), Some(way), Some(then), Ok(reason), Ok(unapplied)) => errors.unless(GiveBack {
                key,
                from,
                kind,
                way,
                then,
                reason,
                unapplied,
                lines,
            }),
            _ => Err(errors),
        }
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
