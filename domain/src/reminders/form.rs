//! The form of a seller's reminders as a browser posts it.

use super::{DAYS_MAX, ReminderRules, ReminderStep, WORDS_MAX};
use crate::{
    refusal::{FieldErrors, Refusal},
    text::line,
};
use serde::{Deserialize, Serialize};

/// Names of the fields of each step: its days and its words.
pub const STEP_FIELDS: [(&str, &str); super::STEPS_MAX] = [
    ("days_1", "words_1"),
    ("days_2", "words_2"),
    ("days_3", "words_3"),
];

/// The rules as typed. A step that is all empty is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReminderFields {
    /// Ticked when reminders are sent.
    pub is_on: String,
    /// Days of the first step.
    pub days_1: String,
    /// What is said then.
    pub words_1: String,
    /// Days of the second step.
    pub days_2: String,
    /// What is said then.
    pub words_2: String,
    /// Days of the third step.
    pub days_3: String,
    /// What is said then.
    pub words_3: String,
}

impl ReminderFields {
    /// Reads the form.
    ///
    /// # Errors
    /// What is wrong with each field: days that do not rise, text without days, and no step at all while reminders are on.
    pub fn read(&self) -> Result<ReminderRules, FieldErrors> {
        let mut errors = FieldErrors::default();
        let is_on = !self.is_on.is_empty();
        let mut steps: Vec<ReminderStep> = Vec::new();
        let typed = [
            (&self.days_1, &self.words_1),
            (&self.days_2, &self.words_2),
            (&self.days_3, &self.words_3),
        ];
        for ((days_field, words_field), (days, own)) in STEP_FIELDS.into_iter().zip(typed) {
            let own = words(own)
                .map_err(|why| errors.add(words_field, why))
                .unwrap_or_default();
            if days.trim().is_empty() {
                if !own.is_empty() {
                    errors.add(days_field, Refusal::Missing);
                }
                continue;
            }
            let from = steps.last().map_or(1, |step| step.after_days + 1);
            match days.trim().parse::<u32>() {
                Ok(after_days) if (from..=DAYS_MAX).contains(&after_days) => steps.push(ReminderStep {
                    after_days,
                    words: own,
                }),
                Ok(_) | Err(_) => errors.add(days_field, Refusal::OutOfRange { from, to: DAYS_MAX }),
            }
        }
        if is_on && steps.is_empty() {
            errors.add(STEP_FIELDS[0].0, Refusal::Missing);
        }
        errors.unless(ReminderRules { is_on, steps })
    }
}

/// What a seller says itself in a reminder: one line, which may be empty.
///
/// # Errors
/// As [`line`].
pub fn words(typed: &str) -> Result<String, Refusal> {
    line(typed, WORDS_MAX)
}
