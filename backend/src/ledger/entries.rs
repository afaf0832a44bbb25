//! The entries behind a balance of the books, the newest first.
//!
//! A place in the list is a posting's whole key after its day, so pages have no gaps. What the balance was after the first
//! row of a page is summed from what is older; from there it is counted down.

use super::names::Names;
use crate::{
    Error,
    by_day::{PART, after_part, in_parts},
    codes::{Stored, money},
    scope::Scope,
};
use chrono::NaiveDate;
use domain::{
    Money,
    access::ViewBooks,
    books::entries::{Entries, EntryQuery, EntryRow},
    ids::AccountId,
    ledger::{Book, EntryKind},
    list::{COUNTED_TO, Cursor, DEFAULT_PER_PAGE, Page, Position, Total},
    locale::parse_date,
};
use entity::{
    Uuid, account,
    posting::{self, Column},
};
use futures::Stream;
use sea_orm::{
    ColumnTrait, Condition, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};

/// A page of the entries behind a balance. A day to come is today.
///
/// # Errors
/// [`Error::NotFound`] for an account of somebody else; [`Error::Database`].
pub async fn list(scope: &Scope<ViewBooks>, query: &EntryQuery) -> Result<Entries, Error> {
    let of = match query.account {
        Some(id) => Some(name(scope, id).await?),
        None => None,
    };
    let size = usize::from(DEFAULT_PER_PAGE);
    let found = read(scope, query, u64::from(DEFAULT_PER_PAGE) + 1).await?;
    let count = narrowed(scope, query)
        .limit(COUNTED_TO + 1)
        .count(scope.db())
        .await?;
    let page = Page::of(found, size, &query.position, Total::counted(count), cursor);
    let rows = shown(scope, query, &page.rows, None).await?;
    Ok(Entries {
        on: day(scope, query),
        of,
        page: page.with(rows),
    })
}

/// All of them, the newest first, read in parts.
pub fn stream(
    scope: &Scope<ViewBooks>,
    query: &EntryQuery,
) -> impl Stream<Item = Result<EntryRow, Error>> + Send + 'static {
    let scope = scope.clone();
    in_parts((query.at(Position::First), None), move |(query, before)| {
        let scope = scope.clone();
        async move {
            let found = read(&scope, &query, PART).await?;
            let next = after_part(&found, cursor);
            let rows = shown(&scope, &query, &found, before).await?;
            // What the next part begins with is what this one ended with, less its last entry.
            let before = match rows.last() {
                Some(last) => Some(last.balance.checked_sub(last.amount)?),
                None => before,
            };
            Ok((rows, next.map(|place| (query.at(place), before))))
        }
    })
}

/// The day that is asked for. A day to come is today.
pub fn day(scope: &Scope<ViewBooks>, query: &EntryQuery) -> NaiveDate {
    Ord::min(query.on.unwrap_or_else(|| scope.today()), scope.today())
}

async fn name(scope: &Scope<ViewBooks>, id: AccountId) -> Result<String, Error> {
    let found = scope
        .find::<account::Entity>()
        .filter(account::Column::Id.eq(id.0))
        .one(scope.db())
        .await?;
    Ok(found.ok_or(Error::NotFound)?.buyer_name)
}

fn narrowed(scope: &Scope<ViewBooks>, query: &EntryQuery) -> Select<posting::Entity> {
    let books = || query.behind.books().into_iter().map(Book::code);
    let mut rows = scope
        .find::<posting::Entity>()
        .filter(Column::BookedOn.lte(day(scope, query)))
        .filter(Column::Currency.eq(query.currency.code()))
        .filter(
            Condition::any()
                .add(Column::Debit.is_in(books()))
                .add(Column::Credit.is_in(books())),
        );
    if let Some(account) = query.account {
        rows = rows.filter(Column::AccountId.eq(account.0));
    }
    rows
}

/// The rows at a place of the list, `limit` at most.
async fn read(
    scope: &Scope<ViewBooks>,
    query: &EntryQuery,
    limit: u64,
) -> Result<Vec<posting::Model>, Error> {
    let backwards = query.position.is_backwards();
    let mut rows = narrowed(scope, query);
    if let Position::After(cursor) | Position::Before(cursor) = &query.position {
        // A place that cannot be read is none: the list begins anew.
        if let Some(place) = Place::read(cursor) {
            rows = rows.filter(place.beyond(backwards));
        }
    }
    let by = [Column::BookedOn, Column::SourceId, Column::Kind, Column::Position];
    for column in by {
        rows = if backwards {
            rows.order_by_asc(column)
        } else {
            rows.order_by_desc(column)
        };
    }
    Ok(rows.limit(limit).all(scope.db()).await?)
}

