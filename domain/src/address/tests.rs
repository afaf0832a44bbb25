//! What is written into an address is read from it.

use super::*;
use proptest::prelude::*;

#[test]
fn a_query_string_is_short_and_readable() {
    let query = query_string([
        ("due_from", "2026-12-01"),
        ("sort", "-due"),
        ("customer", "Müller & Söhne"),
    ]);
    assert_eq!(
        query,
        "due_from=2026-12-01&sort=-due&customer=M%C3%BCller%20%26%20S%C3%B6hne"
    );
}

#[test]
fn what_forms_and_people_write_is_read() {
    let read = |query: &str| pairs(query).collect::<Vec<_>>();
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    assert_eq!(
        read("?a=1+2&a=%33&b&=c&&d=e=f"),
        [
            pair("a", "1 2"),
            pair("a", "3"),
            pair("b", ""),
            pair("", "c"),
            pair("d", "e=f"),
        ]
    );
    assert_eq!(read("a=%zz%4&b=%"), [pair("a", "%zz%4"), pair("b", "%")]);
    assert_eq!(read("a=%ff"), [pair("a", "\u{fffd}")]);
    assert_eq!(read(""), []);
}

proptest! {
    #[test]
    fn pairs_come_back_as_they_were(written in prop::collection::vec((".{0,10}", ".{0,10}"), 0..6)) {
        let query = query_string(written.iter().map(|(key, value)| (key.as_str(), value.as_str())));
        prop_assert!(query.bytes().all(|b| b.is_ascii_graphic()));
        prop_assert_eq!(pairs(&query).collect::<Vec<_>>(), written);
    }

    #[test]
    fn any_text_is_read(query in ".{0,40}") {
        prop_assert!(pairs(&query).count() <= 41);
    }
}

#[test]
fn only_paths_of_ours_are_followed() {
    for ours in ["/", "/invoices?side=issued", "/a//b", "/ä"] {
        assert!(is_path_of_ours(ours), "{ours}");
    }
    for other in [
        "",
        "invoices",
        "//evil.test",
        "/\\evil.test",
        "/\t/evil.test",
        "/\n",
        "https://evil.test/",
    ] {
        assert!(!is_path_of_ours(other), "{other:?}");
    }
}
