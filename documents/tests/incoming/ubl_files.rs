//! UBL: the public examples, harder ones, and what is wrong with others.

use super::{documents_of, fixture, recognised};
use documents::incoming::{FileRefused, IncomingDocument};
use domain::imports::{Checked, DocumentKind, ImportIssue, Problem, Sum};

fn one(name: &str) -> (IncomingDocument, Checked) {
    let (result, mut seen) = documents_of(&fixture(name), recognised());
    assert_eq!(seen.issues, [], "{name}");
    assert_eq!(result.unwrap().documents, 1);
    seen.documents.pop().unwrap()
}

fn issues(bytes: &[u8]) -> Vec<ImportIssue> {
    let (result, seen) = documents_of(bytes, recognised());
    result.unwrap();
    assert_eq!((seen.documents.len(), seen.broken), (0, 1));
    seen.issues
}

fn changed(from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(fixture("ubl/hard-invoice.xml")).unwrap();
    assert!(text.contains(from), "{from}");
    text.replace(from, to).into_bytes()
}

#[test]
fn the_public_examples_add_up_as_they_say() {
    for (name, lines, total, due) in [
        ("ubl/ubl-tc434-example1.xml", 20, "250.33", "250.33"),
        ("ubl/guide-example1.xml", 20, "250.33", "250.33"),
        ("ubl/ubl-tc434-example2.xml", 5, "1801.78", "801.78"),
        ("ubl/ubl-tc434-creditnote1.xml", 1, "100.11", "100.11"),
    ] {
        let (document, checked) = one(name);
        assert_eq!(document.draft.lines.len(), lines, "{name}");
        assert_eq!(checked.totals.total.to_decimal().to_string(), total, "{name}");
        assert_eq!(checked.due.to_decimal().to_string(), due, "{name}");
    }
}

#[test]
fn a_line_that_is_not_quantity_times_price_is_noticed_and_stands_when_the_sums_confirm_it() {
    // 2 x 1273.00 with 1273.00 net; EN 16931 has no rule against it, Peppol has.
    let (document, checked) = one("ubl/ubl-tc434-example2.xml");
    assert_eq!(document.notices.len(), 1);
    assert_eq!(
        document.notices[0].problem.message(),
        "The net amount of the line is 1273.00 NOK in the file, but the lines give 2546.00 NOK."
    );
    assert_eq!(
        (
            checked.lines[0].quantity.to_string(),
            checked.lines[0].unit_price.to_string()
        ),
        ("2".into(), "636.5".into())
    );
    let text = String::from_utf8(fixture("ubl/ubl-tc434-example2.xml")).unwrap();
    let peppol = text.replace(
        "urn:cen.eu:en16931:2017<",
        "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0<",
    );
    assert!(issues(peppol.as_bytes()).iter().any(|issue| matches!(
        issue.problem,
        Problem::Differs {
            sum: Sum::LineNet,
            ..
        }
    )));
    // A return of six written with a positive quantity.
    let (document, checked) = one("ubl/ubl-tc434-example1.xml");
    assert_eq!(
        (document.notices.len(), checked.lines[19].quantity.to_string()),
        (1, "-6".into())
    );
}

#[test]
fn a_hard_invoice_is_read_in_full() {
    let (
        IncomingDocument {
            draft,
            seller,
            buyer,
            attachments,
            ..
        },
        checked,
    ) = one("ubl/hard-invoice.xml");
    assert_eq!(draft.kind, DocumentKind::Invoice);
    assert_eq!(draft.number, "RE-2026/0815");
    assert_eq!(
        (draft.issue_date.to_string(), draft.due_date.unwrap().to_string()),
        ("2026-03-01".into(), "2026-03-31".into())
    );
    assert_eq!(
        draft.note.as_deref(),
        Some("First & second \u{2014} line\nA <note> of its own")
    );
    assert_eq!(draft.order_id.as_deref(), Some("SO-77"));
    assert_eq!(draft.tax_currency_total.unwrap().currency().code(), "SEK");
    assert_eq!(draft.customer.external_id.as_deref(), Some("K-4711"));
    assert_eq!(draft.customer.name.as_deref(), Some("\u{c5}kerlund Handel AB"));
    assert_eq!(seller.unwrap().tax_id.as_deref(), Some("DE123456789"));
    assert_eq!(buyer.unwrap().city.as_deref(), Some("Malm\u{f6}"));
    assert_eq!(draft.lines[0].description, "Support\nRemote work");
    assert_eq!(draft.lines[1].price_base.to_string(), "100");
    assert_eq!(draft.adjustments.len(), 3);
    let names: Vec<_> = attachments
        .iter()
        .map(|file| (file.name.as_deref().unwrap(), file.encoded_bytes))
        .collect();
    assert_eq!(
        names,
        [("hours & days.pdf", 24), ("https://example.com/a.csv", 0)]
    );
    assert_eq!(checked.prepaid.minor(), 100_00);
    assert_eq!(
        (
            checked.totals.total.minor(),
            checked.totals.rounding.minor(),
            checked.due.minor()
        ),
        (374_81, -1, 274_80)
    );
    let groups: Vec<_> = checked
        .totals
        .taxes
        .iter()
        .map(|g| (g.rate.to_string(), g.base.minor(), g.tax.minor()))
        .collect();
    assert_eq!(
        groups,
        [
            ("7".into(), 32_33, 2_26),
            ("19".into(), 113_63, 21_59),
            ("0".into(), 205_00, 0)
        ]
    );
    assert_eq!(checked.totals.taxes[2].reason.as_deref(), Some("Reverse charge"));
}

