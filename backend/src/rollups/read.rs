//! What is shown of bills of parents: the list, one of them, and what a new one would hold.

mod prepare;

pub(super) use prepare::mark_of;
pub use prepare::prepare;
pub(super) use prepare::{billable, children};

use crate::{
    Error,
    by_day::part,
    codes::{currency, money},
    scope::{Scope, SeesInvoices},
};
use domain::{
    Money,
    access::{PayInvoices, Permit, Side},
    ids::{AccountId, InvoiceId, RollupId},
    list::{COUNTED_TO, Cursor, DEFAULT_PER_PAGE, Page, Position, Total},
    rollups::{BilledWith, Period, Rollup, RollupLine, RollupRow, blocks, state, voiding},
};
use entity::{Uuid, codes::Stage, invoice, rollup, rollup_line};
use sea_orm::{
    ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use std::collections::{BTreeMap, BTreeSet};

/// A page of bills, the newest first.
///
/// # Errors
/// [`Error::Database`].
pub async fn list<P: SeesInvoices>(scope: &Scope<P>, position: &Position) -> Result<Page<RollupRow>, Error> {
    let size = usize::from(DEFAULT_PER_PAGE);
    let by = (rollup::Column::IssueDate, rollup::Column::Id);
    let rows = scope.find::<rollup::Entity>();
    let count = rows.clone().limit(COUNTED_TO + 1).count(scope.db()).await?;
    let found = part(rows, by, position, u64::from(DEFAULT_PER_PAGE) + 1);
    let found = found.all(scope.db()).await?;
    let page = Page::of(found, size, position, Total::counted(count), |row| {
        Cursor::new(&row.issue_date.to_string(), row.id)
    });
    let open = open_of(scope, page.rows.iter().map(|row| row.id)).await?;
    let rows = page.rows.into_iter().map(|row| {
        let open = open.get(&row.id).copied().unwrap_or(0);
        shown(row, P::SIDE, open)
    });
    Ok(Page {
        rows: rows.collect::<Result<_, _>>()?,
        total: page.total,
        previous: page.previous,
        next: page.next,
    })
}

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
    let open: i64 = now.values().map(|invoice| invoice.open_minor).sum();
    let pending: i64 = now.values().map(|invoice| invoice.reserved_minor).sum();
    Ok(Rollup {
        side: P::SIDE,
        account: AccountId(row.account_id),
        seller: row.seller_name.clone(),
        buyer: row.buyer_name.clone(),
        blocks: blocks(lines)?,
        payable: amount(open - pending)?,
        void_reason: row.void_reason.clone(),
        can_void: voiding(row.voided_at.is_some(), amount(pending)?),
        row: shown(row, P::SIDE, open)?,
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

fn shown(row: rollup::Model, side: Side, open: i64) -> Result<RollupRow, Error> {
    let currency = currency(&row.currency)?;
    let (total, open) = (Money::new(row.total_minor, currency), Money::new(open, currency));
    Ok(RollupRow {
        id: RollupId(row.id),
        number: row.number,
        counterparty: match side {
            Side::Seller => row.buyer_name,
            Side::Buyer => row.seller_name,
        },
        period: Period {
            from: row.period_from,
            to: row.period_to,
        },
        issue_date: row.issue_date,
        due_date: row.due_date,
        state: state(row.voided_at.is_some(), total, open),
        total,
        open,
    })
}

/// What is open of the invoices of bills.
async fn open_of<P: SeesInvoices>(
    scope: &Scope<P>,
    ids: impl Iterator<Item = Uuid>,
) -> Result<BTreeMap<Uuid, i64>, Error> {
    let sums: Vec<(Option<Uuid>, i64)> = scope
        .invoices_to_pay()
        .filter(invoice::Column::RollupId.is_in(ids))
        .select_only()
        .column(invoice::Column::RollupId)
        .expr(Expr::col(invoice::Column::OpenMinor).sum().cast_as("bigint"))
        .group_by(invoice::Column::RollupId)
        .into_tuple()
        .all(scope.db())
        .await?;
    Ok(sums
        .into_iter()
        .filter_map(|(id, open)| Some((id?, open)))
        .collect())
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
