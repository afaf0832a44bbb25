//! Reading of words, proposals, columns.
#![expect(
    clippy::inconsistent_digit_grouping,
    reason = "minor units are written as 12_34 is read: twelve thirty-four"
)]

mod proposals;

use super::*;
use crate::{
    imports::{DateOrder, DecimalMark},
    money::{Currency, Money},
    text::{has_card_number, without_card_numbers},
};
use chrono::NaiveDate;

pub(super) fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

pub(super) fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

pub(super) fn entry(minor: i64, text: &str) -> StatementEntry {
    StatementEntry {
        line: 1,
        account: Some("DE02".into()),
        booked_on: day(20),
        value_on: None,
        amount: eur(minor),
        kind: EntryKind::MoneyIn,
        text: vec![text.into()],
        references: Vec::new(),
        payer_name: None,
        payer_account: None,
        bank_id: None,
    }
}

#[test]
fn a_number_is_found_as_a_whole_only_whatever_separates_it() {
    let has = |text: &str, number: &str| Runs::of([text]).has(number);
    for text in [
        "INV-2026-0042",
        "payment inv 2026 0042 thanks",
        "INV2026-0042",
        "inv20260042,INV-2026-0043",
        "(INV/2026/0042)",
    ] {
        assert!(has(text, "INV-2026-0042"), "{text}");
    }
    for text in [
        "INV-2026-00421",
        "XINV-2026-0042",
        "INV-2026-004 2",
        "2026-0042",
        "INV-2026",
    ] {
        assert!(!has(text, "INV-2026-0042"), "{text}");
    }
    assert!(!has("42 00", "4200"));
    assert!(!has("1042 of 2042", "42"));
    assert!(!has("anything", ""));
    assert!(!has("", "1"));
}

#[test]
fn a_number_may_go_over_the_end_of_a_line_but_not_into_another_word() {
    let runs = Runs::of(["thanks for INV-2026-", "0042 and 0043"]);
    assert!(runs.has("INV-2026-0042"));
    assert!(!runs.has("INV-2026-0043"));
    assert!(runs.keys().contains("inv20260042"));
}

#[test]
fn a_creditor_reference_counts_without_its_check_digits() {
    assert!(Runs::of(["RF18 5390 0754 7034"]).has("539007547034"));
    assert!(Runs::of(["RF18INV20260042"]).has("INV-2026-0042"));
}

#[test]
fn equal_entries_of_a_file_are_told_apart_and_known_in_the_next_file() {
    let (one, other) = (entry(10_00, "rent"), entry(10_00, "fee"));
    let file = [one.clone(), other.clone(), one.clone()];
    let first = identities(&file);
    assert_eq!(first[0].replace("#1", "#2"), first[2]);
    assert_ne!(first[0], first[1]);
    // The next file has them in another order and at other lines.
    let moved = StatementEntry { line: 77, ..one };
    assert_eq!(identities(&[other, moved])[1], first[0]);
}

#[test]
fn with_the_banks_id_the_words_do_not_count_but_account_and_amount_do() {
    let with_id = |text, minor| StatementEntry {
        bank_id: Some("X1".into()),
        ..entry(minor, text)
    };
    let of = |entry: StatementEntry| identities(&[entry]).remove(0);
    assert_eq!(of(with_id("a", 1)), of(with_id("b", 1)));
    assert_ne!(of(with_id("a", 1)), of(with_id("a", 2)));
    let elsewhere = StatementEntry {
        account: Some("DE03".into()),
        ..with_id("a", 1)
    };
    assert_ne!(of(with_id("a", 1)), of(elsewhere));
    let pending = StatementEntry {
        kind: EntryKind::Pending,
        ..with_id("a", 1)
    };
    assert_ne!(of(with_id("a", 1)), of(pending));
}

#[test]
fn texts_are_bounded_and_hold_no_card_number() {
    let long = StatementEntry {
        text: vec!["x\ny\u{0}".repeat(500); 100],
        references: vec!["card 4242 4242 4242 4242.".into(), " ".into()],
        ..entry(1, "")
    }
    .cleaned();
    assert_eq!(long.text.len(), 40);
    assert!(
        long.text
            .iter()
            .all(|line| line.chars().count() <= 200 && !line.contains('\0'))
    );
    assert_eq!(long.references, ["card xxxx xxxx xxxx 4242."]);
    let several = without_card_numbers("4242424242424242 and DE89370400440532013000");
    assert_eq!(several, "xxxxxxxxxxxx4242 and DE89370400440532013000");
    assert!(!has_card_number(&several));
}

