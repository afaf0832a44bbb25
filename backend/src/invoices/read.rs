//! Reading invoices: the grid, its exports, what can be selected in it, and the page of one.

use super::{
    conditions::{Facts, MOST_BRANCHED, Parties, Today},
    grid::Grid,
    order::{KeyKind, key_kind},
    rows::{GridRow, Moment, contains, grid_row},
};
use crate::{
    Error,
    codes::money,
    database::Sql,
    scope::{Scope, SeesInvoices, time_zone},
};
use domain::{
    access::{Side, ViewReceivedInvoices},
    disputes::offered,
    ids::InvoiceId,
    invoices::{InvoiceFilter, InvoiceQuery, InvoiceRow, Selectable, SortKey},
    list::{COUNTED_TO, Direction, MAX_PER_PAGE, Page, Position, Total},
};
use futures::{Stream, StreamExt, stream};
use sea_orm::{ConnectionTrait, QueryResult};
use tokio::sync::mpsc;

pub use super::detail::find;
pub use crate::tenants::read::choices;

/// Most invoices that can be selected at once.
pub const MOST_SELECTED: u64 = 1_000;
/// Rows that an export fetches at a time; it holds three times as many at most. Parts of 10,000 took 167 MB on SQLite,
/// above the bar. Few in tests, so that theirs have many parts.
const BATCH: u64 = if cfg!(test) { 7 } else { 5_000 };
/// A prefix filter that finds no more than this is answered by sorting what it finds.
const FEW: u64 = 500;

/// A page of the grid. The side of the query is the scope's, whatever it says.
///
/// # Errors
/// [`Error::Database`].
pub async fn list<P: SeesInvoices>(
    scope: &Scope<P>,
    query: &InvoiceQuery,
) -> Result<Page<InvoiceRow>, Error> {
    let facts = facts(scope, &query.filter, query.sort).await?;
    let reader = Reader::new(scope, &facts, &query.filter, query.sort);
    let per_page = u64::from(query.per_page.clamp(1, MAX_PER_PAGE));
    let part = reader.part(&query.position, query.direction, per_page).await?;
    let Part { rows, previous, next } = part;
    let all_here = previous.is_none() && next.is_none();
    let total = if all_here {
        Total::Exactly(u64::try_from(rows.len()).unwrap_or(u64::MAX))
    } else {
        reader.total(query.count_all).await?
    };
    Ok(Page {
        rows: rows.into_iter().map(|row| row.row).collect(),
        total,
        previous,
        next,
    })
}

/// All rows of a list in its order, without holding them: for exports. The next part is fetched while this one is
/// read; however slow the reader, no connection waits for it.
///
/// # Errors
/// Each item may be [`Error::Database`], after which there are no more.
pub fn stream<P: SeesInvoices>(
    scope: &Scope<P>,
    query: &InvoiceQuery,
) -> impl Stream<Item = Result<InvoiceRow, Error>> + Send + 'static + use<P> {
    use futures::TryStreamExt;
    let (scope, query) = (scope.clone(), query.clone());
    let (send, receive) = mpsc::channel(1);
    tokio::spawn(async move {
        let mut position = Some(Position::First);
        while let Some(at) = position.take() {
            let part = batch(&scope, &query, &at).await.map(|part| {
                position = part.next.map(Position::After);
                part.rows
            });
            // Nobody reads any more: the download was given up.
            if send.send(part).await.is_err() {
                break;
            }
        }
    });
    let batches = stream::unfold(receive, |mut receive| async move {
        let batch = receive.recv().await?;
        Some((batch, receive))
    });
    batches
        .map_ok(|rows| stream::iter(rows.into_iter().map(|row| Ok(row.row))))
        .try_flatten()
        .fuse()
}

async fn batch<P: SeesInvoices>(
    scope: &Scope<P>,
    query: &InvoiceQuery,
    position: &Position,
) -> Result<Part, Error> {
    let facts = facts(scope, &query.filter, query.sort).await?;
    let mut reader = Reader::new(scope, &facts, &query.filter, query.sort);
    reader.grid = reader.grid.in_large_parts();
    reader.part(position, query.direction, BATCH).await
}

/// Everything of a filter that can be paid now, oldest due first, at most [`MOST_SELECTED`].
///
/// # Errors
/// [`Error::Database`].
pub async fn selectable(
    scope: &Scope<ViewReceivedInvoices>,
    filter: &InvoiceFilter,
) -> Result<Vec<Selectable>, Error> {
    let facts = facts(scope, filter, SortKey::Due).await?;
    let mut reader = Reader::new(scope, &facts, filter, SortKey::Due);
    reader.grid = reader.grid.payable();
    let part = reader
        .part(&Position::First, Direction::Ascending, MOST_SELECTED)
        .await?;
    let rows = part.rows.into_iter().map(|row| row.row);
    Ok(rows
        .filter_map(|row| {
            Some(Selectable {
                payable: row.offered(),
                id: row.id,
                number: row.number?,
            })
        })
        .collect())
}

