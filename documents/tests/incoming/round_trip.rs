//! A document written in our own layout and read back is the same, whatever its texts hold.

use super::{documents_of, fixture, recognised};
use documents::incoming::csv::line_of;
use domain::imports::{DraftDocument, own_header, own_records};
use proptest::prelude::*;

fn written(document: &DraftDocument, delimiter: char) -> Vec<u8> {
    let records = own_records(document);
    let lines = records.iter().map(|record| line_of(record, delimiter));
    let header = line_of(&own_header(), delimiter);
    std::iter::once(header)
        .chain(lines)
        .collect::<String>()
        .into_bytes()
}

/// Lines of the file are of the file, not of the document.
fn without_lines(mut document: DraftDocument) -> DraftDocument {
    (document.first_line, document.last_line, document.stated.line) = (0, 0, 0);
    document.lines.iter_mut().for_each(|line| line.source_line = 0);
    document
        .adjustments
        .iter_mut()
        .for_each(|adjustment| adjustment.source_line = 0);
    document
        .stated
        .groups
        .iter_mut()
        .for_each(|group| group.source_line = 0);
    document
}

fn read_back(document: &DraftDocument, delimiter: char) -> DraftDocument {
    let (result, mut seen) = documents_of(&written(document, delimiter), recognised());
    assert_eq!(seen.issues, []);
    result.unwrap();
    let (back, _) = seen.documents.pop().unwrap();
    without_lines(back.draft)
}

#[test]
fn ubl_documents_survive_our_own_layout() {
    for name in [
        "hard-invoice",
        "credit-note",
        "minimal-invoice",
        "ubl-tc434-example1",
        "ubl-tc434-example2",
        "ubl-tc434-creditnote1",
    ] {
        let (_, mut seen) = documents_of(&fixture(&format!("ubl/{name}.xml")), recognised());
        let document = without_lines(seen.documents.pop().unwrap().0.draft);
        for delimiter in [',', ';', '\t', '|'] {
            assert_eq!(read_back(&document, delimiter), document, "{name}");
        }
    }
}

proptest! {
    #[test]
    fn texts_with_everything_that_csv_guards_survive(texts in prop::collection::vec("[a-z=+@'\",;|\n\u{fc}\u{1f4b6} -]{1,12}", 4)) {
        let (_, mut seen) = documents_of(&fixture("ubl/hard-invoice.xml"), recognised());
        let mut document = without_lines(seen.documents.pop().unwrap().0.draft);
        // Texts are trimmed and numbers have no line breaks: that is what a draft may hold.
        let short = |text: &String| format!("x{}", text.replace('\n', " ")).trim().to_owned();
        let long = |text: &String| if text.trim().is_empty() { "x".to_owned() } else { text.trim().to_owned() };
        document.number = short(&texts[0]);
        document.customer.name = Some(short(&texts[1]));
        document.note = Some(long(&texts[2]));
        document.lines[0].description = long(&texts[3]);
        prop_assert_eq!(read_back(&document, ','), document);
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        drop(documents_of(&bytes, recognised()));
    }

    #[test]
    fn no_damage_to_a_document_panics(place in 0..9_000_usize, byte in any::<u8>()) {
        let mut bytes = fixture("ubl/hard-invoice.xml");
        let place = place % bytes.len();
        bytes[place] = byte;
        drop(documents_of(&bytes, recognised()));
    }
}
