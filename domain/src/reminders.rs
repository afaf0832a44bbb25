//! Payment reminders: when an overdue invoice is reminded of, and what of it is asked for (V19, V31).
//!
//! A seller has up to three steps, each so many days after the due date. An invoice is reminded of once at each step, and
//! never of one that lies behind it: who switches reminders on does not send three letters about the same debt. What is
//! disputed or being paid is not asked for.

mod form;
#[cfg(test)]
mod tests;

pub use form::{ReminderFields, STEP_FIELDS, words};

use crate::{
    ids::{AccountId, FormKey, InvoiceId},
    money::Money,
};
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Most steps of a seller.
pub const STEPS_MAX: usize = 3;
/// Most days between the due date and a step.
pub const DAYS_MAX: u32 = 365;
/// Most characters of what the seller says itself.
pub const WORDS_MAX: u32 = 500;
/// Reminders leave from this hour on, where the seller is: nobody is asked for money at night.
pub const FIRST_HOUR: u32 = 8;

/// A step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReminderStep {
    /// So many days after the due date.
    pub after_days: u32,
    /// What the seller says first; may be empty.
    pub words: String,
}

/// What a seller wants of reminders.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReminderRules {
    /// Whether they are sent by themselves.
    pub is_on: bool,
    /// The steps, each later than the one before it.
    pub steps: Vec<ReminderStep>,
}

/// A stretch of due dates whose invoices have reached a step and not the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The step; the first one is 1.
    pub step: u32,
    /// Due after this day, if there is a later step.
    pub after: Option<NaiveDate>,
    /// Due until this day.
    pub until: NaiveDate,
}

impl ReminderRules {
    /// The windows of all steps on a day, the first step first.
    pub fn windows(&self, today: NaiveDate) -> Vec<Window> {
        let until = |step: &ReminderStep| today.checked_sub_days(Days::new(u64::from(step.after_days)));
        let steps = (1..).zip(&self.steps).enumerate();
        steps
            .filter_map(|(index, (number, step))| {
                Some(Window {
                    step: number,
                    after: self.steps.get(index + 1).and_then(until),
                    until: until(step)?,
                })
            })
            .collect()
    }

    /// The last step that an invoice has reached.
    pub fn reached(&self, due: NaiveDate, today: NaiveDate) -> Option<u32> {
        let windows = self.windows(today).into_iter().rev();
        windows
            .filter(|window| due <= window.until)
            .map(|window| window.step)
            .next()
    }

    /// What the seller says at a step.
    pub fn words(&self, step: u32) -> &str {
        let index = usize::try_from(step).unwrap_or_default().checked_sub(1);
        let step = index.and_then(|index| self.steps.get(index));
        step.map_or("", |step| step.words.as_str())
    }
}

/// What was sent about an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminded {
    /// On which day, where the seller is.
    pub on: NaiveDate,
    /// At which step; none when somebody sent it by hand.
    pub step: Option<u32>,
}

/// The step at which an invoice is reminded of now: the one it has reached, unless it was reminded of it or of a later one,
/// or was reminded today already.
pub fn step_now(reached: Option<u32>, today: NaiveDate, before: &[Reminded]) -> Option<u32> {
    let step = reached?;
    let said = before.iter().any(|one| one.step >= Some(step));
    (!said && may_send(today, before)).then_some(step)
}

/// Whether an invoice may be reminded of today, by whatever way: it is at most once a day.
pub fn may_send(today: NaiveDate, before: &[Reminded]) -> bool {
    before.iter().all(|one| one.on < today)
}

/// An overdue invoice on the page of its account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverdueInvoice {
    /// Which.
    pub id: InvoiceId,
    /// Its number.
    pub number: String,
    /// When it was due.
    pub due: NaiveDate,
    /// What a reminder asks for: open, not being paid and not disputed.
    pub asked: Money,
    /// What is disputed of it.
    pub disputed: Money,
    /// The last reminder.
    pub last: Option<Reminded>,
    /// Whether it may be reminded of today.
    pub may_send: bool,
}

/// Why and since when nothing is sent by itself to an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stopped {
    /// Who stopped it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

/// The page of an account's reminders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountReminders {
    /// Which account.
    pub account: AccountId,
    /// With whom.
    pub with: String,
    /// Key of the form that sends.
    pub key: FormKey,
    /// Whether the seller's reminders are sent by themselves.
    pub is_on: bool,
    /// Set when none are sent by themselves to this account.
    pub stopped: Option<Stopped>,
    /// What is overdue, the longest first.
    pub invoices: Vec<OverdueInvoice>,
}

/// Reminders that somebody sends by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByHand {
    /// Key of the form.
    pub key: FormKey,
    /// To which account.
    pub account: AccountId,
    /// Which invoices.
    pub invoices: Vec<InvoiceId>,
    /// What is said first; may be empty.
    pub words: String,
}
