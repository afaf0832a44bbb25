//! What is shown of a bill of a parent, and what a new one would hold.

mod prepare;

pub(super) use prepare::mark_of;
pub use prepare::prepare;
pub(super) use prepare::{billable, children};

use super::list::{Parts, shown};
use crate::{
    Error,
    codes::money,
    scope::{Scope, SeesInvoices},
};
use domain::{
    access::{PayInvoices, Permit},
    ids::{AccountId, InvoiceId, RollupId},
    rollups::{BilledWith, Rollup, RollupLine, blocks, voiding},
};
use entity::{Uuid, codes::Stage, invoice, rollup, rollup_line};
use sea_orm::{
    ColumnTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use std::collections::{BTreeMap, BTreeSet};

/// The page of a bill.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Database`].
pub async fn find<P: SeesInvoices>(scope: &Scope<P>, id: RollupId) -> Result<Rollup, Error> {
    let row = found(scope, id).await?;
    let billed = scope
        .find::<rollup_line::Entity>()
        .filter(rollup_line::Column::SellerId.eq(row.seller_id))
        .filter(rollup_line::Column::RollupId.eq(row.id))
        .all(scope.db())
        .await?;
    let now: BTreeMap<Uuid, invoice::Model> = scope
        .invoices_to_pay()
        .filter(invoice::Column::SellerId.eq(row.seller_id))
        .filter(invoice::Column::RollupId.eq(row.id))
        .all(scope.db())
        .await?
        .into_iter()
        .map(|invoice| (invoice.id, invoice))
        .collect();
    let reached = reached(scope, billed.iter().map(|line| line.invoice_id)).await?;
    let amount = |minor| money(minor, &row.currency);
    let mut lines = Vec::with_capacity(billed.len());
    for line in billed {
        let open = now.get(&line.invoice_id).map_or(0, |invoice| invoice.open_minor);
        lines.push(RollupLine {
            invoice: InvoiceId(line.invoice_id),
            number: line.number,
            company: line.company,
            issue_date: line.issue_date,
            due_date: line.due_date,
            amount: amount(line.amount_minor)?,
            open: amount(open)?,
            reached: reached.contains(&line.invoice_id),
        });
    }
    let parts = Parts {
        open: now.values().map(|invoice| invoice.open_minor).sum(),
        written_off: now.values().map(|invoice| invoice.written_off_minor).sum(),
    };
    let pending: i64 = now.values().map(|invoice| invoice.reserved_minor).sum();
    Ok(Rollup {
        side: P::SIDE,
        account: AccountId(row.account_id),
        seller: row.seller_name.clone(),
        buyer: row.buyer_name.clone(),
        blocks: blocks(lines)?,
        payable: amount(parts.open - pending)?,
        void_reason: row.void_reason.clone(),
        can_void: voiding(row.voided_at.is_some(), amount(pending)?),
        row: shown(row, P::SIDE, parts)?,
    })
}

/// The invoices of a bill that can be paid now.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Database`].
pub async fn payable(scope: &Scope<PayInvoices>, id: RollupId) -> Result<Vec<InvoiceId>, Error> {
    let row = found(scope, id).await?;
    let ids: Vec<Uuid> = scope
        .invoices_to_pay()
        .filter(invoice::Column::SellerId.eq(row.seller_id))
        .filter(invoice::Column::RollupId.eq(row.id))
        .filter(invoice::Column::Stage.is_in([Stage::Open, Stage::PartlyPaid]))
        .filter(Expr::col(invoice::Column::OpenMinor).gt(Expr::col(invoice::Column::ReservedMinor)))
        .order_by_asc(invoice::Column::Id)
        .select_only()
        .column(invoice::Column::Id)
        .into_tuple()
        .all(scope.db())
        .await?;
    Ok(ids.into_iter().map(InvoiceId).collect())
}

/// With which bill of its parent an invoice is paid. Its own company is told the bill's number and the parent's name; who
/// sees the bill is led to it.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn billed_with<P: SeesInvoices>(
    scope: &Scope<P>,
    row: &invoice::Model,
) -> Result<Option<BilledWith>, Error> {
    let (Some(id), Some(number), Some(payer)) = (row.rollup_id, &row.rollup_number, &row.rollup_payer) else {
        return Ok(None);
    };
    let seen = scope
        .find::<rollup::Entity>()
        .filter(rollup::Column::SellerId.eq(row.seller_id))
        .filter(rollup::Column::Id.eq(id))
        .one(scope.db())
        .await?;
    Ok(Some(BilledWith {
        number: number.clone(),
        payer: payer.clone(),
        rollup: seen.map(|rollup| RollupId(rollup.id)),
    }))
}

async fn found<P: Permit>(scope: &Scope<P>, id: RollupId) -> Result<rollup::Model, Error> {
    let row = scope
        .find::<rollup::Entity>()
        .filter(rollup::Column::Id.eq(id.0))
        .one(scope.db())
        .await?;
    row.ok_or(Error::NotFound)
}

/// Those of some invoices that the scope sees as papers of their own.
async fn reached<P: SeesInvoices>(
    scope: &Scope<P>,
    ids: impl Iterator<Item = Uuid>,
) -> Result<BTreeSet<Uuid>, Error> {
    let seen: Vec<Uuid> = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::Id.is_in(ids))
        .select_only()
        .column(invoice::Column::Id)
        .into_tuple()
        .all(scope.db())
        .await?;
    Ok(seen.into_iter().collect())
}
