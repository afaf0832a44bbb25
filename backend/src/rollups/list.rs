//! The list of bills of parents, the newest first: by day, and of one day by id; also as of a past day.

use super::status;
use crate::{
    Error,
    by_day::{PART, after_part, in_parts, part},
    codes::currency,
    counterparties::accounts_named,
    ledger::as_of::of_book,
    scope::{Scope, SeesInvoices},
};
use chrono::NaiveDate;
use domain::{
    Money,
    access::Side,
    ids::RollupId,
    ledger::Book,
    list::{COUNTED_TO, Cursor, DEFAULT_PER_PAGE, Page, Position, Total},
    rollups::{Period, RollupRow, Sums, list::RollupQuery, state},
};
use entity::{Uuid, invoice, rollup, rollup_line};
use futures::Stream;
use sea_orm::{
    ColumnTrait, Condition, PaginatorTrait, QueryFilter, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};
use std::collections::BTreeMap;

const BY: (rollup::Column, rollup::Column) = (rollup::Column::IssueDate, rollup::Column::Id);

/// What is open of the invoices of a bill, and what of them was written off, in minor units.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Parts {
    pub(super) open: i64,
    pub(super) written_off: i64,
}

/// A page of bills.
///
/// # Errors
/// [`Error::Database`].
pub async fn list<P: SeesInvoices>(scope: &Scope<P>, query: &RollupQuery) -> Result<Page<RollupRow>, Error> {
    let size = usize::from(DEFAULT_PER_PAGE);
    let found = read(scope, query, u64::from(DEFAULT_PER_PAGE) + 1).await?;
    let count = narrowed(scope, query)
        .limit(COUNTED_TO + 1)
        .count(scope.db())
        .await?;
    let mut page = Page::of(found, size, &query.position, Total::counted(count), cursor);
    let rows = shown_all(scope, query.on, std::mem::take(&mut page.rows)).await?;
    Ok(page.with(rows))
}

/// All bills that match, read in parts.
pub fn stream<P: SeesInvoices>(
    scope: &Scope<P>,
    query: &RollupQuery,
) -> impl Stream<Item = Result<RollupRow, Error>> + Send + 'static {
    let scope = scope.clone();
    in_parts(query.at(Position::First), move |query| {
        let scope = scope.clone();
        async move {
            let found = read(&scope, &query, PART).await?;
            let next = after_part(&found, cursor);
            let rows = shown_all(&scope, query.on, found).await?;
            Ok((rows, next.map(|place| query.at(place))))
        }
    })
}

/// A bill as it stands in the list, with what its invoices come to.
pub(super) fn shown(row: rollup::Model, side: Side, parts: Parts) -> Result<RollupRow, Error> {
    let currency = currency(&row.currency)?;
    let sums = Sums {
        total: Money::new(row.total_minor, currency),
        open: Money::new(parts.open, currency),
        written_off: Money::new(parts.written_off, currency),
    };
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
        total: sums.total,
        open: sums.open,
        state: state(row.voided_on.is_some(), sums),
    })
}

/// The rows at a place of the list, `limit` at most.
async fn read<P: SeesInvoices>(
    scope: &Scope<P>,
    query: &RollupQuery,
    limit: u64,
) -> Result<Vec<rollup::Model>, Error> {
    let rows = part(narrowed(scope, query), BY, &query.position, limit);
    Ok(rows.all(scope.db()).await?)
}

fn cursor(row: &rollup::Model) -> Cursor {
    Cursor::new(&row.issue_date.to_string(), row.id)
}

fn narrowed<P: SeesInvoices>(scope: &Scope<P>, query: &RollupQuery) -> Select<rollup::Entity> {
    let mut rows = scope.find::<rollup::Entity>();
    if let Some(text) = &query.search {
        rows = rows.filter(
            Condition::any()
                .add(rollup::Column::Number.eq(text.to_uppercase()))
                .add(rollup::Column::AccountId.in_subquery(accounts_named(scope, text))),
        );
    }
    if let Some(status) = query.status {
        rows = rows.filter(match query.on {
            None => status::of_status(scope, status),
            Some(on) => status::of_status_then(scope, status, on),
        });
    }
    let days = [query.to, query.on];
    rows.filter(
        Condition::all()
            .add_option(query.from.map(|day| rollup::Column::IssueDate.gte(day)))
            .add_option(
                days.into_iter()
                    .flatten()
                    .min()
                    .map(|day| rollup::Column::IssueDate.lte(day)),
            ),
    )
}

async fn shown_all<P: SeesInvoices>(
    scope: &Scope<P>,
    on: Option<NaiveDate>,
    mut found: Vec<rollup::Model>,
) -> Result<Vec<RollupRow>, Error> {
    if let Some(on) = on {
        for row in &mut found {
            row.voided_on = row.voided_on.filter(|day| *day <= on);
        }
    }
    // Those that were withdrawn hold nothing that is open.
    let standing: Vec<Uuid> = found
        .iter()
        .filter(|row| row.voided_on.is_none())
        .map(|row| row.id)
        .collect();
    let parts = match on {
        Some(on) => parts_then(scope, standing, on).await?,
        None => parts_now(scope, standing).await?,
    };
    found
        .into_iter()
        .map(|row| {
            let of_it = parts.get(&row.id).copied().unwrap_or_default();
            shown(row, P::SIDE, of_it)
        })
        .collect()
}

/// By the invoices as they are.
async fn parts_now<P: SeesInvoices>(
    scope: &Scope<P>,
    ids: Vec<Uuid>,
) -> Result<BTreeMap<Uuid, Parts>, Error> {
    let sum = |column: invoice::Column| Expr::col((invoice::Entity, column)).sum().cast_as("bigint");
    let sums: Vec<(Option<Uuid>, i64, i64)> = scope
        .invoices_to_pay()
        .filter(invoice::Column::RollupId.is_in(ids))
        .select_only()
        .column(invoice::Column::RollupId)
        .expr(sum(invoice::Column::OpenMinor))
        .expr(sum(invoice::Column::WrittenOffMinor))
        .group_by(invoice::Column::RollupId)
        .into_tuple()
        .all(scope.db())
        .await?;
    let of_bill = |(id, open, written_off): (Option<Uuid>, _, _)| Some((id?, Parts { open, written_off }));
    Ok(sums.into_iter().filter_map(of_bill).collect())
}

/// By what was booked on the invoices until the end of a day. An invoice may stand in another bill since.
async fn parts_then<P: SeesInvoices>(
    scope: &Scope<P>,
    ids: Vec<Uuid>,
    on: NaiveDate,
) -> Result<BTreeMap<Uuid, Parts>, Error> {
    let sum = |book| of_book(book).sum().cast_as("bigint");
    let sums: Vec<(Uuid, i64, i64)> = status::on_lines(scope, on)
        .filter(rollup_line::Column::RollupId.is_in(ids))
        .select_only()
        .column(rollup_line::Column::RollupId)
        .expr(sum(Book::Receivable))
        .expr(sum(Book::WriteOff))
        .group_by(rollup_line::Column::RollupId)
        .into_tuple()
        .all(scope.db())
        .await?;
    let of_bill = |(id, open, written_off)| (id, Parts { open, written_off });
    Ok(sums.into_iter().map(of_bill).collect())
}
