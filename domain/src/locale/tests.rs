//! What is written can be read, in every locale, and nothing is read a thousand times too large.

use super::*;
use crate::{
    decimal::{Quantity, TaxRate, UnitPrice},
    money::{Currency, Money},
    refusal::Refusal,
    strategies::{currency, date, day, eur, locale, money},
};
use chrono::{DateTime, NaiveDate};
use proptest::prelude::*;

const DE: Locale = Locale::DeDe;
const US: Locale = Locale::EnUs;
const FR: Locale = Locale::FrFr;

#[test]
fn an_amount_is_written_as_the_locale_writes_it() {
    let amount = eur(-123_456_789);
    let texts: Vec<String> = Locale::ALL
        .iter()
        .map(|locale| format_amount(amount, *locale))
        .collect();
    assert_eq!(
        texts,
        [
            "−1,234,567.89",
            "−1,234,567.89",
            "−1.234.567,89",
            "−1\u{202f}234\u{202f}567,89",
            "−1,234,567.89"
        ]
    );
}

#[test]
fn an_amount_has_the_decimals_of_its_currency() {
    let written = |minor, currency| format_amount_with_code(Money::new(minor, currency), US);
    assert_eq!(written(5, Currency::EUR), "0.05 EUR");
    assert_eq!(written(1_234, Currency::JPY), "1,234 JPY");
    assert_eq!(written(1_234, Currency::KWD), "1.234 KWD");
    assert_eq!(written(0, Currency::USD), "0.00 USD");
    assert_eq!(written(100_000, Currency::USD), "1,000.00 USD");
}

#[test]
fn the_extremes_are_written_in_full() {
    assert_eq!(format_amount(eur(i64::MIN), US), "−92,233,720,368,547,758.08");
    assert_eq!(format_amount_plain(eur(i64::MIN)), "-92233720368547758.08");
    assert_eq!(format_count(u64::MAX, US), "18,446,744,073,709,551,615");
}

#[test]
fn quantities_prices_and_rates_show_the_digits_they_have() {
    assert_eq!(format_quantity(Quantity::from_scaled(1_000_000_000), US), "1,000");
    assert_eq!(format_quantity(Quantity::from_scaled(2_500_000), DE), "2,5");
    assert_eq!(
        format_unit_price(UnitPrice::from_scaled(12_500), Currency::USD, US),
        "0.0125"
    );
    assert_eq!(
        format_unit_price(UnitPrice::from_scaled(12_000_000), Currency::EUR, DE),
        "12,00"
    );
    assert_eq!(
        format_unit_price(UnitPrice::from_scaled(12_000_000), Currency::JPY, US),
        "12"
    );
    assert_eq!(format_rate(TaxRate::from_scaled(190_000), US), "19%");
    assert_eq!(format_rate(TaxRate::from_scaled(55_000), FR), "5,5\u{202f}%");
}

#[test]
fn a_date_cannot_be_mixed_up() {
    let texts: Vec<String> = Locale::ALL
        .iter()
        .map(|locale| format_date(day("2026-12-01"), *locale))
        .collect();
    assert_eq!(
        texts,
        [
            "1 Dec 2026",
            "1 Dec 2026",
            "1. Dez. 2026",
            "1 déc. 2026",
            "2026年12月1日"
        ]
    );
}

#[test]
fn a_moment_is_written_in_the_zone_that_was_asked_for() {
    let at = DateTime::from_timestamp(1_796_081_400, 0).unwrap();
    assert_eq!(format_datetime(at, 0, US), "30 Nov 2026, 23:30");
    assert_eq!(format_datetime(at, 60, US), "1 Dec 2026, 00:30");
    assert_eq!(format_datetime(at, -480, US), "30 Nov 2026, 15:30");
}

#[test]
fn only_what_date_inputs_send_is_a_date() {
    assert_eq!(parse_date(" 2026-12-01 "), Ok(day("2026-12-01")));
    for text in [
        "",
        "01.12.2026",
        "12/01/2026",
        "2026-13-01",
        "2026-02-30",
        "26-1-1",
        "+2026-12-01",
        "2026-12-1",
    ] {
        assert_eq!(
            parse_date(text),
            Err(Refusal::NotADate {
                text: text.trim().to_owned()
            }),
            "{text}"
        );
    }
}

