//! Never more goes back than is there, and a credit in its place is exactly as much (V12, V32).

use super::{lost as lost_of, *};
use crate::{
    credit_notes::Left,
    decimal::{Quantity, TaxRate, UnitPrice},
    ids::FormKey,
    invoices::{
        InvoiceLine, TaxCategory,
        totals::{Line, WholeDocument, totals},
    },
    locale::Locale,
    payments::{SubmitLine, form::LineFields},
    strategies::eur,
};
use proptest::prelude::*;
use uuid::Uuid;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn payment(unapplied: i64, lying: &[(u128, i64)]) -> Refundable {
    let lying = (1..).zip(lying).map(|(at, (invoice, amount))| Lying {
        allocation: AllocationId(id(at)),
        invoice: InvoiceId(id(*invoice)),
        amount: eur(*amount),
    });
    Refundable {
        unapplied: eur(unapplied),
        lying: lying.collect(),
    }
}

fn wanted(unapplied: i64, lines: &[(u128, i64)]) -> GiveBack {
    let line = |(invoice, amount): &(u128, i64)| SubmitLine {
        invoice: InvoiceId(id(*invoice)),
        seen: eur(*amount),
        amount: eur(*amount),
    };
    GiveBack {
        key: FormKey(id(9)),
        from: id(8),
        kind: RefundKind::Refund,
        way: RefundWay::ByHand,
        then: Then::Reopen,
        reason: "Paid twice".to_owned(),
        unapplied: eur(unapplied),
        lines: lines.iter().map(line).collect(),
    }
}

#[test]
fn only_what_is_there_goes_back() {
    let payment = payment(50, &[(1, 100), (2, 30), (1, 20)]);
    assert_eq!(payment.total().unwrap(), eur(200));
    assert_eq!(payment.check(&wanted(50, &[(1, 120), (2, 30)])), Ok(eur(200)));
    let refused = |unapplied, lines: &[(u128, i64)]| {
        let errors = payment.check(&wanted(unapplied, lines)).unwrap_err();
        errors.0.into_iter().next().unwrap()
    };
    let more = |available| Refusal::MoreThanAvailable {
        available: eur(available),
    };
    assert_eq!(refused(51, &[]), ("unapplied".to_owned(), more(50)));
    assert_eq!(
        refused(0, &[(2, 1), (1, 121)]),
        ("lines[1][amount]".to_owned(), more(120))
    );
    assert_eq!(refused(0, &[(7, 1)]), ("lines[0][amount]".to_owned(), more(0)));
    assert_eq!(
        refused(0, &[(2, 1), (2, 1)]),
        ("lines[1][amount]".to_owned(), Refusal::FormBroken)
    );
    assert_eq!(refused(0, &[]), (String::new(), Refusal::NothingChosen));
}

#[test]
fn a_reversal_takes_all_of_it() {
    let reversal = GiveBack {
        kind: RefundKind::Reversal,
        ..wanted(0, &[])
    };
    assert_eq!(payment(5, &[(1, 10)]).check(&reversal), Ok(eur(15)));
    assert!(payment(0, &[]).check(&reversal).is_err());
}

#[test]
fn named_invoices_come_first_then_what_is_unapplied_then_the_last_ones() {
    let payment = payment(10, &[(1, 100), (2, 30), (3, 20)]);
    let lost = |amount, named: &[(u128, i64)]| {
        let named: Vec<_> = named
            .iter()
            .map(|(invoice, part)| (InvoiceId(id(*invoice)), eur(*part)))
            .collect();
        let freed = payment.free(eur(amount), &named).unwrap();
        let lost = lost_of(&freed).unwrap();
        lost.iter()
            .map(|(invoice, part)| (invoice.0.as_u128(), part.minor()))
            .collect::<Vec<_>>()
    };
    assert_eq!(lost(10, &[]), vec![]);
    assert_eq!(lost(40, &[(1, 40)]), vec![(1, 40)]);
    assert_eq!(lost(45, &[]), vec![(2, 15), (3, 20)]);
    // What was named is no longer there, so it comes from elsewhere.
    assert_eq!(lost(60, &[(2, 50)]), vec![(2, 30), (3, 20)]);
}

#[test]
fn states_go_forward_only() {
    use RefundState::*;
    assert!(Submitted.may_become(Succeeded) && Unknown.may_become(Failed) && Pending.may_become(Succeeded));
    assert!(Succeeded.may_become(Returned));
    for (from, to) in [
        (Succeeded, Failed),
        (Failed, Succeeded),
        (Returned, Succeeded),
        (Failed, Returned),
    ] {
        assert!(!from.may_become(to), "{from:?} to {to:?}");
    }
}

