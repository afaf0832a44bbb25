//! Credit notes that do not name lines, against what is left of one invoice or of several.

use super::*;
use crate::Currency;
use proptest::prelude::*;

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn rate(percent: i64) -> TaxRate {
    TaxRate::from_scaled(percent * 1_000_000)
}

/// Groups as rate, base and tax.
fn sums(groups: &[(i64, i64, i64)], rounding: i64) -> Sums {
    let group = |(percent, base, tax): &(i64, i64, i64)| GroupSum {
        category: TaxCategory::S,
        rate: rate(*percent),
        base: eur(*base),
        tax: eur(*tax),
    };
    Sums {
        groups: groups.iter().map(group).collect(),
        rounding: eur(rounding),
    }
}

#[test]
fn a_note_over_several_invoices_takes_of_each_what_there_is() {
    let mut left = [sums(&[(19, 10_000, 1_900)], 0), sums(&[(19, 5_000, 950)], 0)];
    let parts = take(&sums(&[(19, 12_000, 2_280)], 0), &mut left).unwrap();
    assert_eq!(
        parts,
        [sums(&[(19, 10_000, 1_900)], 0), sums(&[(19, 2_000, 380)], 0)]
    );
    assert_eq!(left, [sums(&[(19, 0, 0)], 0), sums(&[(19, 3_000, 570)], 0)]);
}

#[test]
fn a_note_is_never_more_than_what_is_left_and_takes_nothing_then() {
    let invoice = sums(&[(19, 10_000, 1_900), (7, 1_000, 70)], 0);
    let cases = [
        (sums(&[(19, 20_000, 3_800)], 0), Measure::Total, 23_800, 12_970),
        (
            sums(&[(7, 2_000, 140)], 0),
            Measure::Base(TaxCategory::S, rate(7)),
            2_000,
            1_000,
        ),
        (
            sums(&[(7, 1_000, 71)], 0),
            Measure::Tax(TaxCategory::S, rate(7)),
            71,
            70,
        ),
        (
            sums(&[(5, 100, 5)], 0),
            Measure::Base(TaxCategory::S, rate(5)),
            100,
            0,
        ),
        (
            sums(&[(7, -100, -7)], 0),
            Measure::Base(TaxCategory::S, rate(7)),
            -100,
            0,
        ),
    ];
    for (note, measure, credited, there) in cases {
        let mut left = [invoice.clone()];
        let beyond = Beyond {
            measure,
            credited: eur(credited),
            left: eur(there),
        };
        assert_eq!(take(&note, &mut left), Err(beyond));
        assert_eq!(left[0], invoice);
    }
}

#[test]
fn a_return_within_an_invoice_is_mirrored() {
    let mut left = [sums(&[(19, 10_000, 1_900), (7, -1_000, -70)], 0)];
    take(&left[0].clone(), &mut left).unwrap();
    assert_eq!(left[0].total(), 0);
}

#[test]
fn rounding_goes_to_the_invoice_that_was_rounded() {
    let invoices = [sums(&[(0, 5_000, 0)], 0), sums(&[(0, 10_002, 0)], -2)];
    let mut left = invoices.clone();
    let parts = take(&sums(&[(0, 15_002, 0)], -2), &mut left).unwrap();
    assert_eq!(parts, invoices);
    // Without it, the note would be two cents too much.
    let mut left = invoices.clone();
    assert!(take(&sums(&[(0, 15_002, 0)], 0), &mut left).is_err());
    let mut left = [invoices[1].clone(), invoices[0].clone()];
    assert!(take(&sums(&[(0, 10_002, 0)], 0), &mut left).is_err());
}

fn document() -> impl Strategy<Value = Sums> {
    let group =
        |percent| (-2_000_i64..20_000, -50_i64..2_000).prop_map(move |(base, tax)| (percent, base, tax));
    (group(19), group(7), -3_i64..=3).prop_map(|(one, other, rounding)| sums(&[one, other], rounding))
}

proptest! {
    #[test]
    fn the_parts_are_the_note_and_no_invoice_is_credited_beyond_itself(
        notes in prop::collection::vec(document(), 1..6),
        invoices in prop::collection::vec(document(), 1..4),
    ) {
        let mut left = invoices.clone();
        let mut credited = vec![0_i128; invoices.len()];
        for note in &notes {
            let before = left.clone();
            let Ok(parts) = take(note, &mut left) else {
                prop_assert_eq!(&left, &before);
                continue;
            };
            prop_assert_eq!(parts.iter().map(Sums::total).sum::<i128>(), note.total());
            for (sum, part) in credited.iter_mut().zip(&parts) {
                *sum += part.total();
            }
        }
        for ((invoice, left), credited) in invoices.iter().zip(&left).zip(credited) {
            prop_assert_eq!(invoice.total() - credited, left.total());
            prop_assert!(credited == 0 || left.total() >= 0);
        }
    }
}
