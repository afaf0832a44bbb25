//! Scaled numbers keep every digit or refuse.

use super::*;
use proptest::prelude::*;

#[test]
fn more_decimals_than_are_kept_are_refused_and_never_cut() {
    let seven = Decimal::new(1, 7);
    assert_eq!(
        Quantity::from_decimal(seven),
        Err(Refusal::TooManyDecimals { kept: 6 })
    );
    assert_eq!(
        TaxRate::from_decimal(Decimal::new(12_345, 5)),
        Err(Refusal::TooManyDecimals { kept: 4 })
    );
    assert_eq!(
        TaxRate::from_decimal(Decimal::new(190_000, 4)).map(TaxRate::scaled),
        Ok(190_000)
    );
}

#[test]
fn trailing_zeros_are_not_decimals() {
    assert_eq!(
        Quantity::from_decimal(Decimal::new(2_500_000_000, 9)).map(Quantity::scaled),
        Ok(2_500_000)
    );
}

#[test]
fn what_does_not_fit_is_refused() {
    assert_eq!(
        UnitPrice::from_decimal(Decimal::MAX),
        Err(Refusal::AmountTooLarge)
    );
    assert_eq!(
        UnitPrice::from_decimal(Decimal::MIN),
        Err(Refusal::AmountTooLarge)
    );
}

proptest! {
    #[test]
    fn the_stored_integer_and_the_value_are_one(scaled in any::<i64>()) {
        prop_assert_eq!(Quantity::from_decimal(Quantity::from_scaled(scaled).to_decimal()).map(Quantity::scaled), Ok(scaled));
        prop_assert_eq!(TaxRate::from_decimal(TaxRate::from_scaled(scaled).to_decimal()).map(TaxRate::scaled), Ok(scaled));
    }
}