#[test]
fn what_was_typed_is_read_by_field() {
    let fields = RefundFields {
        key: id(1).to_string(),
        currency: "EUR".to_owned(),
        way: "gateway".to_owned(),
        then: "credit".to_owned(),
        reason: "Came back".to_owned(),
        unapplied: "1.50".to_owned(),
        lines: vec![
            LineFields::default(),
            LineFields {
                invoice: id(2).to_string(),
                seen: "500".to_owned(),
                currency: "EUR".to_owned(),
                amount: "2".to_owned(),
                apply: None,
            },
        ],
        kind: String::new(),
    };
    let read = fields.parse(id(8), Locale::EnGb).unwrap();
    assert_eq!(
        (read.kind, read.way, read.then),
        (RefundKind::Refund, RefundWay::Gateway, Then::Credit)
    );
    assert_eq!(read.unapplied, eur(150));
    assert_eq!(read.lines.len(), 1);
    let broken = RefundFields {
        kind: "chargeback".to_owned(),
        way: "pigeon".to_owned(),
        reason: " ".to_owned(),
        unapplied: "x".to_owned(),
        ..fields
    };
    let errors = broken.parse(id(8), Locale::EnGb).unwrap_err();
    let names: Vec<&str> = errors.0.keys().map(String::as_str).collect();
    for name in ["kind", "way", "reason", "unapplied"] {
        assert!(names.contains(&name), "{names:?}");
    }
}

fn invoice(nets: &[(i64, i64)]) -> (Left, Totals) {
    let lines: Vec<InvoiceLine> = (1..)
        .zip(nets)
        .map(|(position, (net, percent))| InvoiceLine {
            position,
            item_code: None,
            description: format!("Item {position}"),
            quantity: Quantity::ONE,
            unit_price: UnitPrice::from_decimal(eur(*net).to_decimal()).unwrap(),
            discount: eur(0),
            net: eur(*net),
            tax_category: if *percent == 0 {
                TaxCategory::Z
            } else {
                TaxCategory::S
            },
            tax_rate: TaxRate::from_scaled(percent * 10_000),
        })
        .collect();
    let whole = WholeDocument::plain(eur(0).currency());
    let added: Vec<Line> = lines.iter().map(Line::from).collect();
    let sums = totals(eur(0).currency(), &added, &whole).unwrap();
    let left = Left {
        currency: eur(0).currency(),
        lines: lines.into_iter().map(|line| (line, eur(0))).collect(),
        groups: sums.taxes.clone(),
        discount: eur(0),
        charge: eur(0),
        costs: Vec::new(),
        charged: Vec::new(),
        rounding: eur(0),
    };
    (left, sums)
}

proptest! {
    /// V32: what is freed is what was asked for less what was unapplied, no allocation gives more than it has.
    #[test]
    fn freed_is_what_was_asked_for(
        unapplied in 0_i64..500, lying in prop::collection::vec((1_u128..5, 1_i64..1_000), 0..8),
        percent in 1_i64..=100, named in prop::collection::vec((1_u128..6, 1_i64..1_000), 0..4),
    ) {
        let payment = payment(unapplied, &lying);
        let total = payment.total().unwrap().minor();
        let amount = (total * percent / 100).max(1);
        let named: Vec<_> = named.iter().map(|(invoice, part)| (InvoiceId(id(*invoice)), eur(*part))).collect();
        match payment.free(eur(amount), &named) {
            Ok(freed) => {
                let lost: i64 = freed.iter().map(|one| one.lost().unwrap().minor()).sum();
                prop_assert!(lost + unapplied >= amount);
                let by_name: i64 = lost_of(&freed).unwrap().iter()
                    .filter(|(invoice, _)| named.iter().any(|(name, _)| name == invoice))
                    .map(|(_, part)| part.minor()).sum();
                // Beyond what was named, only what unapplied money does not reach.
                prop_assert!(lost <= by_name.max(0) + (amount - unapplied).max(0));
                for one in &freed {
                    prop_assert!(!one.back.is_negative() && one.back.minor() < one.off.minor());
                }
                prop_assert!(lost <= amount);
            }
            Err(_) => prop_assert!(amount > total),
        }
    }

    /// The credit is the amount to the last unit; rounding is at most a unit for each line and group.
    #[test]
    fn a_credit_in_its_place_is_exactly_as_much(
        nets in prop::collection::vec((1_i64..90_000, prop::sample::select(vec![0_i64, 7, 19])), 1..6),
        percent in 1_i64..=100,
    ) {
        let (left, sums) = invoice(&nets);
        let amount = eur((sums.total.minor() * percent / 100).max(1));
        if let Ok(credit) = credit_of(&left, amount) {
            prop_assert_eq!(credit.totals.total, amount);
            let t = &credit.totals;
            prop_assert_eq!(t.net.minor() + t.tax.minor() + t.rounding.minor(), t.total.minor());
            prop_assert_eq!(credit.lines.iter().map(|(_, line)| line.net.minor()).sum::<i64>(), t.lines.minor());
            prop_assert!(t.rounding.minor().abs() <= 2 + 3 * i64::try_from(nets.len()).unwrap(), "{}", t.rounding.minor());
        } else {
            // Only amounts so small that no net is left to credit.
            prop_assert!(amount.minor() <= 2 * i64::try_from(nets.len()).unwrap(), "{}", amount.minor());
        }
    }
}