/// What of these can be paid now, oldest due first. What is unknown or foreign is left out, and so is what cannot be
/// paid: a selection is remembered by the browser and may be old.
///
/// # Errors
/// [`Error::Database`].
pub async fn select(
    scope: &Scope<ViewReceivedInvoices>,
    ids: &[InvoiceId],
) -> Result<Vec<Selectable>, Error> {
    let most = usize::try_from(MOST_SELECTED).unwrap_or(usize::MAX);
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(scope.db().get_database_backend());
    sql.push("SELECT id, number, open_minor, reserved_minor, currency, disputed_minor FROM invoices WHERE ");
    sql.no_index();
    scope.push_bought(&mut sql);
    sql.push(" AND stage IN ('open', 'partly_paid') AND open_minor > reserved_minor AND ");
    // The ids name the rows; the buyer is a condition on what they find, so foreign ones find nothing.
    sql.push("id IN (")
        .bind_all(ids.iter().take(most).map(|id| id.0))
        .push(") ORDER BY due_date, id");
    let rows = run(scope, sql).await?;
    rows.iter()
        .map(|row| {
            let currency: String = row.try_get_by_index(4)?;
            let amount = |place: usize| money(row.try_get_by_index(place)?, &currency);
            let payable = offered(amount(2)?, amount(3)?, amount(5)?);
            let id: uuid::Uuid = row.try_get_by_index(0)?;
            Ok(Selectable {
                id: InvoiceId(id),
                number: row.try_get_by_index(1)?,
                payable,
            })
        })
        .collect()
}

/// A part of a list, with the places where the neighbouring parts are.
struct Part {
    rows: Vec<GridRow>,
    previous: Option<domain::list::Cursor>,
    next: Option<domain::list::Cursor>,
}

/// One list, ready to be read in parts.
struct Reader<'a, P> {
    scope: &'a Scope<P>,
    grid: Grid<'a>,
    kind: KeyKind,
    moment: Moment,
}

impl<'a, P: SeesInvoices> Reader<'a, P> {
    fn new(scope: &'a Scope<P>, facts: &'a Facts, filter: &'a InvoiceFilter, sort: SortKey) -> Self {
        let grid = Grid::new(scope.db().get_database_backend(), facts, filter, sort);
        let moment = Moment {
            now: scope.now(),
            today: scope.today(),
        };
        Self {
            scope,
            grid,
            kind: key_kind(sort),
            moment,
        }
    }

    async fn part(&self, position: &Position, direction: Direction, size: u64) -> Result<Part, Error> {
        let (cursor, reversed) = match position {
            Position::First => (None, false),
            Position::Last => (None, true),
            Position::After(cursor) => (Some(cursor), false),
            Position::Before(cursor) => (Some(cursor), true),
        };
        // A cursor that cannot be read is one of another sort, out of an edited address: the list starts anew.
        let start = cursor.and_then(|cursor| self.grid.start(cursor));
        let from_the_end = reversed && (start.is_some() || cursor.is_none());
        let mut rows = self
            .rows(direction, from_the_end, start.as_ref(), size + 1)
            .await?;
        let wanted = usize::try_from(size).unwrap_or(usize::MAX);
        let more = rows.len() > wanted;
        rows.truncate(wanted);
        if from_the_end && start.is_some() && !more && rows.len() < wanted {
            // The way back ended on a short page: show the first one whole.
            return Box::pin(self.part(&Position::First, direction, size)).await;
        }
        if from_the_end {
            rows.reverse();
        }
        let (before, after) = if from_the_end {
            (more, start.is_some())
        } else {
            (start.is_some(), more)
        };
        let place = |row: &GridRow| self.grid.cursor(row.stage, &row.key, row.row.id.0);
        let fallback = cursor.filter(|_| rows.is_empty() && start.is_some());
        let previous = rows
            .first()
            .filter(|_| before)
            .map(place)
            .or(fallback.cloned().filter(|_| !reversed));
        let next = rows.last().filter(|_| after).map(place);
        Ok(Part { rows, previous, next })
    }

    async fn rows(
        &self,
        direction: Direction,
        reversed: bool,
        start: Option<&super::order::Start>,
        limit: u64,
    ) -> Result<Vec<GridRow>, Error> {
        let Some(sql) = self.grid.page(direction, reversed, start, limit) else {
            return Ok(Vec::new());
        };
        let rows = if self.grid.is_in_large_parts() {
            run_planned_anew(self.scope, sql).await?
        } else {
            run(self.scope, sql).await?
        };
        rows.iter()
            .map(|row| grid_row(row, self.kind, self.moment, self.grid.is_of_several()))
            .collect()
    }

    /// Exact up to [`COUNTED_TO`], and beyond on demand (D20).
    async fn total(&self, count_all: bool) -> Result<Total, Error> {
        let limit = (!count_all).then_some(COUNTED_TO + 1);
        let count = count(self.scope, self.grid.count(limit)).await?;
        Ok(match limit {
            Some(_) if count > COUNTED_TO => Total::MoreThan(COUNTED_TO),
            Some(_) | None => Total::Exactly(count),
        })
    }
}