#[test]
fn an_account_shows_its_end_only() {
    assert_eq!(
        mask_account("DE89 3704 0044 0532 0130 00"),
        "\u{2022}\u{2022}\u{2022}\u{2022} 3000"
    );
    assert_eq!(mask_account("12345"), "\u{2022}\u{2022}\u{2022}\u{2022} 45");
    assert_eq!(mask_account(""), "\u{2022}\u{2022}\u{2022}\u{2022} ");
}

fn texts(line: &[&str]) -> Vec<String> {
    line.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn columns_are_suggested_and_read_with_one_amount_or_two() {
    let header = texts(&[
        "Buchungstag",
        "Valuta",
        "Betrag",
        "W\u{e4}hrung",
        "Verwendungszweck",
        "Name",
    ]);
    let mut columns = BankColumns::suggest(&header, Currency::USD);
    assert_eq!(columns.missing(&header), None);
    (columns.date_order, columns.decimal_mark) = (DateOrder::Dmy, DecimalMark::Comma);
    let row = texts(&["20.11.2026", "", "1.234,50", "EUR", "RE 4711", "M\u{fc}ller"]);
    let read = columns.row(&header, 7, &row).unwrap();
    assert_eq!(
        (read.line, read.booked_on, read.amount),
        (7, day(20), eur(1_234_50))
    );
    assert_eq!(
        (read.kind, read.text[0].as_str()),
        (EntryKind::MoneyIn, "RE 4711")
    );

    let header = texts(&["Date", "Paid in", "Paid out", "Details"]);
    let columns = BankColumns::suggest(&header, Currency::EUR);
    assert_eq!(columns.missing(&header), None);
    let read = |row: &[&str]| columns.row(&header, 2, &texts(row));
    assert_eq!(read(&["2026-11-20", "5.00", "", ""]).unwrap().amount, eur(5_00));
    assert_eq!(read(&["2026-11-20", "", "5.00", ""]).unwrap().amount, eur(-5_00));
    assert_eq!(
        read(&["2026-11-20", "0.00", "-5.00", ""]).unwrap().amount,
        eur(-5_00)
    );
    assert_eq!(
        read(&["2026-11-20", "", "", ""]).unwrap().kind,
        EntryKind::MoneyOut
    );
    let wrong = |row: &[&str]| read(row).unwrap_err().column.unwrap();
    assert_eq!(wrong(&["2026-11-20", "5.00", "5.00", ""]), "Paid in");
    assert_eq!(wrong(&["20.11.2026", "5.00", "", ""]), "Date");
    assert_eq!(wrong(&["2026-11-20", "5.001", "", ""]), "Paid in");
    assert_eq!(wrong(&["", "5.00", "", ""]), "Date");
}

#[test]
fn columns_that_are_missing_are_named() {
    let header = texts(&["When", "How much"]);
    let mut columns = BankColumns::suggest(&header, Currency::EUR);
    assert!(columns.missing(&header).unwrap().contains("booking day"));
    columns.columns.insert(BankField::BookedOn, "When".into());
    assert!(columns.missing(&header).unwrap().contains("amount"));
    columns.columns.insert(BankField::Amount, "How much".into());
    assert_eq!(columns.missing(&header), None);
    columns.columns.insert(BankField::PaidIn, "How much".into());
    assert!(columns.missing(&header).unwrap().contains("either"));
    columns.columns.remove(&BankField::PaidIn);
    columns.currency = None;
    assert!(columns.missing(&header).unwrap().contains("currency"));
    columns.columns.insert(BankField::Text, "Gone".into());
    assert!(columns.missing(&header).unwrap().contains("Gone"));
}

#[test]
fn what_a_checkbox_posts_is_read_back() {
    let chosen = ChosenEntry {
        entry: crate::ids::BankEntryId(uuid::Uuid::from_u128(7)),
        seen: "a.b-1".into(),
    };
    assert_eq!(ChosenEntry::read(&chosen.write()), Some(chosen));
    assert_eq!(ChosenEntry::read("no"), None);
    assert_eq!(ChosenEntry::read("no thing"), None);
}
