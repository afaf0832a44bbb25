//! The text below the XML parser, counted, and the parser's errors as refusals.
//!
//! A document ends at its byte limit wherever the parser stands, also within one long text.

use super::refused::FileRefused;
use std::io::{self, BufRead, Read};

pub(super) fn broken(line: u64, why: &str) -> FileRefused {
    FileRefused::BrokenXml {
        line,
        why: why.chars().take(200).collect(),
    }
}

pub(super) fn refused(error: &quick_xml::Error, line: u64) -> FileRefused {
    match error {
        quick_xml::Error::Io(error) => FileRefused::from(&**error),
        quick_xml::Error::Escape(quick_xml::escape::EscapeError::UnrecognizedEntity(..)) => {
            FileRefused::XmlEntities { line }
        }
        other => broken(line, &other.to_string()),
    }
}

/// Counts lines and bytes of what the parser has taken, and ends at the limit.
pub(super) struct Counted<R> {
    text: R,
    pub(super) line: u64,
    bytes: u64,
    limit: u64,
}

impl<R> Counted<R> {
    pub(super) fn new(text: R, limit: u64) -> Self {
        Self {
            text,
            line: 1,
            bytes: 0,
            limit,
        }
    }
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.bytes > self.limit {
            return Err(FileRefused::TooLarge { limit: self.limit }.into());
        }
        self.text.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // The piece was filled before; asking again does not read.
        let breaks = self.text.fill_buf().map_or(0, |piece| {
            piece[..amount.min(piece.len())]
                .iter()
                .filter(|byte| **byte == b'\n')
                .count()
        });
        self.line += breaks as u64;
        self.bytes += amount as u64;
        self.text.consume(amount);
    }
}
