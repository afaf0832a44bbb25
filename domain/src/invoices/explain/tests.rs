//! The parts of every step add up, and what was rounded shows what it was.

use super::*;
use crate::{
    decimal::{Quantity, TaxRate, UnitPrice},
    invoices::{
        TaxCategory,
        totals::{Line, WholeDocument, line_net, totals},
    },
    money::Currency,
};
use chrono::TimeDelta;
use proptest::{collection::vec, prelude::*};
use uuid::Uuid;

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn line(position: u32, (quantity, price, discount): (i64, i64, i64), rate: i64) -> InvoiceLine {
    let (quantity, unit_price) = (Quantity::from_scaled(quantity), UnitPrice::from_scaled(price));
    InvoiceLine {
        position,
        item_code: None,
        description: "Seats".to_owned(),
        quantity,
        unit_price,
        discount: eur(discount),
        net: line_net(quantity, unit_price, eur(discount)).unwrap(),
        tax_category: if rate == 0 { TaxCategory::Z } else { TaxCategory::S },
        tax_rate: TaxRate::from_scaled(rate),
    }
}

fn movement(minutes: i64, amount: i64) -> Movement {
    Movement {
        at: DateTime::<Utc>::default() + TimeDelta::minutes(minutes),
        from: MovedFrom::Payment(PaymentId(Uuid::from_u128(1))),
        number: "REC-1".to_owned(),
        amount: eur(amount),
        by: Some("Ada".to_owned()),
    }
}

fn adds_up(steps: &[Step]) -> bool {
    steps.iter().all(Step::adds_up)
}

fn whole(discount: i64, charge: i64, rounding: i64) -> WholeDocument {
    WholeDocument {
        discount: eur(discount),
        charge: eur(charge),
        rounding: eur(rounding),
        ..WholeDocument::plain(Currency::EUR)
    }
}

#[test]
fn what_was_rounded_shows_what_it_was_before() {
    let lines = [line(1, (3_000_000, 1_665_000, 50), 190_000)];
    let totals = totals(Currency::EUR, &lines.each_ref().map(Line::from), &whole(0, 0, 0)).unwrap();
    let figures = Figures {
        costs: &[],
        lines: &lines,
        totals: &totals,
        open: totals.total,
        pending: eur(0),
        written_off: eur(0),
        status: Status::Open,
    };
    let steps = explain(figures, &[], Locale::EnUs).unwrap();
    assert_eq!(
        steps[0].parts[0].how.as_deref(),
        Some("3 × 1.665 − 0.50 = 4.495, rounded to 4.50")
    );
    assert_eq!(
        steps[1].parts[0].how.as_deref(),
        Some("19% of 4.50 = 0.855, rounded to 0.86")
    );
    assert_eq!(steps[1].parts[0].name, "Standard rate at 19%");
    assert_eq!(steps[2].amount, eur(536));
}

#[test]
fn what_was_put_to_it_and_taken_off_stands_with_who_and_when() {
    let lines = [line(1, (1_000_000, 10_000_000, 0), 0)];
    let totals = totals(Currency::EUR, &lines.each_ref().map(Line::from), &whole(0, 0, 0)).unwrap();
    let figures = Figures {
        costs: &[],
        lines: &lines,
        totals: &totals,
        open: eur(700),
        pending: eur(200),
        written_off: eur(0),
        status: Status::PartiallyPaid,
    };
    let moved = [movement(1, 500), movement(2, -200)];
    let steps = explain(figures, &moved, Locale::EnUs).unwrap();
    assert!(adds_up(&steps));
    let [.., open, payable] = steps.as_slice() else {
        panic!("{steps:?}")
    };
    let said: Vec<(&str, i64, Option<&str>)> = open
        .parts
        .iter()
        .map(|part| (part.name.as_str(), part.amount.minor(), part.by.as_deref()))
        .collect();
    assert_eq!(
        said,
        [
            ("Total", 1_000, None),
            ("Payment REC-1 put to it", -500, Some("Ada")),
            ("Payment REC-1 taken off again", 200, Some("Ada")),
        ]
    );
    assert_eq!(payable.amount, eur(500));
}

