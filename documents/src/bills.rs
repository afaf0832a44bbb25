//! Reads bills of vendors: CSV files, as rows whose columns are named afterwards.
//!
//! The reader is that of banks' CSV files, with the same bounds: a bill is read as a whole or refused.

pub use crate::bank::{MOST_BYTES, Sheet};

use crate::{
    bank::{BankFileRefused, decoded, sheet, text_encoding},
    incoming::{FileKind, FileRefused, sniff},
};

/// Why a bill is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillRefused(BankFileRefused);

impl BillRefused {
    /// One or two English sentences: what is wrong and what to do.
    pub fn message(&self) -> String {
        const TAKEN: &str = "Bills are read as CSV files with a heading.";
        match &self.0 {
            BankFileRefused::File(FileRefused::Unsupported { what }) => format!("This is {what}. {TAKEN}"),
            BankFileRefused::Unknown(_) => format!("This is no table. {TAKEN}"),
            BankFileRefused::TooMany { limit } => {
                format!("The bill has more than {limit} lines. Split it by vendor.")
            }
            other => other.message(),
        }
    }
}

/// Reads a bill.
///
/// # Errors
/// Why it was refused as a whole.
pub fn read(bytes: &[u8]) -> Result<Sheet, BillRefused> {
    rows(bytes).map_err(BillRefused)
}

fn rows(bytes: &[u8]) -> Result<Sheet, BankFileRefused> {
    let limit = MOST_BYTES as u64;
    if bytes.len() > MOST_BYTES {
        return Err(FileRefused::TooLarge { limit }.into());
    }
    let unsupported = |what: &str| FileRefused::Unsupported { what: what.into() };
    match sniff(&bytes[..bytes.len().min(64 * 1024)])? {
        FileKind::Csv => sheet::read(&decoded(bytes, text_encoding(bytes))?),
        FileKind::Xml => Err(unsupported("an XML document").into()),
        FileKind::Zip => Err(unsupported("an archive").into()),
    }
}
