//! Mails as the page `Sent mail` shows them.

use crate::ids::MailId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How far a mail has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailState {
    /// Waits in the outbox.
    Queued,
    /// Handed over.
    Sent,
    /// Refused for good.
    Failed,
}

impl MailState {
    /// The word that is stored and shown.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Failed => "failed",
        }
    }

    /// Reads the stored word.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Queued, Self::Sent, Self::Failed]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

/// A mail in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailRow {
    /// Its id.
    pub id: MailId,
    /// To whom.
    pub to: String,
    /// About what.
    pub subject: String,
    /// How far it is.
    pub state: MailState,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

/// A whole mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailDetail {
    /// What the list shows.
    pub row: MailRow,
    /// The text part.
    pub text: String,
}
