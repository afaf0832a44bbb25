//! The steps of a payment add up to what is stored of it, and say so when they do not.

use super::*;
use crate::{explain::Destination, ids::InvoiceId, money::Currency, refunds::RefundKind};
use chrono::TimeDelta;
use proptest::{collection::vec, prelude::*};
use uuid::Uuid;

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn invoice(number: u128) -> Destination {
    Destination::Invoice {
        id: InvoiceId(Uuid::from_u128(number)),
        number: format!("INV-{number}"),
    }
}

fn outflow(minute: i64, to: Destination, amount: i64) -> Outflow {
    Outflow {
        at: DateTime::<Utc>::default() + TimeDelta::minutes(minute),
        to,
        amount: eur(amount),
        by: Some("Ada".to_owned()),
    }
}

fn payment(amount: i64, outflows: Vec<Outflow>) -> ExplainedPayment {
    let gone = |to_invoice: bool| {
        let of_kind = outflows.iter().filter(|one| one.is_to_invoice() == to_invoice);
        of_kind.map(|one| one.amount.minor()).sum::<i64>()
    };
    ExplainedPayment {
        id: PaymentId(Uuid::nil()),
        number: "REC-1".to_owned(),
        account: AccountId(Uuid::nil()),
        amount: eur(amount),
        unapplied: eur(amount - gone(true) - gone(false)),
        refunded: eur(gone(false)),
        at: DateTime::default(),
        by: None,
        outflows,
        under_way: Vec::new(),
    }
}

fn said(step: &Step) -> Vec<(&str, i64)> {
    let parts = step.parts.iter();
    parts
        .map(|part| (part.name.as_str(), part.amount.minor()))
        .collect()
}

#[test]
fn a_payment_opens_to_where_its_money_is_and_what_moved_it() {
    let back = |kind| Destination::Back(kind);
    let paid = payment(
        1_000,
        vec![
            outflow(1, invoice(1), 600),
            outflow(2, invoice(2), 300),
            outflow(3, invoice(2), -300),
            outflow(3, back(RefundKind::Refund), 250),
            outflow(4, back(RefundKind::Chargeback), 100),
            outflow(5, back(RefundKind::Chargeback), -100),
        ],
    );
    let steps = explain(&paid).unwrap();
    assert!(steps.iter().all(Step::adds_up));
    let [places, on_invoices, back, rest] = steps.as_slice() else {
        panic!("{steps:?}")
    };
    assert_eq!(
        said(places),
        [
            ("On invoice INV-1", 600),
            ("Given back", 250),
            ("Not applied", 150)
        ]
    );
    assert_eq!(
        said(on_invoices),
        [
            ("Put to invoice INV-1", 600),
            ("Put to invoice INV-2", 300),
            ("Taken off invoice INV-2", -300)
        ]
    );
    assert_eq!(
        said(back),
        [("Given back", 250), ("Charged back", 100), ("Came back", -100)]
    );
    assert_eq!(
        said(rest),
        [("Received", 1_000), ("On invoices", -600), ("Went back", -250)]
    );
    assert_eq!(on_invoices.parts[0].by.as_deref(), Some("Ada"));
    assert_eq!(
        places.parts[0].link.as_deref(),
        Some("/invoices/00000000-0000-0000-0000-000000000001")
    );
}

#[test]
fn what_is_on_its_way_back_stands_apart() {
    let asked = UnderWay {
        at: DateTime::default(),
        amount: eur(40),
        by: None,
    };
    let paid = ExplainedPayment {
        under_way: vec![asked.clone(), asked],
        ..payment(100, Vec::new())
    };
    let steps = explain(&paid).unwrap();
    assert_eq!(steps.last().unwrap().amount, eur(80));
    assert!(steps.iter().all(Step::adds_up));
}

#[test]
fn a_stored_amount_that_is_not_the_sum_of_its_parts_is_noticed() {
    let paid = ExplainedPayment {
        unapplied: eur(41),
        ..payment(100, vec![outflow(1, invoice(1), 60)])
    };
    let steps = explain(&paid).unwrap();
    let off: Vec<_> = steps.iter().filter(|step| !step.adds_up()).collect();
    assert_eq!(off.len(), 2, "the payment as a whole, and what is not applied");
}

proptest! {
    #[test]
    fn the_parts_of_every_step_add_up_to_it(
        amount in 0_i64..1_000_000,
        outflows in vec((0_u8..5, -9_000_i64..9_000), 0..12),
    ) {
        let outflows = (1..).zip(outflows).map(|(minute, (to, amount))| {
            let to = match to {
                0 => Destination::Back(RefundKind::Refund),
                1 => Destination::Back(RefundKind::Chargeback),
                number => invoice(u128::from(number)),
            };
            outflow(minute, to, amount)
        });
        let steps = explain(&payment(amount, outflows.collect())).unwrap();
        prop_assert!(steps.iter().all(Step::adds_up));
    }
}
