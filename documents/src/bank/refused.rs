//! Why a bank's file is refused, with what to do about it.

use crate::incoming::FileRefused;
use std::fmt;

/// Why a bank's file is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BankFileRefused {
    /// What holds for every file: too large, not well-formed, entities.
    File(FileRefused),
    /// A kind of file that is not read.
    Unknown(String),
    /// An entry is broken.
    Entry {
        /// Line of the file, from 1.
        line: u64,
        /// What is wrong.
        what: String,
    },
    /// More entries than are taken.
    TooMany {
        /// Most entries.
        limit: usize,
    },
    /// Nothing was booked.
    NoEntries,
}

impl BankFileRefused {
    /// An entry is broken.
    pub(crate) fn entry(line: u64, what: impl Into<String>) -> Self {
        let what = what.into();
        Self::Entry { line, what }
    }

    /// One or two English sentences: what is wrong and what to do.
    pub fn message(&self) -> String {
        const TAKEN: &str = "camt.053, OFX, BAI2, MT940 and CSV files of banks are read.";
        match self {
            Self::File(FileRefused::Unsupported { what }) | Self::Unknown(what) => {
                format!("This is {what}. {TAKEN}")
            }
            Self::File(FileRefused::WrongRoot { root }) => {
                format!("The document is {root}, not a bank statement of camt.053. {TAKEN}")
            }
            Self::File(refused) => refused.message(),
            Self::Entry { line, what } => format!("Line {line}: {what}."),
            Self::TooMany { limit } => format!("The file has more than {limit} entries. Split it."),
            Self::NoEntries => "The file is in order, but nothing was booked in it.".into(),
        }
    }
}

impl fmt::Display for BankFileRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for BankFileRefused {}

impl From<FileRefused> for BankFileRefused {
    fn from(refused: FileRefused) -> Self {
        Self::File(refused)
    }
}
