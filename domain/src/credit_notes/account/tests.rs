//! The form of a credit note over an account: what is read, and what is told by its field.

use super::*;
use crate::{ids::Uuid, refunds::RefundWay, strategies::eur};

fn line(description: &str, quantity: &str, price: &str, (category, rate): (&str, &str)) -> LineText {
    LineText {
        description: description.to_owned(),
        quantity: quantity.to_owned(),
        price: price.to_owned(),
        category: category.to_owned(),
        rate: rate.to_owned(),
        ..LineText::default()
    }
}

fn typed(lines: Vec<LineText>) -> AccountCreditFields {
    AccountCreditFields {
        key: Uuid::from_u128(1).to_string(),
        account: Uuid::from_u128(2).to_string(),
        currency: "EUR".to_owned(),
        seen: "2500".to_owned(),
        reason: "discount".to_owned(),
        note: "Volume of the year".to_owned(),
        lines,
        ..AccountCreditFields::default()
    }
}

#[test]
fn lines_of_several_rates_are_added_up_and_blank_ones_are_not_meant() {
    let fields = typed(vec![
        line("Seats", "2", "50.00", ("S", "19")),
        LineText::default(),
        line("Books", "", "10.00", ("S", "7")),
    ]);
    let credit = fields.parse(Locale::EnUs).unwrap();
    assert_eq!(credit.totals.net, eur(11_000));
    assert_eq!(credit.totals.tax, eur(1_970));
    assert_eq!(credit.totals.total, eur(12_970));
    assert_eq!((credit.seen, credit.pay_back.clone()), (eur(2_500), None));
    let positions: Vec<u32> = credit.lines.iter().map(|line| line.position).collect();
    assert_eq!(positions, [1, 2]);
    assert!(credit.credited().lines.iter().all(|(of, _)| of.is_none()));
    assert_eq!(fields.asked(), CreditAct::Issue);
}

#[test]
fn what_is_wrong_is_told_by_the_field_that_was_posted() {
    let wrong = AccountCreditFields {
        reason: "mood".to_owned(),
        back: "much".to_owned(),
        way: "by_hand".to_owned(),
        reference: "Transfer".to_owned(),
        ..typed(vec![
            LineText::default(),
            line("Seats", "-1", "50.00", ("S", "19")),
            line("", "1", "1.00", ("Z", "")),
        ])
    };
    let errors = wrong.parse(Locale::EnUs).unwrap_err();
    let fields: Vec<&str> = errors.0.keys().map(String::as_str).collect();
    assert_eq!(fields, ["back", "lines[2][description]", "reason"]);
    let negative = typed(vec![
        LineText::default(),
        line("Seats", "-1", "50.00", ("S", "19")),
    ]);
    let errors = negative.parse(Locale::EnUs).unwrap_err();
    assert!(matches!(
        errors.0.get("lines[1][price]"),
        Some(Refusal::NotPositive { .. })
    ));
    let nothing = typed(Vec::new()).parse(Locale::EnUs).unwrap_err();
    assert_eq!(nothing.0.get("lines[0][description]"), Some(&Refusal::Missing));
    let broken = AccountCreditFields {
        seen: "much".to_owned(),
        ..typed(Vec::new())
    };
    let errors = broken.parse(Locale::EnUs).unwrap_err();
    assert_eq!(errors.0.get(""), Some(&Refusal::FormBroken));
}

#[test]
fn what_is_paid_back_comes_with_its_reference() {
    let fields = AccountCreditFields {
        back: "12.50".to_owned(),
        way: "by_hand".to_owned(),
        reference: "Transfer 4711".to_owned(),
        act: "preview".to_owned(),
        ..typed(vec![line("Seats", "1", "50.00", ("Z", ""))])
    };
    let back = fields.parse(Locale::EnUs).unwrap().pay_back.unwrap();
    assert_eq!((back.amount, back.way), (eur(1_250), RefundWay::ByHand));
    assert_eq!(back.reference, "Transfer 4711");
    assert_eq!(fields.asked(), CreditAct::Preview);
}
