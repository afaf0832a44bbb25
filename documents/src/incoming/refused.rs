//! Why a whole file is refused, typed, with what to do about it.
//!
//! What is wrong with a single row or document is an `ImportIssue` instead and does not end the reading. A sink stops
//! the reading with [`FileRefused::Stopped`], or with any other of these when it is the one that finds out.

use serde::{Deserialize, Serialize};
use std::{fmt, io};

/// Why a file is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum FileRefused {
    /// Nothing in it.
    Empty,
    /// Not a kind of file that can be imported.
    Unsupported {
        /// What it is, as far as can be told.
        what: String,
    },
    /// More bytes than are taken.
    TooLarge {
        /// Most bytes.
        limit: u64,
    },
    /// The bytes are not in the encoding that the file was taken to have.
    WrongEncoding {
        /// The encoding.
        expected: String,
        /// Place of the first wrong byte, from 0.
        offset: u64,
        /// Line of it, from 1.
        line: u64,
        /// An encoding that fits.
        proposal: Option<String>,
    },
    /// The XML declaration names an encoding that nobody knows.
    UnknownEncoding {
        /// The name.
        label: String,
    },
    /// A NUL byte: not a text.
    NulByte {
        /// Line of it.
        line: u64,
    },
    /// A CSV field is too long, mostly by a quote that is not closed.
    FieldTooLong {
        /// Line where the field begins.
        line: u64,
        /// Most bytes.
        limit: usize,
    },
    /// A CSV row is too long.
    RowTooLong {
        /// Line where the row begins.
        line: u64,
        /// Most bytes.
        limit: usize,
    },
    /// Too many CSV columns.
    TooManyColumns {
        /// Line of the row.
        line: u64,
        /// Most columns.
        limit: usize,
    },
    /// Too many CSV rows.
    TooManyRows {
        /// Most rows.
        limit: u64,
    },
    /// A quoted CSV field goes on behind its closing quote.
    BrokenQuote {
        /// Line where the field begins.
        line: u64,
    },
    /// The file ends within a quoted field.
    UnclosedQuote {
        /// Line where the field begins.
        line: u64,
    },
    /// A heading and nothing else.
    NoRows,
    /// The heading is not one that is recognised, and no mapping was given.
    UnknownLayout {
        /// The columns.
        columns: Vec<String>,
    },
    /// The mapping does not fit the heading; the issues say where.
    ColumnsMissing,
    /// Not well-formed XML.
    BrokenXml {
        /// Line.
        line: u64,
        /// What the parser says.
        why: String,
    },
    /// A document type or an entity: never read, since they can blow up or fetch files.
    XmlEntities {
        /// Line.
        line: u64,
    },
    /// XML, but no UBL invoice or credit note.
    WrongRoot {
        /// Name of the root element.
        root: String,
    },
    /// XML that is nested too deeply or has too many elements.
    XmlTooComplex {
        /// Line.
        line: u64,
    },
    /// The archive is damaged.
    BrokenArchive {
        /// What the unpacker says.
        why: String,
    },
    /// Archives can only be read from a whole file.
    ArchiveInStream,
    /// Too many files in the archive.
    TooManyEntries {
        /// Most files.
        limit: usize,
    },
    /// The archive unpacks to more than is taken, or to suspiciously much for its size.
    ArchiveBomb {
        /// The file within.
        entry: String,
    },
    /// The archive needs a password.
    EncryptedArchive {
        /// The file within.
        entry: String,
    },
    /// An archive within the archive.
    NestedArchive {
        /// The file within.
        entry: String,
    },
    /// A name within the archive that points elsewhere.
    UnsafePath {
        /// The name.
        entry: String,
    },
    /// The source could not be read.
    Unreadable {
        /// What the system says.
        why: String,
    },
    /// The receiver asked to stop.
    Stopped,
}

