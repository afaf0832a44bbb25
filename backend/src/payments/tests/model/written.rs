//! The documents of a random sequence.

use super::super::*;
use domain::{
    Quantity, TaxRate, UnitPrice,
    invoices::{
        Cost, InvoiceLine, TaxCategory,
        editing::{InvoiceForm, WriteAct, WriteInvoice},
        totals::{Line, WholeDocument, totals},
    },
};

/// An invoice of one line, taxed at seven percent. A third of them bear a quarter of their price as a cost of the whole.
pub(super) fn written(form: InvoiceForm, act: WriteAct, cents: i64) -> WriteInvoice {
    let freight = if cents % 3 == 0 { cents / 4 } else { 0 };
    let cents = cents - freight;
    let line = line(cents);
    let whole = WholeDocument {
        charge: usd(freight),
        ..WholeDocument::plain(Currency::USD)
    };
    let costs = Cost::all_of(usd(freight), Vec::new());
    WriteInvoice {
        key: form.key,
        invoice: form.invoice,
        version: form.version,
        account: form.account,
        profile: None,
        act,
        reason: "Random".to_owned(),
        issue_date: form.issue_date,
        due_date: form.due_date,
        note: None,
        totals: totals(Currency::USD, &[Line::from(&line)], &whole).unwrap(),
        lines: vec![line],
        costs: costs.unwrap(),
    }
}

/// The one line of a document, taxed at seven percent.
pub(super) fn line(cents: i64) -> InvoiceLine {
    InvoiceLine {
        position: 1,
        item_code: None,
        description: "Random".to_owned(),
        quantity: Quantity::ONE,
        unit_price: UnitPrice::from_decimal(usd(cents).to_decimal()).unwrap(),
        discount: usd(0),
        net: usd(cents),
        tax_category: TaxCategory::S,
        tax_rate: TaxRate::from_scaled(70_000),
    }
}
