//! Tables of cases and properties of imports.

mod any;
mod checking;
mod reading;
mod rows;

use super::*;
use crate::{Currency, Money, Quantity, TaxRate, UnitPrice, invoices::TaxCategory};
use chrono::NaiveDate;

/// An invoice in euros with the given lines as (quantity, price, rate), in the stored scales' whole units.
fn invoice(lines: &[(&str, &str, &str)]) -> DraftDocument {
    let line = |(place, (quantity, price, rate)): (usize, &(&str, &str, &str))| DraftLine {
        source_line: place as u64 + 2,
        description: format!("line {place}"),
        item_code: None,
        quantity: Quantity::from_decimal(quantity.parse().unwrap()).unwrap(),
        unit: None,
        unit_price: UnitPrice::from_decimal(price.parse().unwrap()).unwrap(),
        price_base: Quantity::from_scaled(1_000_000),
        discount_percent: TaxRate::from_scaled(0),
        discount: eur(0),
        charge: eur(0),
        stated_net: None,
        stated_tax: None,
        tax: standard(rate),
    };
    DraftDocument {
        kind: DocumentKind::Invoice,
        number: "A-1".into(),
        customer: CustomerKey {
            name: Some("Acme".into()),
            ..CustomerKey::default()
        },
        profile: None,
        order_id: None,
        invoices: Vec::new(),
        currency: Currency::EUR,
        issue_date: NaiveDate::from_ymd_opt(2026, 1, 31).unwrap(),
        due_date: None,
        note: None,
        lines: lines.iter().enumerate().map(line).collect(),
        adjustments: Vec::new(),
        stated: StatedTotals::default(),
        prepaid: eur(0),
        rounding: eur(0),
        tax_currency_total: None,
        first_line: 2,
        last_line: 2,
    }
}

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn standard(rate: &str) -> DraftTax {
    let rate = TaxRate::from_decimal(rate.parse().unwrap()).unwrap();
    DraftTax {
        category: if rate.scaled() == 0 {
            TaxCategory::Z
        } else {
            TaxCategory::S
        },
        rate,
        reason: None,
    }
}

fn adjustment(kind: AdjustmentKind, minor: i64, tax: Option<DraftTax>) -> Adjustment {
    Adjustment {
        source_line: 9,
        kind,
        reason: None,
        amount: eur(minor),
        tax,
    }
}

fn fields(row: &str) -> Vec<String> {
    row.split('|').map(str::to_owned).collect()
}
