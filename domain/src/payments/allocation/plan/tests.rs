//! A subsidiary's money goes to its own invoices, the parent's also to those, and of its sources the oldest is used up first.

use super::*;
use crate::{
    payments::allocation::Open,
    strategies::{day, eur, invoice},
};
use proptest::prelude::*;

fn account(n: u128) -> AccountId {
    AccountId(Uuid::from_u128(n))
}

fn source(n: u128, of: u128, came: &str, amount: i64) -> Unused {
    Unused {
        from: Uuid::from_u128(n),
        account: account(of),
        number: format!("REC-{n}"),
        day: day(came),
        amount: eur(amount),
    }
}

fn owed(n: u128, of: u128, due: &str, payable: i64) -> Owed {
    Owed {
        account: account(of),
        issued: day("2026-01-01"),
        open: Open {
            invoice: invoice(n),
            number: format!("INV-{n}"),
            due: day(due),
            payable: eur(payable),
        },
    }
}

fn line(n: u128, of: u128, amount: i64) -> CheckedLine {
    CheckedLine {
        invoice: invoice(n),
        number: format!("INV-{n}"),
        account: account(of),
        amount: eur(amount),
    }
}

#[test]
fn a_subsidiary_pays_its_own_and_the_parent_what_is_left() {
    let sources = [source(1, 1, "2026-02-01", 500), source(2, 2, "2026-02-01", 50)];
    let debts = [
        owed(1, 1, "2026-03-01", 300),
        owed(2, 2, "2026-01-01", 200),
        owed(3, 3, "2026-01-01", 200),
    ];
    let planned = plan(Rule::Due, Currency::EUR, account(1), &sources, &debts).unwrap();
    assert_eq!(
        planned.parts,
        BTreeMap::from([
            (invoice(1), eur(150)),
            (invoice(2), eur(200)),
            (invoice(3), eur(200))
        ])
    );
    assert_eq!((planned.total, planned.rest), (eur(550), eur(0)));
}

#[test]
fn a_subsidiary_pays_neither_its_parent_nor_its_sibling() {
    let debts = [owed(1, 1, "2026-03-01", 300), owed(3, 3, "2026-01-01", 200)];
    let sources = [source(2, 2, "2026-02-01", 50)];
    let planned = plan(Rule::Due, Currency::EUR, account(1), &sources, &debts).unwrap();
    assert_eq!((planned.parts, planned.rest), (BTreeMap::new(), eur(50)));
    for of in [1, 3] {
        assert_eq!(
            draw(account(1), &sources, &[line(of, of, 1)]),
            Err(Refusal::MoreThanAvailable { available: eur(0) })
        );
    }
}

#[test]
fn what_is_the_subsidiarys_is_used_before_what_is_the_parents() {
    let sources = [source(1, 1, "2026-01-01", 100), source(2, 2, "2026-02-01", 50)];
    let drawn = draw(account(1), &sources, &[line(2, 2, 80), line(1, 1, 70)]).unwrap();
    assert_eq!(
        drawn,
        [
            (Uuid::from_u128(1), vec![line(2, 2, 30), line(1, 1, 70)]),
            (Uuid::from_u128(2), vec![line(2, 2, 50)])
        ]
    );
}

#[test]
fn by_company_each_has_its_share_and_pays_what_is_due_first() {
    let debts = [
        owed(1, 1, "2026-03-01", 100),
        owed(2, 2, "2026-01-01", 200),
        owed(3, 2, "2026-02-01", 100),
        owed(4, 3, "2026-01-01", 200),
    ];
    let sources = [source(1, 1, "2026-02-01", 301)];
    let planned = plan(Rule::Company, Currency::EUR, account(1), &sources, &debts).unwrap();
    // 301 by 100, 300 and 200 are 50 1/6, 150 1/2 and 100 1/3.
    assert_eq!(
        planned.parts,
        BTreeMap::from([
            (invoice(1), eur(50)),
            (invoice(2), eur(151)),
            (invoice(4), eur(100))
        ])
    );
    assert!(planned.rest.is_zero());
}

