//! ZIP archives: what is read, what is left out, what is refused.

use super::{documents_of, fixture, raw, recognised};
use documents::incoming::{FileRefused, Limits, Options, read_stream};
use std::io::{Cursor, Write};
use zip::{ZipWriter, write::SimpleFileOptions};

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The bytes of `from` replaced, in both places where a ZIP has names and flags.
fn patched(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    while let Some(place) = bytes.windows(from.len()).position(|part| part == from) {
        bytes[place..place + to.len()].copy_from_slice(to);
    }
    bytes
}

fn limited(limits: Limits) -> Options {
    Options {
        limits,
        ..Options::default()
    }
}

#[test]
fn documents_of_all_files_come_and_pictures_are_left_out() {
    let bytes = zip(&[
        ("2026/a.xml", &fixture("ubl/hard-invoice.xml")),
        ("2026/a.pdf", b"%PDF-1.7"),
        ("__MACOSX/._a.xml", b"junk"),
        ("b.csv", &fixture("csv/xero.csv")),
    ]);
    let (result, seen) = documents_of(&bytes, recognised());
    let summary = result.unwrap();
    assert_eq!(
        (summary.files, summary.documents, summary.rows, summary.refused),
        (2, 1, 3, 0)
    );
    assert_eq!(summary.skipped, ["2026/a.pdf", "__MACOSX/._a.xml"]);
    assert_eq!(seen.documents.len(), 4);
}

#[test]
fn a_bad_file_is_told_by_name_and_the_others_are_still_read() {
    let bytes = zip(&[
        ("bad.xml", b"<Order xmlns='urn:x'><a/></Order>"),
        ("good.xml", &fixture("ubl/credit-note.xml")),
        ("odd.csv", b"a,b\n1,2\n"),
    ]);
    let (result, seen) = documents_of(&bytes, recognised());
    assert_eq!(result.unwrap().refused, 2);
    assert_eq!(seen.documents.len(), 1);
    let names: Vec<_> = seen.refused.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["bad.xml", "odd.csv"]);
}

#[test]
fn a_number_that_two_files_share_is_found() {
    let same = fixture("ubl/credit-note.xml");
    let (_, seen) = documents_of(&zip(&[("a.xml", &same), ("b.xml", &same)]), recognised());
    assert_eq!((seen.documents.len(), seen.broken, seen.issues.len()), (1, 1, 1));
}

#[test]
fn bombs_are_stopped_by_ratio_size_and_count() {
    let pairs = [&b"a,b\n1,2\n"[..], &vec![b'\n'; 8 * 1024 * 1024]].concat();
    let bomb = zip(&[("b.csv", &pairs)]);
    assert!(bomb.len() < 30_000);
    assert_eq!(
        raw(&bomb, &Options::default()).0,
        Err(FileRefused::ArchiveBomb {
            entry: "b.csv".into()
        })
    );
    let rows = b"a,b\n1,2\n".repeat(1_000);
    let two = zip(&[("a.csv", &rows), ("b.csv", &rows)]);
    let limits = Limits {
        archive_bytes: 12_000,
        ..Limits::default()
    };
    assert_eq!(
        raw(&two, &limited(limits)).0,
        Err(FileRefused::ArchiveBomb {
            entry: "b.csv".into()
        })
    );
    let limits = Limits {
        archive_entries: 1,
        ..Limits::default()
    };
    assert_eq!(
        raw(&two, &limited(limits)).0,
        Err(FileRefused::TooManyEntries { limit: 1 })
    );
    let limits = Limits {
        file_bytes: 50,
        ..Limits::default()
    };
    assert_eq!(
        raw(&two, &limited(limits)).0,
        Err(FileRefused::TooLarge { limit: 50 })
    );
}

#[test]
fn a_size_that_lies_is_not_believed() {
    let pairs = [&b"a,b\n1,2\n"[..], &vec![b'\n'; 8 * 1024 * 1024]].concat();
    let size = u32::try_from(pairs.len()).unwrap().to_le_bytes();
    let lying = patched(zip(&[("b.csv", &pairs)]), &size, &100_u32.to_le_bytes());
    let refused = raw(&lying, &Options::default()).0.unwrap_err();
    assert!(
        matches!(
            refused,
            FileRefused::ArchiveBomb { .. } | FileRefused::BrokenArchive { .. }
        ),
        "{refused:?}"
    );
}

#[test]
fn names_that_point_elsewhere_are_refused() {
    for name in [
        "../x.csv",
        "a/../../x.csv",
        "/etc/x.csv",
        "C:\\x.csv",
        "..\\x.csv",
    ] {
        let placeholder = "q".repeat(name.len());
        let bytes = patched(
            zip(&[(&placeholder, b"a,b\n1,2\n")]),
            placeholder.as_bytes(),
            name.as_bytes(),
        );
        assert_eq!(
            raw(&bytes, &Options::default()).0,
            Err(FileRefused::UnsafePath { entry: name.into() })
        );
    }
}

#[test]
fn nested_encrypted_and_damaged_archives_are_refused() {
    let inner = zip(&[("a.csv", b"a,b\n1,2\n")]);
    let nested = zip(&[("inner.csv", &inner)]);
    assert_eq!(
        raw(&nested, &Options::default()).0,
        Err(FileRefused::NestedArchive {
            entry: "inner.csv".into()
        })
    );

    // The flag of a password, in the local header and in the directory.
    let mut encrypted = inner.clone();
    encrypted[6] |= 1;
    let directory = encrypted
        .windows(4)
        .position(|part| part == b"PK\x01\x02")
        .unwrap();
    encrypted[directory + 8] |= 1;
    assert_eq!(
        raw(&encrypted, &Options::default()).0,
        Err(FileRefused::EncryptedArchive {
            entry: "a.csv".into()
        })
    );

    assert!(matches!(
        raw(&inner[..inner.len() / 2], &Options::default()).0,
        Err(FileRefused::BrokenArchive { .. })
    ));
    let rows = (0..2_000)
        .map(|n| format!("{n},{}\n", n * 7919 % 1000))
        .collect::<String>();
    let mut flipped = zip(&[("a.csv", format!("a,b\n{rows}").as_bytes())]);
    flipped[2_000] ^= 0x55;
    let (result, seen) = raw(&flipped, &Options::default());
    assert!(result.is_err() || !seen.refused.is_empty());
    assert_eq!(raw(&zip(&[]), &Options::default()).0, Err(FileRefused::Empty));
}

#[test]
fn an_archive_without_importable_files_and_one_in_a_stream_are_refused() {
    let bytes = zip(&[("a.pdf", b"%PDF-1.7")]);
    assert!(matches!(
        raw(&bytes, &Options::default()).0,
        Err(FileRefused::Unsupported { .. })
    ));
    let mut seen = super::Seen::default();
    let result = read_stream(&bytes[..], "a.zip", &Options::default(), &mut seen);
    assert_eq!(result, Err(FileRefused::ArchiveInStream));
}
