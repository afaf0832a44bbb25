//! A credit note over an account, with lines of its own and without an invoice (V36): the form and what it says.

use super::{CreditAct, CreditReason, Credited, Due, NOTE_MAX, PayBack, split::BackFields};
use crate::{
    decimal::TaxRate,
    ids::{AccountId, FormKey},
    invoices::{
        InvoiceLine, TaxCategory, Totals,
        editing::{LineText, MOST_LINES, read_lines},
        totals::{Line, WholeDocument, totals},
    },
    locale::Locale,
    money::{Currency, Money},
    payments::form::line_field,
    refusal::{FieldErrors, Refusal},
    text,
};
use serde::{Deserialize, Serialize};

/// What was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountCreditFields {
    /// Key of the rendering.
    #[serde(default)]
    pub key: String,
    /// A word of [`CreditAct`]; nothing is to issue it.
    #[serde(default)]
    pub act: String,
    /// The trading account.
    #[serde(default)]
    pub account: String,
    /// Code of the currency.
    #[serde(default)]
    pub currency: String,
    /// What was due on the account when the form was shown, in minor units.
    #[serde(default)]
    pub seen: String,
    /// A word of [`CreditReason`].
    #[serde(default)]
    pub reason: String,
    /// What is said beside it.
    #[serde(default)]
    pub note: String,
    /// What of the rest is paid back, as typed; nothing when all of it stays as credit.
    #[serde(default)]
    pub back: String,
    /// A word of [`crate::refunds::RefundWay`].
    #[serde(default)]
    pub way: String,
    /// By which the customer finds what is paid back.
    #[serde(default)]
    pub reference: String,
    /// Its lines; those without anything in them are not meant.
    #[serde(default)]
    pub lines: Vec<LineText>,
}

/// A credit note over an account, added up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditAccount {
    /// Key of the rendering (V29).
    pub key: FormKey,
    /// Whom it credits.
    pub account: AccountId,
    /// What was due on the account when the form was shown.
    pub seen: Money,
    /// Why.
    pub reason: CreditReason,
    /// What is said beside the reason.
    pub note: String,
    /// Its lines.
    pub lines: Vec<InvoiceLine>,
    /// What they add up to.
    pub totals: Totals,
    /// What of the rest is paid back at once.
    pub pay_back: Option<PayBack>,
}

/// The page on which an account is credited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountCreditForm {
    /// Key of this rendering.
    pub key: FormKey,
    /// Whom it credits.
    pub account: AccountId,
    /// Its name.
    pub buyer: String,
    /// In which currency.
    pub currency: Currency,
    /// Currencies that may be chosen.
    pub currencies: Vec<Currency>,
    /// What is due on the account in the currency.
    pub due: Due,
    /// The tax that a new line begins with: the one that the customer was billed last.
    pub usual: (TaxCategory, TaxRate),
}

impl CreditAccount {
    /// As it is written: its lines credit no line of an invoice.
    pub fn credited(&self) -> Credited {
        Credited {
            lines: self.lines.iter().map(|line| (None, line.clone())).collect(),
            totals: self.totals.clone(),
        }
    }
}

impl AccountCreditFields {
    /// Reads what was typed and adds it up.
    ///
    /// # Errors
    /// By field: [`Refusal::FormBroken`] under the empty name for what was tampered with; what is wrong with a line under
    /// `lines[N][…]`, such as [`Refusal::NotPositive`] for one that would take nothing off; [`Refusal::Missing`] when there is
    /// none; [`Refusal::UnknownChoice`], and what [`text::line`] says of the note.
    pub fn parse(&self, locale: Locale) -> Result<CreditAccount, FieldErrors> {
        let (Ok(key), Ok(account), Ok(currency), Ok(seen), true) = (
            self.key.trim().parse(),
            self.account.trim().parse(),
            self.currency.trim().parse::<Currency>(),
            self.seen.trim().parse::<i64>(),
            self.lines.len() <= MOST_LINES,
        ) else {
            return Err(FieldErrors::one("", Refusal::FormBroken));
        };
        let mut errors = FieldErrors::default();
        let reason = CreditReason::from_code(self.reason.trim());
        if reason.is_none() {
            let text = self.reason.chars().take(40).collect();
            errors.add("reason", Refusal::UnknownChoice { text });
        }
        let note = text::line(&self.note, NOTE_MAX).map_err(|refusal| errors.add("note", refusal));
        let back = BackFields {
            amount: &self.back,
            way: &self.way,
            reference: &self.reference,
        };
        let pay_back = back.parse(currency, locale);
        let pay_back = pay_back.map_err(|found| errors.0.extend(found.0));
        let lines = self.lines(currency, locale);
        let lines = lines.map_err(|found| errors.0.extend(found.0));
        let (Some(reason), Ok(note), Ok(pay_back), Ok(lines)) = (reason, note, pay_back, lines) else {
            return Err(errors);
        };
        let added: Vec<Line> = lines.iter().map(Line::from).collect();
        let totals = totals(currency, &added, &WholeDocument::plain(currency))
            .map_err(|refusal| FieldErrors::one("", refusal))?;
        Ok(CreditAccount {
            key,
            account,
            seen: Money::new(seen, currency),
            reason,
            note,
            lines,
            totals,
            pay_back,
        })
    }

    /// What the button does that was used.
    pub fn asked(&self) -> CreditAct {
        CreditAct::from_code(self.act.trim()).unwrap_or(CreditAct::Issue)
    }

    /// The lines that are meant. Each takes something off: what goes the other way is an invoice.
    fn lines(&self, currency: Currency, locale: Locale) -> Result<Vec<InvoiceLine>, FieldErrors> {
        let lines = read_lines(&self.lines, currency, locale)?;
        if lines.is_empty() {
            return Err(FieldErrors::one(line_field(0, "description"), Refusal::Missing));
        }
        let posted = (0..self.lines.len()).filter(|index| !self.lines[*index].is_blank());
        let mut errors = FieldErrors::default();
        for (index, _) in posted.zip(&lines).filter(|(_, line)| !line.net.is_positive()) {
            let number = String::new();
            errors.add(line_field(index, "price"), Refusal::NotPositive { number });
        }
        errors.unless(lines)
    }
}

#[cfg(test)]
mod tests;
