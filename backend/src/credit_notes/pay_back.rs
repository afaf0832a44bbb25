//! What of a credit note is paid back as it is issued (V36): by hand out of its credit, or through the gateway onto the
//! payments that its invoice was paid with. Then the credit takes the money's place on the invoice once the gateway has
//! said yes; until then nobody else can use it, and if the gateway says no it stays as credit.

use crate::{
    Error,
    codes::{is_through_gateway, money},
    payments::Pot,
    refunds::{self, Instead},
    scope::{Scope, Tx},
};
use domain::{
    FieldErrors, Money,
    access::{IssueCreditNotes, RefundPayments},
    credit_notes::{PaidByCard, PayBack, over_payments},
    ids::{CreditNoteId, InvoiceId},
    refunds::RefundWay,
};
use entity::{Uuid, allocation, credit_note, payment, refund};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder, Select};
use std::collections::BTreeMap;

/// Who pays back must be permitted to, whoever may issue credit notes. None when nothing is paid back.
///
/// # Errors
/// [`Error::Forbidden`].
pub(super) fn permitted(
    scope: &Scope<IssueCreditNotes>,
    back: Option<&PayBack>,
) -> Result<Option<Scope<RefundPayments>>, Error> {
    back.map(|_| scope.actor().permit::<RefundPayments>()).transpose()
}

/// What can go back to the cards and bank accounts that an invoice was paid with, for the page.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn cards(
    scope: &Scope<IssueCreditNotes>,
    invoice: InvoiceId,
    zero: Money,
) -> Result<Option<PaidByCard>, Error> {
    let paid = paid_by_gateway(scope.find(), scope.find(), scope.db(), invoice).await?;
    if paid.is_empty() {
        return Ok(None);
    }
    let name = |(payment, _): &(payment::Model, Money)| {
        let last4 = payment.last4.as_ref().map(|last4| format!("•••• {last4}"));
        last4.unwrap_or_else(|| payment.receipt_number.clone())
    };
    Ok(Some(PaidByCard {
        amount: Money::sum(zero.currency(), paid.iter().map(|(_, amount)| *amount))?,
        with: paid.iter().rev().map(name).collect(),
    }))
}

/// Locks the payments that money is to go back to, in the order of their ids and before the invoice (V30).
///
/// # Errors
/// [`domain::Refusal::RefundUnderWay`].
pub(super) async fn lock(
    tx: &Tx,
    invoice: InvoiceId,
    back: Option<&PayBack>,
) -> Result<Vec<(payment::Model, Money)>, Error> {
    if back.is_none_or(|back| back.way != RefundWay::Gateway) {
        return Ok(Vec::new());
    }
    let seen = paid_by_gateway(tx.find(), tx.find(), tx.db(), invoice).await?;
    for (payment, _) in &seen {
        Pot::lock(tx, payment.id).await?;
    }
    // Now that nothing moves: what came meanwhile is not locked, and not touched.
    let mut paid = paid_by_gateway(tx.find(), tx.find(), tx.db(), invoice).await?;
    paid.retain(|(payment, _)| seen.iter().any(|(known, _)| known.id == payment.id));
    Ok(paid)
}

/// Pays back what was asked for, which the rest has been found to cover. Returns what the gateway is to be asked for.
///
/// # Errors
/// [`domain::Refusal::MoreThanAvailable`] for the field `back` when not that much was paid through the gateway.
pub(super) async fn pay(
    tx: &mut Tx,
    note: &credit_note::Model,
    back: &PayBack,
    paid: &[(payment::Model, Money)],
) -> Result<Vec<refund::Model>, Error> {
    if back.way == RefundWay::ByHand {
        refunds::pay_out(tx, note, back.amount, &back.reference).await?;
        return Ok(Vec::new());
    }
    let there: Vec<(Uuid, Money)> = paid.iter().map(|(payment, part)| (payment.id, *part)).collect();
    let parts = over_payments(back.amount, &there).map_err(|refusal| FieldErrors::one("back", refusal))?;
    let mut asked = Vec::with_capacity(parts.len());
    for (id, part) in parts {
        let payment = paid.iter().find(|(payment, _)| payment.id == id);
        let (payment, _) = payment.ok_or(Error::NotFound)?;
        let instead = Instead {
            note: CreditNoteId(note.id),
            invoice: InvoiceId(note.invoice_id.ok_or(Error::NotFound)?),
            amount: part,
        };
        asked.push(refunds::ask_instead(tx, payment, instead, &back.reference).await?);
    }
    Ok(asked)
}

/// Asks the gateway, now that all of it is committed.
///
/// # Errors
/// [`Error::Database`]; what was asked for is then looked up.
pub(super) async fn ask(scope: Option<&Scope<RefundPayments>>, asked: &[refund::Model]) -> Result<(), Error> {
    let Some(scope) = scope else { return Ok(()) };
    for refund in asked {
        refunds::ask(scope, refund).await?;
    }
    Ok(())
}

/// Payments through the gateway that have money on an invoice, and how much, in the order of their ids.
async fn paid_by_gateway(
    allocations: Select<allocation::Entity>,
    payments: Select<payment::Entity>,
    db: &impl ConnectionTrait,
    invoice: InvoiceId,
) -> Result<Vec<(payment::Model, Money)>, Error> {
    let rows = allocations
        .filter(allocation::Column::InvoiceId.eq(invoice.0))
        .filter(allocation::Column::PaymentId.is_not_null())
        .all(db)
        .await?;
    let mut lying: BTreeMap<Uuid, i64> = BTreeMap::new();
    for row in rows {
        *lying.entry(row.payment_id.unwrap_or_default()).or_default() += row.amount_minor;
    }
    lying.retain(|_, sum| *sum > 0);
    let found = payments
        .filter(payment::Column::Id.is_in(lying.keys().copied()))
        .filter(payment::Column::Reference.is_not_null())
        .order_by_asc(payment::Column::Id)
        .all(db)
        .await?;
    let through = found.into_iter().filter(|row| is_through_gateway(row.method));
    through
        .map(|row| {
            let part = money(lying.get(&row.id).copied().unwrap_or_default(), &row.currency)?;
            Ok((row, part))
        })
        .collect()
}