#[test]
fn the_oldest_source_is_used_up_first() {
    let sources = [
        source(1, 1, "2026-02-02", 100),
        source(2, 1, "2026-02-01", 70),
        source(3, 2, "2026-01-01", 70),
    ];
    let drawn = draw(account(1), &sources, &[line(1, 1, 50), line(2, 1, 60)]).unwrap();
    let drawn: Vec<_> = drawn
        .iter()
        .map(|(from, lines)| {
            let lines = lines.iter().map(|line| (line.invoice, line.amount.minor()));
            (from.as_u128(), lines.collect::<Vec<_>>())
        })
        .collect();
    assert_eq!(
        drawn,
        [
            (2, vec![(invoice(1), 50), (invoice(2), 20)]),
            (1, vec![(invoice(2), 40)])
        ]
    );
}

#[test]
fn more_than_the_own_account_has_is_refused() {
    let sources = [source(1, 3, "2026-02-02", 100), source(2, 2, "2026-02-02", 100)];
    assert_eq!(
        draw(account(1), &sources, &[line(1, 3, 101)]),
        Err(Refusal::MoreThanAvailable { available: eur(100) })
    );
    assert_eq!(
        draw(account(1), &sources, &[line(1, 4, 1)]),
        Err(Refusal::MoreThanAvailable { available: eur(0) })
    );
}

proptest! {
    #[test]
    fn what_is_planned_can_be_drawn_to_the_cent(
        rule in prop::sample::select(Rule::ALL),
        money in prop::collection::vec((1_u128..4, 1_i64..500, 1_u32..28), 0..6),
        debts in prop::collection::vec((1_u128..4, 0_i64..400, 1_u32..28), 0..9),
    ) {
        let sources: Vec<Unused> = money
            .iter()
            .zip(1..)
            .map(|((of, amount, on), n)| source(n, *of, &format!("2026-01-{on:02}"), *amount))
            .collect();
        let owed: Vec<Owed> = debts
            .iter()
            .zip(1..)
            .map(|((of, amount, on), n)| owed(n, *of, &format!("2026-01-{on:02}"), *amount))
            .collect();
        let planned = plan(rule, Currency::EUR, account(1), &sources, &owed).unwrap();
        let lines: Vec<CheckedLine> = owed
            .iter()
            .filter_map(|one| {
                let amount = *planned.parts.get(&one.open.invoice)?;
                Some(CheckedLine {
                    invoice: one.open.invoice,
                    number: one.open.number.clone(),
                    account: one.account,
                    amount,
                })
            })
            .collect();
        let drawn = draw(account(1), &sources, &lines).unwrap();
        let mut of_invoice: BTreeMap<InvoiceId, i64> = BTreeMap::new();
        for (from, lines) in &drawn {
            let source = sources.iter().find(|source| source.from == *from).unwrap();
            let sum: i64 = lines.iter().map(|line| line.amount.minor()).sum();
            prop_assert!(sum <= source.amount.minor());
            for line in lines {
                prop_assert!(source.account == account(1) || line.account == source.account);
                *of_invoice.entry(line.invoice).or_default() += line.amount.minor();
            }
        }
        let planned_parts: BTreeMap<InvoiceId, i64> =
            planned.parts.iter().map(|(invoice, part)| (*invoice, part.minor())).collect();
        prop_assert_eq!(of_invoice, planned_parts.clone());
        prop_assert_eq!(planned_parts.values().sum::<i64>() + planned.rest.minor(), planned.total.minor());
        for one in &owed {
            let part = planned_parts.get(&one.open.invoice).copied().unwrap_or_default();
            prop_assert!(part <= one.open.payable.minor());
        }
        let (mut turned, mut others) = (owed, sources);
        turned.reverse();
        others.reverse();
        prop_assert_eq!(plan(rule, Currency::EUR, account(1), &others, &turned).unwrap(), planned);
    }
}
