//! How codes are read and secrets are written.

use super::*;
use proptest::prelude::*;

#[test]
fn a_code_is_read_however_it_is_grouped() {
    for text in ["123456", " 123 456 ", "123-456", "123\u{a0}456"] {
        assert_eq!(Typed::read(text), Some(Typed::Code(123_456)), "{text}");
    }
    assert_eq!(Typed::read("000042"), Some(Typed::Code(42)));
    for text in [
        "",
        "12345",
        "1234567",
        "12345a",
        "１２３４５６",
        &"1".repeat(10_000),
    ] {
        assert_eq!(Typed::read(text), None, "{text:.20}");
    }
}

#[test]
fn a_recovery_code_is_read_in_any_case_and_grouping() {
    let wanted = Some(Typed::Recovery("ABCDEFGHIJKL2345".to_owned()));
    for text in ["ABCD-EFGH-IJKL-2345", "abcdefghijkl2345", " abcd efgh ijkl 2345 "] {
        assert_eq!(Typed::read(text), wanted, "{text}");
    }
    for text in [
        "ABCD-EFGH-IJKL-234",
        "ABCD-EFGH-IJKL-2340",
        "ABCD-EFGH-IJKL-23456",
    ] {
        assert_eq!(Typed::read(text), None, "{text}");
    }
}

#[test]
fn three_steps_are_taken_at_any_moment() {
    let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
    assert_eq!(steps(at(59)).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(steps(at(60)).collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn an_app_is_told_all_that_it_needs() {
    assert_eq!(
        uri("ada+test@new.example", "ABCDEFGH"),
        "otpauth://totp/Quittance:ada%2Btest%40new.example?secret=ABCDEFGH&issuer=Quittance&algorithm=SHA1&digits=6&period=30"
    );
    assert_eq!(in_groups("ABCDEFGHIJ", ' '), "ABCD EFGH IJ");
    assert_eq!(in_groups("", '-'), "");
}

proptest! {
    #[test]
    fn what_is_written_in_groups_reads_back(letters in "[A-Z2-7]{16}") {
        prop_assert_eq!(Typed::read(&in_groups(&letters, '-')), Some(Typed::Recovery(letters.clone())));
        prop_assert_eq!(Typed::read(&in_groups(&letters.to_lowercase(), ' ')), Some(Typed::Recovery(letters)));
    }

    #[test]
    fn nothing_typed_breaks_the_reading(text in ".{0,80}") {
        let _ = Typed::read(&text);
    }
}
