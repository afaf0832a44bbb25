//! What is not taken: attacks on XML, other kinds of files, broken documents.

use super::{documents_of, fixture, raw, recognised};
use documents::incoming::{FileRefused, Limits, Options};

fn refused(text: impl AsRef<[u8]>) -> FileRefused {
    raw(text.as_ref(), &Options::default()).0.unwrap_err()
}

const NAMESPACES: &str = "xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2' \
     xmlns:b='urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2'";

#[test]
fn document_types_and_entities_are_refused_whatever_they_say() {
    let laughs: String = (1..10)
        .map(|n| format!("<!ENTITY l{n} '{}'>\n", format!("&l{};", n - 1).repeat(10)))
        .collect();
    let laughs = format!(
        "<?xml version='1.0'?>\n<!DOCTYPE x [\n<!ENTITY l0 'lol'>\n{laughs}]>\n<Invoice {NAMESPACES}>&l9;</Invoice>"
    );
    assert_eq!(refused(laughs), FileRefused::XmlEntities { line: 2 });
    let external = format!("<!DOCTYPE x SYSTEM 'file:///etc/passwd'><Invoice {NAMESPACES}/>");
    assert_eq!(refused(external), FileRefused::XmlEntities { line: 1 });
    let undeclared = format!("<Invoice {NAMESPACES}>\n<b:ID>&file;</b:ID></Invoice>");
    assert_eq!(refused(undeclared), FileRefused::XmlEntities { line: 2 });
    let in_attribute = format!("<Invoice {NAMESPACES}><b:ID a='&file;'>1</b:ID></Invoice>");
    assert_eq!(refused(in_attribute), FileRefused::XmlEntities { line: 1 });
    assert_eq!(
        refused("<!DOCTYPE x><a/>").message(),
        "XML entities are not allowed (line 1)."
    );
}

#[test]
fn broken_xml_is_told_with_its_line() {
    let whole = String::from_utf8(fixture("ubl/hard-invoice.xml")).unwrap();
    for cut in [whole.len() / 3, whole.len() / 2, whole.len() - 5] {
        let cut = (cut..).find(|place| whole.is_char_boundary(*place)).unwrap();
        assert!(
            matches!(refused(&whole[..cut]), FileRefused::BrokenXml { .. }),
            "{cut}"
        );
    }
    let crossed = format!("<Invoice {NAMESPACES}>\n<b:ID>1</b:Name>\n</Invoice>");
    assert!(matches!(refused(crossed), FileRefused::BrokenXml { line: 2, .. }));
    assert!(matches!(
        refused(format!("{whole}<more/>")),
        FileRefused::BrokenXml { .. }
    ));
    assert!(matches!(
        refused(format!("<Invoice {NAMESPACES}><b:ID a='1' a='2'/></Invoice>")),
        FileRefused::BrokenXml { .. }
    ));
    assert!(matches!(
        refused("<?xml version='1.0'?>"),
        FileRefused::BrokenXml { .. }
    ));
    assert!(matches!(
        refused("<?xml version='1.0' encoding='klingon'?><a/>"),
        FileRefused::UnknownEncoding { .. }
    ));
}

#[test]
fn depth_elements_and_bytes_of_xml_are_bounded() {
    let deep = |space: &str| {
        format!(
            "<Invoice {NAMESPACES}>{}",
            format!("<{space}Note>").repeat(100_000)
        )
    };
    assert_eq!(refused(deep("b:")), FileRefused::XmlTooComplex { line: 1 });
    assert_eq!(refused(deep("")), FileRefused::XmlTooComplex { line: 1 });
    let limits = Limits {
        xml_elements: 1_000,
        xml_bytes: 100_000,
        ..Limits::default()
    };
    let options = Options {
        limits,
        ..Options::default()
    };
    let many = format!("<Invoice {NAMESPACES}>{}</Invoice>", "<b:X/>".repeat(1_001));
    assert_eq!(
        raw(many.as_bytes(), &options).0,
        Err(FileRefused::XmlTooComplex { line: 1 })
    );
    let long = format!(
        "<Invoice {NAMESPACES}><b:Note>{}</b:Note></Invoice>",
        "x".repeat(300_000)
    );
    assert_eq!(
        raw(long.as_bytes(), &options).0,
        Err(FileRefused::TooLarge { limit: 100_000 })
    );
}

#[test]
fn too_many_lines_in_one_document_are_refused() {
    let whole = String::from_utf8(fixture("ubl/minimal-invoice.xml")).unwrap();
    let (head, rest) = whole.split_once("<a:InvoiceLine>").unwrap();
    let (line, tail) = rest.split_once("</a:InvoiceLine>").unwrap();
    let many = format!(
        "{head}{}{tail}",
        format!("<a:InvoiceLine>{line}</a:InvoiceLine>").repeat(10_001)
    );
    let (result, seen) = documents_of(many.as_bytes(), recognised());
    result.unwrap();
    assert_eq!((seen.issues.len(), seen.documents.len()), (1, 0));
}

#[test]
fn kinds_that_people_upload_by_mistake_are_named() {
    for (bytes, word) in [
        (&b"%PDF-1.7 ..."[..], "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),
        (b"PK\x03\x04\x14\0\0\0\0\0[Content_Types].xml", "office"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"\xef\xbb\xbf <html>", "web page"),
        (b"{\"a\": 1}", "JSON"),
        (b"\x89PNG\r\n", "picture"),
    ] {
        let refused = refused(bytes);
        assert!(refused.message().contains(word), "{}", refused.message());
    }
}
