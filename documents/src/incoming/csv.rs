//! Rows of a CSV file, streaming, with the line numbers that an editor shows.
//!
//! Written here rather than taken from a crate since a field must be bounded while it is read: a quote that is never
//! closed would otherwise take the whole file into memory. Quotes are only quotes at the start of a field.

use super::{limits::Limits, refused::FileRefused};
use std::io::BufRead;

/// Delimiters that are told apart, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// One row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Line where it begins, from 1.
    pub line: u64,
    /// Its fields.
    pub fields: Vec<String>,
}

impl Record {
    /// Nothing in any field: a blank line, or what a spreadsheet leaves behind.
    pub fn is_blank(&self) -> bool {
        self.fields.iter().all(|field| field.trim().is_empty())
    }
}

/// Reads rows from UTF-8 text.
pub struct CsvReader<R> {
    text: R,
    machine: Machine,
    after_return: bool,
}

impl<R: BufRead> CsvReader<R> {
    /// Begins at the first row. The delimiter is told from the first lines, or from Excel's `sep=;` line, which is
    /// then skipped.
    ///
    /// # Errors
    /// What the text below yields.
    pub fn new(mut text: R, limits: Limits) -> Result<Self, FileRefused> {
        let sample = text.fill_buf()?;
        let told = told_delimiter(sample);
        let delimiter = told.map_or_else(|| delimiter_of(sample), |(delimiter, _)| delimiter);
        let mut machine = Machine::new(delimiter, limits);
        if let Some((_, length)) = told {
            text.consume(length);
            machine.line = 2;
        }
        Ok(Self {
            text,
            machine,
            after_return: false,
        })
    }

    /// The delimiter.
    pub fn delimiter(&self) -> char {
        char::from(self.machine.delimiter)
    }

    /// Reads the next row; false at the end.
    ///
    /// # Errors
    /// What the text below yields, and everything about fields, quotes and NUL bytes in [`FileRefused`].
    pub fn next(&mut self, record: &mut Record) -> Result<bool, FileRefused> {
        // The line feed of a pair that ended the row before.
        if std::mem::take(&mut self.after_return) && self.text.fill_buf()?.first() == Some(&b'\n') {
            self.text.consume(1);
        }
        self.machine.begin(record);
        let mut any = false;
        loop {
            let piece = self.text.fill_buf()?;
            if piece.is_empty() {
                self.machine.end(record, any)?;
                return Ok(any);
            }
            any = true;
            let mut taken = piece.len();
            let mut ended = false;
            for (place, byte) in piece.iter().enumerate() {
                if self.machine.step(*byte, record)? {
                    (taken, ended) = (place + 1, true);
                    self.after_return = *byte == b'\r';
                    break;
                }
            }
            self.text.consume(taken);
            if ended {
                return Ok(true);
            }
        }
    }
}

/// Where the reader stands within a field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Plain,
    Quoted,
    QuoteInQuoted,
}

/// The grammar, byte by byte, apart from the text so that a row is read without copying the piece it stands in.
struct Machine {
    delimiter: u8,
    limits: Limits,
    state: State,
    line: u64,
    field_line: u64,
    field: Vec<u8>,
    row_bytes: usize,
}

impl Machine {
    fn new(delimiter: u8, limits: Limits) -> Self {
        Self {
            delimiter,
            limits,
            state: State::Start,
            line: 1,
            field_line: 1,
            field: Vec::new(),
            row_bytes: 0,
        }
    }

    fn begin(&mut self, record: &mut Record) {
        record.fields.clear();
        record.line = self.line;
        self.field_line = self.line;
        self.row_bytes = 0;
    }

    /// The text has ended.
    fn end(&mut self, record: &mut Record, any: bool) -> Result<(), FileRefused> {
        if self.state == State::Quoted {
            return Err(FileRefused::UnclosedQuote {
                line: self.field_line,
            });
        }
        if any { self.close_field(record) } else { Ok(()) }
    }

    /// Takes a byte; true when it ends the row.
    fn step(&mut self, byte: u8, record: &mut Record) -> Result<bool, FileRefused> {
        if byte == 0 {
            return Err(FileRefused::NulByte { line: self.line });
        }
        let is_break = matches!(byte, b'\n' | b'\r');
        match self.state {
            State::Quoted if byte == b'"' => {
                self.state = State::QuoteInQuoted;
                return Ok(false);
            }
            State::Quoted => {
                self.count_line(byte);
                return self.keep(byte);
            }
            State::QuoteInQuoted if byte == b'"' => {
                self.state = State::Quoted;
                return self.keep(byte);
            }
            // Some programs leave blanks between the closing quote and the delimiter.
            State::QuoteInQuoted if byte == b' ' => return Ok(false),
            State::QuoteInQuoted if byte != self.delimiter && !is_break => {
                return Err(FileRefused::BrokenQuote {
                    line: self.field_line,
                });
            }
            State::Start if byte == b'"' => {
                self.state = State::Quoted;
                return Ok(false);
            }
            State::Start | State::Plain | State::QuoteInQuoted => {}
        }
        if byte == self.delimiter {
            self.close_field(record)?;
            return Ok(false);
        }
        if is_break {
            self.line += 1;
            self.close_field(record)?;
            return Ok(true);
        }
        self.state = State::Plain;
        self.keep(byte)
    }

