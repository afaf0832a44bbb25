//! The list of payments that are under way and of those that were refused (P11), the newest first.

use crate::{
    Error,
    by_day::{merged, moment_cursor, part_by_moment},
    codes::{Stored, money},
    scope::{Scope, SeesInvoices},
};
use domain::{
    access::Side,
    ids::{AttemptId, FormKey, InvoiceId},
    list::{COUNTED_TO, DEFAULT_PER_PAGE, Page, Total},
    payments::attempts::{AttemptQuery, AttemptRow},
};
use entity::{Uuid, account, attempt_line, codes, invoice, payment_attempt};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QuerySelect, Select, sea_query::Expr};
use std::collections::BTreeMap;

const BY: (payment_attempt::Column, payment_attempt::Column) =
    (payment_attempt::Column::CreatedAt, payment_attempt::Column::Id);

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
    let page = Page::of(
        found,
        usize::from(DEFAULT_PER_PAGE),
        &query.position,
        Total::counted(count),
        cursor,
    );
    Ok(Page {
        rows: shown(scope, &page.rows).await?,
        total: page.total,
        previous: page.previous,
        next: page.next,
    })
}

/// The list, one company at a time.
fn narrowed<P: SeesInvoices>(scope: &Scope<P>, query: &AttemptQuery) -> Vec<Select<payment_attempt::Entity>> {
    // As text: with bound values SQLite cannot tell that the partial index of such tries answers it.
    let mut rows = scope
        .find::<payment_attempt::Entity>()
        .filter(Expr::cust("state <> 'succeeded'"));
    if let Some(group) = query.group {
        let states = group
            .states()
            .iter()
            .copied()
            .map(codes::AttemptState::from_domain);
        rows = rows.filter(payment_attempt::Column::State.is_in(states));
    }
    let sides = (
        payment_attempt::Column::SellerId,
        payment_attempt::Column::BuyerId,
    );
    scope.by_company(rows, sides, None)
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
