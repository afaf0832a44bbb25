//! What the pages of money that goes back show.

use super::money::{standing, under_way};
use crate::{
    Error,
    codes::{Stored, is_through_gateway, money},
    new_id,
    payments::list::method,
    scope::{Scope, SeesInvoices},
};
use domain::{
    Money,
    access::RefundPayments,
    ids::{FormKey, InvoiceId, RefundId},
    refunds::{Refund, RefundForm, RefundLine, RefundState},
};
use entity::{
    Uuid, account, allocation, codes::CreditNoteStage, credit_note, invoice, payment, refund, refund_line,
};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};

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
        to: None,
        recorded: false,
        under_way: !promised_of(scope, [note.id].into_iter()).await?.is_empty(),
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
    let at_gateway = is_through_gateway(payment.method) && payment.reference.is_some();
    let to = at_gateway.then(|| method(&payment));
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
        to,
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

/// What of a credit note was paid back or is about to be, the last first, and how much of it took the place of money on
/// invoices by now.
pub(crate) struct BackOfNote {
    pub(crate) refunds: Vec<Refund>,
    pub(crate) instead: BTreeMap<InvoiceId, i64>,
}

/// What became of a credit note's credit besides being put to invoices, as either side sees it (V36).
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn of_note<P: SeesInvoices>(scope: &Scope<P>, note: Uuid) -> Result<BackOfNote, Error> {
    let lines = scope
        .find::<refund_line::Entity>()
        .filter(refund_line::Column::CreditNoteId.eq(note))
        .all(scope.db())
        .await?;
    let which = Condition::any()
        .add(refund::Column::CreditNoteId.eq(note))
        .add(refund::Column::Id.is_in(lines.iter().map(|line| line.refund_id)));
    let mut refunds = of(scope, which).await?;
    let mut instead = BTreeMap::new();
    for line in lines {
        let of_line = refunds.iter_mut().find(|refund| refund.id.0 == line.refund_id);
        let Some(refund) = of_line else { continue };
        // A refund may concern several invoices, each credited by a note of its own.
        refund.amount = Money::new(line.amount_minor, refund.amount.currency());
        if refund.state == RefundState::Succeeded {
            *instead.entry(InvoiceId(line.invoice_id)).or_default() += line.amount_minor;
        }
    }
    Ok(BackOfNote { refunds, instead })
}

/// Those of some payments and credit notes of which nothing may be put anywhere now: money is on its way back from them, or
/// their credit waits to take its place (V32).
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn held(
    scope: &Scope<impl domain::access::Permit>,
    ids: impl Iterator<Item = Uuid> + Clone,
) -> Result<BTreeSet<Uuid>, Error> {
    let mut held = super::money::going_back(scope, ids.clone()).await?;
    held.extend(promised_of(scope, ids).await?);
    Ok(held)
}

/// Those of some credit notes whose credit waits to take the place of money that is on its way back.
///
/// # Errors
/// [`Error::Database`].
async fn promised_of(
    scope: &Scope<impl domain::access::Permit>,
    notes: impl Iterator<Item = Uuid>,
) -> Result<BTreeSet<Uuid>, Error> {
    let lines = scope
        .find::<refund_line::Entity>()
        .filter(refund_line::Column::CreditNoteId.is_in(notes))
        .all(scope.db())
        .await?;
    if lines.is_empty() {
        return Ok(BTreeSet::new());
    }
    let going: Vec<Uuid> = scope
        .find::<refund::Entity>()
        .filter(refund::Column::Id.is_in(lines.iter().map(|line| line.refund_id)))
        .filter(refund::Column::State.is_in(under_way()))
        .select_only()
        .column(refund::Column::Id)
        .into_tuple()
        .all(scope.db())
        .await?;
    let is_going = |line: &refund_line::Model| going.contains(&line.refund_id);
    Ok(lines
        .into_iter()
        .filter(is_going)
        .filter_map(|line| line.credit_note_id)
        .collect())
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
