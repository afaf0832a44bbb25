//! Invoices as they stood at the end of a day, newest first: each with what the books say of it until then.
//!
//! The list is read by stage, each a range of an index, so a page costs the same however many there are.

use super::then::{disputed_then, due_otherwise, due_then, waited};
use crate::{
    Error,
    by_day::{PART, after_part, in_parts, merged, part},
    codes::money,
    counterparties::accounts_named,
    ledger::as_of::{Moved, moved, of_book},
    scope::{Scope, SeesInvoices},
};
use chrono::NaiveDate;
use domain::{
    Money,
    access::Side,
    books::Age,
    ids::{AccountId, InvoiceId},
    invoices::{
        Stage,
        as_of::{AsOfQuery, InvoiceThen, OpenOf, OpenPart},
        lifecycle::status,
    },
    ledger::{Book, EntryKind},
    list::{COUNTED_TO, Cursor, DEFAULT_PER_PAGE, Page, Position, Total},
};
use entity::{account, codes, dispute, invoice, posting};
use futures::Stream;
use sea_orm::{
    ColumnTrait, Condition, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::{ExprTrait, SelectStatement},
};

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
    let narrowed = narrowed(scope, query, on).await?;
    let found = read(scope, &narrowed, &query.position, u64::from(DEFAULT_PER_PAGE) + 1).await?;
    let mut count = 0;
    for rows in narrowed {
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
    let rows = shown(scope, &page.rows, on).await?;
    Ok((on, page.with(rows)))
}

/// All of them, newest first, read in parts.
pub fn stream<P: SeesInvoices>(
    scope: &Scope<P>,
    query: &AsOfQuery,
) -> impl Stream<Item = Result<InvoiceThen, Error>> + Send + 'static {
    let scope = scope.clone();
    in_parts(query.at(Position::First), move |query| {
        let scope = scope.clone();
        async move {
            let on = day(&scope, &query);
            let narrowed = narrowed(&scope, &query, on).await?;
            let found = read(&scope, &narrowed, &query.position, PART).await?;
            let next = after_part(&found, cursor);
            let rows = shown(&scope, &found, on).await?;
            Ok((rows, next.map(|place| query.at(place))))
        }
    })
}

/// The day that is asked for. A day to come is today.
pub fn day<P: SeesInvoices>(scope: &Scope<P>, query: &AsOfQuery) -> NaiveDate {
    Ord::min(query.on.unwrap_or_else(|| scope.today()), scope.today())
}

/// The rows at a place of the list, `limit` at most.
async fn read<P: SeesInvoices>(
    scope: &Scope<P>,
    narrowed: &[Select<invoice::Entity>],
    position: &Position,
    limit: u64,
) -> Result<Vec<invoice::Model>, Error> {
    let by = (invoice::Column::IssueKey, invoice::Column::Id);
    let mut parts = Vec::new();
    for rows in narrowed {
        parts.push(part(rows.clone(), by, position, limit).all(scope.db()).await?);
    }
    Ok(merged(parts, position, limit, |row| (row.issue_key, row.id)))
}

fn cursor(row: &invoice::Model) -> Cursor {
    Cursor::new(&row.issue_key.to_string(), row.id)
}

/// What was issued by then, one company and one stage at a time.
async fn narrowed<P: SeesInvoices>(
    scope: &Scope<P>,
    query: &AsOfQuery,
    on: NaiveDate,
) -> Result<Vec<Select<invoice::Entity>>, Error> {
    let mut rows = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::IssueKey.lte(on));
    if let Some(text) = &query.counterparty {
        rows = rows.filter(invoice::Column::AccountId.in_subquery(accounts_named(scope, text)));
    }
    if let Some(of) = query.open_of {
        rows = rows.filter(of_customer(scope, of, on).await?);
    }
    let of_stage = |stage| rows.clone().filter(invoice::Column::Stage.eq(stage));
    let columns = (invoice::Column::SellerId, invoice::Column::BuyerId);
    Ok(ISSUED
        .into_iter()
        .flat_map(|stage| scope.by_company(of_stage(stage), columns, None))
        .collect())
}

/// The invoices that make up what a customer owed, or a part of that.
async fn of_customer<P: SeesInvoices>(
    scope: &Scope<P>,
    of: OpenOf,
    on: NaiveDate,
) -> Result<Condition, Error> {
    let currency = of
        .currency
        .map(|currency| invoice::Column::Currency.eq(currency.code()));
    let part = match of.part {
        None => None,
        Some(OpenPart::Age(age)) => Some(as_late(scope, of.account, age, on).await?),
        Some(OpenPart::Disputed) => {
            let disputed = scope
                .find::<dispute::Entity>()
                .filter(dispute::Column::AccountId.eq(of.account.0))
                .filter(waited(on))
                .select_only()
                .column(dispute::Column::InvoiceId);
            Some(Condition::all().add(invoice::Column::Id.in_subquery(disputed.into_query())))
        }
    };
    Ok(Condition::all()
        .add(invoice::Column::AccountId.eq(of.account.0))
        .add(invoice::Column::Id.in_subquery(open_then(scope, of.account, on)))
        .add_option(currency)
        .add_option(part))
}

/// As late on a day as an age says, by the due date that was good then.
async fn as_late<P: SeesInvoices>(
    scope: &Scope<P>,
    account: AccountId,
    age: Age,
    on: NaiveDate,
) -> Result<Condition, Error> {
    let mut otherwise = due_otherwise(scope, on).await?;
    otherwise.retain(|(row, _)| row.account_id == account.0);
    let then = otherwise.iter().filter(|(_, due)| Age::of(*due, on) == age);
    let (first, last) = age.dues(on);
    let now = Condition::all()
        .add_option(first.map(|day| invoice::Column::DueDate.gte(day)))
        .add_option(last.map(|day| invoice::Column::DueDate.lte(day)))
        .add(invoice::Column::Id.is_not_in(otherwise.iter().map(|(row, _)| row.id)));
    Ok(Condition::any()
        .add(now)
        .add(invoice::Column::Id.is_in(then.map(|(row, _)| row.id))))
}

/// Invoices of an account of which the books say that something was open; it costs what that account was ever billed.
fn open_then<P: SeesInvoices>(scope: &Scope<P>, account: AccountId, on: NaiveDate) -> SelectStatement {
    let of_account = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::AccountId.eq(account.0))
        .select_only()
        .column(invoice::Column::Id);
    scope
        .find::<posting::Entity>()
        .filter(posting::Column::InvoiceId.in_subquery(of_account.into_query()))
        .filter(posting::Column::BookedOn.lte(on))
        .select_only()
        .column(posting::Column::InvoiceId)
        .group_by(posting::Column::InvoiceId)
        .having(of_book(Book::Receivable).sum().ne(0))
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
    let disputed = disputed_then(scope, ids(), on).await?;
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
            let disputed = disputed.get(&row.id).copied().unwrap_or_default();
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
                disputed: money(disputed, &row.currency)?.min(sums.open)?,
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
