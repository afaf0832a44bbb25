//! Reads the files that people bring: CSV, UBL invoices and credit notes, ZIP archives of those.
//!
//! [`read`] looks at the content, streams it and hands what it finds to a [`Sink`] in file order; a slow sink slows
//! the reading, an error of the sink ends it. Nothing of a file is held but the row or document at hand.
//! [`mapped::Mapped`] is the sink that turns CSV rows into documents and checks everything.

mod archive;
pub mod csv;
pub mod encoding;
mod limits;
pub mod mapped;
mod party;
mod refused;
mod sniff;
mod ubl;
mod ubl_line;
mod ubl_parts;
pub(crate) mod xml;
mod xml_source;

pub use encoding::EncodingChoice;
pub use limits::Limits;
pub use party::Party;
pub use refused::FileRefused;
pub use sniff::{FileKind, sniff};
pub use ubl::{Attachment, IncomingDocument};

use domain::imports::{ImportIssue, Problem};
use encoding::{TextEncoding, Utf8Text};
use serde::{Deserialize, Serialize};
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};

/// How to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Encoding of CSV files, and of XML files that do not say.
    pub encoding: EncodingChoice,
    /// What the file may cost.
    pub limits: Limits,
}

/// A file, or a file of an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its name, for messages only.
    pub name: String,
    /// CSV or XML.
    pub kind: FileKind,
    /// Name of the encoding it is read with.
    pub encoding: String,
    /// Delimiter of a CSV file.
    pub delimiter: Option<char>,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Files read to their end.
    pub files: u64,
    /// CSV rows, without headings and blank ones.
    pub rows: u64,
    /// UBL documents, those with issues too.
    pub documents: u64,
    /// Issues handed to the sink.
    pub issues: u64,
    /// Files of an archive that were refused; the sink has the reasons.
    pub refused: u64,
    /// Files of an archive that cannot be imported and were left out, such as PDF pictures.
    pub skipped: Vec<String>,
}

/// Takes what the reader finds. Every method may end the reading with an error: [`FileRefused::Stopped`] ends it for
/// good, another refusal only ends the file at hand.
pub trait Sink {
    /// A file begins.
    ///
    /// # Errors
    /// To end the reading.
    fn begin(&mut self, entry: &Entry) -> Result<(), FileRefused>;

    /// The heading of a CSV file; comes before its rows.
    ///
    /// # Errors
    /// To end the reading.
    fn header(&mut self, line: u64, columns: &[String]) -> Result<(), FileRefused>;

    /// A row of a CSV file with as many fields as the heading.
    ///
    /// # Errors
    /// To end the reading.
    fn row(&mut self, line: u64, fields: &[String]) -> Result<(), FileRefused>;

    /// A UBL document.
    ///
    /// # Errors
    /// To end the reading.
    fn document(&mut self, document: IncomingDocument) -> Result<(), FileRefused>;

    /// Something is wrong with a row or a document, which does not come then.
    ///
    /// # Errors
    /// To end the reading.
    fn issue(&mut self, issue: ImportIssue) -> Result<(), FileRefused>;

    /// The file ended well.
    ///
    /// # Errors
    /// To end the reading.
    fn end(&mut self, entry: &Entry) -> Result<(), FileRefused>;

    /// A file of an archive was refused; the next one follows.
    ///
    /// # Errors
    /// To end the reading.
    fn refused(&mut self, name: &str, why: &FileRefused) -> Result<(), FileRefused>;
}

/// Reads a whole file, archives too.
///
/// # Errors
/// Why the file as a whole was refused; what the sink got before must be thrown away.
pub fn read(
    mut source: impl Read + Seek,
    name: &str,
    options: &Options,
    sink: &mut dyn Sink,
) -> Result<Summary, FileRefused> {
    let window = window_of(&mut source)?;
    source.seek(SeekFrom::Start(0))?;
    match sniff(&window)? {
        FileKind::Zip => read_archive(source, options, sink),
        FileKind::Csv | FileKind::Xml => read_stream(source, name, options, sink),
    }
}

/// Reads a file that cannot be rewound: everything but archives.
///
/// # Errors
/// As [`read`]; [`FileRefused::ArchiveInStream`] for an archive.
pub fn read_stream(
    source: impl Read,
    name: &str,
    options: &Options,
    sink: &mut dyn Sink,
) -> Result<Summary, FileRefused> {
    let mut summary = Summary::default();
    let mut bounded = Bounded {
        source,
        left: options.limits.file_bytes,
        limit: options.limits.file_bytes,
    };
    let window = window_of(&mut bounded)?;
    let kind = sniff(&window)?;
    read_entry(
        Opened {
            window,
            kind,
            rest: &mut bounded,
        },
        name,
        options,
        sink,
        &mut summary,
    )?;
    Ok(summary)
}

fn read_archive(
    source: impl Read + Seek,
    options: &Options,
    sink: &mut dyn Sink,
) -> Result<Summary, FileRefused> {
    let mut summary = Summary::default();
    archive::walk(source, options.limits, &mut |found| {
        let (name, bytes) = match found {
            archive::Found::File { name, bytes } => (name, bytes),
            archive::Found::Skipped { name } => {
                summary.skipped.push(name.to_owned());
                return Ok(());
            }
        };
        match read_packed(name, bytes, options, sink, &mut summary) {
            Err(why) if !why.ends_all() => {
                summary.refused += 1;
                sink.refused(name, &why)
            }
            other => other,
        }
    })?;
    if summary.files + summary.refused == 0 {
        return Err(FileRefused::Unsupported {
            what: "an archive without CSV or XML files".to_owned(),
        });
    }
    Ok(summary)
}