#[test]
fn pasted_amounts_are_read() {
    let cases: &[(&str, Locale, i64)] = &[
        ("1.234,50", DE, 123_450),
        ("1.234,50", US, 123_450),
        ("1,234.50", DE, 123_450),
        ("1,234.50", US, 123_450),
        ("1 234,50", US, 123_450),
        ("1\u{a0}234,50", FR, 123_450),
        ("1\u{202f}234,50", DE, 123_450),
        ("1'234.50", US, 123_450),
        ("1’234.50", DE, 123_450),
        ("1'234'567.89", DE, 123_456_789),
        ("1.234.567", US, 123_456_700),
        ("1,234,567", DE, 123_456_700),
        ("1.234.567,8", US, 123_456_780),
        ("250", US, 25_000),
        ("250.5", DE, 25_050),
        ("250,5", US, 25_050),
        ("250.", US, 25_000),
        ("250,-", DE, 25_000),
        ("250.--", DE, 25_000),
        (",5", US, 50),
        (".50", DE, 50),
        ("0.07", DE, 7),
        ("€ 250", US, 25_000),
        ("€250,00", DE, 25_000),
        ("250 €", DE, 25_000),
        ("EUR 250.00", US, 25_000),
        ("250.00 eur", US, 25_000),
        ("250.00EUR", US, 25_000),
        ("-12.50", US, -1_250),
        ("−12.50", US, -1_250),
        ("12.50-", US, -1_250),
        ("(12.50)", US, -1_250),
        ("(€12.50)", US, -1_250),
        ("€ -12.50", US, -1_250),
        ("-€12.50", US, -1_250),
        ("+12.50", US, 1_250),
        ("０１２３．４５", Locale::JaJp, 12_345),
        (" \t12.50\n", US, 1_250),
        ("007", US, 700),
    ];
    for (text, locale, minor) in cases {
        assert_eq!(
            parse_amount(text, Currency::EUR, *locale),
            Ok(eur(*minor)),
            "{text:?} in {}",
            locale.code()
        );
    }
}

#[test]
fn a_lone_separator_before_three_digits_is_read_by_the_locale() {
    let too_many = Err(Refusal::TooManyDecimals { kept: 2 });
    assert_eq!(parse_amount("1.234", Currency::EUR, DE), Ok(eur(123_400)));
    assert_eq!(parse_amount("1,234", Currency::EUR, US), Ok(eur(123_400)));
    assert_eq!(parse_amount("1.234", Currency::EUR, FR), Ok(eur(123_400)));
    assert_eq!(parse_amount("1.234", Currency::EUR, US), too_many);
    assert_eq!(parse_amount("1,234", Currency::EUR, DE), too_many);
    let dinar = |minor| Ok(Money::new(minor, Currency::KWD));
    assert_eq!(parse_amount("1.234", Currency::KWD, US), dinar(1_234));
    assert_eq!(parse_amount("1.234", Currency::KWD, DE), dinar(1_234_000));
    assert_eq!(parse_amount("1,234", Currency::KWD, DE), dinar(1_234));
}

#[test]
fn what_can_be_no_group_is_a_decimal_mark_in_every_locale() {
    for locale in Locale::ALL {
        assert_eq!(
            parse_amount("01.234", Currency::KWD, *locale),
            Ok(Money::new(1_234, Currency::KWD))
        );
        assert_eq!(
            parse_amount("1234.567", Currency::KWD, *locale),
            Ok(Money::new(1_234_567, Currency::KWD))
        );
        assert_eq!(
            parse_amount("1 234.567", Currency::KWD, *locale),
            Ok(Money::new(1_234_567, Currency::KWD))
        );
    }
}

#[test]
fn more_decimals_than_the_currency_has_are_refused() {
    let kept = |kept| Err(Refusal::TooManyDecimals { kept });
    assert_eq!(parse_amount("12.345,678", Currency::EUR, US), kept(2));
    assert_eq!(parse_amount("250.00", Currency::JPY, US), kept(0));
    assert_eq!(parse_amount("0.1234", Currency::KWD, US), kept(3));
}

