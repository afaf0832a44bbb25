//! Receipts: what a payment was, for both sides and for the mail.

use super::{attachment, fees, list::method};
use crate::{
    Error,
    codes::money,
    profiles,
    scope::{Scope, Tx},
};
use domain::{
    access::OnSide,
    ids::{InvoiceId, PaymentId},
    payments::{Receipt, ReceiptLine},
    tenants::Party,
};
use entity::{Uuid, allocation, codes, invoice, payment, tenant};
use sea_orm::{ColumnTrait, QueryFilter};
use std::collections::BTreeMap;

/// A payment's receipt as the other functions of this file find its parts.
pub(super) fn compose(
    payment: &payment::Model,
    lines: Vec<ReceiptLine>,
    seller: &tenant::Model,
    buyer: &tenant::Model,
) -> Result<Receipt, Error> {
    let paid_by = match payment.method {
        codes::Method::Card | codes::Method::BankDebit => Some(payment.created_by_name.clone()),
        // Who recorded it is not who paid it.
        codes::Method::Offline | codes::Method::Opening => None,
    };
    Ok(Receipt {
        payment: PaymentId(payment.id),
        number: payment.receipt_number.clone(),
        date: payment.paid_on,
        seller: party(seller),
        buyer: party(buyer),
        paid_by,
        method: method(payment),
        reference: payment.reference.clone(),
        memo: payment.memo.clone(),
        lines,
        amount: money(payment.amount_minor, &payment.currency)?,
        unapplied: money(payment.unapplied_minor, &payment.currency)?,
        mailed_to: payment.mailed_to.clone(),
        attachment: None,
        fee: None,
    })
}

fn party(row: &tenant::Model) -> Party {
    Party {
        name: row.name.clone(),
        street: row.street.clone(),
        city: row.city.clone(),
        postal_code: row.postal_code.clone(),
        country: row.country.clone(),
        tax_id: row.tax_id.clone(),
        email: row.billing_email.clone(),
    }
}

/// Seller and buyer of a payment.
pub(super) async fn tenants(
    tx: &Tx,
    seller: Uuid,
    buyer: Uuid,
) -> Result<(tenant::Model, tenant::Model), Error> {
    let both = tx
        .find::<tenant::Entity>()
        .filter(tenant::Column::Id.is_in([seller, buyer]));
    pick(both.all(tx.db()).await?, seller, buyer)
}

fn pick(
    rows: Vec<tenant::Model>,
    seller: Uuid,
    buyer: Uuid,
) -> Result<(tenant::Model, tenant::Model), Error> {
    let mut by_id: BTreeMap<Uuid, tenant::Model> = rows.into_iter().map(|row| (row.id, row)).collect();
    by_id
        .remove(&seller)
        .zip(by_id.remove(&buyer))
        .ok_or(Error::NotFound)
}

/// Reads a receipt.
///
/// # Errors
/// [`Error::NotFound`].
pub(super) async fn load<P: OnSide>(scope: &Scope<P>, id: PaymentId) -> Result<Receipt, Error> {
    let payment = scope
        .find::<payment::Entity>()
        .filter(payment::Column::Id.eq(id.0))
        .one(scope.db())
        .await?
        .ok_or(Error::NotFound)?;
    let both = [payment.seller_id, payment.buyer_id];
    let tenants = scope
        .find::<tenant::Entity>()
        .filter(tenant::Column::Id.is_in(both))
        .all(scope.db());
    let (seller, buyer) = pick(tenants.await?, payment.seller_id, payment.buyer_id)?;
    let mut receipt = compose(&payment, lines(scope, &payment).await?, &seller, &buyer)?;
    let invoices = receipt.lines.iter().map(|line| line.invoice.0);
    let contact = profiles::contact_of(scope.find(), scope.db(), payment.seller_id, invoices).await?;
    receipt.buyer.email = contact.or(receipt.buyer.email);
    receipt.attachment = attachment::name(scope, id).await?;
    receipt.fee = fees::kept(scope, id).await?;
    Ok(receipt)
}

/// What each invoice got, less what was taken back (V34), and what is open on it now. A subsidiary's invoice that the reader
/// does not reach is known by its number.
async fn lines<P: OnSide>(scope: &Scope<P>, payment: &payment::Model) -> Result<Vec<ReceiptLine>, Error> {
    let allocations = scope
        .find::<allocation::Entity>()
        .filter(allocation::Column::SellerId.eq(payment.seller_id))
        .filter(allocation::Column::PaymentId.eq(payment.id))
        .all(scope.db())
        .await?;
    let mut amounts: BTreeMap<Uuid, i64> = BTreeMap::new();
    let mut others: BTreeMap<Uuid, String> = BTreeMap::new();
    for allocation in allocations {
        *amounts.entry(allocation.invoice_id).or_default() += allocation.amount_minor;
        others.extend(
            allocation
                .invoice_number
                .map(|number| (allocation.invoice_id, number)),
        );
    }
    let invoices = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::SellerId.eq(payment.seller_id))
        .filter(invoice::Column::Id.is_in(amounts.keys().copied()))
        .all(scope.db())
        .await?;
    let mut rows = Vec::with_capacity(invoices.len());
    for row in invoices {
        let minor = amounts.get(&row.id).copied().unwrap_or_default();
        others.remove(&row.id);
        let line = ReceiptLine {
            invoice: InvoiceId(row.id),
            number: row.number.unwrap_or_default(),
            amount: money(minor, &payment.currency)?,
            open: Some(money(row.open_minor, &row.currency)?),
        };
        rows.push((row.due_date, line));
    }
    rows.sort_by(|(a_due, a), (b_due, b)| (a_due, &a.number).cmp(&(b_due, &b.number)));
    let unreached = others.into_iter().map(|(invoice, number)| {
        let minor = amounts.get(&invoice).copied().unwrap_or_default();
        Ok(ReceiptLine {
            invoice: InvoiceId(invoice),
            number,
            amount: money(minor, &payment.currency)?,
            open: None,
        })
    });
    let unreached = unreached.collect::<Result<Vec<_>, Error>>()?;
    Ok(rows
        .into_iter()
        .map(|(_, line)| line)
        .chain(unreached)
        .filter(|line| !line.amount.is_zero())
        .collect())
}
