//! What can be disputed is never more than a line has, and never more than is open.

use super::*;
use crate::{
    decimal::{Quantity, TaxRate, UnitPrice},
    invoices::{Cost, InvoiceLine, TaxCategory},
    locale::Locale,
    strategies::eur,
};
use proptest::prelude::*;
use uuid::Uuid;

fn line(position: u32, net: i64, percent: i64) -> InvoiceLine {
    InvoiceLine {
        position,
        item_code: None,
        description: format!("Line {position}"),
        quantity: Quantity::ONE,
        unit_price: UnitPrice::from_decimal(eur(net).to_decimal()).unwrap(),
        discount: eur(0),
        net: eur(net),
        tax_category: if percent == 0 {
            TaxCategory::Z
        } else {
            TaxCategory::S
        },
        tax_rate: TaxRate::from_scaled(percent * 10_000),
    }
}

fn billed(lines: &[InvoiceLine], costs: &[i64]) -> Vec<Billed> {
    let cost = |net: &i64| Cost {
        description: "Freight".to_owned(),
        amount: eur(*net),
    };
    let costs: Vec<Cost> = costs.iter().map(cost).collect();
    Billed::all(eur(0).currency(), lines, &costs).unwrap()
}

fn disputable(open: i64, disputed: i64, lines: &[InvoiceLine]) -> Disputable {
    let by_line = |position| eur(if position == 1 { disputed } else { 0 });
    Disputable::new(
        Stage::Open,
        eur(open),
        eur(disputed),
        &billed(lines, &[]),
        by_line,
    )
    .unwrap()
}

#[test]
fn a_line_is_disputed_up_to_what_it_costs_with_tax() {
    let it = disputable(20_000, 0, &[line(1, 10_000, 19), line(2, 5_000, 7)]);
    assert_eq!(it.check(&[(1, eur(11_900)), (2, eur(5_350))]), Ok(eur(17_250)));
    let more = |left| Refusal::MoreThanDisputable { left: eur(left) };
    let wrong = |parts: &[(u32, Money)]| it.check(parts).unwrap_err().0.into_iter().next().unwrap();
    assert_eq!(
        wrong(&[(1, eur(11_901))]),
        ("lines[0][amount]".to_owned(), more(11_900))
    );
    assert_eq!(
        wrong(&[(1, eur(1)), (1, eur(1))]),
        ("lines[1][amount]".to_owned(), Refusal::FormBroken)
    );
    assert_eq!(wrong(&[(3, eur(1))]).1, Refusal::FormBroken);
    assert_eq!(wrong(&[]), (String::new(), Refusal::NothingChosen));
    assert!(matches!(wrong(&[(2, eur(0))]).1, Refusal::NotPositive { .. }));
}

#[test]
fn all_disputes_together_are_never_more_than_is_open() {
    let it = disputable(4_000, 3_000, &[line(1, 10_000, 0), line(2, 5_000, 0)]);
    assert_eq!(it.left(), Ok(eur(1_000)));
    assert_eq!(it.check(&[(1, eur(600)), (2, eur(400))]), Ok(eur(1_000)));
    let errors = it.check(&[(1, eur(600)), (2, eur(401))]).unwrap_err();
    assert_eq!(
        errors.get(""),
        Some(&Refusal::MoreThanDisputable { left: eur(1_000) })
    );
    // Somebody paid the disputed part after all.
    let number = "INV-1".to_owned();
    assert_eq!(
        disputable(2_000, 3_000, &[]).possible("INV-1"),
        Err(Refusal::AllDisputed { number })
    );
}

#[test]
fn what_comes_back_is_no_more_than_is_left() {
    let it = disputable(12_000, 9_000, &[line(1, 10_000, 0), line(2, 5_000, 0)]);
    // The first line has 1,000 left, and of the invoice there are 3,000.
    let again = it.as_far_as_left(&[(1, eur(4_000)), (2, eur(4_000)), (3, eur(1))]);
    assert_eq!(again, Ok(vec![(1, eur(1_000)), (2, eur(2_000))]));
    let paid = Disputable {
        stage: Stage::Paid,
        ..it
    };
    assert_eq!(paid.as_far_as_left(&[(2, eur(1))]), Ok(Vec::new()));
}

