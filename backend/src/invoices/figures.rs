//! Figures of the grid at a million invoices, printed, and held to their bars (D20).
//!
//! Ignored by default: filling the database takes minutes, and only an optimised build tells anything.
//! `cargo test --release -p backend figures -- --ignored --nocapture`, with `FIGURES` for another number of invoices.

use super::read;
use crate::{Backend, Scope, scope::SeesInvoices, testing::World};
use domain::{
    access::{Side, ViewIssuedInvoices, ViewReceivedInvoices},
    invoices::{InvoiceFilter, InvoiceQuery, SortKey, Status},
    list::{Direction, Position},
};
use futures::TryStreamExt;
use sea_orm::{ConnectionTrait, DbBackend};
use std::time::{Duration, Instant};

const ROUNDS: usize = 21;

/// Invoices of the distributor: one in ten Acme's, the others Borealis'; one in eight is open.
async fn fill(backend: &Backend, count: u64) {
    let writer = backend.system().writer().clone();
    let (id, day) = match writer.get_database_backend() {
        DbBackend::Postgres => ("gen_random_uuid()", "(date '2025-01-01' + (n % 400)::int)"),
        _ => (
            "randomblob(16)",
            "date('2025-01-01', '+' || (n % 400) || ' days')",
        ),
    };
    let stage = "CASE WHEN n % 100 < 10 THEN 'open' WHEN n % 100 < 13 THEN 'partly_paid' \
                 WHEN n % 100 < 98 THEN 'paid' WHEN n % 100 < 99 THEN 'void' ELSE 'draft' END";
    let total = "(1000 + (n * 7919) % 900000)";
    let text = format!(
        "INSERT INTO invoices (seller_id, id, account_id, buyer_id, stage, source, number, order_id, currency, \
         issue_date, due_date, lines_minor, discount_minor, charge_minor, net_minor, tax_minor, rounding_minor, \
         total_minor, paid_minor, credited_minor, open_minor, reserved_minor, buyer_name, buyer_external_id, \
         seller_name, number_key, order_key, buyer_key, seller_key, issue_key, version, created_at) \
         WITH RECURSIVE counter(n) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT n + 1 FROM counter WHERE n < {count}), \
         made AS (SELECT n, {stage} AS stage, {total} AS total, {day} AS day FROM counter) \
         SELECT a.seller_id, {id}, a.id, a.buyer_id, stage, 'manual', \
         CASE WHEN stage = 'draft' THEN NULL ELSE 'X-' || n END, NULL, 'USD', \
         CASE WHEN stage = 'draft' THEN NULL ELSE day END, day, total, 0, 0, total, 0, 0, total, \
         CASE stage WHEN 'paid' THEN total WHEN 'partly_paid' THEN 500 ELSE 0 END, 0, \
         CASE stage WHEN 'paid' THEN 0 WHEN 'void' THEN 0 WHEN 'partly_paid' THEN total - 500 ELSE total END, 0, \
         a.buyer_name, a.external_id, a.seller_name, CASE WHEN stage = 'draft' THEN '' ELSE 'x-' || n END, '', \
         lower(a.buyer_name), lower(a.seller_name), day, 1, a.created_at \
         FROM made JOIN accounts a ON a.buyer_name = CASE WHEN n % 10 = 3 THEN 'Acme' ELSE 'Borealis' END"
    );
    let start = Instant::now();
    writer.execute_unprepared(&text).await.unwrap();
    if writer.get_database_backend() == DbBackend::Postgres {
        // Its own housekeeping does this within a minute; SQLite has none and must do without.
        writer.execute_unprepared("VACUUM ANALYZE").await.unwrap();
    }
    println!("{count} invoices in {:?}", start.elapsed());
}

async fn median<P: SeesInvoices>(scope: &Scope<P>, query: &InvoiceQuery) -> (Duration, usize) {
    let mut times = Vec::with_capacity(ROUNDS);
    let mut rows = 0;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        rows = read::list(scope, query).await.unwrap().rows.len();
        times.push(start.elapsed());
    }
    times.sort();
    (times[ROUNDS / 2], rows)
}

