//! The list of payments that are under way and of those that were refused (P11), the newest first.

use crate::{
    Error,
    by_day::{merged, moment_cursor, part_by_moment},
    codes::{Stored, money},
    scope::{Scope, SeesInvoices},
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    access::Side,
    ids::{AttemptId, FormKey, InvoiceId},
    list::{COUNTED_TO, DEFAULT_PER_PAGE, Page, Total},
    payments::attempts::{AttemptGroup, AttemptQuery, AttemptRow},
};
use entity::{
    Uuid, account, attempt_line, codes, invoice,
    payment_attempt::{self, Column},
};
use sea_orm::{ColumnTrait, Condition, PaginatorTrait, QueryFilter, QuerySelect, Select, sea_query::Expr};
use std::collections::BTreeMap;

const BY: (Column, Column) = (Column::CreatedAt, Column::Id);

/// How long a try that is paid in the end is under way at most. Debits take two weeks where a bank is slow.
const LONGEST: TimeDelta = TimeDelta::days(60);

/// A page of tries that have not become payments: by customers of the tenant, or its own.
///
/// # Errors
/// [`Error::Database`].
pub async fn list<P: SeesInvoices>(
    scope: &Scope<P>,
    query: &AttemptQuery,
) -> Result<Page<AttemptRow>, Error> {
    let limit = u64::from(DEFAULT_PER_PAGE) + 1;
    let mut parts = Vec::new();
    let mut count = 0;
    for rows in narrowed(scope, query) {
        let rows_here = part_by_moment(rows.clone(), BY, &query.position, limit);
        parts.push(rows_here.all(scope.db()).await?);
        count += rows.limit(COUNTED_TO + 1).count(scope.db()).await?;
    }
    let found = merged(parts, &query.position, limit, |row| (row.created_at, row.id));
    let cursor = |row: &payment_attempt::Model| moment_cursor(row.created_at, row.id);
    let mut page = Page::of(
        found,
        usize::from(DEFAULT_PER_PAGE),
        &query.position,
        Total::counted(count),
        cursor,
    );
    if let Some(on) = query.on {
        as_of(&mut page.rows, after(scope, on));
    }
    let rows = shown(scope, &page.rows).await?;
    Ok(page.with(rows))
}

/// The list, one company at a time.
fn narrowed<P: SeesInvoices>(scope: &Scope<P>, query: &AttemptQuery) -> Vec<Select<payment_attempt::Entity>> {
    let rows = scope.find::<payment_attempt::Entity>();
    // As text: with bound values SQLite cannot tell that the partial indexes of such tries answer it.
    let unpaid = rows.clone().filter(Expr::cust("state <> 'succeeded'"));
    let parts = match query.on {
        None => vec![in_group(unpaid, query.group)],
        Some(on) => {
            let end = after(scope, on);
            let mut parts = vec![in_group_then(
                unpaid.filter(Column::CreatedAt.lt(end)),
                query.group,
                end,
            )];
            // What was paid since then was under way.
            if query.group != Some(AttemptGroup::Refused) {
                let paid = rows.filter(Expr::cust("state = 'succeeded'"));
                parts.push(
                    paid.filter(Column::CreatedAt.lt(end))
                        .filter(Column::CreatedAt.gte(end - LONGEST))
                        .filter(Column::ResolvedAt.gte(end)),
                );
            }
            parts
        }
    };
    let sides = (Column::SellerId, Column::BuyerId);
    parts
        .into_iter()
        .flat_map(|rows| scope.by_company(rows, sides, None))
        .collect()
}

/// Those of a group.
fn in_group(
    rows: Select<payment_attempt::Entity>,
    group: Option<AttemptGroup>,
) -> Select<payment_attempt::Entity> {
    let Some(group) = group else {
        return rows;
    };
    let states = group
        .states()
        .iter()
        .copied()
        .map(codes::AttemptState::from_domain);
    rows.filter(Column::State.is_in(states))
}

