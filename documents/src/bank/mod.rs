//! Reads what banks give out: camt.053, OFX, BAI2, MT940 and CSV.
//!
//! [`read`] looks at the content and gives the entries in one shape, or the rows of a CSV file whose columns must be named
//! first. A statement is small, so it is held whole; what it may cost is bounded. A file is read as a whole or refused with
//! the line where it breaks: half a statement would look like a whole one.

mod amounts;
mod bai2;
mod camt;
mod mt940;
mod mt940_text;
mod ofx;
mod ofx_source;
mod refused;
pub(crate) mod sheet;

pub use refused::BankFileRefused;
pub use sheet::Sheet;

use crate::incoming::{EncodingChoice, FileKind, Limits, encoding::TextEncoding, sniff, xml_encoding};
use domain::bank_files::StatementEntry;
use std::borrow::Cow;

/// Most bytes of a file: 8 MiB.
pub const MOST_BYTES: usize = 8 * 1024 * 1024;
/// Most entries of a file.
pub const MOST_ENTRIES: usize = 10_000;

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BankFile {
    /// Its entries, in its order.
    Entries {
        /// The format's name.
        format: &'static str,
        /// At least one.
        entries: Vec<StatementEntry>,
    },
    /// Rows whose columns must be named.
    Rows(Sheet),
}

/// Reads a file.
///
/// # Errors
/// Why it was refused as a whole.
pub fn read(bytes: &[u8]) -> Result<BankFile, BankFileRefused> {
    if bytes.len() > MOST_BYTES {
        return Err(crate::incoming::FileRefused::TooLarge {
            limit: MOST_BYTES as u64,
        }
        .into());
    }
    let window = &bytes[..bytes.len().min(64 * 1024)];
    // The envelope of SWIFT looks like JSON.
    let kind = if window.trim_ascii_start().starts_with(b"{1:") {
        FileKind::Csv
    } else {
        sniff(window)?
    };
    let (format, entries) = match kind {
        FileKind::Zip => return Err(BankFileRefused::Unknown("an archive; unpack it first".into())),
        FileKind::Xml => {
            let text = decoded(bytes, xml_encoding(window, EncodingChoice::Auto)?)?;
            if ofx::is_ofx(&text) {
                ("OFX", ofx::read(&text)?)
            } else {
                ("camt.053", camt::read(&text)?)
            }
        }
        FileKind::Csv => {
            let text = decoded(bytes, text_encoding(bytes))?;
            if ofx::is_ofx(&text) {
                ("OFX", ofx::read(&text)?)
            } else if bai2::is_bai2(&text) {
                ("BAI2", bai2::read(&text)?)
            } else if mt940::is_mt940(&text) {
                ("MT940", mt940::read(&text)?)
            } else {
                return sheet::read(&text).map(BankFile::Rows);
            }
        }
    };
    if entries.is_empty() {
        return Err(BankFileRefused::NoEntries);
    }
    let entries = entries.into_iter().map(StatementEntry::cleaned).collect();
    Ok(BankFile::Entries { format, entries })
}

/// What reading a file may cost.
pub(crate) fn limits() -> Limits {
    Limits {
        file_bytes: MOST_BYTES as u64,
        xml_bytes: MOST_BYTES as u64,
        xml_elements: 300_000,
        rows: MOST_ENTRIES as u64,
        ..Limits::default()
    }
}

/// Refuses more entries than are taken.
fn within(entries: &[StatementEntry]) -> Result<(), BankFileRefused> {
    if entries.len() > MOST_ENTRIES {
        Err(BankFileRefused::TooMany { limit: MOST_ENTRIES })
    } else {
        Ok(())
    }
}

/// Files without a word about their encoding: UTF-8 when it fits, otherwise what western banks write.
pub(crate) fn text_encoding(bytes: &[u8]) -> TextEncoding {
    let marked = TextEncoding::of_bom(bytes).or_else(|| TextEncoding::wide_without_bom(bytes));
    marked.unwrap_or_else(|| match std::str::from_utf8(bytes) {
        Ok(_) => TextEncoding::Utf8,
        Err(_) => TextEncoding::Other(encoding_rs::WINDOWS_1252),
    })
}

/// The text without its byte order mark. Bytes that are wrong in a text that says its encoding are refused.
pub(crate) fn decoded(bytes: &[u8], encoding: TextEncoding) -> Result<Cow<'_, str>, BankFileRefused> {
    let text = match encoding {
        TextEncoding::Utf8 => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(error) => {
                let before = &bytes[..error.valid_up_to()];
                let line = before.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
                return Err(BankFileRefused::entry(line, "the text is not UTF-8, as it says"));
            }
        },
        TextEncoding::Other(encoding) => encoding.decode(bytes).0,
    };
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => Cow::Owned(rest.to_owned()),
        None => text,
    };
    match text.find('\0') {
        Some(place) => {
            let line = text[..place].matches('\n').count() as u64 + 1;
            Err(crate::incoming::FileRefused::NulByte { line }.into())
        }
        None => Ok(text),
    }
}
