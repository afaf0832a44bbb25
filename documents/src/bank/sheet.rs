//! A bank's CSV file as rows. What its columns mean is asked, not guessed.

use super::{BankFileRefused, MOST_ENTRIES, limits};
use crate::incoming::{
    FileRefused,
    csv::{CsvReader, Record},
};
use domain::text::without_card_numbers;

/// Fields that a heading has at least; what stands above it has fewer.
const FEWEST: usize = 2;

/// Rows of a CSV file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The heading.
    pub header: Vec<String>,
    /// Lines of the file and their fields, as many as the heading has.
    pub rows: Vec<(u64, Vec<String>)>,
}

/// Reads the rows. The heading is the first row that has as many fields as the most of the first twenty rows: banks put
/// the account's name and the period above it.
pub(crate) fn read(text: &str) -> Result<Sheet, BankFileRefused> {
    let mut reader = CsvReader::new(text.as_bytes(), limits())?;
    let mut record = Record::default();
    let mut all: Vec<(u64, Vec<String>)> = Vec::new();
    while reader.next(&mut record)? {
        if record.is_blank() {
            continue;
        }
        // Some for what stands above the heading.
        if all.len() > MOST_ENTRIES + 20 {
            return Err(BankFileRefused::TooMany { limit: MOST_ENTRIES });
        }
        // The rows are kept until their columns are named.
        let fields = record.fields.iter().map(|field| without_card_numbers(field));
        all.push((record.line, fields.collect()));
    }
    let width = |fields: &[String]| {
        let last = fields.iter().rposition(|field| !field.trim().is_empty());
        last.map_or(0, |place| place + 1)
    };
    let widest = all
        .iter()
        .take(20)
        .map(|(_, fields)| width(fields))
        .max()
        .unwrap_or(0);
    if widest < FEWEST {
        return Err(BankFileRefused::Unknown("no file of a bank that is known".into()));
    }
    let place = all.iter().position(|(_, fields)| width(fields) == widest);
    let mut rest = all.split_off(place.unwrap_or(0)).into_iter();
    let (_, mut header) = rest.next().ok_or(FileRefused::Empty)?;
    header.truncate(widest);
    let mut rows = Vec::new();
    for (line, mut fields) in rest {
        if width(&fields) > widest {
            let what = format!("the row has more fields than the heading, which has {widest}");
            return Err(BankFileRefused::entry(line, what));
        }
        fields.resize(widest, String::new());
        rows.push((line, fields));
    }
    if rows.is_empty() {
        return Err(FileRefused::NoRows.into());
    }
    Ok(Sheet { header, rows })
}
