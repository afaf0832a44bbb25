//! Files of banks: every format into the same entries, what is refused, and that no file breaks the reader.
#![expect(
    clippy::unwrap_used,
    reason = "a helper that cannot do its part fails the test"
)]
#![expect(
    clippy::inconsistent_digit_grouping,
    reason = "minor units are written as 12_34 is read: twelve thirty-four"
)]

mod formats;
mod refusals;

use documents::bank::{BankFile, BankFileRefused, Sheet, read};
use domain::bank_files::{EntryKind, StatementEntry};

/// A file of the fixtures folder.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    // At run time: a compiled test may serve several checkouts.
    let package = std::env::var("CARGO_MANIFEST_DIR").unwrap();
    std::fs::read(format!("{package}/fixtures/bank/{name}")).unwrap()
}

/// Entries of a file.
pub(crate) fn entries(bytes: impl AsRef<[u8]>) -> (&'static str, Vec<StatementEntry>) {
    match read(bytes.as_ref()).unwrap() {
        BankFile::Entries { format, entries } => (format, entries),
        BankFile::Rows(sheet) => panic!("rows: {sheet:?}"),
    }
}

/// Rows of a file.
pub(crate) fn rows(bytes: impl AsRef<[u8]>) -> Sheet {
    match read(bytes.as_ref()).unwrap() {
        BankFile::Rows(sheet) => sheet,
        BankFile::Entries { format, .. } => panic!("{format}"),
    }
}

/// Why a file is refused.
pub(crate) fn refused(bytes: impl AsRef<[u8]>) -> BankFileRefused {
    read(bytes.as_ref()).unwrap_err()
}

/// Line, signed minor units, currency and kind.
pub(crate) fn facts(entries: &[StatementEntry]) -> Vec<(u64, i64, &'static str, EntryKind)> {
    let facts = |entry: &StatementEntry| {
        let currency = entry.amount.currency().code();
        (entry.line, entry.amount.minor(), currency, entry.kind)
    };
    entries.iter().map(facts).collect()
}
