//! What is wrong with a form, field by field.

use super::Refusal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is wrong with a form, by field. The empty name stands for the form as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldErrors(pub BTreeMap<String, Refusal>);

impl FieldErrors {
    /// One field's refusal.
    pub fn one(field: impl Into<String>, refusal: Refusal) -> Self {
        Self(BTreeMap::from([(field.into(), refusal)]))
    }

    /// Adds a field's refusal; the first one of a field stays.
    pub fn add(&mut self, field: impl Into<String>, refusal: Refusal) {
        self.0.entry(field.into()).or_insert(refusal);
    }

    /// No field has an error.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is wrong with a field.
    pub fn get(&self, field: &str) -> Option<&Refusal> {
        self.0.get(field)
    }

    /// All of them, by the field's name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Refusal)> {
        self.0.iter().map(|(field, refusal)| (field.as_str(), refusal))
    }

    /// The value, unless a field has an error.
    ///
    /// # Errors
    /// Itself.
    pub fn unless<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }
}