/// Those of unpaid ones that were in a group at a moment.
fn in_group_then(
    rows: Select<payment_attempt::Entity>,
    group: Option<AttemptGroup>,
    end: DateTime<Utc>,
) -> Select<payment_attempt::Entity> {
    match group {
        None => rows,
        Some(AttemptGroup::Refused) => rows.filter(Column::ResolvedAt.lt(end)),
        Some(AttemptGroup::UnderWay) => rows.filter(
            Condition::any()
                .add(Column::ResolvedAt.is_null())
                .add(Column::ResolvedAt.gte(end)),
        ),
    }
}

/// When a day has ended, where the viewer is.
fn after<P: SeesInvoices>(scope: &Scope<P>, day: NaiveDate) -> DateTime<Utc> {
    let next = day.succ_opt().unwrap_or(day);
    scope.actor().midnight(next)
}

/// Takes back what became of tries after a day.
fn as_of(found: &mut [payment_attempt::Model], end: DateTime<Utc>) {
    for row in found
        .iter_mut()
        .filter(|row| row.resolved_at.is_none_or(|at| at >= end))
    {
        row.failure_code = None;
        row.state = if row.kind.to_domain().is_bank_debit() {
            codes::AttemptState::Processing
        } else {
            codes::AttemptState::Submitted
        };
    }
}

/// Rows with names and invoices.
async fn shown<P: SeesInvoices>(
    scope: &Scope<P>,
    found: &[payment_attempt::Model],
) -> Result<Vec<AttemptRow>, Error> {
    let accounts: BTreeMap<Uuid, account::Model> = scope
        .find::<account::Entity>()
        .filter(account::Column::Id.is_in(found.iter().map(|row| row.account_id)))
        .all(scope.db())
        .await?
        .into_iter()
        .map(|account| (account.id, account))
        .collect();
    let mut invoices = invoices(scope, found).await?;
    let several = scope.sees_several();
    found
        .iter()
        .map(|row| {
            let account = accounts
                .get(&row.account_id)
                .ok_or_else(|| Error::corrupt("an attempt without account"))?;
            let counterparty = match P::SIDE {
                Side::Seller => account.buyer_name.clone(),
                Side::Buyer => account.seller_name.clone(),
            };
            Ok(AttemptRow {
                id: AttemptId(row.id),
                key: FormKey(row.form_key),
                counterparty,
                company: several.then(|| account.buyer_name.clone()),
                amount: money(row.amount_minor, &row.currency)?,
                card: row.brand.clone().zip(row.last4.clone()),
                state: row.state.to_domain(),
                by_itself: row.by_itself,
                by: row.created_by_name.clone(),
                at: row.created_at,
                failure: row.failure_code.clone(),
                invoices: invoices.remove(&row.id).unwrap_or_default(),
            })
        })
        .collect()
}

/// What each of them is to pay.
async fn invoices<P: SeesInvoices>(
    scope: &Scope<P>,
    found: &[payment_attempt::Model],
) -> Result<BTreeMap<Uuid, Vec<(InvoiceId, String)>>, Error> {
    let lines: Vec<(Uuid, Uuid)> = scope
        .find::<attempt_line::Entity>()
        .filter(attempt_line::Column::AttemptId.is_in(found.iter().map(|row| row.id)))
        .select_only()
        .columns([attempt_line::Column::AttemptId, attempt_line::Column::InvoiceId])
        .into_tuple()
        .all(scope.db())
        .await?;
    let numbers: BTreeMap<Uuid, Option<String>> = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::Id.is_in(lines.iter().map(|(_, invoice)| *invoice)))
        .select_only()
        .columns([invoice::Column::Id, invoice::Column::Number])
        .into_tuple::<(Uuid, Option<String>)>()
        .all(scope.db())
        .await?
        .into_iter()
        .collect();
    let mut all: BTreeMap<Uuid, Vec<(InvoiceId, String)>> = BTreeMap::new();
    for (attempt, invoice) in lines {
        if let Some(Some(number)) = numbers.get(&invoice) {
            all.entry(attempt)
                .or_default()
                .push((InvoiceId(invoice), number.clone()));
        }
    }
    Ok(all)
}
