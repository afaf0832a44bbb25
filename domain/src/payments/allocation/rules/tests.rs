//! Whatever the rule: nothing is lost or made, nobody gets more than can be taken, and the order given does not matter.

use super::*;
use crate::{
    ids::Uuid,
    money::Currency,
    payments::allocation::MOST_EXACT,
    strategies::{day, eur, invoice},
};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn owed(n: u128, issued: &str, due: &str, payable: i64) -> Owed {
    Owed {
        account: AccountId(Uuid::from_u128(n % 3)),
        issued: day(issued),
        open: Open {
            invoice: invoice(n),
            number: format!("INV-{n:03}"),
            due: day(due),
            payable: eur(payable),
        },
    }
}

/// The parts by the numbers of their invoices.
fn parts(rule: Rule, total: i64, owed: &[Owed]) -> Vec<(u128, i64)> {
    let share = share(rule, eur(total), owed).unwrap();
    let of = |(invoice, part): (InvoiceId, Money)| (invoice.0.as_u128(), part.minor());
    share.parts.into_iter().map(of).collect()
}

fn three() -> [Owed; 3] {
    [
        owed(1, "2026-01-01", "2026-03-01", 300),
        owed(2, "2026-01-02", "2026-02-01", 200),
        owed(3, "2026-01-03", "2026-04-01", 100),
    ]
}

#[test]
fn each_rule_has_its_order() {
    assert_eq!(parts(Rule::Due, 250, &three()), [(2, 200), (1, 50)]);
    assert_eq!(parts(Rule::Oldest, 350, &three()), [(1, 300), (2, 50)]);
    assert_eq!(parts(Rule::Smallest, 250, &three()), [(3, 100), (2, 150)]);
    assert_eq!(parts(Rule::ProRata, 60, &three()), [(2, 20), (1, 30), (3, 10)]);
    assert_eq!(parts(Rule::Exact, 400, &three()), [(1, 300), (3, 100)]);
    assert_eq!(parts(Rule::Company, 60, &three()), [(3, 10), (1, 30), (2, 20)]);
}

#[test]
fn in_proportion_the_odd_cents_go_to_the_largest_remainders() {
    // 100 of 1000 each are 33 and a third; of equals the one due first gets the odd cent.
    let thirds = [
        owed(1, "2026-01-01", "2026-03-01", 1_000),
        owed(2, "2026-01-01", "2026-02-01", 1_000),
        owed(3, "2026-01-01", "2026-04-01", 1_000),
    ];
    assert_eq!(parts(Rule::ProRata, 100, &thirds), [(2, 34), (1, 33), (3, 33)]);
    // One cent has one place to go.
    assert_eq!(parts(Rule::ProRata, 1, &thirds), [(2, 1)]);
    // More than all of it leaves a rest.
    let share = share(Rule::ProRata, eur(4_000), &thirds).unwrap();
    assert_eq!(share.rest, eur(1_000));
    assert!(share.parts.iter().all(|(_, part)| *part == eur(1_000)));
}

#[test]
fn without_an_exact_sum_nothing_is_put_anywhere() {
    let share = share(Rule::Exact, eur(350), &three()).unwrap();
    assert_eq!((share.parts, share.rest), (vec![], eur(350)));
    assert_eq!(parts(Rule::Exact, 0, &three()), []);
    assert_eq!(parts(Rule::Exact, 10, &[]), []);
}

#[test]
fn of_several_exact_sums_the_fewest_invoices_and_then_what_is_due_first() {
    // 300 is one invoice or the other two.
    assert_eq!(parts(Rule::Exact, 300, &three()), [(1, 300)]);
    let same = [
        owed(1, "2026-01-01", "2026-03-01", 100),
        owed(2, "2026-01-01", "2026-02-01", 100),
        owed(3, "2026-01-01", "2026-04-01", 100),
    ];
    assert_eq!(parts(Rule::Exact, 200, &same), [(2, 100), (1, 100)]);
}

#[test]
fn an_exact_sum_is_looked_for_among_those_due_first() {
    let many: Vec<Owed> = (1..=60).map(|n| owed(n, "2026-01-01", "2026-02-01", 2)).collect();
    // All that is looked at is even.
    assert_eq!(parts(Rule::Exact, 71, &many), []);
    assert_eq!(parts(Rule::Exact, 72, &many).len(), MOST_EXACT);
    assert_eq!(parts(Rule::Exact, 74, &many), []);
}

