//! Large files are never held: what was read and not yet handed on stays within a few pieces.

use super::recognised;
use documents::incoming::{
    Entry, FileRefused, IncomingDocument, Limits, Options, Sink,
    mapped::{DocumentSink, Mapped},
    read_stream,
};
use domain::imports::{Checked, ImportIssue, NegativeDocuments};
use std::{
    cell::Cell,
    io::{self, Read},
    rc::Rc,
};

const ROWS: u64 = 100_000;
/// Fewer where each row becomes a document: a debug build is slow.
const DOCUMENTS: u64 = 20_000;
const HEADER: &str =
    "number,issue_date,customer_name,currency,description,quantity,unit_price,tax_category,tax_rate,total\n";

/// Makes rows when they are asked for, and counts what was taken.
struct Generated {
    next: u64,
    rows: u64,
    left: Vec<u8>,
    given: Rc<Cell<u64>>,
}

fn row(n: u64) -> String {
    format!(
        "N-{n},2026-01-{:02},Customer {},EUR,Item,3,0.335,S,20,1.21\n",
        n % 28 + 1,
        n % 97
    )
}

impl Read for Generated {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.left.is_empty() && self.next <= self.rows {
            self.left = if self.next == 0 {
                HEADER.into()
            } else {
                row(self.next).into_bytes()
            };
            self.next += 1;
        }
        let length = self.left.len().min(into.len());
        into[..length].copy_from_slice(&self.left[..length]);
        self.left.drain(..length);
        self.given.set(self.given.get() + length as u64);
        Ok(length)
    }
}

/// Measures how far the reading is ahead of what came out.
#[derive(Default)]
struct Measured {
    given: Rc<Cell<u64>>,
    out: u64,
    ahead: u64,
    rows: u64,
    documents: u64,
    stop_after: Option<u64>,
}

impl Measured {
    fn saw(&mut self, bytes: u64) -> Result<(), FileRefused> {
        self.out += bytes;
        self.ahead = self.ahead.max(self.given.get() - self.out);
        if self.stop_after == Some(self.rows + self.documents) {
            Err(FileRefused::Stopped)
        } else {
            Ok(())
        }
    }
}

impl Sink for Measured {
    fn begin(&mut self, _: &Entry) -> Result<(), FileRefused> {
        Ok(())
    }
    fn header(&mut self, _: u64, columns: &[String]) -> Result<(), FileRefused> {
        self.out += columns.iter().map(|column| column.len() as u64 + 1).sum::<u64>();
        Ok(())
    }
    fn row(&mut self, _: u64, fields: &[String]) -> Result<(), FileRefused> {
        self.rows += 1;
        self.saw(fields.iter().map(|field| field.len() as u64 + 1).sum())
    }
    fn document(&mut self, _: IncomingDocument) -> Result<(), FileRefused> {
        Ok(())
    }
    fn issue(&mut self, issue: ImportIssue) -> Result<(), FileRefused> {
        panic!("{issue:?}")
    }
    fn end(&mut self, _: &Entry) -> Result<(), FileRefused> {
        Ok(())
    }
    fn refused(&mut self, _: &str, why: &FileRefused) -> Result<(), FileRefused> {
        panic!("{why}")
    }
}

impl DocumentSink for Measured {
    fn document(
        &mut self,
        _: &Entry,
        document: IncomingDocument,
        checked: Checked,
    ) -> Result<(), FileRefused> {
        assert_eq!(checked.totals.total.minor(), 1_21);
        self.documents += 1;
        let n = document.draft.number.trim_start_matches("N-").parse().unwrap();
        self.saw(row(n).len() as u64)
    }
    fn issue(&mut self, _: &Entry, issue: ImportIssue) -> Result<(), FileRefused> {
        panic!("{issue:?}")
    }
    fn broken(&mut self, _: &Entry, number: Option<&str>) -> Result<(), FileRefused> {
        panic!("{number:?}")
    }
    fn refused(&mut self, _: &str, why: &FileRefused) -> Result<(), FileRefused> {
        panic!("{why}")
    }
}

fn measured(rows: u64, stop_after: Option<u64>) -> (Generated, Measured) {
    let given = Rc::new(Cell::new(0));
    let measured = Measured {
        given: given.clone(),
        stop_after,
        ..Measured::default()
    };
    (
        Generated {
            next: 0,
            rows,
            left: Vec::new(),
            given,
        },
        measured,
    )
}

/// The window for sniffing, one raw and one decoded piece.
const FEW_PIECES: u64 = 3 * 64 * 1024;

#[test]
fn a_hundred_thousand_rows_pass_through_a_few_pieces() {
    let (source, mut sink) = measured(ROWS, None);
    let summary = read_stream(source, "big.csv", &Options::default(), &mut sink).unwrap();
    assert_eq!((summary.rows, sink.rows), (ROWS, ROWS));
    assert_eq!(sink.out, sink.given.get());
    assert!(sink.ahead <= FEW_PIECES, "{}", sink.ahead);
}

#[test]
fn documents_come_out_while_the_file_comes_in() {
    let (source, mut sink) = measured(DOCUMENTS, None);
    let mut mapped = Mapped::new(
        recognised(),
        Limits::default(),
        NegativeDocuments::Refuse,
        &mut sink,
    );
    read_stream(source, "big.csv", &Options::default(), &mut mapped).unwrap();
    assert_eq!(sink.documents, DOCUMENTS);
    assert!(sink.ahead <= FEW_PIECES, "{}", sink.ahead);
}

#[test]
fn a_sink_that_stops_ends_the_reading_at_once() {
    let (source, mut sink) = measured(ROWS, Some(10));
    let result = read_stream(source, "big.csv", &Options::default(), &mut sink);
    assert_eq!(result, Err(FileRefused::Stopped));
    assert!(sink.given.get() <= FEW_PIECES);
}

#[test]
fn a_source_that_fails_is_told() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let source = (&b"a,b\n1,2\n"[..]).chain(Failing);
    let result = read_stream(source, "x", &Options::default(), &mut Measured::default());
    assert_eq!(
        result,
        Err(FileRefused::Unreadable {
            why: "the disk is gone".into()
        })
    );
}
