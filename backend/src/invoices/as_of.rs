//! Invoices as they stood at the end of a day, newest first: each with what the books say of it until then.
//!
//! The list is read by stage, each a range of an index, so a page costs the same however many there are.

use super::rows::key;
use crate::{
    Error,
    by_day::{merged, part},
    codes::money,
    ledger::as_of::{Moved, moved},
    scope::{Scope, SeesInvoices},
};
use chrono::NaiveDate;
use domain::{
    Money,
    access::Side,
    ids::{AccountId, InvoiceId},
    invoices::{
        Stage,
        as_of::{AsOfQuery, InvoiceThen},
        editing::Snapshot,
        lifecycle::status,
    },
    ledger::{Book, EntryKind},
    list::{COUNTED_TO, Cursor, DEFAULT_PER_PAGE, Page, Position, Total},
};
use entity::{Uuid, account, codes, invoice, invoice_revision, posting};
use futures::{Stream, TryStreamExt};
use sea_orm::{
    ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, SelectStatement},
};
use std::collections::BTreeMap;

/// The stages of what was issued.
const ISSUED: [codes::Stage; 5] = [
    codes::Stage::Open,
    codes::Stage::PartlyPaid,
    codes::Stage::Paid,
    codes::Stage::WrittenOff,
    codes::Stage::Void,
];

/// A page of the invoices that were issued by the end of a day, as they stood then, and that day. A day to come is today.
///
/// # Errors
/// [`Error::Database`].
pub async fn list<P: SeesInvoices>(
    scope: &Scope<P>,
    query: &AsOfQuery,
) -> Result<(NaiveDate, Page<InvoiceThen>), Error> {
    let on = day(scope, query);
    let found = read(scope, query, on, u64::from(DEFAULT_PER_PAGE) + 1).await?;
    let mut count = 0;
    for rows in narrowed(scope, query, on) {
        count += rows.limit(COUNTED_TO + 1).count(scope.db()).await?;
    }
    let total = Total::counted(count);
    let page = Page::of(
        found,
        usize::from(DEFAULT_PER_PAGE),
        &query.position,
        total,
        cursor,
    );
    let page = Page {
        rows: shown(scope, &page.rows, on).await?,
        total: page.total,
        previous: page.previous,
        next: page.next,
    };
    Ok((on, page))
}

/// All of them, newest first, read in parts.
pub fn stream<P: SeesInvoices>(
    scope: &Scope<P>,
    query: &AsOfQuery,
) -> impl Stream<Item = Result<InvoiceThen, Error>> + Send + 'static {
    const PART: usize = 1_000;
    let start = (scope.clone(), query.at(Position::First));
    let parts = futures::stream::try_unfold(Some(start), |state| async move {
        let Some((scope, query)) = state else {
            return Ok::<_, Error>(None);
        };
        let on = day(&scope, &query);
        let limit = u64::try_from(PART).unwrap_or_default();
        let found = read(&scope, &query, on, limit).await?;
        let last = found.last().filter(|_| found.len() == PART).map(cursor);
        let rows = shown(&scope, &found, on).await?;
        let next = last.map(|last| (scope, query.at(Position::After(last))));
        Ok(Some((futures::stream::iter(rows.into_iter().map(Ok)), next)))
    });
    parts.try_flatten()
}

/// The day that is asked for. A day to come is today.
pub fn day<P: SeesInvoices>(scope: &Scope<P>, query: &AsOfQuery) -> NaiveDate {
    Ord::min(query.on.unwrap_or_else(|| scope.today()), scope.today())
}

/// The rows at a place of the list, `limit` at most.
async fn read<P: SeesInvoices>(
    scope: &Scope<P>,
    query: &AsOfQuery,
    on: NaiveDate,
    limit: u64,
) -> Result<Vec<invoice::Model>, Error> {
    let by = (invoice::Column::IssueKey, invoice::Column::Id);
    let mut parts = Vec::new();
    for rows in narrowed(scope, query, on) {
        parts.push(part(rows, by, &query.position, limit).all(scope.db()).await?);
    }
    Ok(merged(parts, &query.position, limit, |row| {
        (row.issue_key, row.id)
    }))
}

fn cursor(row: &invoice::Model) -> Cursor {
    Cursor::new(&row.issue_key.to_string(), row.id)
}

/// What was issued by then, one company and one stage at a time.
fn narrowed<P: SeesInvoices>(
    scope: &Scope<P>,
    query: &AsOfQuery,
    on: NaiveDate,
) -> Vec<Select<invoice::Entity>> {
    let mut rows = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::IssueKey.lte(on));
    if let Some(text) = &query.counterparty {
        let other = match P::SIDE {
            Side::Seller => account::Column::BuyerSearch,
            Side::Buyer => account::Column::SellerSearch,
        };
        let accounts = scope
            .find::<account::Entity>()
            .filter(other.contains(key(text)))
            .select_only()
            .column(account::Column::Id);
        rows = rows.filter(invoice::Column::AccountId.in_subquery(accounts.into_query()));
    }
    if let Some(account) = query.open_of {
        rows = rows
            .filter(invoice::Column::AccountId.eq(account.0))
            .filter(invoice::Column::Id.in_subquery(open_then(scope, account, on)));
    }
    let of_stage = |stage| rows.clone().filter(invoice::Column::Stage.eq(stage));
    let columns = (invoice::Column::SellerId, invoice::Column::BuyerId);
    ISSUED
        .into_iter()
        .flat_map(|stage| scope.by_company(of_stage(stage), columns, None))
        .collect()
}