#[test]
fn a_minimal_invoice_needs_no_totals_no_tax_and_no_price() {
    let (document, checked) = one("ubl/minimal-invoice.xml");
    assert_eq!(document.draft.currency.code(), "JPY");
    assert_eq!(document.draft.due_date, None);
    assert_eq!(checked.totals.total.minor(), 1000);
}

#[test]
fn a_credit_note_in_latin_1_names_its_invoices() {
    let (document, checked) = one("ubl/credit-note.xml");
    assert_eq!(document.draft.kind, DocumentKind::CreditNote);
    assert_eq!(document.draft.invoices, ["INV-1", "INV-2"]);
    assert_eq!(
        document.draft.customer.name.as_deref(),
        Some("Caf\u{e9} Z\u{fc}rich")
    );
    assert_eq!(
        (
            checked.totals.total.minor(),
            checked.totals.total.currency().exponent()
        ),
        (3150, 3)
    );
}

#[test]
fn a_wrong_total_is_told_with_both_numbers_and_its_line() {
    let found = issues(&changed(">374.81<", ">374.82<"));
    let [issue] = &found[..] else { panic!("{found:?}") };
    assert_eq!(issue.line, 76);
    assert!(
        matches!(&issue.problem, Problem::Differs { sum: Sum::Total, stated, computed } if (stated.minor(), computed.minor()) == (374_82, 374_81))
    );
    assert_eq!(
        issue.problem.message(),
        "The total with tax is 374.82 EUR in the file, but the lines give 374.81 EUR."
    );
}

#[test]
fn what_is_wrong_in_an_element_is_told_with_its_path() {
    for (from, to, column, problem) in [
        (
            ">SEK</TaxCurrencyCode",
            ">SEKK</TaxCurrencyCode",
            "TaxCurrencyCode",
            Problem::UnknownCurrency { text: "SEKK".into() },
        ),
        (
            "<PriceAmount currencyID=\"EUR\">12.3456<",
            "<PriceAmount currencyID=\"EUR\">12,34<",
            "InvoiceLine/Price/PriceAmount",
            Problem::NotANumber {
                text: "12,34".into(),
                mark: domain::imports::DecimalMark::Point,
            },
        ),
        (
            "<LineExtensionAmount currencyID=\"EUR\">33.33<",
            "<LineExtensionAmount currencyID=\"USD\">33.33<",
            "InvoiceLine/LineExtensionAmount",
            Problem::CurrencyDiffers {
                found: "USD".into(),
                document: domain::Currency::EUR,
            },
        ),
        (
            "<LineExtensionAmount currencyID=\"EUR\">33.33<",
            "<LineExtensionAmount currencyID=\"EUR\">33.333<",
            "InvoiceLine/LineExtensionAmount",
            Problem::TooManyDecimals {
                text: "33.333".into(),
                kept: 2,
            },
        ),
        (
            "<BaseQuantity unitCode=\"C62\">100<",
            "<BaseQuantity unitCode=\"C62\">0<",
            "InvoiceLine/Price/BaseQuantity",
            Problem::ZeroPriceBase,
        ),
        (
            "<ID>AE</ID><Percent>0</Percent><ns7:TaxScheme>",
            "<ID>L</ID><Percent>0</Percent><ns7:TaxScheme>",
            "ClassifiedTaxCategory/ID",
            Problem::UnknownTaxCategory { text: "L".into() },
        ),
        (
            ">2026-03-31<",
            ">2026-13-31<",
            "DueDate",
            Problem::ImpossibleDate {
                text: "2026-13-31".into(),
            },
        ),
        (
            "<Name>Screws</Name>",
            "",
            "InvoiceLine/Item/Name",
            Problem::MissingElement {
                name: "Item/Name".into(),
            },
        ),
    ] {
        let found = issues(&changed(from, to));
        let [issue] = &found[..] else {
            panic!("{to}: {found:?}")
        };
        assert_eq!(
            (issue.column.as_deref(), &issue.problem),
            (Some(column), &problem)
        );
    }
}

#[test]
fn what_every_document_needs_is_asked_for() {
    let empty = "<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>";
    assert!(matches!(
        documents_of(empty.as_bytes(), recognised()).0,
        Err(FileRefused::WrongRoot { .. })
    ));
    let nothing = "<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'><a/></Invoice>";
    let names: Vec<_> = issues(nothing.as_bytes())
        .into_iter()
        .map(|issue| issue.problem)
        .collect();
    let missing = |name: &str| Problem::MissingElement { name: name.into() };
    assert_eq!(
        names,
        [
            "ID",
            "IssueDate",
            "DocumentCurrencyCode",
            "AccountingCustomerParty"
        ]
        .map(missing)
    );
}

#[test]
fn other_roots_are_named() {
    for (root, told) in [
        (
            "<Order xmlns='urn:oasis:names:specification:ubl:schema:xsd:Order-2'><a/></Order>",
            "Order of urn:oasis",
        ),
        ("<Invoice><a/></Invoice>", "Invoice"),
        (
            "<rsm:CrossIndustryInvoice xmlns:rsm='urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100'><a/></rsm:CrossIndustryInvoice>",
            "CrossIndustryInvoice of urn:un",
        ),
    ] {
        let Err(FileRefused::WrongRoot { root }) = documents_of(root.as_bytes(), recognised()).0 else {
            panic!("{root}")
        };
        assert!(root.starts_with(told), "{root}");
    }
}
