//! What is refused, with the line; and that no input breaks the reader.

use super::{fixture, refused};
use documents::{
    bank::{BankFileRefused, MOST_BYTES, read},
    incoming::FileRefused,
};
use proptest::prelude::*;

const FIXTURES: [&str; 8] = [
    "camt053-v02.xml",
    "camt053-v08.xml",
    "v1.ofx",
    "v2.ofx",
    "day.bai",
    "german.sta",
    "dutch.sta",
    "plain.csv",
];

fn changed(name: &str, from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(fixture(name)).unwrap();
    assert!(text.contains(from), "{name} has no {from}");
    text.replacen(from, to, 1).into_bytes()
}

fn line_of(refused: &BankFileRefused) -> u64 {
    match refused {
        BankFileRefused::Entry { line, .. } => *line,
        other => panic!("{other:?}"),
    }
}

#[test]
fn entities_and_document_types_are_refused_in_camt_and_ofx() {
    for name in ["camt053-v02.xml", "v2.ofx"] {
        let text = String::from_utf8(fixture(name)).unwrap();
        let (declaration, rest) = text.split_once("?>").unwrap();
        let attack = format!("{declaration}?>\n<!DOCTYPE x [<!ENTITY a 'b'>]>{rest}");
        let why = refused(attack);
        assert!(
            matches!(why, BankFileRefused::File(FileRefused::XmlEntities { .. })),
            "{why:?}"
        );
    }
    let used = changed("camt053-v02.xml", "vielen Dank", "&laughs;");
    assert!(matches!(
        refused(used),
        BankFileRefused::File(FileRefused::XmlEntities { line: 21 })
    ));
}

#[test]
fn a_broken_entry_is_named_with_its_line() {
    let camt = |from, to| line_of(&refused(changed("camt053-v02.xml", from, to)));
    assert_eq!(camt("1190.00", "1190.001"), 9);
    assert_eq!(camt("1190.00", "-1190.00"), 9);
    assert_eq!(camt("1190.00", "1e3"), 9);
    assert_eq!(camt("Ccy=\"EUR\"", "Ccy=\"XXY\""), 9);
    assert_eq!(camt("2026-11-20</Dt>", "2026-13-20</Dt>"), 12);
    assert_eq!(camt("<CdtDbtInd>CRDT", "<CdtDbtInd>BOTH"), 8);
    let ofx = |from, to| line_of(&refused(changed("v1.ofx", from, to)));
    assert_eq!(ofx("1250.5\n", "12..50\n"), 17);
    assert_eq!(ofx("<TRNAMT>1250.5\n", ""), 17);
    assert_eq!(ofx("<CURDEF>USD", "<CURDEF>EURO"), 14);
    assert_eq!(ofx("</OFX>\n", ""), 44);
    let bai = |from, to| line_of(&refused(changed("day.bai", from, to)));
    assert_eq!(bai("16,165,125050", "16,165,1250.50"), 5);
    assert_eq!(bai("16,165,", "16,abc,"), 5);
}

#[test]
fn half_a_file_is_refused_as_a_whole() {
    for (name, from) in [
        ("day.bai", "99,640450,1,16/"),
        ("german.sta", ":62F:C261120EUR2127,50"),
        ("v2.ofx", "</OFX>"),
    ] {
        let why = refused(changed(name, from, ""));
        assert!(why.message().contains("ends early"), "{name}: {why}");
    }
    let text = String::from_utf8(fixture("camt053-v02.xml")).unwrap();
    let why = refused(&text[..text.len() / 2]);
    assert!(
        matches!(why, BankFileRefused::File(FileRefused::BrokenXml { .. })),
        "{why:?}"
    );
}

#[test]
fn other_files_are_named() {
    let message = |bytes: &[u8]| refused(bytes).message();
    assert!(message(b"%PDF-1.7").contains("a PDF file"));
    assert!(message(b"PK\x03\x04rest").contains("archive"));
    assert!(message(b"").contains("empty"));
    assert!(message(b"<Invoice/>").contains("Invoice"));
    assert!(message(b"just a letter").contains("camt.053"));
    let notice = changed("camt053-v02.xml", "<BkToCstmrStmt>", "<BkToCstmrDbtCdtNtfctn>");
    let notice = String::from_utf8(notice)
        .unwrap()
        .replace("</BkToCstmrStmt>", "</BkToCstmrDbtCdtNtfctn>");
    assert!(message(notice.as_bytes()).contains("come again in the statement"));
    let empty = b"<Document xmlns='x'><BkToCstmrStmt><Stmt/></BkToCstmrStmt></Document>";
    assert_eq!(refused(empty), BankFileRefused::NoEntries);
}

#[test]
fn size_and_number_of_entries_are_bounded() {
    assert!(refused(vec![b'a'; MOST_BYTES + 1]).message().contains("8 MiB"));
    let text = String::from_utf8(fixture("day.bai")).unwrap();
    let many = text.replace("16,475,2500,,,1021,/\n", &"16,475,2500,,,1021,/\n".repeat(10_001));
    assert_eq!(refused(many), BankFileRefused::TooMany { limit: 10_000 });
    let rows = format!("a,b\n{}", "1,2\n".repeat(10_100));
    assert_eq!(refused(rows), BankFileRefused::TooMany { limit: 10_000 });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn no_change_of_a_file_breaks_the_reader(
        which in 0..FIXTURES.len(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..12),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = fixture(FIXTURES[which]);
        for (place, byte, how) in changes {
            let place = place.index(bytes.len());
            match how {
                0 => bytes[place] = byte,
                1 => bytes.insert(place, byte),
                2 => { bytes.remove(place); }
                // Signs that mean something to the formats.
                _ => bytes[place] = b"<>/&:,?\n;+-0"[usize::from(byte) % 12],
            }
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = read(&bytes);
    }

    #[test]
    fn no_text_breaks_the_reader(text in "(:20:|:61:|:86:|01,|02,|16,|88,|<OFX>|<STMTTRN>|OFXHEADER|[0-9A-Z\u{e4}?/,+\n]){0,60}") {
        let _ = read(text.as_bytes());
        let _ = read(format!(":20:\n:60F:C261120EUR1,\n{text}").as_bytes());
        let _ = read(format!("01,a,/\n02,a,b,1,261120,,EUR,/\n03,1,,/\n{text}").as_bytes());
        let _ = read(format!("OFXHEADER:100\n<OFX><CURDEF>EUR{text}</OFX>").as_bytes());
    }
}
