//! Layouts that are recognised by their heading, and what a mapping for them looks like.
//!
//! Headings are compared without case, stars, blanks and punctuation: `*InvoiceNo`, `Invoice No` and `invoice_no` are
//! one. What is suggested is a start that the mapper shows; only a recognised layout is used without asking.

use super::{
    fields::{ColumnMap, Field, Layout, labels},
    settle::NegativeDocuments,
    types::DraftTax,
    values::{DateOrder, DecimalMark, decimal},
};
use crate::{decimal::TaxRate, invoices::TaxCategory};

/// Which layout a heading has.
pub fn recognise(header: &[String]) -> Layout {
    let plain: Vec<String> = header.iter().map(|heading| plain(heading)).collect();
    let has = |heading: &str| plain.iter().any(|h| h == heading);
    let all = |headings: &[&str]| headings.iter().all(|heading| has(heading));
    let own = |heading: &String| {
        Field::ALL
            .iter()
            .any(|field| field.own_heading() == heading.trim())
    };
    if !header.is_empty() && header.iter().all(own) && all(&["number", "issuedate"]) {
        Layout::Quittance
    } else if all(&["contactname", "invoicenumber", "invoicedate", "unitamount"]) {
        Layout::Xero
    } else if all(&["invoiceno", "customer", "invoicedate"]) && (has("itemamount") || has("itemrate")) {
        Layout::QuickBooks
    } else {
        Layout::Unknown
    }
}

/// A mapping for a heading: complete for a recognised layout, what can be told from the words otherwise.
pub fn suggest(header: &[String]) -> ColumnMap {
    let layout = recognise(header);
    let table = match layout {
        Layout::QuickBooks => QUICKBOOKS,
        Layout::Xero => XERO,
        Layout::Quittance => &[],
        Layout::Unknown => WORDS,
    };
    let mut map = ColumnMap {
        layout,
        ..ColumnMap::default()
    };
    for (heading, label) in header.iter().zip(labels(header)) {
        let field = match layout {
            Layout::Quittance => Field::ALL
                .iter()
                .copied()
                .find(|field| field.own_heading() == heading.trim()),
            Layout::QuickBooks | Layout::Xero | Layout::Unknown => {
                let plain = plain(heading);
                table
                    .iter()
                    .find(|(word, _)| *word == plain)
                    .map(|(_, field)| *field)
            }
        };
        if let Some(field) = field {
            map.columns.entry(field).or_insert(label);
        }
    }
    match layout {
        // The import files of QuickBooks Online have American dates, and a missing tax code means no tax.
        Layout::QuickBooks => {
            map.date_order = DateOrder::Mdy;
            map.default_tax = Some(untaxed(TaxCategory::O));
            map.negative_documents = NegativeDocuments::AsCreditNote;
        }
        Layout::Xero => {
            map.date_order = DateOrder::Dmy;
            map.negative_documents = NegativeDocuments::AsCreditNote;
        }
        Layout::Quittance | Layout::Unknown => {}
    }
    map
}

/// What a tax code says by itself: `20% (VAT on Income)`, `Tax Exempt`, `Zero Rated`. None: ask.
pub fn infer_tax(code: &str) -> Option<DraftTax> {
    // "20% reverse charge" has a rate that is not charged.
    if code.to_ascii_lowercase().contains("reverse") && code.contains('%') {
        return None;
    }
    if let Some((before, _)) = code.split_once('%') {
        let digits = before.rsplit(|c: char| !c.is_ascii_digit() && c != '.').next()?;
        let (rate, _) = decimal(digits, DecimalMark::Point).ok()?;
        let rate = TaxRate::from_decimal(rate)
            .ok()
            .filter(|rate| rate.scaled() <= 1_000_000)?;
        let category = if rate.scaled() == 0 {
            TaxCategory::Z
        } else {
            TaxCategory::S
        };
        return Some(DraftTax {
            category,
            rate,
            reason: None,
        });
    }
    let category = match plain(code).as_str() {
        "exempt" | "taxexempt" | "vatexempt" | "exemptincome" | "exemptsales" => TaxCategory::E,
        "non"
        | "none"
        | "notax"
        | "novat"
        | "nogst"
        | "nontaxable"
        | "outofscope"
        | "taxexemptoutofscope" => TaxCategory::O,
        "zerorated" | "zeroratedincome" | "zerorate" => TaxCategory::Z,
        "reversecharge" => TaxCategory::AE,
        _ => return None,
    };
    Some(untaxed(category))
}

