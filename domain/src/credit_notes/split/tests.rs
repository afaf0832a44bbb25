//! The three parts are the total whatever is due, and nothing is paid back that would leave a debt (V36, V37).

use super::*;
use crate::strategies::eur;
use proptest::prelude::*;

fn due(free: i64, held: i64) -> Due {
    Due {
        free: eur(free),
        held: eur(held),
    }
}

#[test]
fn what_is_due_goes_down_first_and_only_the_rest_is_paid_back() {
    let split = Split::at_issue(eur(10_000), due(3_000, 0), eur(5_000)).unwrap();
    let parts = (split.less_due, split.paid_back, split.credit);
    assert_eq!(parts, (eur(3_000), eur(5_000), eur(2_000)));
    let too_much = Split::at_issue(eur(10_000), due(3_000, 0), eur(7_001));
    assert_eq!(too_much, Err(Refusal::MoreThanRest { rest: eur(7_000) }));
    let nothing_over = Split::at_issue(eur(10_000), due(10_000, 0), eur(1));
    assert_eq!(nothing_over, Err(Refusal::MoreThanRest { rest: eur(0) }));
    let less_than_nothing = Split::at_issue(eur(10_000), due(0, 0), eur(-1));
    assert!(matches!(less_than_nothing, Err(Refusal::NotPositive { .. })));
}

#[test]
fn what_stands_against_money_under_way_is_not_paid_back() {
    let split = Split::at_issue(eur(10_000), due(0, 4_000), eur(6_000)).unwrap();
    assert_eq!((split.paid_back, split.credit), (eur(6_000), eur(4_000)));
    let too_much = Split::at_issue(eur(10_000), due(0, 4_000), eur(6_001));
    assert_eq!(too_much, Err(Refusal::MoreThanRest { rest: eur(6_000) }));
    let nothing_sure = Split::at_issue(eur(3_000), due(0, 4_000), eur(1));
    assert_eq!(nothing_sure, Err(Refusal::MoreThanRest { rest: eur(0) }));
}

#[test]
fn the_last_payment_goes_back_first() {
    let paid = [(Uuid::from_u128(1), eur(4_000)), (Uuid::from_u128(2), eur(2_500))];
    let parts = over_payments(eur(3_000), &paid).unwrap();
    assert_eq!(parts, [(paid[1].0, eur(2_500)), (paid[0].0, eur(500))]);
    let refused = over_payments(eur(6_501), &paid);
    let available = eur(6_500);
    assert_eq!(refused, Err(Refusal::MoreThanAvailable { available }));
}

#[test]
fn what_is_paid_back_needs_an_amount_a_way_and_words() {
    let read = |amount, way, reference| {
        let fields = BackFields {
            amount,
            way,
            reference,
        };
        fields.parse(Currency::EUR, Locale::EnUs)
    };
    assert_eq!(read(" ", "nowhere", ""), Ok(None));
    let back = read("5.00", "by_hand", "Transfer 7").unwrap().unwrap();
    assert_eq!((back.amount, back.way), (eur(500), RefundWay::ByHand));
    let wrong = read("-5", "nowhere", "").unwrap_err();
    let fields: Vec<&str> = wrong.0.keys().map(String::as_str).collect();
    assert_eq!(fields, ["back", "reference", "way"]);
}

proptest! {
    #[test]
    fn the_parts_are_the_total_and_credit_waits_for_nothing_due(
        total in 1_i64..1_000_000, free in 0_i64..1_000_000, held in 0_i64..1_000_000, back in 0_i64..1_000_000,
    ) {
        let rest = (total - free - held).max(0);
        match Split::at_issue(eur(total), due(free, held), eur(back)) {
            Ok(split) => {
                prop_assert!(back <= rest);
                prop_assert_eq!(split.total().unwrap(), eur(total));
                let parts = [split.less_due, split.paid_back, split.credit];
                prop_assert!(parts.iter().all(|part| !part.is_negative()));
                let over = split.paid_back.is_positive() || split.credit.is_positive();
                prop_assert!(!over || split.less_due == eur(free));
            }
            Err(refusal) => {
                prop_assert!(back > rest);
                prop_assert_eq!(refusal, Refusal::MoreThanRest { rest: eur(rest) });
            }
        }
    }

    #[test]
    fn shares_of_payments_are_the_amount_and_within_each(
        amount in 1_i64..200_000, paid in prop::collection::vec(1_i64..60_000, 0..6),
    ) {
        let paid: Vec<(Uuid, Money)> = (0..).map(Uuid::from_u128).zip(paid.into_iter().map(eur)).collect();
        let available: i64 = paid.iter().map(|(_, part)| part.minor()).sum();
        match over_payments(eur(amount), &paid) {
            Ok(parts) => {
                prop_assert_eq!(parts.iter().map(|(_, part)| part.minor()).sum::<i64>(), amount);
                for (payment, part) in parts {
                    let whole = paid.iter().find(|(id, _)| *id == payment).unwrap().1;
                    prop_assert!(part.is_positive() && part.minor() <= whole.minor());
                }
            }
            Err(_) => prop_assert!(amount > available),
        }
    }
}