#[test]
fn what_was_withdrawn_is_not_owed() {
    let lines = [line(1, (1_000_000, 10_000_000, 0), 0)];
    let totals = totals(Currency::EUR, &lines.each_ref().map(Line::from), &whole(0, 0, 0)).unwrap();
    let figures = Figures {
        costs: &[],
        lines: &lines,
        totals: &totals,
        open: eur(0),
        pending: eur(0),
        written_off: eur(0),
        status: Status::Void,
    };
    let steps = explain(figures, &[], Locale::EnUs).unwrap();
    assert!(adds_up(&steps));
    assert_eq!(steps.last().unwrap().parts[1], Part::of("Voided", eur(-1_000)));
    // What is known of it stands there once.
    let void = Movement {
        from: MovedFrom::Void,
        number: String::new(),
        ..movement(3, 1_000)
    };
    let steps = explain(figures, &[void], Locale::EnUs).unwrap();
    let parts = &steps.last().unwrap().parts;
    assert!(adds_up(&steps));
    assert_eq!(parts.len(), 2);
    assert_eq!(
        (parts[1].name.as_str(), parts[1].by.as_deref()),
        ("Voided", Some("Ada"))
    );
}

#[test]
fn what_was_given_up_and_hoped_for_again_stands_with_who_and_when() {
    let lines = [line(1, (1_000_000, 10_000_000, 0), 0)];
    let totals = totals(Currency::EUR, &lines.each_ref().map(Line::from), &whole(0, 0, 0)).unwrap();
    let figures = Figures {
        costs: &[],
        lines: &lines,
        totals: &totals,
        open: eur(0),
        pending: eur(0),
        written_off: eur(1_000),
        status: Status::WrittenOff,
    };
    let given_up = |minutes, amount| Movement {
        from: MovedFrom::WriteOff,
        number: String::new(),
        ..movement(minutes, amount)
    };
    let moved = [given_up(1, 1_000), given_up(2, -1_000), given_up(3, 1_000)];
    let steps = explain(figures, &moved, Locale::EnUs).unwrap();
    assert!(adds_up(&steps));
    let names: Vec<_> = steps
        .last()
        .unwrap()
        .parts
        .iter()
        .map(|part| part.name.as_str())
        .collect();
    assert_eq!(
        names,
        ["Total", "Written off", "Write-off taken back", "Written off"]
    );
    // Of one that nobody is known for the amount stands all the same.
    let steps = explain(figures, &[], Locale::EnUs).unwrap();
    assert_eq!(
        steps.last().unwrap().parts[1],
        Part::of("Written off", eur(-1_000))
    );
}

proptest! {
    #[test]
    fn the_parts_of_every_step_add_up_to_it(
        lines in vec(((-9_000_000_i64..9_000_000, 0_i64..90_000_000, -500_i64..500), prop_oneof![Just(0_i64), Just(70_000), Just(190_000)]), 1..8),
        (discount, charge, rounding) in (0_i64..900, 0_i64..900, -5_i64..5),
        amounts in vec(-500_i64..500, 0..6),
        (pending, written_off) in (0_i64..50, 0_i64..50),
    ) {
        let lines: Vec<InvoiceLine> = (1..).zip(lines).map(|(position, (of, rate))| line(position, of, rate)).collect();
        let parts: Vec<Line> = lines.iter().map(Line::from).collect();
        let totals = totals(Currency::EUR, &parts, &whole(discount, charge, rounding)).unwrap();
        let moved: Vec<Movement> = (1..).zip(amounts).map(|(minute, amount)| movement(minute, amount)).collect();
        let open = totals.total.minor() - moved.iter().map(|one| one.amount.minor()).sum::<i64>() - written_off;
        let figures = Figures {
            costs: &[],
            lines: &lines, totals: &totals, open: eur(open), pending: eur(pending), written_off: eur(written_off),
            status: Status::Open,
        };
        for locale in Locale::ALL {
            prop_assert!(adds_up(&explain(figures, &moved, *locale).unwrap()));
        }
    }
}
