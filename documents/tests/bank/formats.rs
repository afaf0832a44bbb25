//! What is read from a file of each format.

use super::{entries, facts, fixture, rows};
use chrono::NaiveDate;
use domain::bank_files::EntryKind::{MoneyIn, MoneyOut, Pending, Reversal};

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

#[test]
fn camt_of_the_second_version_is_read_and_a_batch_taken_apart() {
    let (format, entries) = entries(fixture("camt053-v02.xml"));
    assert_eq!(format, "camt.053");
    let kinds: Vec<_> = facts(&entries)
        .into_iter()
        .map(|(_, minor, code, kind)| (minor, code, kind))
        .collect();
    assert_eq!(
        kinds,
        [
            (1190_00, "EUR", MoneyIn),
            (100_00, "EUR", MoneyIn),
            (200_00, "EUR", MoneyIn),
            (-12_50, "EUR", MoneyOut),
            (-50_00, "EUR", Reversal),
        ]
    );
    let first = &entries[0];
    assert_eq!(
        (first.line, first.booked_on, first.value_on),
        (8, day(20), Some(day(21)))
    );
    assert_eq!(first.account.as_deref(), Some("DE02120300000000202051"));
    assert_eq!(first.payer_name.as_deref(), Some("M\u{fc}ller & S\u{f6}hne GmbH"));
    assert_eq!(first.payer_account.as_deref(), Some("DE89370400440532013000"));
    assert_eq!(first.text, ["Rechnung INV-2026-0001", "vielen Dank"]);
    assert_eq!(first.references, ["E2E-77"]);
    assert_eq!(first.bank_id.as_deref(), Some("2026112000001"));
    assert_eq!(entries[1].references, ["RF18539007547034"]);
    let ids = [&entries[1], &entries[2]].map(|entry| entry.bank_id.clone().unwrap());
    assert_eq!(ids, ["2026112000002/1", "2026112000002/2"]);
    assert_eq!(entries[2].payer_name.as_deref(), Some("Two"));
    assert_eq!(entries[3].text, ["Kontof\u{fc}hrung"]);
}

#[test]
fn camt_of_the_eighth_version_is_read_whatever_its_prefix() {
    let (_, entries) = entries(fixture("camt053-v08.xml"));
    let kinds: Vec<_> = facts(&entries)
        .into_iter()
        .map(|(_, minor, code, kind)| (minor, code, kind))
        .collect();
    // Yen have no decimals. What comes back to us is nobody's payment.
    assert_eq!(
        kinds,
        [
            (119_000, "JPY", MoneyIn),
            (500, "JPY", Pending),
            (700, "JPY", Reversal)
        ]
    );
    assert_eq!(entries[0].payer_name.as_deref(), Some("Nippon KK"));
    assert_eq!(entries[0].payer_account.as_deref(), Some("778899001"));
    assert_eq!((entries[0].booked_on, entries[1].booked_on), (day(20), day(21)));
    assert_eq!(entries[0].account.as_deref(), Some("00123456"));
}

#[test]
fn a_batch_whose_parts_are_not_its_sum_stays_one() {
    let text = String::from_utf8(fixture("camt053-v02.xml")).unwrap();
    let (_, all) = entries(text.replace(">200.00<", ">199.00<"));
    assert_eq!(all.len(), 4);
    assert_eq!(all[1].amount.minor(), 300_00);
    assert_eq!(all[1].text, ["INV-2026-0003"]);
}

#[test]
fn ofx_in_sgml_is_read_without_end_tags() {
    let (format, entries) = entries(fixture("v1.ofx"));
    assert_eq!(format, "OFX");
    assert_eq!(
        facts(&entries),
        [
            (17, 1250_50, "USD", MoneyIn),
            (25, -99_00, "USD", MoneyOut),
            (33, 12_00, "USD", Reversal),
        ]
    );
    let first = &entries[0];
    assert_eq!(
        (first.booked_on, first.bank_id.as_deref()),
        (day(20), Some("20261120-1"))
    );
    assert_eq!(first.payer_name.as_deref(), Some("ACME & SONS"));
    assert_eq!(first.text, ["INV-2026-0007 thanks"]);
    assert_eq!(first.account.as_deref(), Some("000111222333"));
    assert_eq!(entries[1].references, ["1021"]);
}

