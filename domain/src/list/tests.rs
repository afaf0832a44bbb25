//! A cursor survives an address and nothing else is taken for one.

use super::*;
use proptest::prelude::*;
use uuid::Uuid;

#[test]
fn a_total_says_when_it_stopped_counting() {
    assert_eq!(Total::Exactly(1_284).label(Locale::EnUs), "1,284");
    assert_eq!(Total::MoreThan(COUNTED_TO).label(Locale::DeDe), "1.000+");
    assert!(Page::<()>::empty().total.is_empty());
}

#[test]
fn a_page_has_between_one_and_a_hundred_rows() {
    let cases = [
        ("25", 25),
        ("1", 1),
        ("0", 50),
        ("100", 100),
        ("101", 100),
        ("99999999999", 50),
        ("-5", 50),
        ("", 50),
    ];
    for (text, rows) in cases {
        assert_eq!(per_page(text), rows, "{text}");
    }
    assert_eq!(per_page("4000000000"), MAX_PER_PAGE);
}

#[test]
fn what_is_no_cursor_is_not_taken_for_one() {
    let token = Cursor::new("2026-12-01", Uuid::from_u128(7)).to_token();
    assert!(Cursor::from_token(&token).is_some());
    let shorter = &token[..token.len() - 1];
    for text in [
        "",
        "A",
        "AAAA",
        "last",
        "%",
        "2026-12-01",
        shorter,
        &format!("{token}="),
        &"A".repeat(1_000),
    ] {
        assert_eq!(Cursor::from_token(text), None, "{text}");
    }
}

#[test]
fn a_cursor_holds_no_control_characters() {
    let cursor = Cursor {
        key: "a\0b".to_owned(),
        id: Uuid::nil(),
    };
    assert_eq!(Cursor::from_token(&cursor.to_token()), None);
}

proptest! {
    #[test]
    fn a_cursor_comes_back_from_its_token(key in "[^\\p{C}]{0,60}", id in any::<u128>()) {
        let cursor = Cursor::new(&key, Uuid::from_u128(id));
        let token = cursor.to_token();
        prop_assert!(token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
        prop_assert_eq!(Cursor::from_token(&token), Some(cursor));
    }

    #[test]
    fn a_long_key_is_cut_and_still_a_place(key in ".{100,400}", id in any::<u128>()) {
        let cursor = Cursor::new(&key, Uuid::from_u128(id));
        prop_assert!(cursor.key.len() <= CURSOR_KEY && key.starts_with(&cursor.key));
    }

    #[test]
    fn any_text_is_a_cursor_or_none(token in ".{0,60}") {
        if let Some(cursor) = Cursor::from_token(&token) {
            prop_assert_eq!(cursor.to_token(), token);
        }
    }
}
