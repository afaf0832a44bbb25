//! Reconciliation: bills of vendors beside what the seller billed its customers (X1, X2).
//!
//! The vendor's side is the current version of each bill of a month, the other side the lines of the seller's own invoices
//! that bear a date of the month, drafts and withdrawn ones left out. An invoice line says no period that it is for, so
//! the month is that of the invoice's date. Everything is compared anew when it is asked for: nothing of a comparison is
//! stored, and with mappings that hold from a month on an old month comes out as it did (V57).

pub mod bills;
pub mod mapping;
pub(crate) mod month;
pub mod read;
#[cfg(test)]
mod tests;

use crate::{
    Error,
    codes::{Stored, money},
};
use domain::{Quantity, reconciliation::BillLine};
use entity::vendor_bill_line;

/// A stored line as it stood in its file.
fn stored(row: vendor_bill_line::Model) -> Result<BillLine, Error> {
    let vendor_bill_line::Model {
        seller_id: _,
        bill_id: _,
        line,
        kind,
        company,
        company_id,
        product,
        sku,
        subscription,
        description,
        quantity,
        currency,
        cost_minor,
        price_minor,
        term,
        cancelled,
        starts_on,
        ends_on,
    } = row;
    let amount = |minor| money(minor, &currency);
    Ok(BillLine {
        line: u64::try_from(line).unwrap_or_default(),
        kind: kind.to_domain(),
        company,
        company_id,
        product,
        sku,
        subscription,
        description,
        quantity: Quantity::from_scaled(quantity),
        cost: amount(cost_minor)?,
        price: price_minor.map(amount).transpose()?,
        term,
        cancelled,
        starts_on,
        ends_on,
    })
}