#[test]
fn only_what_is_owed_is_disputed() {
    let at = |stage| Disputable {
        stage,
        ..disputable(100, 0, &[])
    };
    for (stage, why) in [
        (Stage::Draft, NotPayable::Draft),
        (Stage::Void, NotPayable::Void),
        (Stage::WrittenOff, NotPayable::WrittenOff),
        (Stage::Paid, NotPayable::Paid),
    ] {
        let number = "INV-1".to_owned();
        assert_eq!(
            at(stage).possible("INV-1"),
            Err(Refusal::NotPayable { number, why })
        );
    }
    assert_eq!(at(Stage::Open).possible("INV-1"), Ok(()));
}

#[test]
fn a_line_that_takes_off_has_nothing_to_dispute() {
    let less = &billed(&[line(1, -500, 19)], &[])[0];
    assert_eq!((less.gross, less.net_of(eur(0))), (eur(0), Ok(eur(0))));
}

#[test]
fn a_cost_bears_the_tax_of_the_lines_in_proportion() {
    let all = billed(&[line(1, 30_000, 20), line(2, 10_000, 0)], &[4_000]);
    let freight = &all[2];
    // Three quarters of it bear a fifth.
    assert_eq!((freight.net, freight.gross), (eur(4_000), eur(4_600)));
    assert_eq!(freight.net_of(eur(2_300)), Ok(eur(2_000)));
    let it = Disputable::new(Stage::Open, eur(40_000), eur(0), &all, |_| eur(0)).unwrap();
    assert_eq!(it.check(&[(freight.position, eur(4_600))]), Ok(eur(4_600)));
    assert!(it.check(&[(freight.position, eur(4_601))]).is_err());
    assert!(it.check(&[(freight.position + 1, eur(1))]).is_err());
}

#[test]
fn what_was_typed_is_read_by_line() {
    let mut fields = DisputeFields {
        key: Uuid::from_u128(7).to_string(),
        currency: "EUR".to_owned(),
        reason: " Never came ".to_owned(),
        lines: vec![
            crate::credit_notes::PartFields {
                position: "1".to_owned(),
                amount: String::new(),
            },
            crate::credit_notes::PartFields {
                position: "2".to_owned(),
                amount: "12.50".to_owned(),
            },
        ],
    };
    let invoice = InvoiceId(Uuid::from_u128(1));
    let read = fields.parse(invoice, Locale::EnUs).unwrap();
    assert_eq!(
        (read.reason.as_str(), read.parts),
        ("Never came", vec![(2, eur(1_250))])
    );
    fields.reason = String::new();
    fields.lines[1].amount = "much".to_owned();
    let errors = fields.parse(invoice, Locale::EnUs).unwrap_err();
    assert_eq!(errors.get("reason"), Some(&Refusal::Missing));
    assert!(errors.get("lines[1][amount]").is_some());
    let placed = fields.place(FieldErrors::one("lines[0][amount]", Refusal::Missing));
    assert!(placed.get("lines[1][amount]").is_some());
}

proptest! {
    #[test]
    fn a_credit_for_a_dispute_is_never_more_than_the_line(
        net in 0_i64..1_000_000_000, percent in 0_i64..30, part in 0_u64..1_200_000_000,
    ) {
        let line = billed(&[line(1, net, percent)], &[]).remove(0);
        let part = eur(i64::try_from(part).unwrap());
        let credit = line.net_of(part).unwrap();
        prop_assert!(credit.minor() <= net);
        prop_assert!(credit.minor() <= part.minor());
        prop_assert_eq!(line.net_of(line.gross).unwrap(), eur(net));
    }

    #[test]
    fn what_is_offered_is_between_nothing_and_what_is_open(
        open in 0_i64..1_000, pending in 0_i64..1_000, disputed in 0_i64..2_000,
    ) {
        let offer = offered(eur(open), eur(pending), eur(disputed)).minor();
        prop_assert!((0..=open).contains(&offer));
        prop_assert_eq!(offer == open, pending + disputed == 0 || open == 0);
    }

    #[test]
    fn whatever_is_accepted_leaves_every_line_and_the_invoice_as_much_as_it_has(
        open in 0_i64..30_000, first in 0_i64..20_000, second in 0_i64..20_000,
    ) {
        let it = disputable(open, 0, &[line(1, 10_000, 19), line(2, 5_000, 0)]);
        if let Ok(sum) = it.check(&[(1, eur(first)), (2, eur(second))]) {
            prop_assert_eq!(sum.minor(), first + second);
            prop_assert!(first <= 11_900 && second <= 5_000 && sum.minor() <= open);
        }
    }
}