fn filters() -> Vec<(&'static str, InvoiceFilter)> {
    let statuses = |statuses: &[Status]| InvoiceFilter {
        statuses: statuses.to_vec(),
        ..Default::default()
    };
    let customer = InvoiceFilter {
        customer: Some("acme".to_owned()),
        ..Default::default()
    };
    vec![
        ("all", InvoiceFilter::default()),
        ("open", statuses(&[Status::Open])),
        ("overdue", statuses(&[Status::Overdue])),
        ("partly paid", statuses(&[Status::PartiallyPaid])),
        ("customer", customer.clone()),
        (
            "open of customer",
            InvoiceFilter {
                statuses: vec![Status::Open],
                ..customer
            },
        ),
        (
            "number",
            InvoiceFilter {
                number: Some("X-77".to_owned()),
                ..Default::default()
            },
        ),
        (
            "one number",
            InvoiceFilter {
                number: Some("X-123456".to_owned()),
                ..Default::default()
            },
        ),
    ]
}

async fn figures<P: SeesInvoices>(scope: &Scope<P>, side: Side) -> Duration {
    let mut worst = Duration::ZERO;
    for (name, filter) in filters() {
        if side == Side::Buyer && name.contains("customer") {
            continue;
        }
        for sort in SortKey::ALL {
            let mut line = format!("{side:?} {name:18} {sort:?}:");
            for (direction, position) in [
                (Direction::Ascending, Position::First),
                (Direction::Descending, Position::First),
                (Direction::Ascending, Position::Last),
            ] {
                let filter = filter.clone();
                let query = InvoiceQuery {
                    filter,
                    sort: *sort,
                    direction,
                    position,
                    ..InvoiceQuery::new(side)
                };
                let (time, rows) = median(scope, &query).await;
                line.push_str(&format!(" {} µs ({rows})", time.as_micros()));
                worst = worst.max(time);
            }
            println!("{line}");
        }
    }
    worst
}

#[tokio::test]
#[ignore = "takes minutes; only an optimised build tells anything"]
async fn figures_of_the_grid() {
    let count = std::env::var("FIGURES")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(1_000_000);
    let world = World::new().await;
    fill(&world.backend, count).await;
    let seller: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let buyer: Scope<ViewReceivedInvoices> = world.acme().scope();
    let worst = figures(&seller, Side::Seller)
        .await
        .max(figures(&buyer, Side::Buyer).await);
    println!("worst: {worst:?}");
    let start = Instant::now();
    let query = InvoiceQuery::new(Side::Buyer);
    let streamed = read::stream(&buyer, &query)
        .try_fold(0_usize, async |sum, _| Ok(sum + 1))
        .await
        .unwrap();
    println!("stream of {streamed} rows: {:?}", start.elapsed());
    let start = Instant::now();
    let bare = bare_read(&world).await;
    println!("bare read of {bare} rows: {:?}", start.elapsed());
    if !cfg!(debug_assertions) {
        assert!(worst < Duration::from_millis(300), "{worst:?}");
    }
}

/// The same rows in the same order, with nothing done to them.
#[expect(clippy::disallowed_methods, reason = "the yardstick")]
async fn bare_read(world: &World) -> usize {
    let db = world.backend.system().db().clone();
    let mut sql = crate::database::Sql::new(db.get_database_backend());
    sql.push("SELECT id, seller_id, account_id, number, seller_name, buyer_external_id, order_id, source, issue_date, ");
    sql.push("due_date, currency, total_minor, open_minor, reserved_minor, stage FROM invoices WHERE stage <> 'draft' ");
    sql.push("AND buyer_id = ")
        .bind(world.acme().id().0)
        .push(" ORDER BY due_date, id");
    db.query_all_raw(sql.statement()).await.unwrap().len()
}