#[test]
fn another_currency_or_less_than_nothing_is_refused() {
    let dollars = Money::new(100, Currency::USD);
    for rule in Rule::ALL {
        assert!(matches!(
            share(*rule, dollars, &three()),
            Err(Refusal::MixedCurrencies { .. })
        ));
        assert!(matches!(
            share(*rule, eur(-1), &three()),
            Err(Refusal::NotPositive { .. })
        ));
    }
}

fn debts(most: i64, count: usize) -> impl Strategy<Value = Vec<Owed>> {
    prop::collection::vec((0..=most, 1_u32..28, 1_u32..28), 0..count).prop_map(|rows| {
        let one = |((payable, issued, due), n): ((i64, u32, u32), u128)| {
            owed(
                n,
                &format!("2026-01-{issued:02}"),
                &format!("2026-02-{due:02}"),
                payable,
            )
        };
        rows.into_iter().zip(1..).map(one).collect()
    })
}

fn rule() -> impl Strategy<Value = Rule> {
    prop::sample::select(Rule::ALL)
}

/// Whether some of the amounts are together a sum, by trying all.
fn can_be(sum: i64, amounts: &[i64]) -> bool {
    (1_u32..1 << amounts.len()).any(|which| {
        let of = |(at, amount): (usize, &i64)| if which >> at & 1 == 1 { *amount } else { 0 };
        amounts.iter().enumerate().map(of).sum::<i64>() == sum
    })
}

proptest! {
    #[test]
    fn nothing_is_lost_and_nobody_gets_too_much(rule in rule(), total in 0..=i64::MAX / 64, owed in debts(i64::MAX / 64, 14)) {
        let Share { parts, rest } = share(rule, eur(total), &owed).unwrap();
        let spent: i64 = parts.iter().map(|(_, part)| part.minor()).sum();
        prop_assert_eq!(spent + rest.minor(), total);
        prop_assert!(!rest.is_negative());
        let by_id: BTreeMap<InvoiceId, i64> = owed.iter().map(|one| (one.open.invoice, one.open.payable.minor())).collect();
        let mut seen = std::collections::BTreeSet::new();
        for (invoice, part) in &parts {
            prop_assert!(seen.insert(*invoice));
            prop_assert!(part.is_positive() && part.minor() <= by_id[invoice]);
        }
        // But for the exact sum, a rest means that everything is paid.
        if rest.is_positive() && rule != Rule::Exact {
            prop_assert_eq!(spent, by_id.values().sum::<i64>());
        }
    }

    #[test]
    fn the_order_given_does_not_matter(rule in rule(), total in 0_i64..500, owed in debts(90, 12), turn in 0_usize..12) {
        let mut other = owed.clone();
        if !other.is_empty() {
            let by = turn % other.len();
            other.rotate_left(by);
            other.reverse();
        }
        prop_assert_eq!(share(rule, eur(total), &owed).unwrap(), share(rule, eur(total), &other).unwrap());
    }

    #[test]
    fn spreading_is_the_first_rule(total in 0_i64..500, owed in debts(90, 12)) {
        let open: Vec<Open> = owed.iter().map(|one| one.open.clone()).collect();
        let Share { parts, rest } = share(Rule::Due, eur(total), &owed).unwrap();
        prop_assert_eq!(spread(eur(total), &open).unwrap(), (parts, rest));
    }

    #[test]
    fn shares_are_within_a_unit_of_their_proportion(total in 0_i64..100_000, owed in debts(50_000, 14)) {
        let all: i128 = owed.iter().map(|one| i128::from(one.open.payable.minor())).sum();
        let shared = i128::from(total).min(all);
        let got: BTreeMap<InvoiceId, Money> = share(Rule::ProRata, eur(total), &owed).unwrap().parts.into_iter().collect();
        for one in &owed {
            let part = got.get(&one.open.invoice).map_or(0, |part| i128::from(part.minor()));
            let off = part * all - shared * i128::from(one.open.payable.minor());
            prop_assert!(off.abs() < all.max(1));
        }
    }

    #[test]
    fn an_exact_sum_is_found_whenever_there_is_one(total in 1_i64..200, owed in debts(60, 11)) {
        let amounts: Vec<i64> = owed.iter().map(|one| one.open.payable.minor()).filter(|amount| *amount > 0).collect();
        let Share { parts, rest } = share(Rule::Exact, eur(total), &owed).unwrap();
        prop_assert_eq!(rest.is_zero(), can_be(total, &amounts));
        prop_assert_eq!(parts.is_empty(), !rest.is_zero());
    }
}
