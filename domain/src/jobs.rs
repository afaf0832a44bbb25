//! Work that is done in the background, as the people of a tenant see it.

use crate::{
    address::{pairs, query_string},
    ids::{ImportId, JobId, MailId},
    list::Position,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How far a job has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waits for its time, perhaps after a run that failed.
    Queued,
    /// Is being done.
    Running,
    /// Was done.
    Done,
    /// Was tried as often as it may be and waits for somebody to look.
    Dead,
}

impl JobState {
    /// All of them, as the filter shows them.
    pub const ALL: [Self; 4] = [Self::Dead, Self::Queued, Self::Running, Self::Done];

    /// The word in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Queued => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Dead => "given-up",
        }
    }

    /// Reads the word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// What it is called on screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Queued => "Waiting",
            Self::Running => "Running",
            Self::Done => "Done",
            Self::Dead => "Given up",
        }
    }

    /// Whether somebody may have it run now: it was given up, or waits for its next try after `runs` that failed.
    pub const fn can_be_repeated(self, runs: u32) -> bool {
        match self {
            Self::Dead => true,
            Self::Queued => runs > 0,
            Self::Running | Self::Done => false,
        }
    }
}

/// What a job is about, when there is a page of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum JobSubject {
    /// A mail of the outbox.
    Mail(MailId),
    /// An import of invoices.
    Import(ImportId),
}

impl JobSubject {
    /// Its page.
    pub fn link(self) -> String {
        match self {
            Self::Mail(id) => format!("/mail/{id}"),
            Self::Import(id) => format!("/invoices/import/{id}"),
        }
    }
}

/// A job in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRow {
    /// Its id, which the log names too.
    pub id: JobId,
    /// What it does, in words.
    pub work: String,
    /// What it is about, if there is a page of that.
    pub subject: Option<JobSubject>,
    /// How far it is.
    pub state: JobState,
    /// How often it was begun since it was enqueued or repeated.
    pub runs: u32,
    /// When it was enqueued.
    pub created_at: DateTime<Utc>,
    /// When it is begun at the earliest, while it waits.
    pub next_run: Option<DateTime<Utc>>,
    /// When it was done or given up.
    pub finished_at: Option<DateTime<Utc>>,
}

/// The list as an address asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobQuery {
    /// Only jobs in this state.
    pub state: Option<JobState>,
    /// Which part.
    pub position: Position,
}

impl JobQuery {
    /// Reads an address. What cannot be read narrows nothing.
    pub fn from_query(query: &str) -> Self {
        let mut read = Self::default();
        for (key, value) in pairs(query) {
            if key == "state" {
                read.state = JobState::from_code(&value);
            } else if let Some(position) = Position::from_pair(&key, &value) {
                read.position = position;
            }
        }
        read
    }

    /// Writes the address: what [`Self::from_query`] reads.
    pub fn to_query(&self) -> String {
        let all = [
            self.state.map(|state| ("state", state.code().to_owned())),
            self.position.to_pair(),
        ];
        query_string(all.into_iter().flatten())
    }

    /// The same list at another place.
    #[must_use]
    pub const fn at(&self, position: Position) -> Self {
        Self {
            state: self.state,
            position,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::Cursor;
    use uuid::Uuid;

    #[test]
    fn an_address_is_read_as_it_was_written() {
        for state in JobState::ALL.into_iter().map(Some).chain([None]) {
            let after = Position::After(Cursor::new("2026-01-02T03:04:05Z", Uuid::from_u128(7)));
            for position in [Position::First, Position::Last, after] {
                let query = JobQuery { state, position };
                assert_eq!(JobQuery::from_query(&query.to_query()), query);
            }
        }
    }

    #[test]
    fn only_what_failed_can_be_repeated() {
        assert!(JobState::Dead.can_be_repeated(12));
        assert!(JobState::Queued.can_be_repeated(1));
        assert!(!JobState::Queued.can_be_repeated(0));
        assert!(!JobState::Running.can_be_repeated(1));
        assert!(!JobState::Done.can_be_repeated(1));
    }
}
