//! Our own layout: every [`Field`] under its own heading, one row a line.
//!
//! A document is its lines, then its discounts and charges, then its tax groups; kind and number stand on every row,
//! everything else about the document on the first. Reading the records back gives the same document.

use super::{
    fields::Field,
    types::{
        Adjustment, AdjustmentKind, CustomerKey, DocumentKind, DraftDocument, DraftLine, DraftTax,
        StatedGroup, StatedTotals,
    },
};
use crate::{decimal::Quantity, money::Money};
use std::collections::BTreeMap;

/// First characters that a spreadsheet takes for a formula, and the guard itself: texts that begin with one get an
/// apostrophe in front, which the reader takes off again.
pub(super) const GUARDED: &[char] = &[
    '=', '+', '-', '@', '\t', '\r', '\n', '\'', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
];

/// The heading.
pub fn own_header() -> Vec<String> {
    Field::ALL
        .iter()
        .map(|field| field.own_heading().to_owned())
        .collect()
}

/// The rows of a document.
pub fn own_records(document: &DraftDocument) -> Vec<Vec<String>> {
    let lines = document.lines.iter().map(of_line);
    let adjustments = document.adjustments.iter().map(of_adjustment);
    let groups = document.stated.groups.iter().map(of_group);
    let mut rows: Vec<Cells> = lines.chain(adjustments).chain(groups).collect();
    if let Some(first) = rows.first_mut() {
        of_head(document, first);
    }
    for row in &mut rows {
        let kind = match document.kind {
            DocumentKind::Invoice => "invoice",
            DocumentKind::CreditNote => "credit note",
        };
        row.plain(Field::Kind, kind);
        row.text(Field::Number, Some(&document.number));
        row.plain(Field::Currency, document.currency.code());
    }
    rows.into_iter().map(Cells::record).collect()
}

/// Cells of a row by field.
#[derive(Default)]
struct Cells(BTreeMap<Field, String>);

impl Cells {
    fn plain(&mut self, field: Field, value: impl ToString) {
        self.0.insert(field, value.to_string());
    }

    fn text(&mut self, field: Field, value: Option<&String>) {
        if let Some(text) = value {
            let guard = if text.starts_with(GUARDED) { "'" } else { "" };
            self.0.insert(field, format!("{guard}{text}"));
        }
    }

    fn amount(&mut self, field: Field, value: Option<Money>) {
        if let Some(amount) = value {
            self.plain(field, amount.to_decimal());
        }
    }

    fn tax(&mut self, tax: &DraftTax) {
        let DraftTax {
            category,
            rate,
            reason,
        } = tax;
        self.plain(Field::TaxCategory, format!("{category:?}"));
        self.plain(Field::TaxRate, rate);
        self.text(Field::TaxReason, reason.as_ref());
    }

    fn record(mut self) -> Vec<String> {
        Field::ALL
            .iter()
            .map(|field| self.0.remove(field).unwrap_or_default())
            .collect()
    }
}

fn of_head(document: &DraftDocument, row: &mut Cells) {
    let CustomerKey {
        external_id,
        tax_id,
        email,
        name,
    } = &document.customer;
    let StatedTotals {
        line: _,
        lines,
        discounts,
        charges,
        net,
        tax,
        total,
        due,
        groups: _,
    } = &document.stated;
    row.text(Field::CustomerId, external_id.as_ref());
    row.text(Field::CustomerTaxId, tax_id.as_ref());
    row.text(Field::CustomerEmail, email.as_ref());
    row.text(Field::CustomerName, name.as_ref());
    row.text(Field::Profile, document.profile.as_ref());
    row.text(Field::OrderId, document.order_id.as_ref());
    let invoices = Some(document.invoices.join("\n")).filter(|list| !list.is_empty());
    row.text(Field::Invoices, invoices.as_ref());
    row.plain(Field::IssueDate, document.issue_date);
    if let Some(due_date) = document.due_date {
        row.plain(Field::DueDate, due_date);
    }
    row.text(Field::Note, document.note.as_ref());
    row.amount(Field::TotalLines, *lines);
    row.amount(Field::TotalDiscounts, *discounts);
    row.amount(Field::TotalCharges, *charges);
    row.amount(Field::TotalNet, *net);
    row.amount(Field::TotalTax, *tax);
    row.amount(Field::Total, *total);
    row.amount(Field::Due, *due);
    row.amount(
        Field::Prepaid,
        Some(document.prepaid).filter(|amount| !amount.is_zero()),
    );
    row.amount(
        Field::Rounding,
        Some(document.rounding).filter(|amount| !amount.is_zero()),
    );
    if let Some(total) = document.tax_currency_total {
        row.plain(Field::TaxCurrency, total.currency());
        row.amount(Field::TaxCurrencyTotal, Some(total));
    }
}

fn of_line(line: &DraftLine) -> Cells {
    let mut row = Cells::default();
    row.plain(Field::RowKind, "line");
    row.text(Field::Description, Some(&line.description));
    row.text(Field::ItemCode, line.item_code.as_ref());
    row.plain(Field::Quantity, line.quantity);
    row.text(Field::Unit, line.unit.as_ref());
    row.plain(Field::UnitPrice, line.unit_price);
    if line.price_base != Quantity::from_scaled(1_000_000) {
        row.plain(Field::PriceBase, line.price_base);
    }
    if line.discount_percent.scaled() != 0 {
        row.plain(Field::DiscountPercent, line.discount_percent);
    }
    row.amount(
        Field::Discount,
        Some(line.discount).filter(|amount| !amount.is_zero()),
    );
    row.amount(
        Field::Charge,
        Some(line.charge).filter(|amount| !amount.is_zero()),
    );
    row.amount(Field::LineNet, line.stated_net);
    row.amount(Field::LineTax, line.stated_tax);
    row.tax(&line.tax);
    row
}

fn of_adjustment(adjustment: &Adjustment) -> Cells {
    let mut row = Cells::default();
    row.plain(
        Field::RowKind,
        match adjustment.kind {
            AdjustmentKind::Discount => "discount",
            AdjustmentKind::Charge => "charge",
        },
    );
    row.text(Field::Description, adjustment.reason.as_ref());
    row.amount(Field::LineNet, Some(adjustment.amount));
    if let Some(tax) = &adjustment.tax {
        row.tax(tax);
    }
    row
}

fn of_group(group: &StatedGroup) -> Cells {
    let mut row = Cells::default();
    row.plain(Field::RowKind, "tax");
    row.amount(Field::LineNet, group.base);
    row.amount(Field::LineTax, group.amount);
    row.tax(&group.tax);
    row
}
