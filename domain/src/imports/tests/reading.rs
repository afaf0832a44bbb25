//! Dates, numbers, amounts, prices; layouts.

use super::*;
use crate::credit_notes::sums::{Beyond, Measure};

#[test]
fn dates_follow_the_chosen_order_and_iso_is_always_taken() {
    use DateOrder::{Dmy, Mdy, Ymd};
    let cases = [
        ("31.12.2026", Dmy, Some((2026, 12, 31))),
        ("31/12/26", Dmy, Some((2026, 12, 31))),
        ("1-2-2026", Dmy, Some((2026, 2, 1))),
        ("1/2/2026", Mdy, Some((2026, 1, 2))),
        ("12/31/1999", Mdy, Some((1999, 12, 31))),
        ("1/2/70", Mdy, Some((1970, 1, 2))),
        ("26/12/31", Ymd, Some((2026, 12, 31))),
        ("2026/12/31", Mdy, Some((2026, 12, 31))),
        ("2026-12-31", Dmy, Some((2026, 12, 31))),
        ("20261231", Dmy, Some((2026, 12, 31))),
        ("2017-05-31 0:00:00", Mdy, Some((2017, 5, 31))),
        ("2026-05-31T00:00:00Z", Dmy, Some((2026, 5, 31))),
        ("31.05.2026 13:45", Dmy, Some((2026, 5, 31))),
        (" 2026-02-28 ", Ymd, Some((2026, 2, 28))),
        ("31/12/2026", Mdy, None),
        ("12/31/2026", Dmy, None),
        ("31.12.2026", Ymd, None),
        ("2026-02-30", Ymd, None),
        ("0000-01-01", Ymd, None),
        ("9999-01-01", Ymd, None),
        ("1/2", Dmy, None),
        ("1/2/3/4", Dmy, None),
        ("1/2-2026", Dmy, None),
        ("1//2026", Dmy, None),
        ("tomorrow", Dmy, None),
        ("", Dmy, None),
        ("\u{661}/2/2026", Dmy, None),
        ("45000", Dmy, None),
    ];
    for (text, order, expected) in cases {
        let expected = expected.map(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d).unwrap());
        assert_eq!(date(text, order).ok(), expected, "{text} {order:?}");
    }
}

#[test]
fn a_date_order_is_proposed_only_when_one_fits() {
    assert_eq!(DateOrder::guess(["31/01/2026", "1/2/2026"]), Some(DateOrder::Dmy));
    assert_eq!(DateOrder::guess(["01/31/2026"]), Some(DateOrder::Mdy));
    assert_eq!(DateOrder::guess(["1/2/2026"]), None);
}

#[test]
fn numbers_are_read_in_one_style_and_never_guessed() {
    use DecimalMark::{Comma, Point};
    let cases = [
        ("1234.5", Point, Some("1234.5")),
        ("1,234.50", Point, Some("1234.5")),
        ("1,234,567", Point, Some("1234567")),
        ("12,34,567.00", Point, Some("1234567")),
        ("1.234,50", Comma, Some("1234.5")),
        ("1 234,50", Comma, Some("1234.5")),
        ("1\u{202f}234,50\u{a0}\u{20ac}", Comma, Some("1234.5")),
        ("1'234.50", Point, Some("1234.5")),
        ("CHF 1\u{2019}234.50", Point, Some("1234.5")),
        ("$1,250.50", Point, Some("1250.5")),
        ("-$5", Point, Some("-5")),
        ("$-5", Point, Some("-5")),
        ("5.00-", Point, Some("-5")),
        ("(5.00)", Point, Some("-5")),
        ("($ 5.00)", Point, Some("-5")),
        ("\u{2212}5", Point, Some("-5")),
        ("+5", Point, Some("5")),
        (".5", Point, Some("0.5")),
        ("5.", Point, Some("5")),
        ("12.00 EUR", Point, Some("12")),
        ("0.00", Point, Some("0")),
        ("1.0000000000000000000000000000000000", Point, Some("1")),
        ("1,5", Point, None),
        ("1.5", Comma, None),
        ("1,2345", Point, None),
        ("1,234 567", Point, None),
        ("1.2.3", Point, None),
        ("--5", Point, None),
        ("(-5)", Point, None),
        ("5-5", Point, None),
        ("(5", Point, None),
        ("$5$", Point, None),
        ("", Point, None),
        ("-", Point, None),
        (".", Point, None),
        ("1e5", Point, None),
        ("0x1f", Point, None),
        ("NaN", Point, None),
        ("EURO 5", Point, None),
        ("\u{0661}", Point, None),
        ("99999999999999999999999999999999", Point, None),
    ];
    for (text, mark, expected) in cases {
        let value = decimal(text, mark).ok().map(|(value, _)| value.to_string());
        assert_eq!(value.as_deref(), expected, "{text} {mark:?}");
    }
}

