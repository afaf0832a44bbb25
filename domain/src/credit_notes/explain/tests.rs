//! The steps of a credit note add up to what is stored of it.

use super::*;
use crate::{
    decimal::TaxRate,
    explain::Destination,
    ids::{CreditNoteId, InvoiceId},
    invoices::{TaxCategory, TaxGroup, Totals},
    money::Currency,
    refunds::RefundKind,
    tenants::Party,
};
use chrono::{DateTime, NaiveDate};
use uuid::Uuid;

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

/// One over 4.50 with the last 0.85 of tax that were left of its invoice.
fn credit(outflows: Vec<Outflow>, remaining: i64, void: bool) -> ExplainedCredit {
    let note = CreditNote {
        id: CreditNoteId(Uuid::nil()),
        number: "CN-1".to_owned(),
        issue_date: NaiveDate::default(),
        void,
        reason: "Return".to_owned(),
        invoices: Vec::new(),
        seller: Party::default(),
        buyer: Party::default(),
        lines: Vec::new(),
        totals: Totals {
            lines: eur(450),
            discount: eur(0),
            charge: eur(450),
            net: eur(450),
            taxes: vec![TaxGroup {
                category: TaxCategory::S,
                rate: TaxRate::from_scaled(190_000),
                base: eur(450),
                tax: eur(85),
                reason: None,
            }],
            tax: eur(85),
            rounding: eur(0),
            total: eur(535),
        },
        applied: Vec::new(),
        refunded: eur(0),
        remaining: eur(remaining),
        back: Vec::new(),
    };
    ExplainedCredit {
        note,
        account: AccountId(Uuid::nil()),
        outflows,
    }
}

fn outflow(to: Destination, amount: i64) -> Outflow {
    Outflow {
        at: DateTime::default(),
        to,
        amount: eur(amount),
        by: None,
    }
}

#[test]
fn a_credit_note_opens_to_its_lines_and_to_where_its_credit_is() {
    let invoice = Destination::Invoice {
        id: InvoiceId(Uuid::nil()),
        number: "INV-1".to_owned(),
    };
    let outflows = vec![
        outflow(invoice, 300),
        outflow(Destination::Back(RefundKind::Refund), 200),
    ];
    let steps = explain(&credit(outflows, 35, false), Locale::EnUs).unwrap();
    assert!(steps.iter().all(Step::adds_up), "{steps:?}");
    let names: Vec<&str> = steps.iter().map(|step| step.name).collect();
    assert_eq!(
        names,
        [
            "Total without tax",
            "Tax",
            "Total",
            "Where it is",
            "Left for other invoices"
        ]
    );
    assert_eq!(
        steps[1].parts[0].how.as_deref(),
        Some("0.85 stands on it; 19% of 4.50 would be 0.86")
    );
    let left: Vec<(&str, i64)> = steps[4]
        .parts
        .iter()
        .map(|part| (part.name.as_str(), part.amount.minor()))
        .collect();
    assert_eq!(
        left,
        [
            ("Total", 535),
            ("Put to invoice INV-1", -300),
            ("Given back", -200)
        ]
    );
}

#[test]
fn one_that_was_withdrawn_leaves_nothing() {
    let steps = explain(&credit(Vec::new(), 0, true), Locale::EnUs).unwrap();
    assert!(steps.iter().all(Step::adds_up));
    assert_eq!(steps[4].parts[1], Part::of("Voided", eur(-535)));
}

#[test]
fn credit_that_is_lost_is_noticed() {
    let steps = explain(&credit(Vec::new(), 500, false), Locale::EnUs).unwrap();
    assert!(!steps[3].adds_up() && !steps[4].adds_up());
}