impl FileRefused {
    /// One or two English sentences: what is wrong and what to do.
    pub fn message(&self) -> String {
        match self {
            Self::Empty => "The file is empty.".into(),
            Self::Unsupported { what } => {
                format!("This is {what}. CSV, UBL XML and ZIP files of those can be imported.")
            }
            Self::TooLarge { limit } => format!("The file is larger than {}. Split it.", bytes(*limit)),
            Self::WrongEncoding {
                expected,
                offset,
                line,
                proposal,
            } => {
                let hint = proposal.as_ref().map_or_else(String::new, |p| {
                    format!(" It looks like {p}: choose that encoding.")
                });
                format!("Byte {offset} on line {line} is not {expected}.{hint}")
            }
            Self::UnknownEncoding { label } => {
                format!("The encoding {label} is not known. Save the file as UTF-8.")
            }
            Self::NulByte { line } => format!("Line {line} holds a NUL byte: this is not a text file."),
            Self::FieldTooLong { line, limit } => {
                format!(
                    "A field that begins on line {line} is longer than {limit} bytes. Is a quote not closed?"
                )
            }
            Self::RowTooLong { line, limit } => {
                format!("The row on line {line} is longer than {limit} bytes.")
            }
            Self::TooManyColumns { line, limit } => {
                format!("The row on line {line} has more than {limit} columns.")
            }
            Self::TooManyRows { limit } => format!("The file has more than {limit} rows. Split it."),
            Self::BrokenQuote { line } => format!(
                "The quoted field that begins on line {line} goes on behind its closing quote. Quotes within a field are doubled."
            ),
            Self::UnclosedQuote { line } => format!("The quote opened on line {line} is not closed."),
            Self::NoRows => "The file has a heading, but no rows.".into(),
            Self::UnknownLayout { columns } => {
                format!(
                    "The columns are not those of a known layout: {}. Choose what each one means.",
                    columns.join(", ")
                )
            }
            Self::ColumnsMissing => "The mapping does not fit the columns of the file.".into(),
            Self::BrokenXml { line, why } => format!("Line {line} is not well-formed XML: {why}."),
            Self::XmlEntities { line } => format!("XML entities are not allowed (line {line})."),
            Self::WrongRoot { root } => {
                format!("The document is {root}, not an Invoice or CreditNote of UBL 2.1.")
            }
            Self::XmlTooComplex { line } => {
                format!("The XML is nested too deeply or too long (line {line}).")
            }
            Self::BrokenArchive { why } => format!("The archive is damaged: {why}."),
            Self::ArchiveInStream => "An archive must be uploaded as a whole file.".into(),
            Self::TooManyEntries { limit } => format!("The archive holds more than {limit} files."),
            Self::ArchiveBomb { entry } => format!("{entry} unpacks to far more than it may."),
            Self::EncryptedArchive { entry } => format!("{entry} needs a password. Pack it without one."),
            Self::NestedArchive { entry } => {
                format!("{entry} is an archive within the archive. Unpack it first.")
            }
            Self::UnsafePath { entry } => {
                format!("The archive holds the unsafe name \u{201c}{entry}\u{201d}.")
            }
            Self::Unreadable { why } => format!("The file could not be read: {why}."),
            Self::Stopped => "The reading was stopped.".into(),
        }
    }

    /// Ends the reading of a whole archive, not only of the file within.
    pub(super) fn ends_all(&self) -> bool {
        matches!(
            self,
            Self::Stopped
                | Self::Unreadable { .. }
                | Self::ArchiveBomb { .. }
                | Self::EncryptedArchive { .. }
                | Self::NestedArchive { .. }
                | Self::UnsafePath { .. }
        )
    }
}

impl fmt::Display for FileRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for FileRefused {}

/// Readers below the parsers speak `io::Error`; a refusal travels inside of one.
impl From<FileRefused> for io::Error {
    fn from(refused: FileRefused) -> Self {
        Self::other(refused)
    }
}

impl From<&io::Error> for FileRefused {
    fn from(error: &io::Error) -> Self {
        let inside = error.get_ref().and_then(|inner| inner.downcast_ref::<Self>());
        inside.cloned().unwrap_or_else(|| Self::Unreadable {
            why: error.to_string(),
        })
    }
}

impl From<io::Error> for FileRefused {
    fn from(error: io::Error) -> Self {
        Self::from(&error)
    }
}

fn bytes(count: u64) -> String {
    const MIB: u64 = 1024 * 1024;
    if count >= MIB && count.is_multiple_of(MIB) {
        format!("{} MiB", count / MIB)
    } else {
        format!("{count} bytes")
    }
}