fn read_packed(
    name: &str,
    bytes: &mut dyn Read,
    options: &Options,
    sink: &mut dyn Sink,
    summary: &mut Summary,
) -> Result<(), FileRefused> {
    let window = window_of(bytes)?;
    if window.starts_with(b"PK\x03\x04") || window.starts_with(b"PK\x05\x06") {
        return Err(FileRefused::NestedArchive {
            entry: name.to_owned(),
        });
    }
    // Invoices often travel with their picture.
    if window.starts_with(b"%PDF") {
        summary.skipped.push(name.to_owned());
        return Ok(());
    }
    let kind = sniff(&window)?;
    read_entry(
        Opened {
            window,
            kind,
            rest: bytes,
        },
        name,
        options,
        sink,
        summary,
    )
}

/// A file whose first bytes were looked at.
struct Opened<'a> {
    window: Vec<u8>,
    kind: FileKind,
    rest: &'a mut dyn Read,
}

fn read_entry(
    opened: Opened<'_>,
    name: &str,
    options: &Options,
    sink: &mut dyn Sink,
    summary: &mut Summary,
) -> Result<(), FileRefused> {
    let Opened { window, kind, rest } = opened;
    let encoding = match kind {
        FileKind::Csv => TextEncoding::choose(&window, options.encoding),
        FileKind::Xml => xml_encoding(&window, options.encoding)?,
        FileKind::Zip => return Err(FileRefused::ArchiveInStream),
    };
    let text = Utf8Text::new(Cursor::new(window).chain(rest), encoding);
    let encoding = encoding.name().to_owned();
    let entry = Entry {
        name: name.to_owned(),
        kind,
        encoding,
        delimiter: None,
    };
    if kind == FileKind::Csv {
        read_csv(text, entry, options.limits, sink, summary)?;
    } else {
        sink.begin(&entry)?;
        summary.documents += 1;
        match ubl::read_ubl(BufReader::with_capacity(16 * 1024, text), options.limits)? {
            Ok(document) => sink.document(document)?,
            Err(issues) => {
                summary.issues += issues.len() as u64;
                issues.into_iter().try_for_each(|issue| sink.issue(issue))?;
            }
        }
        sink.end(&entry)?;
    }
    summary.files += 1;
    Ok(())
}

fn read_csv<R: Read>(
    text: Utf8Text<R>,
    entry: Entry,
    limits: Limits,
    sink: &mut dyn Sink,
    summary: &mut Summary,
) -> Result<(), FileRefused> {
    let mut reader = csv::CsvReader::new(text, limits)?;
    let entry = Entry {
        delimiter: Some(reader.delimiter()),
        ..entry
    };
    let mut record = csv::Record::default();
    // Blank lines above the heading are what reports begin with.
    loop {
        if !reader.next(&mut record)? {
            return Err(FileRefused::Empty);
        }
        if !record.is_blank() {
            break;
        }
    }
    let mut expected = record.fields.len();
    while expected > 1 && record.fields[expected - 1].trim().is_empty() {
        expected -= 1;
    }
    sink.begin(&entry)?;
    sink.header(record.line, &record.fields[..expected])?;
    let mut rows = 0;
    while reader.next(&mut record)? {
        if record.is_blank() {
            continue;
        }
        rows += 1;
        summary.rows += 1;
        if rows > limits.rows {
            return Err(FileRefused::TooManyRows { limit: limits.rows });
        }
        // Empty fields behind the last column come from spreadsheets and mean nothing.
        let found = record.fields.len();
        let surplus = record
            .fields
            .iter()
            .skip(expected)
            .all(|field| field.trim().is_empty());
        if found < expected || !surplus {
            summary.issues += 1;
            sink.issue(ImportIssue::at(
                record.line,
                Problem::RaggedRow { expected, found },
            ))?;
        } else {
            sink.row(record.line, &record.fields[..expected])?;
        }
    }
    if rows == 0 {
        return Err(FileRefused::NoRows);
    }
    sink.end(&entry)
}

/// By byte order mark, by the XML declaration, by choice.
pub(crate) fn xml_encoding(window: &[u8], choice: EncodingChoice) -> Result<TextEncoding, FileRefused> {
    if let Some(encoding) = TextEncoding::of_bom(window).or_else(|| TextEncoding::wide_without_bom(window)) {
        return Ok(encoding);
    }
    let head = String::from_utf8_lossy(&window[..window.len().min(200)]);
    let declaration = head
        .trim_start()
        .strip_prefix("<?xml")
        .and_then(|rest| rest.split_once("?>"));
    let label = declaration
        .and_then(|(declaration, _)| declaration.split_once("encoding"))
        .and_then(|(_, rest)| {
            let rest = rest.trim_start().strip_prefix('=')?.trim_start();
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            rest[1..].split_once(quote).map(|(label, _)| label)
        });
    match label {
        // The declaration was read byte by byte, so it is not in UTF-16 whatever it says.
        Some(label) if label.to_ascii_lowercase().starts_with("utf-16") => Ok(TextEncoding::Utf8),
        Some(label) => TextEncoding::of_label(label),
        None => Ok(TextEncoding::choose(window, choice)),
    }
}

fn window_of(source: &mut (impl Read + ?Sized)) -> Result<Vec<u8>, FileRefused> {
    let mut window = Vec::new();
    source.take(sniff::WINDOW as u64).read_to_end(&mut window)?;
    Ok(window)
}

/// Ends with a refusal where a source goes beyond its limit.
struct Bounded<R> {
    source: R,
    left: u64,
    limit: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(into)?;
        match self.left.checked_sub(read as u64) {
            Some(left) => self.left = left,
            None => return Err(FileRefused::TooLarge { limit: self.limit }.into()),
        }
        Ok(read)
    }
}
