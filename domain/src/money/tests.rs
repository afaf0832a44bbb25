//! Money neither loses nor makes a minor unit, and never panics.

use super::*;
use crate::strategies::{currency, eur, minor, money};
use proptest::prelude::*;

#[test]
fn a_currency_knows_its_decimals() {
    let decimals = [
        ("JPY", 0),
        ("EUR", 2),
        ("USD", 2),
        ("KWD", 3),
        ("BHD", 3),
        ("CLF", 4),
        ("XAU", 0),
    ];
    for (code, exponent) in decimals {
        assert_eq!(code.parse::<Currency>().unwrap().exponent(), exponent, "{code}");
    }
}

#[test]
fn a_code_is_read_in_any_case_and_an_unknown_one_is_refused() {
    assert_eq!(" eur ".parse(), Ok(Currency::EUR));
    for code in ["", "EU", "EURO", "???", "€"] {
        assert!(
            matches!(code.parse::<Currency>(), Err(Refusal::UnknownCurrency { .. })),
            "{code}"
        );
    }
}

#[test]
fn two_currencies_never_add_up() {
    let refusal = Refusal::MixedCurrencies {
        one: Currency::EUR,
        other: Currency::USD,
    };
    let dollar = Money::new(1, Currency::USD);
    assert_eq!(eur(1).checked_add(dollar), Err(refusal.clone()));
    assert_eq!(eur(1).checked_sub(dollar), Err(refusal.clone()));
    assert_eq!(eur(1).min(dollar), Err(refusal));
}

#[test]
fn the_odd_half_cent_goes_away_from_zero() {
    for (thousandths, cents) in [
        (1_005, 101),
        (1_004, 100),
        (-1_005, -101),
        (-1_004, -100),
        (5, 1),
        (-5, -1),
    ] {
        assert_eq!(
            Money::round_scaled(thousandths, 3, Currency::EUR),
            Ok(eur(cents)),
            "{thousandths}"
        );
        let decimal = Decimal::from_i128_with_scale(thousandths, 3);
        assert_eq!(
            Money::round_half_away(decimal, Currency::EUR),
            Ok(eur(cents)),
            "{thousandths}"
        );
    }
}

#[test]
fn a_cent_that_fits_nobody_goes_to_the_largest_remainder() {
    assert_eq!(eur(100).allocate(&[1, 1, 1]), Ok(vec![eur(34), eur(33), eur(33)]));
    assert_eq!(
        eur(-100).allocate(&[1, 1, 1]),
        Ok(vec![eur(-34), eur(-33), eur(-33)])
    );
    assert_eq!(eur(5).allocate(&[0, 0]), Ok(vec![eur(3), eur(2)]));
    assert_eq!(eur(100).allocate(&[1, 0, 2]), Ok(vec![eur(33), eur(0), eur(67)]));
    assert_eq!(eur(1).allocate(&[]), Err(Refusal::NothingToShareAmong));
}

#[test]
fn the_extremes_are_refused_or_exact() {
    let (least, most) = (eur(i64::MIN), eur(i64::MAX));
    assert_eq!(least.checked_neg(), Err(Refusal::AmountTooLarge));
    assert_eq!(most.checked_add(eur(1)), Err(Refusal::AmountTooLarge));
    assert_eq!(least.checked_sub(eur(1)), Err(Refusal::AmountTooLarge));
    assert_eq!(least.allocate(&[u64::MAX]), Ok(vec![least]));
    let parts = least.allocate(&[u64::MAX, u64::MAX, 1]).unwrap();
    assert_eq!(Money::sum(Currency::EUR, parts), Ok(least));
    for (value, scale) in [
        (i128::MAX, 0),
        (i128::MIN, 2),
        (i128::MAX, 15),
        (1, 60),
        (i128::MAX, u32::MAX),
    ] {
        assert_eq!(
            Money::round_scaled(value, scale, Currency::EUR),
            Err(Refusal::AmountTooLarge),
            "{scale}"
        );
    }
    assert_eq!(Money::round_scaled(i128::MIN, 38, Currency::EUR), Ok(eur(-170)));
}