#[test]
fn another_currency_is_refused_by_name() {
    let other = |other| {
        Err(Refusal::MixedCurrencies {
            one: Currency::EUR,
            other,
        })
    };
    assert_eq!(parse_amount("USD 250", Currency::EUR, US), other(Currency::USD));
    assert_eq!(parse_amount("$250", Currency::EUR, US), other(Currency::USD));
    assert_eq!(parse_amount("¥250", Currency::EUR, US), other(Currency::JPY));
    assert_eq!(
        parse_amount("$250", "CAD".parse().unwrap(), US),
        Ok(Money::new(25_000, "CAD".parse().unwrap()))
    );
}

#[test]
fn what_makes_no_sense_is_no_amount() {
    let texts = [
        "",
        " ",
        "-",
        "€",
        "EUR",
        "abc",
        "1a2",
        "12 34",
        "1,23,456",
        "1.234,567,890",
        "1,234.567.890",
        "1..2",
        "1.,2",
        "--5",
        "-5-",
        "(-5)",
        "(5",
        "5)",
        ")5(",
        "1 234'567",
        "1.234 567",
        "5 EUR USD",
        "5 apples",
        "1e5",
        "0x10",
        "NaN",
        "∞",
        "1/2",
        "10%",
        "..",
        "'5",
        "5'",
        "1 2",
        "１２,３４ ５",
    ];
    for text in texts {
        let refusal = parse_amount(text, Currency::EUR, US).unwrap_err();
        assert!(
            matches!(refusal, Refusal::NotAnAmount { .. }),
            "{text:?}: {refusal:?}"
        );
    }
    let long = "1".repeat(10_000);
    assert!(
        matches!(parse_amount(&long, Currency::EUR, US), Err(Refusal::NotAnAmount { text }) if text.len() == 60)
    );
}

#[test]
fn amounts_beyond_64_bits_are_refused() {
    for text in [
        "92233720368547758.08",
        "99999999999999999999999999",
        "-92233720368547758.09",
    ] {
        assert_eq!(
            parse_amount(text, Currency::EUR, US),
            Err(Refusal::AmountTooLarge),
            "{text}"
        );
    }
    assert_eq!(
        parse_amount("-92233720368547758.08", Currency::EUR, US),
        Ok(eur(i64::MIN))
    );
}

#[test]
fn a_locale_is_found_by_its_tag() {
    for locale in Locale::ALL {
        assert_eq!(Locale::from_code(locale.code()), Some(*locale));
        assert!(!locale.label().is_empty());
        assert_eq!(
            parse_amount(locale.sample_amount(), Currency::EUR, *locale),
            Ok(eur(123_450))
        );
    }
    assert_eq!(Locale::from_code("de_de"), Some(DE));
    assert_eq!(Locale::from_code("xx"), None);
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(amount in money(), locale in locale()) {
        let currency = amount.currency();
        prop_assert_eq!(parse_amount(&format_amount(amount, locale), currency, locale), Ok(amount));
        prop_assert_eq!(parse_amount(&format_amount_with_code(amount, locale), currency, locale), Ok(amount));
    }

    #[test]
    fn any_text_is_read_or_refused_without_panic(text in ".{0,80}", currency in currency(), locale in locale()) {
        let _ = parse_amount(&text, currency, locale);
        let _ = parse_date(&text);
    }

    #[test]
    fn digits_and_signs_in_any_order_are_read_or_refused(
        text in "[0-9.,' ()\u{2212}€$A-Z-]{0,20}", currency in currency(), locale in locale(),
    ) {
        if let Ok(amount) = parse_amount(&text, currency, locale) {
            prop_assert_eq!(parse_amount(&format_amount(amount, locale), currency, locale), Ok(amount));
        }
    }

    #[test]
    fn a_date_is_read_back_from_its_iso_form(date in date()) {
        prop_assert_eq!(parse_date(&date.to_string()), Ok(date));
    }

    #[test]
    fn a_moment_at_the_edge_of_time_is_written(minutes in any::<i32>(), locale in locale()) {
        for at in [DateTime::<chrono::Utc>::MIN_UTC, DateTime::<chrono::Utc>::MAX_UTC] {
            let _ = format_datetime(at, minutes, locale);
        }
        let _ = format_date(NaiveDate::MAX, locale);
    }
}
