//! Received money is never lost, made or allocated twice.

use super::*;
use crate::{
    money::Currency,
    strategies::{eur, invoice},
};
use proptest::prelude::*;

#[test]
fn money_that_an_invoice_can_no_longer_take_stays_on_the_account() {
    let debts = [
        debt(1, 100, 70),
        Debt {
            stage: Stage::Void,
            ..debt(2, 100, 0)
        },
        debt(3, 100, 100),
    ];
    let wanted = [
        (invoice(1), eur(100)),
        (invoice(2), eur(50)),
        (invoice(3), eur(10)),
    ];
    let applied = apply(eur(160), &wanted, &debts).unwrap();
    let line = AppliedLine {
        invoice: invoice(1),
        amount: eur(30),
        paid: eur(100),
        open: eur(0),
        stage: Stage::Paid,
    };
    assert_eq!(
        applied,
        Applied {
            lines: vec![line],
            unapplied: eur(130)
        }
    );
}

#[test]
fn an_amount_below_the_balance_leaves_the_rest_open() {
    let applied = apply(eur(40), &[(invoice(1), eur(40))], &[debt(1, 100, 0)]).unwrap();
    assert_eq!(
        (applied.lines[0].open, applied.lines[0].stage),
        (eur(60), Stage::Open)
    );
}

#[test]
fn allocations_that_make_no_sense_are_refused() {
    let debts = [debt(1, 100, 0)];
    let one = (invoice(1), eur(60));
    assert_eq!(
        apply(eur(50), &[one], &debts),
        Err(Refusal::MoreThanAvailable { available: eur(50) })
    );
    assert_eq!(apply(eur(200), &[one, one], &debts), Err(Refusal::FormBroken));
    assert_eq!(
        apply(eur(200), &[(invoice(2), eur(1))], &debts),
        Err(Refusal::FormBroken)
    );
    let below = Err(Refusal::NotPositive {
        number: String::new(),
    });
    assert_eq!(apply(eur(-1), &[], &debts), below);
    assert_eq!(apply(eur(1), &[(invoice(1), eur(-1))], &debts), below);
    let yen = Money::new(1, Currency::JPY);
    assert!(matches!(
        apply(yen, &[(invoice(1), yen)], &debts),
        Err(Refusal::MixedCurrencies { .. })
    ));
}

proptest! {
    #[test]
    fn a_payment_is_its_allocations_and_the_rest_and_no_invoice_has_more_than_its_total(
        debts in prop::collection::vec((0_i64..10_000, 0_i64..10_000, 0_i64..10_000, 0_i64..10_000), 1..8),
        extra in 0_i64..10_000,
    ) {
        let mut wanted = Vec::new();
        let invoices: Vec<Debt> = debts
            .iter()
            .zip(0_u128..)
            .map(|((open, paid, credited, amount), n)| {
                wanted.push((invoice(n), eur(*amount)));
                let credited = eur(*credited);
                Debt { credited, ..debt(n, open + paid + credited.minor(), *paid) }
            })
            .collect();
        let payment = eur(wanted.iter().map(|(_, amount)| amount.minor()).sum::<i64>() + extra);
        let applied = apply(payment, &wanted, &invoices).unwrap();
        let allocated: i64 = applied.lines.iter().map(|line| line.amount.minor()).sum();
        prop_assert_eq!(allocated + applied.unapplied.minor(), payment.minor());
        prop_assert!(!applied.unapplied.is_negative());
        for line in &applied.lines {
            let debt = invoices.iter().find(|debt| debt.invoice == line.invoice).unwrap();
            prop_assert!(line.amount.is_positive() && !line.open.is_negative());
            prop_assert_eq!(line.paid.minor() + debt.credited.minor() + line.open.minor(), debt.total.minor());
            prop_assert_eq!(line.stage == Stage::Paid, line.open.is_zero());
        }
    }

    #[test]
    fn extremes_are_refused_and_never_panic(
        payment in any::<i64>(), amount in any::<i64>(), total in any::<i64>(), paid in any::<i64>(),
        credited in any::<i64>(),
    ) {
        let debts = [Debt { credited: eur(credited), ..debt(1, total, paid) }];
        let _ = apply(eur(payment), &[(invoice(1), eur(amount))], &debts);
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