/// Invoices of an account of which the books say that something was open; it costs what that account was ever billed.
fn open_then<P: SeesInvoices>(scope: &Scope<P>, account: AccountId, on: NaiveDate) -> SelectStatement {
    let of_account = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::AccountId.eq(account.0))
        .select_only()
        .column(invoice::Column::Id);
    let amount = || Expr::col(posting::Column::AmountMinor);
    let receivable = Book::Receivable.code();
    let owed = Expr::case(posting::Column::Debit.eq(receivable), amount())
        .case(posting::Column::Credit.eq(receivable), Expr::val(0).sub(amount()))
        .finally(0);
    scope
        .find::<posting::Entity>()
        .filter(posting::Column::InvoiceId.in_subquery(of_account.into_query()))
        .filter(posting::Column::BookedOn.lte(on))
        .select_only()
        .column(posting::Column::InvoiceId)
        .group_by(posting::Column::InvoiceId)
        .having(Expr::expr(owed).sum().ne(0))
        .into_query()
}

async fn shown<P: SeesInvoices>(
    scope: &Scope<P>,
    rows: &[invoice::Model],
    on: NaiveDate,
) -> Result<Vec<InvoiceThen>, Error> {
    let ids = || rows.iter().map(|row| row.id);
    let moved = moved(scope, posting::Column::InvoiceId, ids(), on).await?;
    let due = due_then(scope, ids(), on).await?;
    let accounts = scope
        .find::<account::Entity>()
        .filter(account::Column::Id.is_in(rows.iter().map(|row| row.account_id)))
        .all(scope.db())
        .await?;
    let several = scope.sees_several();
    let nothing = Moved::default();
    rows.iter()
        .map(|row| {
            let account = accounts.iter().find(|account| account.id == row.account_id);
            let account = account.ok_or_else(|| Error::corrupt("an invoice without account"))?;
            let due = due.get(&row.id).copied().unwrap_or(row.due_date);
            let moved = moved.get(&row.id).unwrap_or(&nothing);
            let sums = Sums::of(moved, |minor| money(minor, &row.currency))?;
            Ok(InvoiceThen {
                id: InvoiceId(row.id),
                number: row.number.clone().unwrap_or_default(),
                counterparty: match P::SIDE {
                    Side::Seller => account.buyer_name.clone(),
                    Side::Buyer => account.seller_name.clone(),
                },
                company: several.then(|| account.buyer_name.clone()),
                issue_date: row.issue_key,
                due_date: due,
                status: status(sums.stage, due, sums.open, sums.settled, on),
                total: sums.total,
                open: sums.open,
            })
        })
        .collect()
}

/// What the books say of an invoice.
struct Sums {
    stage: Stage,
    total: Money,
    open: Money,
    settled: Money,
}

impl Sums {
    fn of(moved: &Moved, money: impl Fn(i64) -> Result<Money, Error>) -> Result<Self, Error> {
        let billed = |kind| matches!(kind, EntryKind::Issue | EntryKind::Revise);
        let total = moved.by(Book::Receivable, billed);
        let open = moved.balance(Book::Receivable);
        let written_off = moved.balance(Book::WriteOff);
        let stage = if moved.any(EntryKind::Void) {
            Stage::Void
        } else if written_off > 0 && open == 0 {
            Stage::WrittenOff
        } else {
            Stage::Open
        };
        Ok(Self {
            stage,
            total: money(total)?,
            open: money(open)?,
            settled: money(total - open - written_off)?,
        })
    }
}

/// When invoices that were changed since then were due before: what their next revision kept. The day is the viewer's.
async fn due_then<P: SeesInvoices>(
    scope: &Scope<P>,
    ids: impl Iterator<Item = Uuid>,
    on: NaiveDate,
) -> Result<BTreeMap<Uuid, NaiveDate>, Error> {
    let revisions = scope
        .find::<invoice_revision::Entity>()
        .filter(invoice_revision::Column::InvoiceId.is_in(ids))
        .order_by_desc(invoice_revision::Column::Revision)
        .all(scope.db())
        .await?;
    let mut due = BTreeMap::new();
    for revision in revisions {
        if scope.actor().day(revision.changed_at) > on {
            let before: Snapshot = serde_json::from_value(revision.content)?;
            due.insert(revision.invoice_id, before.due_date);
        }
    }
    Ok(due)
}