proptest! {
    #[test]
    fn shares_add_up_to_the_whole(amount in money(), weights in prop::collection::vec(any::<u64>(), 1..20)) {
        let parts = amount.allocate(&weights).unwrap();
        prop_assert_eq!(parts.len(), weights.len());
        prop_assert_eq!(Money::sum(amount.currency(), parts), Ok(amount));
    }

    #[test]
    fn no_share_is_a_unit_off_its_ideal(amount in money(), weights in prop::collection::vec(0_u64..1_000, 1..20)) {
        let total: i128 = weights.iter().map(|w| i128::from(*w)).sum();
        prop_assume!(total > 0);
        for (part, weight) in amount.allocate(&weights).unwrap().iter().zip(&weights) {
            let ideal = i128::from(amount.minor()) * i128::from(*weight);
            prop_assert!((i128::from(part.minor()) * total - ideal).abs() < total);
        }
    }

    #[test]
    fn opposite_amounts_have_opposite_shares(amount in money(), weights in prop::collection::vec(any::<u64>(), 1..9)) {
        prop_assume!(amount.minor() != i64::MIN);
        let mirror: Vec<Money> =
            amount.allocate(&weights).unwrap().iter().map(|part| part.checked_neg().unwrap()).collect();
        prop_assert_eq!(amount.checked_neg().unwrap().allocate(&weights), Ok(mirror));
    }

    #[test]
    fn nothing_goes_to_who_weighs_nothing(amount in money(), weights in prop::collection::vec(0_u64..3, 1..9)) {
        prop_assume!(weights.iter().any(|w| *w > 0));
        for (part, weight) in amount.allocate(&weights).unwrap().iter().zip(&weights) {
            prop_assert!(*weight > 0 || part.is_zero());
        }
    }

    #[test]
    fn rounding_has_a_mirror_and_errs_by_half_a_unit_at_most(
        value in any::<i64>(), scale in 0_u32..12, currency in currency(),
    ) {
        let value = i128::from(value);
        let exponent = currency.exponent();
        if let Ok(up) = Money::round_scaled(value, scale, currency) {
            if up.minor() != i64::MIN {
                prop_assert_eq!(Money::round_scaled(-value, scale, currency), up.checked_neg());
            }
            let back = i128::from(up.minor()) * 10_i128.pow(scale.saturating_sub(exponent));
            let exact = value * 10_i128.pow(exponent.saturating_sub(scale));
            prop_assert!((back - exact).abs() * 2 <= 10_i128.pow(scale.saturating_sub(exponent)));
        }
    }

    #[test]
    fn what_is_added_can_be_taken_away(a in minor(), b in minor(), currency in currency()) {
        let (a, b) = (Money::new(a, currency), Money::new(b, currency));
        match a.checked_add(b) {
            Ok(sum) => prop_assert_eq!(sum.checked_sub(b), Ok(a)),
            Err(refusal) => prop_assert_eq!(refusal, Refusal::AmountTooLarge),
        }
    }

    #[test]
    fn an_amount_enters_a_calculation_and_leaves_it_unchanged(amount in money()) {
        prop_assert_eq!(Money::round_half_away(amount.to_decimal(), amount.currency()), Ok(amount));
    }
}

#[test]
fn all_currencies_are_those_that_people_pay_in() {
    let all = Currency::all();
    assert!(all.len() > 140 && all.is_sorted());
    for known in ["USD", "EUR", "JPY", "KWD", "CHF", "GBP"] {
        assert!(all.contains(&known.parse().unwrap()), "{known}");
    }
    for other in ["XAU", "XTS", "XXX"] {
        assert!(!all.contains(&other.parse().unwrap()), "{other}");
    }
}
