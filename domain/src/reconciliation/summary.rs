//! The widgets of the dashboard and the file of the comparison, all of the same rows (V54).

use super::{Class, ComparedRow, Figures};
use crate::{
    csv::{csv_cell, csv_line, csv_number},
    decimal::Quantity,
    money::{Currency, Money},
    refusal::Refusal,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A vendor's product with all its seats (X3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Licence {
    /// The product.
    pub product: String,
    /// Seats that the vendor billed to mapped companies.
    pub vendor_quantity: Quantity,
    /// What the seller billed.
    pub own_quantity: Quantity,
    /// Customers whose seats differ.
    pub differing: u64,
    /// Seats that the vendor billed and that are not compared, since something is not mapped.
    pub unmapped: Quantity,
}

impl Licence {
    /// X5, over all customers. That it is zero does not mean that no customer differs.
    pub fn difference(&self) -> Quantity {
        let difference = self.vendor_quantity.scaled();
        Quantity::from_scaled(difference.saturating_sub(self.own_quantity.scaled()))
    }
}

/// The rows of seats by product.
pub fn licences(rows: &[ComparedRow]) -> Vec<Licence> {
    let mut all: BTreeMap<&str, Licence> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.class != Class::Money) {
        let licence = all.entry(&row.product).or_insert_with(|| Licence {
            product: row.product.clone(),
            vendor_quantity: Quantity::from_scaled(0),
            own_quantity: Quantity::from_scaled(0),
            differing: 0,
            unmapped: Quantity::from_scaled(0),
        });
        let add = |to: &mut Quantity, more: Quantity| {
            *to = Quantity::from_scaled(to.scaled().saturating_add(more.scaled()));
        };
        if row.class == Class::Seats {
            add(&mut licence.vendor_quantity, row.vendor_quantity);
            add(&mut licence.own_quantity, row.own_quantity);
            licence.differing += u64::from(row.differs());
        } else {
            add(&mut licence.unmapped, row.vendor_quantity);
        }
    }
    all.into_values().collect()
}

/// The rows whose seats differ, the largest difference first (X4).
pub fn discrepancies(rows: &[ComparedRow]) -> Vec<ComparedRow> {
    let mut found: Vec<ComparedRow> = rows.iter().filter(|row| row.differs()).cloned().collect();
    let size = |row: &ComparedRow| {
        row.difference()
            .map(|difference| difference.scaled().unsigned_abs())
    };
    found.sort_by_key(|row| std::cmp::Reverse(size(row)));
    found
}

/// Sums of all rows that are mapped, by currency.
///
/// # Errors
/// [`Refusal::AmountTooLarge`].
pub fn sums(rows: &[ComparedRow]) -> Result<Vec<Figures>, Refusal> {
    let mut all: BTreeMap<Currency, Figures> = BTreeMap::new();
    for figures in rows
        .iter()
        .flat_map(|row| &row.figures)
        .filter(|figures| figures.mapped)
    {
        let currency = figures.cost.currency();
        let sum = all.entry(currency).or_insert(Figures::none(currency));
        let price = sum.price.zip(figures.price);
        let seats = |one: Quantity, other: Quantity| {
            let sum = one.scaled().checked_add(other.scaled());
            sum.map(Quantity::from_scaled).ok_or(Refusal::AmountTooLarge)
        };
        *sum = Figures {
            cost: sum.cost.checked_add(figures.cost)?,
            price: price.map(|(one, other)| one.checked_add(other)).transpose()?,
            own_price: sum.own_price.checked_add(figures.own_price)?,
            mapped: true,
            seat_cost: sum.seat_cost.checked_add(figures.seat_cost)?,
            seats: seats(sum.seats, figures.seats)?,
            own_quantity: seats(sum.own_quantity, figures.own_quantity)?,
        };
    }
    Ok(all.into_values().collect())
}

/// Headings of the exported comparison.
pub fn export_header() -> String {
    const NAMES: [&str; 15] = [
        "Company",
        "Product",
        "Compared",
        "Vendor quantity",
        "Our quantity",
        "Difference",
        "Currency",
        "Vendor cost",
        "Vendor price",
        "Extended cost",
        "Extended price",
        "Price difference",
        "Product margin",
        "Profit",
        "Profit %",
    ];
    csv_line(NAMES.map(csv_cell))
}

/// The lines of a row: one for each currency.
///
/// # Errors
/// [`Refusal::AmountTooLarge`].
pub fn export_lines(row: &ComparedRow) -> Result<String, Refusal> {
    let number =
        |value: Option<Decimal>| csv_number(&value.map(|value| value.to_string()).unwrap_or_default());
    let amount = |money: Option<Money>| number(money.map(Money::to_decimal));
    let quantity = |quantity: Quantity| number(Some(quantity.to_decimal()));
    let mut text = String::new();
    for figures in &row.figures {
        text.push_str(&csv_line([
            csv_cell(&row.company),
            csv_cell(&row.product),
            csv_cell(row.class.label()),
            quantity(row.vendor_quantity),
            quantity(row.own_quantity),
            number(row.difference().map(Quantity::to_decimal)),
            csv_cell(figures.cost.currency().code()),
            amount(Some(figures.cost)),
            amount(figures.price),
            amount(figures.extended_cost()?),
            amount(Some(figures.own_price)),
            amount(figures.price_difference()?),
            amount(figures.margin()?),
            amount(figures.profit()?),
            number(figures.profit_share()?.map(|share| Decimal::new(share, 2))),
        ]));
    }
    Ok(text)
}
