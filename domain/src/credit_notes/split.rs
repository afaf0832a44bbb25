//! What becomes of the total of a credit note: it takes off what is due, and only the rest is paid back or stays as credit
//! (V36, V37). The three are always the total, to the unit.

use super::{
    CreditForm, CreditNote, HowMuch, IssueCredit,
    account::{AccountCreditForm, CreditAccount},
};
use crate::{
    invoices::Totals,
    locale::{Locale, parse_amount},
    money::{Currency, Money},
    refunds::{REASON_MAX, RefundWay},
    refusal::{FieldErrors, Refusal},
    text,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What is due where a credit note is issued: on its invoice, or on the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// What can be taken off now.
    pub free: Money,
    /// What is being paid right now. It is due again when that fails (V31).
    pub held: Money,
}

/// Where the total of a credit note is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// Taken off what is due.
    pub less_due: Money,
    /// Paid back to the customer.
    pub paid_back: Money,
    /// Left as credit of the account.
    pub credit: Money,
}

impl Split {
    /// What becomes of a total when it is issued: as much as can goes off what is due (V37), of the rest what was asked for
    /// is paid back, and the remainder is credit. What stands against money that is still on its way is not paid back: it may
    /// never come, and credit waits for that.
    ///
    /// # Errors
    /// [`Refusal::MoreThanRest`] for more than the rest; [`Refusal::NotPositive`] for less than nothing.
    pub fn at_issue(total: Money, due: Due, paid_back: Money) -> Result<Self, Refusal> {
        let less_due = total.min(due.free)?;
        let rest = total.checked_sub(less_due)?;
        if paid_back.is_negative() {
            let number = String::new();
            return Err(Refusal::NotPositive { number });
        }
        let sure = rest.checked_sub(rest.min(due.held)?)?;
        if paid_back.min(sure)? != paid_back {
            return Err(Refusal::MoreThanRest { rest: sure });
        }
        Ok(Self {
            less_due,
            paid_back,
            credit: rest.checked_sub(paid_back)?,
        })
    }

    /// Where the total of a credit note is now. Credit that took the place of money that went back to the customer lies on an
    /// invoice, and yet it was paid back: nobody owes less by it.
    ///
    /// # Errors
    /// [`Refusal::AmountTooLarge`], which no stored credit note gives.
    pub fn of(note: &CreditNote) -> Result<Self, Refusal> {
        let currency = note.totals.total.currency();
        let applied = Money::sum(currency, note.applied.iter().map(|put| put.amount))?;
        let instead = Money::sum(currency, note.applied.iter().map(|put| put.instead))?;
        Ok(Self {
            less_due: applied.checked_sub(instead)?,
            paid_back: note.refunded.checked_add(instead)?,
            credit: note.remaining,
        })
    }

    /// All three.
    ///
    /// # Errors
    /// [`Refusal::AmountTooLarge`].
    pub fn total(&self) -> Result<Money, Refusal> {
        self.less_due
            .checked_add(self.paid_back)?
            .checked_add(self.credit)
    }
}

/// What a form adds up to before anything is issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Lines, tax by rate and total.
    pub totals: Totals,
    /// What becomes of the total.
    pub split: Split,
}

impl Preview {
    fn of(totals: &Totals, due: Due, back: Option<&PayBack>) -> Result<Self, FieldErrors> {
        let total = totals.total;
        let amount = back.map_or(Money::zero(total.currency()), |back| back.amount);
        let split = Split::at_issue(total, due, amount);
        Ok(Self {
            totals: totals.clone(),
            split: split.map_err(|refusal| FieldErrors::one("back", refusal))?,
        })
    }
}

