//! A plan with all its parts.

use super::shown;
use crate::{Error, codes::money, scope::Scope};
use domain::{
    access::RecordPayments,
    ids::{AccountId, InvoiceId, PlanId},
    workbench::{PlanDetail, PlanPart},
};
use entity::{Uuid, account, allocation, allocation_plan, credit_note, invoice, payment};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};

/// A plan: who saved it, what went where, and what of it is still there.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn detail(scope: &Scope<RecordPayments>, id: PlanId) -> Result<PlanDetail, Error> {
    let plan = scope
        .find::<allocation_plan::Entity>()
        .filter(allocation_plan::Column::Id.eq(id.0))
        .one(scope.db())
        .await?;
    let plan = plan.ok_or(Error::NotFound)?;
    let account = scope
        .find::<account::Entity>()
        .filter(account::Column::Id.eq(plan.account_id))
        .one(scope.db())
        .await?;
    let rows = scope
        .find::<allocation::Entity>()
        .filter(allocation::Column::PlanId.eq(id.0))
        .order_by_asc(allocation::Column::Id)
        .all(scope.db())
        .await?;
    let taken: Vec<Option<Uuid>> = scope
        .find::<allocation::Entity>()
        .filter(allocation::Column::ReversalOf.is_in(rows.iter().map(|row| row.id)))
        .select_only()
        .column(allocation::Column::ReversalOf)
        .into_tuple()
        .all(scope.db())
        .await?;
    let taken: BTreeSet<Uuid> = taken.into_iter().flatten().collect();
    let numbers = numbers(scope, &rows).await?;
    let mut parts = Vec::with_capacity(rows.len());
    for row in rows {
        let number = |id| numbers.get(&id).cloned().unwrap_or_default();
        let from = row.payment_id.or(row.credit_note_id).unwrap_or_default();
        parts.push(PlanPart {
            from,
            is_credit: row.credit_note_id.is_some(),
            from_number: number(from),
            invoice: InvoiceId(row.invoice_id),
            number: number(row.invoice_id),
            amount: money(row.amount_minor, &plan.currency)?,
            stands: !taken.contains(&row.id),
        });
    }
    parts.sort_by(|a, b| (&a.from_number, &a.number).cmp(&(&b.from_number, &b.number)));
    Ok(PlanDetail {
        account: AccountId(plan.account_id),
        name: account.map(|account| account.buyer_name).unwrap_or_default(),
        row: shown(plan)?,
        parts,
    })
}

/// What the sources and invoices of some allocations are called.
async fn numbers(
    scope: &Scope<RecordPayments>,
    rows: &[allocation::Model],
) -> Result<BTreeMap<Uuid, String>, Error> {
    let payments: Vec<(Uuid, String)> = scope
        .find::<payment::Entity>()
        .filter(payment::Column::Id.is_in(rows.iter().filter_map(|row| row.payment_id)))
        .select_only()
        .columns([payment::Column::Id, payment::Column::ReceiptNumber])
        .into_tuple()
        .all(scope.db())
        .await?;
    let notes: Vec<(Uuid, String)> = scope
        .find::<credit_note::Entity>()
        .filter(credit_note::Column::Id.is_in(rows.iter().filter_map(|row| row.credit_note_id)))
        .select_only()
        .columns([credit_note::Column::Id, credit_note::Column::Number])
        .into_tuple()
        .all(scope.db())
        .await?;
    let invoices: Vec<(Uuid, Option<String>)> = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::Id.is_in(rows.iter().map(|row| row.invoice_id)))
        .select_only()
        .columns([invoice::Column::Id, invoice::Column::Number])
        .into_tuple()
        .all(scope.db())
        .await?;
    let invoices = invoices
        .into_iter()
        .map(|(id, number)| (id, number.unwrap_or_default()));
    Ok(payments.into_iter().chain(notes).chain(invoices).collect())
}
