//! One file in five encodings, and what is refused.

use super::{csv_files::german, documents_of, fixture, raw};
use documents::incoming::{EncodingChoice, FileRefused, Options};

fn with(encoding: EncodingChoice) -> Options {
    Options {
        encoding,
        ..Options::default()
    }
}

#[test]
fn every_encoding_gives_the_same_rows() {
    let (result, plain) = raw(&fixture("csv/german.csv"), &Options::default());
    result.unwrap();
    for (name, encoding, told) in [
        ("csv/german-bom.csv", EncodingChoice::Auto, "UTF-8"),
        ("csv/german-utf16le.csv", EncodingChoice::Auto, "UTF-16LE"),
        ("csv/german-utf16be.csv", EncodingChoice::Auto, "UTF-16BE"),
        (
            "csv/german-cp1252.csv",
            EncodingChoice::Windows1252,
            "windows-1252",
        ),
        (
            "csv/german-cp1252.csv",
            EncodingChoice::AutoOrWindows1252,
            "windows-1252",
        ),
    ] {
        let (result, seen) = raw(&fixture(name), &with(encoding));
        assert_eq!(result.unwrap().rows, 3, "{name}");
        assert_eq!(seen.rows, plain.rows, "{name}");
        assert!(seen.entries[0].contains(told), "{name}: {:?}", seen.entries);
    }
    // Without a byte order mark every other byte tells.
    let bare = &fixture("csv/german-utf16le.csv")[2..];
    assert_eq!(raw(bare, &Options::default()).1.rows, plain.rows);
    assert_eq!(
        documents_of(&fixture("csv/german-bom.csv"), german())
            .1
            .documents
            .len(),
        2
    );
}

#[test]
fn a_wrong_byte_is_told_with_its_place_and_a_proposal() {
    let expected = |offset, line| FileRefused::WrongEncoding {
        expected: "UTF-8".into(),
        offset,
        line,
        proposal: Some("windows-1252".into()),
    };
    let bytes = fixture("csv/broken-utf8.csv");
    let place = bytes.windows(2).position(|pair| pair == b"M\xfc").unwrap() as u64 + 1;
    assert_eq!(raw(&bytes, &Options::default()).0, Err(expected(place, 3)));
    // Some of it is UTF-8, so nothing is taken for granted.
    assert_eq!(
        raw(&bytes, &with(EncodingChoice::AutoOrWindows1252)).0,
        Err(expected(place, 3))
    );
    let cp1252 = fixture("csv/german-cp1252.csv");
    let refused = raw(&cp1252, &Options::default()).0.unwrap_err();
    assert_eq!(
        refused,
        expected(cp1252.iter().position(|byte| *byte == 0xe4).unwrap() as u64, 1)
    );
    assert!(
        refused
            .message()
            .contains("It looks like windows-1252: choose that encoding.")
    );
}

#[test]
fn a_wrong_byte_far_down_is_found_and_a_character_across_two_pieces_is_not_one() {
    let row = "1,\u{e4}\u{20ac}\u{1f4b6}x\n";
    let mut bytes = format!("a,b\n{}", row.repeat(30_000)).into_bytes();
    let (result, seen) = raw(&bytes, &Options::default());
    assert_eq!(result.unwrap().rows, 30_000);
    assert!(
        seen.rows[1..]
            .iter()
            .all(|(_, fields)| fields[1] == "\u{e4}\u{20ac}\u{1f4b6}x")
    );
    let offset = bytes.len() as u64 + 2;
    bytes.extend_from_slice(b"1,\xff\n");
    let Err(FileRefused::WrongEncoding {
        offset: told, line, ..
    }) = raw(&bytes, &Options::default()).0
    else {
        panic!()
    };
    assert_eq!((told, line), (offset, 30_002));
    bytes.truncate(bytes.len() - 2);
    bytes.push(0xc3);
    assert!(matches!(
        raw(&bytes, &Options::default()).0,
        Err(FileRefused::WrongEncoding { .. })
    ));
}

#[test]
fn half_a_surrogate_and_half_a_unit_are_refused() {
    for tail in [&b"\x00\xd8a\0"[..], b"a"] {
        let mut bytes = fixture("csv/german-utf16le.csv");
        bytes.extend_from_slice(tail);
        assert!(
            matches!(
                raw(&bytes, &Options::default()).0,
                Err(FileRefused::WrongEncoding { .. })
            ),
            "{tail:?}"
        );
    }
}