impl CreditForm {
    /// What is credited of what is left, and what becomes of it, as it was when the form was shown.
    ///
    /// # Errors
    /// As [`super::Left::parts`] and, for `back`, [`Split::at_issue`] and [`over_payments`] say.
    pub fn add_up(&self, credit: &IssueCredit) -> Result<Preview, FieldErrors> {
        let whole = |refusal| FieldErrors::one("", refusal);
        let credited = match credit.how_much {
            HowMuch::Everything => self.parts.everything().map_err(whole)?,
            HowMuch::Parts => self.parts.parts(&credit.parts)?,
        };
        let preview = Preview::of(&credited.totals, self.due, credit.pay_back.as_ref())?;
        match (&credit.pay_back, &self.cards) {
            (Some(back), cards) if back.way == RefundWay::Gateway => {
                let none = Money::zero(back.amount.currency());
                let available = cards.as_ref().map_or(none, |cards| cards.amount);
                if back.amount.min(available).map_err(whole)? != back.amount {
                    let refusal = Refusal::MoreThanAvailable { available };
                    return Err(FieldErrors::one("back", refusal));
                }
                Ok(preview)
            }
            (Some(_) | None, _) => Ok(preview),
        }
    }
}

impl AccountCreditForm {
    /// What becomes of a credit note, as it was when the form was shown.
    ///
    /// # Errors
    /// For `back`, as [`Split::at_issue`] says.
    pub fn add_up(&self, credit: &CreditAccount) -> Result<Preview, FieldErrors> {
        Preview::of(&credit.totals, self.due, credit.pay_back.as_ref())
    }
}

/// What of the rest is paid back as the credit note is issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayBack {
    /// How much, above zero.
    pub amount: Money,
    /// Which way.
    pub way: RefundWay,
    /// By which the customer finds it.
    pub reference: String,
}

/// The part of a form that says what is paid back, as typed.
#[derive(Clone, Copy, Debug)]
pub(super) struct BackFields<'a> {
    pub(super) amount: &'a str,
    pub(super) way: &'a str,
    pub(super) reference: &'a str,
}

impl BackFields<'_> {
    /// Reads it. Without an amount nothing is paid back, whatever else was typed.
    ///
    /// # Errors
    /// By field: [`Refusal::NotPositive`] and what [`parse_amount`] says of `back`, [`Refusal::UnknownChoice`] for `way`,
    /// what [`text::needed`] says of `reference`.
    pub(super) fn parse(&self, currency: Currency, locale: Locale) -> Result<Option<PayBack>, FieldErrors> {
        if self.amount.trim().is_empty() {
            return Ok(None);
        }
        let mut errors = FieldErrors::default();
        let amount = parse_amount(self.amount, currency, locale).and_then(|amount| {
            let number = String::new();
            let fits = amount.is_positive();
            fits.then_some(amount).ok_or(Refusal::NotPositive { number })
        });
        let amount = amount.map_err(|refusal| errors.add("back", refusal));
        let way = RefundWay::from_code(self.way.trim());
        if way.is_none() {
            let text = self.way.chars().take(40).collect();
            errors.add("way", Refusal::UnknownChoice { text });
        }
        let reference = text::needed(self.reference, REASON_MAX);
        let reference = reference.map_err(|refusal| errors.add("reference", refusal));
        match (amount, way, reference) {
            (Ok(amount), Some(way), Ok(reference)) => Ok(Some(PayBack {
                amount,
                way,
                reference,
            })),
            _ => Err(errors),
        }
    }
}

/// Shares what is paid back over the payments that an invoice was paid with, the last one first.
///
/// # Errors
/// [`Refusal::MoreThanAvailable`] when they are less than that together.
pub fn over_payments(amount: Money, paid: &[(Uuid, Money)]) -> Result<Vec<(Uuid, Money)>, Refusal> {
    let available = Money::sum(amount.currency(), paid.iter().map(|(_, part)| *part))?;
    if amount.min(available)? != amount {
        return Err(Refusal::MoreThanAvailable { available });
    }
    let mut rest = amount;
    let mut parts = Vec::new();
    for (payment, part) in paid.iter().rev() {
        let part = rest.min(*part)?;
        if part.is_positive() {
            rest = rest.checked_sub(part)?;
            parts.push((*payment, part));
        }
    }
    Ok(parts)
}

#[cfg(test)]
mod tests;
