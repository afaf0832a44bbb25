//! Costs of an invoice as a whole (I9). Their sum is the invoice's charge; a file may have brought no more than that.

use crate::{Error, codes::money};
use domain::{
    Money,
    ids::{InvoiceId, TenantId},
    invoices::Cost,
};
use entity::{invoice, invoice_cost};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder, Select};

/// The rows of costs, in the order of the document.
pub(super) fn rows(
    seller: TenantId,
    invoice: InvoiceId,
    costs: &[Cost],
) -> impl Iterator<Item = invoice_cost::ActiveModel> {
    let numbered = (1..).zip(costs);
    numbered.map(move |(position, cost)| invoice_cost::ActiveModel {
        seller_id: Set(seller.0),
        invoice_id: Set(invoice.0),
        position: Set(position),
        description: Set(cost.description.clone()),
        amount_minor: Set(cost.amount.minor()),
    })
}

/// What makes up the charge of a stored invoice.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn of(
    invoice: &invoice::Model,
    stored: Select<invoice_cost::Entity>,
    db: &impl ConnectionTrait,
) -> Result<Vec<Cost>, Error> {
    let charge = money(invoice.charge_minor, &invoice.currency)?;
    if charge.is_zero() {
        return Ok(Vec::new());
    }
    let rows = stored
        .filter(invoice_cost::Column::SellerId.eq(invoice.seller_id))
        .filter(invoice_cost::Column::InvoiceId.eq(invoice.id))
        .order_by_asc(invoice_cost::Column::Position)
        .all(db)
        .await?;
    let named = rows.into_iter().map(|row| Cost {
        description: row.description,
        amount: Money::new(row.amount_minor, charge.currency()),
    });
    Ok(Cost::all_of(charge, named.collect())?)
}
