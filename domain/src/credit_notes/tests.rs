//! Credits never exceed their invoice, whatever the way, and the last one leaves nothing (V4, V12).

use super::*;
use crate::{
    decimal::TaxRate,
    invoices::{
        Cost, TaxCategory,
        billed::cost_position,
        totals::{Line, WholeDocument, charged, totals},
    },
    strategies::eur,
};
use proptest::prelude::*;

fn line(position: u32, net: i64, percent: i64) -> InvoiceLine {
    InvoiceLine {
        position,
        item_code: None,
        description: format!("Item {position}"),
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

/// An invoice of which nothing was credited yet.
fn invoice(lines: Vec<InvoiceLine>, discount: i64, rounding: i64) -> (Left, Totals) {
    charged_invoice(lines, &[], discount, rounding)
}

/// One with costs of the whole.
fn charged_invoice(lines: Vec<InvoiceLine>, costs: &[i64], discount: i64, rounding: i64) -> (Left, Totals) {
    let charge = eur(costs.iter().sum());
    let cost = |net: &i64| Cost {
        description: "Freight".to_owned(),
        amount: eur(*net),
    };
    let whole = WholeDocument {
        discount: eur(discount),
        charge,
        rounding: eur(rounding),
        ..WholeDocument::plain(eur(0).currency())
    };
    let added: Vec<Line> = lines.iter().map(Line::from).collect();
    let sums = totals(eur(0).currency(), &added, &whole).unwrap();
    let left = Left {
        currency: eur(0).currency(),
        lines: lines.into_iter().map(|line| (line, eur(0))).collect(),
        groups: sums.taxes.clone(),
        discount: eur(discount),
        charge,
        costs: costs.iter().map(|net| (cost(net), eur(0))).collect(),
        charged: charged(charge, &added).unwrap(),
        rounding: eur(rounding),
    };
    (left, sums)
}

/// The same after a credit note.
fn after(left: &Left, note: &Credited) -> Left {
    let minus = |a: Money, b: Money| a.checked_sub(b).unwrap();
    let mut next = left.clone();
    for (line, credited) in &mut next.lines {
        for (of, part) in &note.lines {
            if *of == Some(line.position) {
                *credited = credited.checked_add(part.net).unwrap();
            }
        }
    }
    for group in &mut next.groups {
        for part in &note.totals.taxes {
            if (part.category, part.rate) == (group.category, group.rate) {
                group.base = minus(group.base, part.base);
                group.tax = minus(group.tax, part.tax);
            }
        }
    }
    for (of, part) in &note.lines {
        let Some(place) = of.and_then(cost_place) else {
            continue;
        };
        let credited = &mut next.costs[place].1;
        *credited = credited.checked_add(part.net).unwrap();
        next.charge = minus(next.charge, part.net);
        let group = |(key, _): &&mut (TaxKey, Money)| *key == (part.tax_category, part.tax_rate);
        let (_, left) = next.charged.iter_mut().find(group).unwrap();
        *left = minus(*left, part.net);
    }
    next.discount = minus(next.discount, note.totals.discount);
    next.charge = minus(next.charge, note.totals.charge);
    next.rounding = minus(next.rounding, note.totals.rounding);
    next
}

#[test]
fn everything_is_the_mirror() {
    let (left, sums) = invoice(vec![line(1, 1_005, 19), line(2, 333, 7), line(3, 5, 0)], 7, 1);
    let note = left.everything().unwrap();
    assert_eq!(note.totals, sums);
    assert_eq!(after(&left, &note).everything(), Err(Refusal::NothingToCredit));
}

#[test]
fn what_does_not_fit_is_said_at_its_line() {
    let (left, _) = invoice(vec![line(1, 1_000, 19), line(2, -200, 19), line(3, 500, 7)], 0, 0);
    let refused = |parts: &[(u32, i64)]| {
        let parts: Vec<_> = parts
            .iter()
            .map(|(position, net)| (*position, eur(*net)))
            .collect();
        left.parts(&parts).unwrap_err().0.into_iter().next().unwrap()
    };
    let more = |left| Refusal::MoreThanLeft { left: eur(left) };
    assert_eq!(refused(&[]), (String::new(), Refusal::NothingChosen));
    assert_eq!(refused(&[(3, 501)]), ("lines[0][amount]".to_owned(), more(500)));
    assert_eq!(
        refused(&[(3, 10), (9, 1)]),
        ("lines[1][amount]".to_owned(), Refusal::FormBroken)
    );
    assert_eq!(
        refused(&[(3, 10), (3, 1)]),
        ("lines[1][amount]".to_owned(), Refusal::FormBroken)
    );
    // A line that takes something off cannot be credited by itself, and its group has less than the other line.
    assert_eq!(refused(&[(2, 1)]).1, more(0));
    assert_eq!(refused(&[(1, 801)]).1, more(800));
    assert!(left.parts(&[(1, eur(800)), (3, eur(500))]).is_ok());
}

#[test]
fn a_cost_is_credited_by_itself_with_the_tax_that_it_bore() {
    let lines = vec![line(1, 30_000, 20), line(2, 10_000, 0)];
    let (left, sums) = charged_invoice(lines, &[4_000, 1_000], 0, 0);
    let freight = cost_position(0);
    let note = left.parts(&[(freight, eur(2_000))]).unwrap();
    // Three quarters of it bear a fifth.
    assert_eq!((note.totals.net, note.totals.tax), (eur(2_000), eur(300)));
    assert_eq!(note.lines.len(), 2);
    let left = after(&left, &note);
    assert_eq!(
        (left.of(freight), left.of(cost_position(1))),
        (Ok(eur(2_000)), Ok(eur(1_000)))
    );
    let refused = |position, net| left.parts(&[(position, eur(net))]).unwrap_err();
    let more = refused(freight, 2_001);
    assert_eq!(
        more.get("lines[0][amount]"),
        Some(&Refusal::MoreThanLeft { left: eur(2_000) })
    );
    let unknown = refused(cost_position(2), 1);
    assert_eq!(unknown.get("lines[0][amount]"), Some(&Refusal::FormBroken));
    // Everything that is left is the rest, and then nothing of a cost is.
    let rest = left.everything().unwrap();
    assert_eq!(rest.totals.total.checked_add(note.totals.total), Ok(sums.total));
    assert_eq!(after(&left, &rest).of(freight), Ok(eur(0)));
}

proptest! {
    /// V12: parts in any order, then the rest; every sum ends where the invoice's is.
    #[test]
    fn all_credits_together_are_the_invoice(
        nets in prop::collection::vec((1_i64..50_000, prop::sample::select(vec![0_i64, 7, 19])), 1..6),
        costs in prop::collection::vec(1_i64..5_000, 0..3), discount in 0_i64..2, rounding in -2_i64..=2,
        parts in prop::collection::vec((0_usize..9, 1_i64..=100), 0..16),
    ) {
        let lines: Vec<InvoiceLine> = (1..).zip(&nets).map(|(at, (net, rate))| line(at, *net, *rate)).collect();
        let positions: Vec<u32> =
            lines.iter().map(|line| line.position).chain((0..costs.len()).map(cost_position)).collect();
        let (mut left, sums) = charged_invoice(lines, &costs, discount.min(nets[0].0), rounding);
        let mut credited = eur(0);
        for (at, percent) in parts {
            let position = positions[at % positions.len()];
            let amount = eur((left.of(position).unwrap().minor() * percent / 100).max(1));
            if let Ok(note) = left.parts(&[(position, amount)]) {
                prop_assert!(note.totals.total.is_positive());
                credited = credited.checked_add(note.totals.total).unwrap();
                left = after(&left, &note);
                prop_assert!(left.charged.iter().all(|(_, share)| !share.is_negative()));
                prop_assert!(positions.iter().all(|one| !left.of(*one).unwrap().is_negative()));
                prop_assert!(left.groups.iter().all(|group| !group.base.is_negative() && !group.tax.is_negative()));
                prop_assert!(left.total().unwrap().minor() >= left.rounding.minor().min(0));
            }
        }
        if let Ok(rest) = left.everything() {
            prop_assert_eq!(
                rest.totals.lines.minor() - rest.totals.discount.minor() + rest.totals.charge.minor(),
                rest.totals.net.minor()
            );
            credited = credited.checked_add(rest.totals.total).unwrap();
            left = after(&left, &rest);
            prop_assert_eq!(credited, sums.total);
            prop_assert_eq!(left.total().unwrap(), eur(0));
        }
        prop_assert!(credited.minor() <= sums.total.minor().max(0));
    }
}