/// What the conditions of a list need to know; asked for only when a filter needs it.
async fn facts<P: SeesInvoices>(
    scope: &Scope<P>,
    filter: &InvoiceFilter,
    sort: SortKey,
) -> Result<Facts, Error> {
    let overdue = filter.statuses.contains(&domain::invoices::Status::Overdue);
    let today = match scope.side() {
        Side::Buyer if overdue => sellers_today(scope).await?,
        Side::Seller | Side::Buyer => Today {
            date: scope.today(),
            ahead: Vec::new(),
        },
    };
    let parties = match filter
        .customer
        .as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty())
    {
        Some(text) => Some(parties(scope, text).await?),
        None => None,
    };
    let mut facts = Facts {
        side: scope.side(),
        tenant: scope.tenant(),
        companies: scope.companies(),
        today,
        parties,
        few_by_prefix: false,
    };
    let prefixed = filter.number.is_some() || filter.order_id.is_some();
    if prefixed && !matches!(sort, SortKey::Number | SortKey::Order) {
        let grid = Grid::new(scope.db().get_database_backend(), &facts, filter, sort);
        let found = count(scope, grid.count_prefix(FEW + 1)).await?;
        facts.few_by_prefix = found <= FEW;
    }
    Ok(facts)
}

/// Today at each of a buyer's sellers (V19).
async fn sellers_today<P: SeesInvoices>(scope: &Scope<P>) -> Result<Today, Error> {
    let mut sql = Sql::new(scope.db().get_database_backend());
    sql.push(
        "SELECT t.id, t.time_zone FROM accounts a JOIN tenants t ON t.id = a.seller_id WHERE a.buyer_id = ",
    );
    sql.bind(scope.tenant().0);
    let mut dates = Vec::new();
    for row in run(scope, sql).await? {
        let zone = time_zone(&row.try_get_by_index::<String>(1)?)?;
        let seller: uuid::Uuid = row.try_get_by_index(0)?;
        dates.push((seller, scope.now().with_timezone(&zone).date_naive()));
    }
    let date = dates
        .iter()
        .map(|(_, date)| *date)
        .min()
        .unwrap_or_else(|| scope.today());
    let ahead = dates
        .into_iter()
        .filter(|(_, there)| *there > date)
        .map(|(seller, _)| seller)
        .collect();
    Ok(Today { date, ahead })
}

/// Whom a customer filter means: looked for among the accounts, which are few, not among the invoices.
async fn parties<P: SeesInvoices>(scope: &Scope<P>, text: &str) -> Result<Parties, Error> {
    let pattern = contains(text);
    let mut sql = Sql::new(scope.db().get_database_backend());
    sql.push(match scope.side() {
        Side::Seller => "SELECT buyer_id FROM accounts WHERE buyer_search LIKE ",
        Side::Buyer => "SELECT seller_id FROM accounts WHERE seller_search LIKE ",
    });
    sql.bind(pattern.clone()).push(match scope.side() {
        Side::Seller => " ESCAPE '\\' AND seller_id = ",
        Side::Buyer => " ESCAPE '\\' AND buyer_id = ",
    });
    sql.bind(scope.tenant().0)
        .push(&format!(" LIMIT {}", MOST_BRANCHED + 1));
    let rows = run(scope, sql).await?;
    if rows.len() > MOST_BRANCHED {
        return Ok(Parties::Many(pattern));
    }
    let ids = rows
        .iter()
        .map(|row| row.try_get_by_index(0))
        .collect::<Result<_, _>>()?;
    Ok(Parties::Few(ids))
}

async fn count<P: SeesInvoices>(scope: &Scope<P>, sql: Option<Sql>) -> Result<u64, Error> {
    let Some(sql) = sql else { return Ok(0) };
    let rows = run(scope, sql).await?;
    let count: i64 = rows
        .first()
        .ok_or_else(|| Error::corrupt("no count"))?
        .try_get_by_index(0)?;
    u64::try_from(count).map_err(|_| Error::corrupt("a negative count"))
}

#[expect(
    clippy::disallowed_methods,
    reason = "hand-written statements of the grid; each carries the tenant"
)]
async fn run<P: SeesInvoices>(scope: &Scope<P>, sql: Sql) -> Result<Vec<QueryResult>, Error> {
    Ok(scope.db().query_all_raw(sql.statement()).await?)
}

/// Runs a statement that reads many rows. Planned for a buyer of average size, it would fetch and sort all that a large
/// one has for each part, where its true number makes PostgreSQL walk along the index.
#[expect(
    clippy::disallowed_methods,
    reason = "hand-written statements of the grid; each carries the tenant"
)]
async fn run_planned_anew<P: SeesInvoices>(scope: &Scope<P>, sql: Sql) -> Result<Vec<QueryResult>, Error> {
    let pool = scope.db().planned_anew();
    Ok(pool.query_all_raw(sql.statement()).await?)
}
