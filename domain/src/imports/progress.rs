//! How far an import is and what it would do, as the page `Import` shows it.

use super::{ColumnMap, DocumentKind, ImportIssue, Layout};
use crate::{
    ids::{ImportId, MappingId},
    money::Money,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// The file is here and waits for its columns to be mapped, or is being checked.
    Staged,
    /// Checked: the preview says what it would do. Nothing is written yet.
    Checked,
    /// Being written, all or nothing.
    Publishing,
    /// Written.
    Published,
    /// Could not be read or written; nothing was.
    Failed,
    /// Taken back as a whole.
    Undone,
}

impl ImportState {
    /// The word that is stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Staged => "staged",
            Self::Checked => "checked",
            Self::Publishing => "publishing",
            Self::Published => "published",
            Self::Failed => "failed",
            Self::Undone => "undone",
        }
    }

    /// The words on its badge.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Staged => "Uploaded",
            Self::Checked => "Checked",
            Self::Publishing => "Importing",
            Self::Published => "Imported",
            Self::Failed => "Failed",
            Self::Undone => "Undone",
        }
    }
}

/// An import in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRow {
    /// Its id.
    pub id: ImportId,
    /// Name of the file.
    pub file_name: String,
    /// Where it stands.
    pub state: ImportState,
    /// Documents in it.
    pub documents: u64,
    /// What is wrong with it.
    pub errors: u64,
    /// Who brought it.
    pub by: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// A document as the preview shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewDocument {
    /// Invoice or credit note.
    pub kind: DocumentKind,
    /// Its number.
    pub number: String,
    /// Whom it bills, as found here.
    pub customer: String,
    /// When it was issued.
    pub issue_date: NaiveDate,
    /// When it is due.
    pub due_date: Option<NaiveDate>,
    /// How many lines.
    pub lines: u64,
    /// With tax.
    pub total: Money,
    /// First line of the file that it comes from.
    pub line: u64,
}

/// The page of one import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportDetail {
    /// What the list shows.
    pub row: ImportRow,
    /// `CSV`, `UBL` or `ZIP`.
    pub format: String,
    /// Rows of the file.
    pub rows: u64,
    /// Steps done of the work at hand, and all of them; equal when nothing is going on.
    pub done: u64,
    /// See `done`.
    pub total: u64,
    /// A job is at work on it right now or waits for its turn.
    pub busy: bool,
    /// Why it failed.
    pub failure: Option<String>,
    /// Sums by currency of what it would write.
    pub totals: Vec<Money>,
    /// Documents that are here already, by number.
    pub duplicates: u64,
    /// The first issues, in the order of the file.
    pub issues: Vec<ImportIssue>,
    /// The first documents.
    pub preview: Vec<PreviewDocument>,
    /// For CSV: the file's headings and the mapping in force.
    pub mapping: Option<MappingOffer>,
}

/// The column mapper of a CSV file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingOffer {
    /// Headings as `labels` names them.
    pub header: Vec<String>,
    /// The first rows, to recognise the columns by.
    pub sample: Vec<Vec<String>>,
    /// Recognised by its headings.
    pub layout: Layout,
    /// The mapping that was used for the preview.
    pub map: ColumnMap,
    /// The saved mapping that it comes from.
    pub saved: Option<(MappingId, String)>,
}