#[test]
fn an_amount_keeps_to_its_currency() {
    let read = |text, code: &str| money(text, DecimalMark::Point, code.parse().unwrap());
    assert_eq!(read("1.2300", "EUR"), Ok(eur(123)));
    assert_eq!(read("EUR 1.23", "EUR"), Ok(eur(123)));
    assert_eq!(read("1.23 \u{20ac}", "EUR"), Ok(eur(123)));
    assert_eq!(read("100", "JPY"), Ok(Money::new(100, Currency::JPY)));
    assert_eq!(read("1.234", "KWD"), Ok(Money::new(1234, Currency::KWD)));
    assert!(matches!(
        read("1.234", "EUR"),
        Err(Problem::TooManyDecimals { kept: 2, .. })
    ));
    assert!(matches!(
        read("1.5", "JPY"),
        Err(Problem::TooManyDecimals { kept: 0, .. })
    ));
    assert!(matches!(
        read("USD 1", "EUR"),
        Err(Problem::CurrencyDiffers { .. })
    ));
    assert!(matches!(
        read("92233720368547758.08", "EUR"),
        Err(Problem::TooLarge { .. })
    ));
}

#[test]
fn a_price_with_many_decimals_is_kept_by_a_larger_base() {
    let one = Quantity::from_scaled(1_000_000);
    let (price, base) = price_for("0.00012345".parse().unwrap(), one).unwrap();
    assert_eq!(
        (price.to_string().as_str(), base.to_string().as_str()),
        ("0.012345", "100")
    );
    assert!(price_for("0.0000000000001".parse().unwrap(), one).is_err());
}

#[test]
fn layouts_are_recognised_by_their_heading() {
    let cases = [
        (
            "*InvoiceNo|*Customer|*InvoiceDate|*ItemAmount",
            Layout::QuickBooks,
        ),
        ("Invoice No|Customer|Invoice Date|Item Rate", Layout::QuickBooks),
        (
            "*ContactName|*InvoiceNumber|*InvoiceDate|*UnitAmount",
            Layout::Xero,
        ),
        ("number|issue_date|customer_name", Layout::Quittance),
        ("number|issue_date|colour", Layout::Unknown),
        ("Document Number|Date|Name", Layout::Unknown),
        ("", Layout::Unknown),
    ];
    for (header, expected) in cases {
        assert_eq!(recognise(&fields(header)), expected, "{header}");
    }
    assert_eq!(recognise(&own_header()), Layout::Quittance);
    assert!(suggest(&own_header()).unmapped().is_empty());
}

#[test]
fn headings_that_occur_twice_can_be_told_apart() {
    assert_eq!(
        labels(&fields(" Name |Name||Name")),
        ["Name", "Name (2)", "Column 3", "Name (3)"]
    );
}

#[test]
fn a_saved_mapping_survives_json_like_storage_and_names_what_is_missing() {
    let map = suggest(&fields("Number|Name|Date|Price"));
    assert_eq!(
        map.places(1, &fields("Date|Price|Number|Name")).unwrap()[&Field::Number],
        2
    );
    let issues = map.places(1, &fields("Number|Name|Date")).unwrap_err();
    assert!(
        matches!(&issues[..], [ImportIssue { problem: Problem::MissingColumn { column }, .. }] if column == "Price")
    );
    let issues = ColumnMap::default().places(1, &fields("Number")).unwrap_err();
    assert_eq!(issues.len(), 4);
}

#[test]
fn tax_codes_are_inferred_only_when_they_say_it() {
    let rate = |code| infer_tax(code).map(|tax| (tax.category, tax.rate.to_string()));
    assert_eq!(rate("20% (VAT on Income)"), Some((TaxCategory::S, "20".into())));
    assert_eq!(rate("GST 8.875%"), Some((TaxCategory::S, "8.875".into())));
    assert_eq!(rate("Zero Rated Income"), Some((TaxCategory::Z, "0".into())));
    assert_eq!(rate("Tax Exempt"), Some((TaxCategory::E, "0".into())));
    assert_eq!(rate("NON"), Some((TaxCategory::O, "0".into())));
    assert_eq!(rate("TAX"), None);
    assert_eq!(rate("20% reverse charge"), None);
    assert_eq!(rate("120%"), None);
}

#[test]
fn every_problem_has_a_sentence() {
    let problem = Problem::Differs {
        sum: Sum::Total,
        stated: eur(100),
        computed: eur(-101),
    };
    assert_eq!(
        problem.message(),
        "The total with tax is 1.00 EUR in the file, but the lines give -1.01 EUR."
    );
    let problem = Problem::UnmappedField {
        any_of: vec![Field::UnitPrice, Field::LineNet],
    };
    assert_eq!(
        problem.message(),
        "No column is chosen for Unit price or Net amount."
    );
    let beyond = |measure| Problem::BeyondInvoices {
        number: "C-1".to_owned(),
        invoices: vec!["A-1".to_owned(), "A-2".to_owned()],
        beyond: Beyond {
            measure,
            credited: eur(12_000),
            left: eur(10_000),
        },
    };
    assert_eq!(
        beyond(Measure::Total).message(),
        "The credit note C-1 is 120.00 EUR, but 100.00 EUR is left of A-1, A-2. One that names no invoice credits the account."
    );
    let standard = standard("19");
    assert_eq!(
        beyond(Measure::Base(standard.category, standard.rate)).message(),
        "The credit note C-1 has 120.00 EUR without tax at S 19 %, but 100.00 EUR is left of that of A-1, A-2. One that names no invoice credits the account."
    );
}