#[test]
fn ofx_in_xml_is_read_with_its_aggregates() {
    let (_, entries) = entries(fixture("v2.ofx"));
    assert_eq!(facts(&entries)[0], (9, 80_00, "EUR", MoneyIn));
    assert_eq!(facts(&entries)[1].2, "USD");
    let first = &entries[0];
    assert_eq!(first.payer_name.as_deref(), Some("Gr\u{f6}\u{df}e AG"));
    assert_eq!(first.payer_account.as_deref(), Some("DE89370400440532013000"));
    assert_eq!(first.account.as_deref(), Some("202051"));
    assert_eq!(first.references, ["INV-2026-0011"]);
    // An entity that nobody knows stays a text.
    assert_eq!(first.text, ["a <b> &unknown; c"]);
}

#[test]
fn bai_is_read_with_its_continuations_and_implied_decimals() {
    let (format, entries) = entries(fixture("day.bai"));
    assert_eq!(format, "BAI2");
    assert_eq!(
        facts(&entries),
        [
            (5, 1250_50, "USD", MoneyIn),
            (7, 100_00, "USD", MoneyIn),
            (10, 20_00, "USD", MoneyIn),
            (11, -25_00, "USD", MoneyOut),
            (12, 9_00, "USD", Reversal),
        ]
    );
    let first = &entries[0];
    assert_eq!(first.text[0], "INV-2026-0007, INV-2026-0008");
    assert_eq!(first.payer_name.as_deref(), Some("ACME & SONS INC"));
    assert_eq!(first.references, ["BR-1", "CR-1"]);
    assert_eq!(first.account.as_deref(), Some("000111222333"));
    assert_eq!(
        (entries[1].references[0].as_str(), entries[1].text.len()),
        ("BR-2", 1)
    );
    assert_eq!(entries[1].text, ["DEPOSIT AT BRANCH"]);
    assert_eq!(entries[2].value_on, Some(day(21)));
    assert_eq!(entries[2].text, ["wire of somebody"]);
}

#[test]
fn bai_in_yen_has_no_decimals() {
    let text = String::from_utf8(fixture("day.bai")).unwrap();
    let (_, entries) = entries(text.replace(",USD,", ",JPY,"));
    assert_eq!(entries[0].amount.to_decimal().to_string(), "125050");
}

#[test]
fn mt940_with_numbered_parts_joins_what_was_cut() {
    let (format, entries) = entries(fixture("german.sta"));
    assert_eq!(format, "MT940");
    assert_eq!(
        facts(&entries),
        [
            (6, 1190_00, "EUR", MoneyIn),
            (10, -12_50, "EUR", MoneyOut),
            (13, -50_00, "EUR", Reversal),
        ]
    );
    let first = &entries[0];
    assert_eq!(first.text, ["Rechnung zu INV-2026-0001 vielen Dank und Gruss"]);
    assert_eq!(first.references, ["BR-1", "E2E-77"]);
    assert_eq!(first.payer_name.as_deref(), Some("MUELLER UND SOEHNE GMBH"));
    assert_eq!(first.payer_account.as_deref(), Some("DE89370400440532013000"));
    assert_eq!(first.account.as_deref(), Some("12030000/202051"));
    // Booked in December, valued in January.
    let turn = entries[2].booked_on.to_string();
    assert_eq!(
        (turn.as_str(), entries[2].value_on.unwrap().to_string().as_str()),
        ("2026-12-31", "2027-01-02")
    );
}

#[test]
fn mt940_with_named_parts_and_with_free_lines_is_read() {
    let (_, entries) = entries(fixture("dutch.sta"));
    let first = &entries[0];
    assert_eq!(first.amount.minor(), 80_00);
    assert_eq!(first.payer_name.as_deref(), Some("Jansen BV"));
    assert_eq!(first.payer_account.as_deref(), Some("NL02RABO0123456789"));
    assert!(
        first.text.contains(&"INV-2026-0011 en INV-2026-0012".to_owned()),
        "{:?}",
        first.text
    );
    assert!(!first.references.contains(&"NOTPROVIDED".to_owned()));
    let second = &entries[1];
    assert!(second.text[0].ends_with("INV-2026-0013"), "{:?}", second.text);
    assert_eq!(second.text[1], "SECOND LINE");
    assert_eq!(second.text.len(), 2);
}

#[test]
fn csv_begins_at_its_widest_row_in_any_encoding() {
    let sheet = rows(fixture("plain.csv"));
    assert_eq!(sheet.header[0], "Booking date");
    assert_eq!((sheet.header.len(), sheet.rows.len()), (7, 2));
    assert_eq!((sheet.rows[0].0, sheet.rows[1].0), (5, 7));
    assert_eq!(sheet.rows[0].1[4], "M\u{fc}ller GmbH");
    let sheet = rows("Date,Amount,Text\n2026-11-20,5,4242 4242 4242 4242");
    assert_eq!(sheet.rows[0].1[1..], ["5", "xxxx xxxx xxxx 4242"]);
}
