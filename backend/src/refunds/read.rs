//! What the pages of money that goes back show.

use super::money::standing;
use crate::{
    Error,
    codes::{Stored, is_through_gateway, money},
    new_id,
    scope::{Scope, SeesInvoices},
};
use domain::{
    access::RefundPayments,
    ids::{FormKey, InvoiceId, RefundId},
    refunds::{Refund, RefundForm, RefundLine},
};
use entity::{Uuid, account, allocation, codes::CreditNoteStage, credit_note, invoice, payment, refund};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder};
use std::collections::BTreeMap;

/// The form on which money of a payment, or what is left of a credit note, is given back.
///
/// # Errors
/// [`Error::NotFound`], also for a credit note that was withdrawn.
pub async fn form(scope: &Scope<RefundPayments>, id: Uuid) -> Result<RefundForm, Error> {
    let payment = scope
        .find::<payment::Entity>()
        .filter(payment::Column::Id.eq(id))
        .one(scope.db())
        .await?;
    if let Some(payment) = payment {
        return of_payment(scope, payment).await;
    }
    let note = scope
        .find::<credit_note::Entity>()
        .filter(credit_note::Column::Id.eq(id))
        .filter(credit_note::Column::Stage.eq(CreditNoteStage::Issued))
        .one(scope.db())
        .await?;
    let note = note.ok_or(Error::NotFound)?;
    Ok(RefundForm {
        key: FormKey(new_id()),
        from: id,
        is_credit: true,
        name: name(scope, note.account_id).await?,
        day: note.issue_date,
        amount: money(note.total_minor, &note.currency)?,
        unapplied: money(note.remaining_minor, &note.currency)?,
        number: note.number,
        lines: Vec::new(),
        card: None,
        recorded: false,
        under_way: false,
    })
}

async fn of_payment(scope: &Scope<RefundPayments>, payment: payment::Model) -> Result<RefundForm, Error> {
    let rows = scope
        .find::<allocation::Entity>()
        .filter(allocation::Column::PaymentId.eq(payment.id))
        .order_by_asc(allocation::Column::Id)
        .all(scope.db())
        .await?;
    let there = standing(&payment, &rows)?;
    let invoices = there.invoices();
    let numbers = numbers(scope, &invoices).await?;
    let mut lines = Vec::with_capacity(invoices.len());
    for invoice in invoices {
        lines.push(RefundLine {
            invoice,
            number: numbers.get(&invoice).cloned().unwrap_or_default(),
            amount: there.on(invoice)?,
        });
    }
    let under_way = of(scope, refund::Column::PaymentId.eq(payment.id)).await?;
    let last4 = payment.last4.filter(|_| is_through_gateway(payment.method));
    Ok(RefundForm {
        key: FormKey(new_id()),
        from: payment.id,
        is_credit: false,
        name: name(scope, payment.account_id).await?,
        day: payment.paid_on,
        amount: money(payment.amount_minor, &payment.currency)?,
        unapplied: there.unapplied,
        number: payment.receipt_number,
        lines,
        card: last4.filter(|_| payment.reference.is_some()),
        recorded: !is_through_gateway(payment.method),
        under_way: under_way.iter().any(|refund| refund.state.is_under_way()),
    })
}

/// What went back of a payment or credit note, as either side sees it, the last first.
///
/// # Errors
/// [`Error::Database`].
pub async fn refunds<P: SeesInvoices>(scope: &Scope<P>, of_what: Uuid) -> Result<Vec<Refund>, Error> {
    let which = Condition::any()
        .add(refund::Column::PaymentId.eq(of_what))
        .add(refund::Column::CreditNoteId.eq(of_what));
    of(scope, which).await
}

async fn of<P: domain::access::Permit>(
    scope: &Scope<P>,
    which: impl sea_orm::sea_query::IntoCondition,
) -> Result<Vec<Refund>, Error> {
    let rows = scope
        .find::<refund::Entity>()
        .filter(which)
        .order_by_desc(refund::Column::Id)
        .all(scope.db())
        .await?;
    rows.into_iter().map(shown).collect()
}

fn shown(row: refund::Model) -> Result<Refund, Error> {
    Ok(Refund {
        id: RefundId(row.id),
        kind: row.kind.to_domain(),
        state: row.state.to_domain(),
        way: row.way.to_domain(),
        amount: money(row.amount_minor, &row.currency)?,
        asked_on: row.asked_on,
        reason: row.reason,
        failure: row.failure_code,
    })
}

async fn name(scope: &Scope<RefundPayments>, account: Uuid) -> Result<String, Error> {
    let row = scope
        .find::<account::Entity>()
        .filter(account::Column::Id.eq(account))
        .one(scope.db())
        .await?;
    Ok(row.map(|row| row.buyer_name).unwrap_or_default())
}

async fn numbers(
    scope: &Scope<RefundPayments>,
    ids: &[InvoiceId],
) -> Result<BTreeMap<InvoiceId, String>, Error> {
    let rows = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .all(scope.db())
        .await?;
    let number = |row: invoice::Model| (InvoiceId(row.id), row.number.unwrap_or_default());
    Ok(rows.into_iter().map(number).collect())
}
