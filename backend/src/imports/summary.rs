//! What an import's row keeps as JSON: how far the upload is, and what the check found.

use crate::Error;
use domain::{
    Money,
    ids::MappingId,
    imports::{ImportState, PreviewDocument},
};
use entity::{Json, codes, import};
use serde::{Deserialize, Serialize};

/// The most documents of a preview.
pub(super) const PREVIEWED: usize = 20;

/// See the module. A field that is added here must have a default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Summary {
    /// The whole file is staged.
    pub(super) uploaded: bool,
    /// Sums by currency of what it would write: invoices less credit notes.
    pub(super) totals: Vec<Money>,
    /// Numbers that are in the books already.
    pub(super) duplicates: u64,
    /// The first documents.
    pub(super) preview: Vec<PreviewDocument>,
    /// The saved mapping that is in force.
    pub(super) saved: Option<(MappingId, String)>,
}

impl Summary {
    pub(super) fn of(row: &import::Model) -> Result<Self, Error> {
        match &row.summary {
            Some(summary) => Ok(serde_json::from_value(summary.clone())?),
            None => Ok(Self::default()),
        }
    }

    pub(super) fn stored(&self) -> Result<Option<Json>, Error> {
        Ok(Some(serde_json::to_value(self)?))
    }
}

/// The stored state in the domain's words.
pub(super) const fn state(stored: codes::ImportState) -> ImportState {
    match stored {
        codes::ImportState::Staged => ImportState::Staged,
        codes::ImportState::Checked => ImportState::Checked,
        codes::ImportState::Publishing => ImportState::Publishing,
        codes::ImportState::Published => ImportState::Published,
        codes::ImportState::Failed => ImportState::Failed,
        codes::ImportState::Undone => ImportState::Undone,
    }
}
