//! No cent is lost, made or allocated twice, whatever the order of events.

use super::*;
use crate::{
    ids::Uuid,
    refusal::NotPayable,
    strategies::{day, eur, invoice},
};
use proptest::prelude::*;

#[test]
fn a_sum_goes_to_the_oldest_due_first_then_by_number() {
    let invoices = [
        open(1, "INV-3", "2026-12-02", 100),
        open(2, "INV-2", "2026-12-01", 100),
        open(3, "INV-1", "2026-12-01", 100),
    ];
    let (parts, rest) = spread(eur(250), &invoices).unwrap();
    assert_eq!(
        parts,
        [
            (invoice(3), eur(100)),
            (invoice(2), eur(100)),
            (invoice(1), eur(50))
        ]
    );
    assert_eq!(rest, eur(0));
}

#[test]
fn what_finds_no_invoice_is_the_rest() {
    let (parts, rest) = spread(eur(250), &[open(1, "INV-1", "2026-12-01", 100)]).unwrap();
    assert_eq!((parts, rest), (vec![(invoice(1), eur(100))], eur(150)));
    assert_eq!(spread(eur(5), &[]), Ok((vec![], eur(5))));
}

#[test]
fn a_sum_below_zero_or_of_another_currency_is_not_spread() {
    let invoices = [open(1, "INV-1", "2026-12-01", 100)];
    assert_eq!(
        spread(eur(-1), &invoices),
        Err(Refusal::NotPositive {
            number: String::new()
        })
    );
    let dollars = Money::new(100, Currency::USD);
    assert!(matches!(
        spread(dollars, &invoices),
        Err(Refusal::MixedCurrencies { .. })
    ));
}

#[test]
fn a_line_is_checked_against_the_invoice_as_it_is_now() {
    let number = || "INV-1".to_owned();
    let yen = Money::new(100, Currency::JPY);
    let cases = [
        ((eur(100), eur(100)), (Stage::Open, 100, 0), Ok(())),
        ((eur(100), eur(1)), (Stage::Open, 100, 0), Ok(())),
        ((eur(60), eur(60)), (Stage::Open, 100, 40), Ok(())),
        (
            (eur(100), eur(0)),
            (Stage::Open, 100, 0),
            Err(Refusal::NotPositive { number: number() }),
        ),
        (
            (eur(100), eur(-5)),
            (Stage::Open, 100, 0),
            Err(Refusal::NotPositive { number: number() }),
        ),
        (
            (eur(100), eur(101)),
            (Stage::Open, 100, 0),
            Err(Refusal::MoreThanOpen {
                number: number(),
                open: eur(100),
            }),
        ),
        (
            (eur(100), eur(50)),
            (Stage::Open, 60, 0),
            Err(Refusal::OpenAmountMoved {
                number: number(),
                seen: eur(100),
                now: eur(60),
            }),
        ),
        (
            (eur(100), eur(50)),
            (Stage::Open, 100, 40),
            Err(Refusal::OpenAmountMoved {
                number: number(),
                seen: eur(100),
                now: eur(60),
            }),
        ),
        (
            (eur(100), eur(100)),
            (Stage::Paid, 0, 0),
            Err(refused(NotPayable::Paid)),
        ),
        (
            (eur(100), eur(100)),
            (Stage::Void, 0, 0),
            Err(refused(NotPayable::Void)),
        ),
        (
            (eur(100), eur(100)),
            (Stage::Draft, 100, 0),
            Err(refused(NotPayable::Draft)),
        ),
        (
            (eur(100), eur(100)),
            (Stage::Open, 100, 100),
            Err(refused(NotPayable::Pending)),
        ),
        (
            (eur(100), yen),
            (Stage::Open, 100, 0),
            Err(Refusal::MixedCurrencies {
                one: Currency::JPY,
                other: Currency::EUR,
            }),
        ),
        (
            (yen, eur(100)),
            (Stage::Open, 100, 0),
            Err(Refusal::MixedCurrencies {
                one: Currency::JPY,
                other: Currency::EUR,
            }),
        ),
    ];
    for ((seen, amount), (stage, open, pending), expected) in cases {
        let line = SubmitLine {
            invoice: invoice(1),
            seen,
            amount,
        };
        let now = Current {
            stage,
            open: eur(open),
            pending: eur(pending),
            ..current(1, 1, 0)
        };
        let answer = check_lines(std::slice::from_ref(&line), &[now]).map(|_| ());
        let expected = expected.map_err(|refusal| FieldErrors::one("lines[0][amount]", refusal));
        assert_eq!(answer, expected, "{line:?}");
    }
}

#[test]
fn a_form_without_lines_or_with_a_line_twice_or_unknown_is_refused() {
    assert_eq!(
        check_lines(&[], &[]),
        Err(FieldErrors::one("", Refusal::NothingChosen))
    );
    let line = SubmitLine {
        invoice: invoice(1),
        seen: eur(100),
        amount: eur(60),
    };
    let twice = check_lines(&[line.clone(), line.clone()], &[current(1, 1, 100)]);
    assert_eq!(
        twice,
        Err(FieldErrors::one("lines[1][amount]", Refusal::FormBroken))
    );
    assert_eq!(
        check_lines(&[line], &[]),
        Err(FieldErrors::one("lines[0][amount]", Refusal::FormBroken))
    );
}