    /// Lines within a quoted field: a pair of return and feed is one.
    fn count_line(&mut self, byte: u8) {
        let is_pair = byte == b'\n' && self.field.last() == Some(&b'\r');
        if matches!(byte, b'\n' | b'\r') && !is_pair {
            self.line += 1;
        }
    }

    fn keep(&mut self, byte: u8) -> Result<bool, FileRefused> {
        let Limits {
            field_bytes,
            row_bytes,
            ..
        } = self.limits;
        self.row_bytes += 1;
        if self.field.len() == field_bytes {
            return Err(FileRefused::FieldTooLong {
                line: self.field_line,
                limit: field_bytes,
            });
        }
        if self.row_bytes > row_bytes {
            return Err(FileRefused::RowTooLong {
                line: self.field_line,
                limit: row_bytes,
            });
        }
        self.field.push(byte);
        Ok(false)
    }

    fn close_field(&mut self, record: &mut Record) -> Result<(), FileRefused> {
        if record.fields.len() == self.limits.columns {
            return Err(FileRefused::TooManyColumns {
                line: record.line,
                limit: self.limits.columns,
            });
        }
        let text = std::str::from_utf8(&self.field);
        let text = text.map_err(|_| FileRefused::Unreadable {
            why: "a character is cut".to_owned(),
        })?;
        record.fields.push(text.to_owned());
        self.field.clear();
        self.state = State::Start;
        self.field_line = self.line;
        Ok(())
    }
}

/// A row as text, for files that this program writes.
pub fn line_of(fields: &[String], delimiter: char) -> String {
    let needs_quotes = |c: char| c == delimiter || matches!(c, '"' | '\n' | '\r');
    let outer_blanks = |field: &str| field.trim().len() != field.len();
    let cells = fields.iter().map(|field| {
        if field.contains(needs_quotes) || outer_blanks(field) {
            format!("\"{}\"", field.replace('"', "\"\""))
        } else {
            field.clone()
        }
    });
    cells.collect::<Vec<_>>().join(&delimiter.to_string()) + "\r\n"
}

/// Excel's first line `sep=;` and its length.
fn told_delimiter(sample: &[u8]) -> Option<(u8, usize)> {
    let rest = sample
        .strip_prefix(b"sep=")
        .or_else(|| sample.strip_prefix(b"SEP="))?;
    let (delimiter, rest) = rest
        .split_first()
        .filter(|(delimiter, _)| DELIMITERS.contains(delimiter))?;
    let length = match rest {
        [b'\r', b'\n', ..] => 7,
        [b'\n' | b'\r', ..] => 6,
        _ => return None,
    };
    Some((*delimiter, length))
}

/// The delimiter with which most rows have as many fields as the heading, and more than one.
fn delimiter_of(sample: &[u8]) -> u8 {
    let score = |delimiter: u8| {
        let counts = field_counts(sample, delimiter);
        match counts.split_first() {
            Some((heading, rest)) if *heading > 1 => {
                let alike = rest.iter().filter(|count| *count == heading).count();
                (alike * 100 / rest.len().max(1), *heading)
            }
            Some(_) | None => (0, 0),
        }
    };
    // The first of equals wins, so the order of the list is the order of likelihood.
    let best = DELIMITERS
        .into_iter()
        .rev()
        .max_by_key(|delimiter| score(*delimiter));
    best.unwrap_or(b',')
}

/// Fields in each of the first rows of a sample, the last one perhaps cut.
fn field_counts(sample: &[u8], delimiter: u8) -> Vec<usize> {
    const ROWS: usize = 50;
    let (mut counts, mut count, mut quoted, mut blank) = (Vec::new(), 1, false, true);
    for byte in sample {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => {
                if !blank {
                    counts.push(count);
                }
                (count, blank) = (1, true);
                if counts.len() == ROWS {
                    return counts;
                }
            }
            byte if *byte == delimiter && !quoted => count += 1,
            _ => blank = false,
        }
    }
    // The last row of a short file has no line end.
    if !blank && counts.len() < 2 {
        counts.push(count);
    }
    counts
}
