//! Reading files as they come: recorded and written fixtures, attacks, and documents there and back.
#![expect(
    clippy::unwrap_used,
    reason = "a helper that cannot do its part fails the test"
)]
#![expect(
    clippy::inconsistent_digit_grouping,
    reason = "minor units are written as 12_34 is read: twelve thirty-four"
)]

mod archives;
mod csv_files;
mod encodings;
mod refusals;
mod round_trip;
mod streaming;
mod ubl_files;

use documents::incoming::{
    Entry, FileRefused, IncomingDocument, Options, Sink, Summary,
    mapped::{DocumentSink, MapChoice, Mapped},
    read,
};
use domain::imports::{Checked, ImportIssue, NegativeDocuments};
use std::io::Cursor;

/// Everything that came out of a file.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) entries: Vec<String>,
    pub(crate) rows: Vec<(u64, Vec<String>)>,
    pub(crate) documents: Vec<(IncomingDocument, Checked)>,
    pub(crate) issues: Vec<ImportIssue>,
    pub(crate) broken: usize,
    pub(crate) refused: Vec<(String, FileRefused)>,
}

impl Sink for Seen {
    fn begin(&mut self, entry: &Entry) -> Result<(), FileRefused> {
        self.entries
            .push(format!("{} {} {:?}", entry.name, entry.encoding, entry.delimiter));
        Ok(())
    }

    fn header(&mut self, line: u64, columns: &[String]) -> Result<(), FileRefused> {
        self.row(line, columns)
    }

    fn row(&mut self, line: u64, fields: &[String]) -> Result<(), FileRefused> {
        self.rows.push((line, fields.to_vec()));
        Ok(())
    }

    fn document(&mut self, _: IncomingDocument) -> Result<(), FileRefused> {
        Ok(())
    }

    fn issue(&mut self, issue: ImportIssue) -> Result<(), FileRefused> {
        self.issues.push(issue);
        Ok(())
    }

    fn end(&mut self, _: &Entry) -> Result<(), FileRefused> {
        Ok(())
    }

    fn refused(&mut self, name: &str, why: &FileRefused) -> Result<(), FileRefused> {
        self.refused.push((name.to_owned(), why.clone()));
        Ok(())
    }
}

impl DocumentSink for Seen {
    fn document(
        &mut self,
        _: &Entry,
        document: IncomingDocument,
        checked: Checked,
    ) -> Result<(), FileRefused> {
        self.documents.push((document, checked));
        Ok(())
    }

    fn issue(&mut self, _: &Entry, issue: ImportIssue) -> Result<(), FileRefused> {
        self.issues.push(issue);
        Ok(())
    }

    fn broken(&mut self, _: &Entry, _: Option<&str>) -> Result<(), FileRefused> {
        self.broken += 1;
        Ok(())
    }

    fn refused(&mut self, name: &str, why: &FileRefused) -> Result<(), FileRefused> {
        self.refused.push((name.to_owned(), why.clone()));
        Ok(())
    }
}

/// Raw rows and issues of a file.
pub(crate) fn raw(bytes: &[u8], options: &Options) -> (Result<Summary, FileRefused>, Seen) {
    let mut seen = Seen::default();
    (read(Cursor::new(bytes), "upload", options, &mut seen), seen)
}

/// Checked documents of a file.
pub(crate) fn documents_of(bytes: &[u8], choice: MapChoice) -> (Result<Summary, FileRefused>, Seen) {
    let mut seen = Seen::default();
    let options = Options::default();
    let mut mapped = Mapped::new(choice, options.limits, NegativeDocuments::Refuse, &mut seen);
    let result = read(Cursor::new(bytes), "upload", &options, &mut mapped);
    (result, seen)
}

/// The mapping of a recognised layout, without defaults.
pub(crate) fn recognised() -> MapChoice {
    MapChoice::Recognised {
        default_currency: None,
        default_tax: None,
    }
}

/// A file of the fixtures folder.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    // At run time: a compiled test may serve several checkouts.
    let package = std::env::var("CARGO_MANIFEST_DIR").unwrap();
    std::fs::read(format!("{package}/fixtures/{name}")).unwrap()
}
