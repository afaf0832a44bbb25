//! The figures of the billing comparison, with the formulas, signs and names that the guide gives them (V53).

use crate::{
    decimal::Quantity,
    money::{Currency, Money},
    refusal::Refusal,
};
use serde::{Deserialize, Serialize};

/// What a vendor and the seller billed for the same, in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// What the vendor wants for it.
    pub cost: Money,
    /// What the vendor proposes as price; none when one of its lines does not say it.
    pub price: Option<Money>,
    /// What the seller billed for it.
    pub own_price: Money,
    /// Both sides are known. What is not mapped has no difference, which is not the same as none (V55).
    pub mapped: bool,
    /// Of the cost, what is for seats.
    pub seat_cost: Money,
    /// How many seats that cost is for.
    pub seats: Quantity,
    /// How many the seller billed.
    pub own_quantity: Quantity,
}

impl Figures {
    /// Nothing yet.
    pub(super) const fn none(currency: Currency) -> Self {
        let zero = Money::zero(currency);
        Self {
            cost: zero,
            price: Some(zero),
            own_price: zero,
            mapped: true,
            seat_cost: zero,
            seats: Quantity::from_scaled(0),
            own_quantity: Quantity::from_scaled(0),
        }
    }

    /// What the seller's quantity costs at the vendor's price of a seat. None without seats, or where nothing is mapped.
    ///
    /// # Errors
    /// [`Refusal::AmountTooLarge`].
    pub fn extended_cost(&self) -> Result<Option<Money>, Refusal> {
        if !self.mapped || self.seats.scaled() <= 0 {
            return Ok(None);
        }
        let exact = i128::from(self.seat_cost.minor()) * i128::from(self.own_quantity.scaled());
        let minor = round_quotient(exact, i128::from(self.seats.scaled()))?;
        Ok(Some(Money::new(minor, self.seat_cost.currency())))
    }

    /// X9: the vendor's price less the seller's.
    ///
    /// # Errors
    /// [`Refusal::AmountTooLarge`].
    pub fn price_difference(&self) -> Result<Option<Money>, Refusal> {
        let price = self.price.filter(|_| self.mapped);
        price.map(|price| price.checked_sub(self.own_price)).transpose()
    }

    /// X10: the vendor's cost less the seller's price, as the guide writes it, so that a profit is below zero.
    ///
    /// # Errors
    /// [`Refusal::AmountTooLarge`].
    pub fn margin(&self) -> Result<Option<Money>, Refusal> {
        let cost = self.mapped.then_some(self.cost);
        cost.map(|cost| cost.checked_sub(self.own_price)).transpose()
    }

    /// What is earned: the seller's price less the vendor's cost.
    ///
    /// # Errors
    /// [`Refusal::AmountTooLarge`].
    pub fn profit(&self) -> Result<Option<Money>, Refusal> {
        let own = self.mapped.then_some(self.own_price);
        own.map(|own| own.checked_sub(self.cost)).transpose()
    }

    /// The profit in hundredths of a percent of the seller's price; none where that is not above zero.
    ///
    /// # Errors
    /// [`Refusal::AmountTooLarge`].
    pub fn profit_share(&self) -> Result<Option<i64>, Refusal> {
        let profit = self.profit()?.filter(|_| self.own_price.is_positive());
        let share = |profit: Money| {
            let exact = i128::from(profit.minor()) * 10_000;
            round_quotient(exact, i128::from(self.own_price.minor()))
        };
        profit.map(share).transpose()
    }
}

/// A quotient to the nearest whole number, half away from zero (V4). The divisor is above zero.
fn round_quotient(value: i128, by: i128) -> Result<i64, Refusal> {
    let whole = value / by;
    let rest = value % by;
    let up = rest.unsigned_abs() * 2 >= by.unsigned_abs();
    let rounded = if up { whole + rest.signum() } else { whole };
    i64::try_from(rounded).map_err(|_| Refusal::AmountTooLarge)
}