fn cursor(row: &posting::Model) -> Cursor {
    let key = format!(
        "{} {} {}",
        row.booked_on,
        row.kind.to_domain().code(),
        row.position
    );
    Cursor::new(&key, row.source_id)
}

/// Where a posting stands in the list.
struct Place {
    day: NaiveDate,
    source: Uuid,
    kind: EntryKind,
    position: i32,
}

impl Place {
    fn read(cursor: &Cursor) -> Option<Self> {
        let mut parts = cursor.key.split(' ');
        Some(Self {
            day: parse_date(parts.next()?).ok()?,
            source: cursor.id,
            kind: EntryKind::from_code(parts.next()?)?,
            position: parts.next()?.parse().ok()?,
        })
    }

    fn of(row: &posting::Model) -> Self {
        Self {
            day: row.booked_on,
            source: row.source_id,
            kind: row.kind.to_domain(),
            position: row.position,
        }
    }

    /// Rows on its far side.
    fn beyond(&self, backwards: bool) -> Condition {
        let kind = self.kind.code();
        let same = |column: Column, value: sea_orm::Value| column.eq(value);
        let further = |column: Column, value: sea_orm::Value| {
            if backwards {
                column.gt(value)
            } else {
                column.lt(value)
            }
        };
        let of_act = Condition::all()
            .add(same(Column::Kind, kind.into()))
            .add(further(Column::Position, self.position.into()));
        let of_source = Condition::all()
            .add(same(Column::SourceId, self.source.into()))
            .add(
                Condition::any()
                    .add(further(Column::Kind, kind.into()))
                    .add(of_act),
            );
        let from = if backwards {
            Column::BookedOn.gte(self.day)
        } else {
            Column::BookedOn.lte(self.day)
        };
        // The range stands apart, so that an index begins there however deep the page is.
        Condition::all().add(from).add(
            Condition::any()
                .add(further(Column::BookedOn, self.day.into()))
                .add(further(Column::SourceId, self.source.into()))
                .add(of_source),
        )
    }
}

/// What a posting did to the balance that is asked for, in minor units.
fn effect(query: &EntryQuery, row: &posting::Model) -> i64 {
    let books = query.behind.books();
    let on = |book: Book| i64::from(books.contains(&book));
    let left = row.amount_minor * (on(row.debit.to_domain()) - on(row.credit.to_domain()));
    if query.behind.is_debit() { left } else { -left }
}

/// The balance after all rows that are older than one.
async fn older(scope: &Scope<ViewBooks>, query: &EntryQuery, row: &posting::Model) -> Result<i64, Error> {
    let books = || query.behind.books().into_iter().map(Book::code);
    let amount = || Expr::col(Column::AmountMinor);
    let left = Expr::case(Column::Debit.is_in(books()), amount()).finally(0);
    let right = Expr::case(Column::Credit.is_in(books()), amount()).finally(0);
    let sum: Option<Option<i64>> = narrowed(scope, query)
        .filter(Place::of(row).beyond(false))
        .select_only()
        .expr(Expr::expr(Expr::expr(left).sub(right)).sum().cast_as("bigint"))
        .into_tuple()
        .one(scope.db())
        .await?;
    let left = sum.flatten().unwrap_or_default();
    Ok(if query.behind.is_debit() { left } else { -left })
}

/// Rows with names, numbers and balances; `before` is the balance after the first of them where it is known.
async fn shown(
    scope: &Scope<ViewBooks>,
    query: &EntryQuery,
    rows: &[posting::Model],
    before: Option<Money>,
) -> Result<Vec<EntryRow>, Error> {
    let Some(first) = rows.first() else {
        return Ok(Vec::new());
    };
    let mut balance = match before {
        Some(balance) => balance.minor(),
        None => older(scope, query, first).await? + effect(query, first),
    };
    let names = Names::of_postings(scope, rows).await?;
    let books = query.behind.books();
    let mut shown = Vec::with_capacity(rows.len());
    for row in rows {
        let amount = effect(query, row);
        let other = |book: Book| Some(book).filter(|book| !books.contains(book));
        shown.push(EntryRow {
            day: row.booked_on,
            kind: row.kind.to_domain(),
            documents: names.documents(row),
            account: AccountId(row.account_id),
            name: names.account(row.account_id),
            other: other(row.debit.to_domain()).or_else(|| other(row.credit.to_domain())),
            amount: money(amount, &row.currency)?,
            balance: money(balance, &row.currency)?,
        });
        balance -= amount;
    }
    Ok(shown)
}