const QUICKBOOKS: &[(&str, Field)] = &[
    ("invoiceno", Field::Number),
    ("customer", Field::CustomerName),
    ("customeremail", Field::CustomerEmail),
    ("email", Field::CustomerEmail),
    ("invoicedate", Field::IssueDate),
    ("duedate", Field::DueDate),
    ("terms", Field::Terms),
    ("memo", Field::Note),
    ("itemproductservice", Field::ItemCode),
    ("itemdescription", Field::Description),
    ("itemquantity", Field::Quantity),
    ("itemrate", Field::UnitPrice),
    ("itemamount", Field::LineNet),
    ("itemtaxcode", Field::TaxCode),
    ("itemtaxamount", Field::LineTax),
    ("taxrate", Field::TaxCode),
    ("currency", Field::Currency),
    ("currencycode", Field::Currency),
];

const XERO: &[(&str, Field)] = &[
    ("contactname", Field::CustomerName),
    ("emailaddress", Field::CustomerEmail),
    ("invoicenumber", Field::Number),
    ("reference", Field::OrderId),
    ("invoicedate", Field::IssueDate),
    ("duedate", Field::DueDate),
    ("total", Field::Total),
    ("taxtotal", Field::TotalTax),
    ("invoiceamountpaid", Field::Prepaid),
    ("invoiceamountdue", Field::Due),
    ("inventoryitemcode", Field::ItemCode),
    ("description", Field::Description),
    ("quantity", Field::Quantity),
    ("unitamount", Field::UnitPrice),
    ("discount", Field::DiscountPercent),
    ("lineamount", Field::LineNet),
    ("taxtype", Field::TaxCode),
    ("taxamount", Field::LineTax),
    ("currency", Field::Currency),
    ("type", Field::Kind),
];

/// Words that need no asking in an unknown layout.
const WORDS: &[(&str, Field)] = &[
    ("type", Field::Kind),
    ("documenttype", Field::Kind),
    ("number", Field::Number),
    ("invoice", Field::Number),
    ("invoiceno", Field::Number),
    ("invoicenumber", Field::Number),
    ("documentnumber", Field::Number),
    ("rechnungsnummer", Field::Number),
    ("customer", Field::CustomerName),
    ("customername", Field::CustomerName),
    ("name", Field::CustomerName),
    ("kunde", Field::CustomerName),
    ("customerid", Field::CustomerId),
    ("customernumber", Field::CustomerId),
    ("kundennummer", Field::CustomerId),
    ("vatid", Field::CustomerTaxId),
    ("email", Field::CustomerEmail),
    ("orderid", Field::OrderId),
    ("ponumber", Field::OrderId),
    ("currency", Field::Currency),
    ("w\u{e4}hrung", Field::Currency),
    ("date", Field::IssueDate),
    ("invoicedate", Field::IssueDate),
    ("issuedate", Field::IssueDate),
    ("rechnungsdatum", Field::IssueDate),
    ("duedate", Field::DueDate),
    ("f\u{e4}lligkeit", Field::DueDate),
    ("terms", Field::Terms),
    ("memo", Field::Note),
    ("description", Field::Description),
    ("item", Field::ItemCode),
    ("beschreibung", Field::Description),
    ("sku", Field::ItemCode),
    ("itemcode", Field::ItemCode),
    ("quantity", Field::Quantity),
    ("qty", Field::Quantity),
    ("menge", Field::Quantity),
    ("rate", Field::UnitPrice),
    ("price", Field::UnitPrice),
    ("unitprice", Field::UnitPrice),
    ("einzelpreis", Field::UnitPrice),
    ("amount", Field::LineNet),
    ("netto", Field::LineNet),
    ("taxcode", Field::TaxCode),
    ("taxrate", Field::TaxRate),
    ("vatrate", Field::TaxRate),
    ("tax", Field::TaxRate),
    ("taxpercent", Field::TaxRate),
    ("vat", Field::TaxRate),
    ("steuersatz", Field::TaxRate),
    ("total", Field::Total),
];

/// A category without tax; the reason is filled in by category when the file has none (V10).
fn untaxed(category: TaxCategory) -> DraftTax {
    DraftTax {
        category,
        rate: TaxRate::from_scaled(0),
        reason: None,
    }
}

/// A heading or code without case and punctuation.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