#[test]
fn a_mixed_form_makes_one_payment_for_each_account_and_currency() {
    let yen = |minor| Money::new(minor, Currency::JPY);
    let lines = vec![
        checked(1, 2, eur(100)),
        checked(2, 1, yen(7)),
        checked(3, 1, eur(50)),
        checked(4, 2, eur(1)),
    ];
    let form = FormKey(Uuid::from_u128(9));
    let groups = group_by_account_currency(form, lines.clone()).unwrap();
    let summary: Vec<_> = groups
        .iter()
        .map(|g| (g.account, g.total, g.lines.len()))
        .collect();
    assert_eq!(
        summary,
        [
            (account(1), eur(50), 1),
            (account(1), yen(7), 1),
            (account(2), eur(101), 2)
        ]
    );
    assert_eq!(groups[0].key, format!("{form}:{}:EUR", account(1)));
    let turned = lines.into_iter().rev().collect();
    let keys = |groups: &[Group]| groups.iter().map(|g| g.key.clone()).collect::<Vec<_>>();
    assert_eq!(
        keys(&group_by_account_currency(form, turned).unwrap()),
        keys(&groups)
    );
}

#[test]
fn a_group_whose_sum_does_not_fit_is_refused() {
    let lines = vec![checked(1, 1, eur(i64::MAX)), checked(2, 1, eur(1))];
    let form = FormKey(Uuid::nil());
    assert_eq!(
        group_by_account_currency(form, lines),
        Err(Refusal::AmountTooLarge)
    );
}

proptest! {
    #[test]
    fn spreading_never_exceeds_and_never_loses(
        total in 0..=i64::MAX, payables in prop::collection::vec((0_i64..=i64::MAX, 0_u32..28), 0..12),
    ) {
        let invoices: Vec<Open> = payables
            .iter()
            .zip(0_u128..)
            .map(|((payable, day), n)| open(n, &format!("INV-{n}"), &format!("2026-12-{:02}", day + 1), *payable))
            .collect();
        let (parts, rest) = spread(eur(total), &invoices).unwrap();
        let spent: i128 = parts.iter().map(|(_, part)| i128::from(part.minor())).sum();
        prop_assert_eq!(spent + i128::from(rest.minor()), i128::from(total));
        let due = |id: InvoiceId| invoices.iter().find(|open| open.invoice == id).unwrap();
        for (id, part) in &parts {
            prop_assert!(part.is_positive() && part.minor() <= due(*id).payable.minor());
        }
        prop_assert!(parts.is_sorted_by_key(|(id, _)| (due(*id).due, due(*id).number.clone())));
        // Nobody gets anything before those that come earlier are full, and a rest means that all are.
        let full = parts.iter().filter(|(id, part)| *part == due(*id).payable).count();
        prop_assert!(full + 1 >= parts.len());
        if rest.is_positive() {
            let is_full = |open: &Open| open.payable.is_zero() || parts.contains(&(open.invoice, open.payable));
            prop_assert!(invoices.iter().all(is_full));
        }
    }

    #[test]
    fn what_was_checked_is_applied_in_full(opens in prop::collection::vec((1_i64..10_000, 1_i64..10_000), 1..8)) {
        let lines: Vec<SubmitLine> = opens
            .iter()
            .zip(0_u128..)
            .map(|((open, amount), n)| {
                SubmitLine { invoice: invoice(n), seen: eur(*open), amount: eur(*amount.min(open)) }
            })
            .collect();
        let now: Vec<Current> = opens.iter().zip(0_u128..).map(|((open, _), n)| current(n, 1, *open)).collect();
        let groups = group_by_account_currency(FormKey(Uuid::nil()), check_lines(&lines, &now).unwrap()).unwrap();
        let debts: Vec<Debt> = opens.iter().zip(0_u128..).map(|((open, _), n)| debt(n, *open, 0)).collect();
        for group in groups {
            let wanted: Vec<_> = group.lines.iter().map(|line| (line.invoice, line.amount)).collect();
            let applied = apply(group.total, &wanted, &debts).unwrap();
            prop_assert!(applied.unapplied.is_zero());
            prop_assert_eq!(applied.lines.len(), wanted.len());
        }
    }

    #[test]
    fn extremes_are_refused_and_never_panic(
        payment in any::<i64>(), amount in any::<i64>(), total in any::<i64>(), paid in any::<i64>(),
        credited in any::<i64>(),
    ) {
        let _ = spread(eur(payment), &[open(1, "", "2026-12-01", total)]);
        let line = SubmitLine { invoice: invoice(1), seen: eur(amount), amount: eur(paid) };
        let now = Current { pending: eur(credited), ..current(1, 1, total) };
        let _ = check_lines(&[line], &[now]);
    }
}

fn refused(why: NotPayable) -> Refusal {
    Refusal::NotPayable {
        number: "INV-1".to_owned(),
        why,
    }
}

fn account(n: u128) -> AccountId {
    AccountId(Uuid::from_u128(n))
}

fn open(n: u128, number: &str, due: &str, payable: i64) -> Open {
    Open {
        invoice: invoice(n),
        number: number.to_owned(),
        due: day(due),
        payable: eur(payable),
    }
}

fn current(n: u128, of_account: u128, open: i64) -> Current {
    Current {
        invoice: invoice(n),
        rollup: None,
        account: account(of_account),
        number: format!("INV-{n}"),
        stage: Stage::Open,
        open: eur(open),
        pending: eur(0),
        disputed: eur(0),
    }
}

fn checked(n: u128, of_account: u128, amount: Money) -> CheckedLine {
    CheckedLine {
        invoice: invoice(n),
        number: format!("INV-{n}"),
        account: account(of_account),
        amount,
    }
}

fn debt(n: u128, total: i64, paid: i64) -> Debt {
    Debt {
        invoice: invoice(n),
        stage: Stage::Open,
        total: eur(total),
        paid: eur(paid),
        credited: eur(0),
        written_off: eur(0),
    }
}
