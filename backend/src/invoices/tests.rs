//! The grid agrees with a plain model of it in every sort, filter and position, on both sides; the page of an invoice
//! tells its story. It is one file since all of it shares the model.

mod reach;

use super::{read, write};
use crate::{Error, Scope, testing::World};
use chrono::TimeDelta;
use domain::{
    Currency, Refusal,
    access::{Side, ViewIssuedInvoices, ViewReceivedInvoices},
    invoices::{InvoiceFilter, InvoiceQuery, InvoiceRow, SettlementKind, SortKey, Source, Status},
    list::{Direction, Position, Total},
    refusal::NotPayable,
};
use futures::TryStreamExt;

/// Invoices of all kinds, with equal keys here and there.
async fn many(world: &World) {
    for number in 0..13_i64 {
        let acme = world
            .acme()
            .invoice(&format!("{}.00", 10 + number % 4))
            .due(number % 5 - 3);
        match number % 4 {
            0 => acme.await,
            1 => acme.paid("3.50").await,
            2 => acme.order(&format!("SO-{number}")).currency(Currency::EUR).await,
            _ => acme.paid("13.00").await,
        };
        world.borealis().invoice("77.00").due(10 - number).await;
    }
    for _ in 0..3 {
        world.acme().invoice("9.00").draft().await;
        world.daisy().invoice("9.00").await;
    }
}

fn key(row: &InvoiceRow, sort: SortKey) -> (u8, String) {
    let amount = |minor: i64| format!("{minor:020}");
    let stage = match row.status {
        Status::Draft => 0,
        Status::Open | Status::PartiallyPaid | Status::Overdue => 1,
        Status::Paid => 2,
        Status::Void => 3,
        Status::WrittenOff => 4,
    };
    match sort {
        SortKey::Due => (0, row.due_date.to_string()),
        SortKey::Issued => (
            0,
            row.issue_date.map_or_else(String::new, |date| date.to_string()),
        ),
        SortKey::Number => (0, row.number.clone().unwrap_or_default().to_lowercase()),
        SortKey::Counterparty => (0, row.counterparty.to_lowercase()),
        SortKey::Order => (0, row.order_id.clone().unwrap_or_default().to_lowercase()),
        SortKey::Source => (0, row.source.code().to_owned()),
        SortKey::Total => (0, amount(row.total.minor())),
        SortKey::Open => (0, amount(row.open.minor())),
        SortKey::Status => (stage, row.due_date.to_string()),
    }
}

/// The list in its order, by plain comparison.
fn sorted(mut rows: Vec<InvoiceRow>, sort: SortKey, direction: Direction) -> Vec<InvoiceRow> {
    rows.sort_by(|a, b| {
        let order = key(a, sort).cmp(&key(b, sort)).then(a.id.cmp(&b.id));
        let order = if direction == Direction::Descending {
            order.reverse()
        } else {
            order
        };
        let drafts_last = a.issue_date.is_none().cmp(&b.issue_date.is_none());
        if sort == SortKey::Issued {
            drafts_last.then(order)
        } else {
            order
        }
    });
    rows
}

const SORTS: &[SortKey] = SortKey::ALL;
const DIRECTIONS: [Direction; 2] = [Direction::Ascending, Direction::Descending];

#[tokio::test]
async fn pages_walked_in_any_sort_and_direction_give_the_whole_list_in_order() {
    let world = World::new().await;
    many(&world).await;
    let seller: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let buyer: Scope<ViewReceivedInvoices> = world.acme().scope();
    walk(&seller, Side::Seller, 29).await;
    walk(&buyer, Side::Buyer, 13).await;
}

async fn walk<P: crate::scope::SeesInvoices>(scope: &Scope<P>, side: Side, expected: usize) {
    let everything = InvoiceQuery {
        per_page: 100,
        ..InvoiceQuery::new(side)
    };
    let all = read::list(scope, &everything).await.unwrap();
    assert_eq!(
        (all.rows.len(), &all.previous, &all.next),
        (expected, &None, &None)
    );
    assert_eq!(all.total, Total::Exactly(expected as u64));
    for sort in SORTS {
        for direction in DIRECTIONS {
            let wanted = sorted(all.rows.clone(), *sort, direction);
            let mut query = InvoiceQuery {
                sort: *sort,
                direction,
                per_page: 5,
                ..InvoiceQuery::new(side)
            };
            let mut forwards = Vec::new();
            loop {
                let page = read::list(scope, &query).await.unwrap();
                assert_eq!(page.total, Total::Exactly(expected as u64));
                assert_eq!(page.previous.is_some(), !forwards.is_empty(), "{sort:?}");
                forwards.extend(page.rows);
                let Some(next) = page.next else { break };
                query.position = Position::After(next);
            }
            assert_eq!(forwards, wanted, "{sort:?} {direction:?} {side:?}");
            query.position = Position::Last;
            let mut backwards = Vec::new();
            loop {
                let page = read::list(scope, &query).await.unwrap();
                let first = backwards.is_empty();
                assert_eq!(page.next.is_none(), first, "{sort:?}");
                if page.previous.is_none() {
                    // The first page is whole, so it may overlap with what was read already.
                    assert_eq!(page.rows, wanted[..5]);
                    break;
                }
                backwards.splice(0..0, page.rows);
                query.position = Position::Before(page.previous.unwrap());
            }
            assert_eq!(
                backwards,
                wanted[expected - backwards.len()..],
                "{sort:?} {direction:?} {side:?}"
            );
            query.position = Position::First;
            let streamed: Vec<InvoiceRow> = read::stream(scope, &query).try_collect().await.unwrap();
            assert_eq!(streamed, wanted, "{sort:?} {direction:?} {side:?}");
        }
    }
}

#[tokio::test]
async fn filters_narrow_as_a_plain_comparison_does() {
    let world = World::new().await;
    many(&world).await;
    let scope: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let today = world.today();
    let all = read::list(
        &scope,
        &InvoiceQuery {
            per_page: 100,
            ..InvoiceQuery::new(Side::Seller)
        },
    )
    .await
    .unwrap();
    let statuses = |statuses: &[Status]| InvoiceFilter {
        statuses: statuses.to_vec(),
        ..Default::default()
    };
    let is_open = |row: &InvoiceRow| row.number.is_some() && row.open.is_positive();
    let is_part = |row: &InvoiceRow| is_open(row) && row.open != row.total;
    let is_late = |row: &InvoiceRow| is_open(row) && row.due_date < today;
    type Test<'a> = Box<dyn Fn(&InvoiceRow) -> bool + 'a>;
    let cases: Vec<(InvoiceFilter, Test)> = vec![
        (
            statuses(&[Status::Draft]),
            Box::new(|row| row.status == Status::Draft),
        ),
        (statuses(&[Status::Open]), Box::new(is_open)),
        (statuses(&[Status::Overdue]), Box::new(is_late)),
        (statuses(&[Status::PartiallyPaid]), Box::new(is_part)),
        (
            statuses(&[Status::Paid]),
            Box::new(|row| row.status == Status::Paid),
        ),
        (statuses(&[Status::Void]), Box::new(|_| false)),
        (
            statuses(&[Status::PartiallyPaid, Status::Overdue]),
            Box::new(|row| is_part(row) || is_late(row)),
        ),
        (
            InvoiceFilter {
                customer: Some("ACM".to_owned()),
                ..Default::default()
            },
            Box::new(|row| row.counterparty == "Acme"),
        ),
        (
            InvoiceFilter {
                customer: Some("c-bor".to_owned()),
                ..Default::default()
            },
            Box::new(|row| row.counterparty == "Borealis"),
        ),
        (
            InvoiceFilter {
                customer: Some("nobody".to_owned()),
                ..Default::default()
            },
            Box::new(|_| false),
        ),
        (
            InvoiceFilter {
                customer: Some("%".to_owned()),
                ..Default::default()
            },
            Box::new(|_| false),
        ),
        (
            InvoiceFilter {
                number: Some("inv-2026-00000".to_owned()),
                ..Default::default()
            },
            Box::new(|row| {
                row.number
                    .as_ref()
                    .is_some_and(|number| number.starts_with("INV-2026-00000"))
            }),
        ),
        (
            InvoiceFilter {
                order_id: Some("so-1".to_owned()),
                ..Default::default()
            },
            Box::new(|row| {
                row.order_id
                    .as_ref()
                    .is_some_and(|order| order.starts_with("SO-1"))
            }),
        ),
        (
            InvoiceFilter {
                sources: vec![Source::Order, Source::Import],
                ..Default::default()
            },
            Box::new(|row| row.source == Source::Order),
        ),
        (
            InvoiceFilter {
                due_from: Some(today),
                due_to: Some(today + TimeDelta::days(2)),
                ..Default::default()
            },
            Box::new(|row| row.due_date >= today && row.due_date <= today + TimeDelta::days(2)),
        ),
        (
            InvoiceFilter {
                issued_from: Some(today),
                issued_to: Some(today),
                ..Default::default()
            },
            Box::new(|row| row.issue_date == Some(today)),
        ),
        (
            InvoiceFilter {
                currency: Some(Currency::EUR),
                total_from: Some(1_100),
                total_to: Some(1_200),
                ..Default::default()
            },
            Box::new(|row| {
                row.total.currency() == Currency::EUR && (1_100..=1_200).contains(&row.total.minor())
            }),
        ),
        (
            InvoiceFilter {
                customer: Some("acme".to_owned()),
                statuses: vec![Status::Open],
                number: Some("INV".to_owned()),
                ..Default::default()
            },
            Box::new(|row| row.counterparty == "Acme" && is_open(row)),
        ),
    ];
    for (filter, test) in cases {
        for sort in SORTS {
            let query = InvoiceQuery {
                filter: filter.clone(),
                sort: *sort,
                per_page: 100,
                ..InvoiceQuery::new(Side::Seller)
            };
            let page = read::list(&scope, &query).await.unwrap();
            let wanted = all.rows.iter().filter(|row| test(row)).cloned().collect();
            assert_eq!(
                page.rows,
                sorted(wanted, *sort, Direction::Ascending),
                "{filter:?} {sort:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_list_beyond_what_is_counted_says_so_and_counts_on_demand() {
    let world = World::new().await;
    let facts = world.acme();
    for _ in 0..3 {
        facts.invoice("1.00").await;
    }
    let scope: Scope<ViewReceivedInvoices> = world.acme().scope();
    let mut query = InvoiceQuery {
        per_page: 2,
        ..InvoiceQuery::new(Side::Buyer)
    };
    assert_eq!(read::list(&scope, &query).await.unwrap().total, Total::Exactly(3));
    query.count_all = true;
    assert_eq!(read::list(&scope, &query).await.unwrap().total, Total::Exactly(3));
}

#[tokio::test]
async fn a_cursor_of_another_sort_or_a_made_up_one_starts_the_list_anew() {
    let world = World::new().await;
    many(&world).await;
    let scope: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let by_name = InvoiceQuery {
        sort: SortKey::Counterparty,
        per_page: 5,
        ..InvoiceQuery::new(Side::Seller)
    };
    let next = read::list(&scope, &by_name).await.unwrap().next.unwrap();
    let mut by_due = InvoiceQuery {
        per_page: 5,
        ..InvoiceQuery::new(Side::Seller)
    };
    let first = read::list(&scope, &by_due).await.unwrap();
    by_due.position = Position::After(next.clone());
    assert_eq!(read::list(&scope, &by_due).await.unwrap(), first);
    by_due.position = Position::Before(next);
    assert_eq!(read::list(&scope, &by_due).await.unwrap(), first);
}

#[tokio::test]
async fn overdue_is_judged_at_the_sellers_place() {
    let world = World::new().await;
    let due_today = world.acme().invoice("10.00").due(0).await;
    let scope: Scope<ViewReceivedInvoices> = world.acme().scope();
    let mut query = InvoiceQuery::new(Side::Buyer);
    query.filter.statuses = vec![Status::Overdue];
    assert!(read::list(&scope, &query).await.unwrap().rows.is_empty());
    assert_eq!(
        read::find(&scope, due_today).await.unwrap().row.status,
        Status::Open
    );
    move_to(&world, world.distributor().id(), "Pacific/Kiritimati").await;
    assert_eq!(
        read::list(&scope, &query).await.unwrap().rows[0].status,
        Status::Overdue
    );
    assert_eq!(
        read::find(&scope, due_today).await.unwrap().row.status,
        Status::Overdue
    );
}

#[expect(clippy::disallowed_methods, reason = "moves a tenant to another time zone")]
async fn move_to(world: &World, tenant: domain::ids::TenantId, zone: &str) {
    use entity::tenant;
    use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
    let change = tenant::ActiveModel {
        time_zone: Set(zone.to_owned()),
        ..Default::default()
    };
    let update = tenant::Entity::update_many()
        .set(change)
        .filter(tenant::Column::Id.eq(tenant.0));
    update.exec(world.backend.system().writer()).await.unwrap();
}

#[tokio::test]
async fn only_what_can_be_paid_can_be_selected() {
    let world = World::new().await;
    let late = world.acme().invoice("10.00").due(-3).await;
    let part = world.acme().invoice("20.00").due(5).paid("5.00").await;
    let paid = world.acme().invoice("30.00").paid("30.00").await;
    let draft = world.acme().invoice("40.00").draft().await;
    let foreign = world.borealis().invoice("50.00").await;
    let scope: Scope<ViewReceivedInvoices> = world.acme().scope();
    let found = read::selectable(&scope, &InvoiceFilter::default()).await.unwrap();
    let payable: Vec<_> = found.iter().map(|one| (one.id, one.payable.minor())).collect();
    assert_eq!(payable, [(late, 1_000), (part, 1_500)]);
    let named = read::select(&scope, &[foreign, draft, paid, part, late])
        .await
        .unwrap();
    assert_eq!(named, found);
    assert!(read::select(&scope, &[]).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_page_of_an_invoice_tells_its_story() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").tax(19).paid("40.00").await;
    let scope: Scope<ViewReceivedInvoices> = world.acme().scope();
    let detail = read::find(&scope, id).await.unwrap();
    assert_eq!(detail.row.number.as_deref(), Some("INV-2026-000001"));
    assert_eq!(
        (detail.seller.name.as_str(), detail.buyer.name.as_str()),
        ("Northwind", "Acme")
    );
    assert_eq!(
        (detail.totals.net.minor(), detail.totals.tax.minor()),
        (10_000, 1_900)
    );
    assert_eq!((detail.lines.len(), detail.totals.taxes.len()), (1, 1));
    assert_eq!((detail.paid.minor(), detail.row.open.minor()), (4_000, 7_900));
    assert_eq!(detail.row.status, Status::PartiallyPaid);
    assert!(matches!(
        detail.settlements[0].kind,
        SettlementKind::Offline { .. }
    ));
    assert_eq!(
        detail.settlements[0].reference.as_deref(),
        Some("REC-2026-000001")
    );
    let story: Vec<&str> = detail
        .history
        .iter()
        .map(|happening| happening.what.as_str())
        .collect();
    assert_eq!(story, ["Payment recorded", "Issued"]);
    assert_eq!(detail.can_pay, Ok(()));
    let done = world.acme().invoice("1.00").paid("1.00").await;
    assert_eq!(
        read::find(&scope, done).await.unwrap().can_pay,
        Err(NotPayable::Paid)
    );
}

#[tokio::test]
async fn numbers_follow_each_other_and_never_go_back_in_time() {
    let world = World::new().await;
    let first = world.acme().invoice("1.00").await;
    let second = world.borealis().invoice("1.00").await;
    let scope: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let number = async |id| read::find(&scope, id).await.unwrap().row.number.unwrap();
    assert_eq!(number(first).await, "INV-2026-000001");
    assert_eq!(number(second).await, "INV-2026-000002");
    let earlier = world.acme().invoice("1.00").issued_ago(3).new_invoice();
    let outcome = write::issue(&scope, &earlier).await;
    assert!(matches!(
        outcome,
        Err(Error::Refused(Refusal::DateBeforeLast { .. }))
    ));
    let third = world.acme().invoice("1.00").await;
    assert_eq!(number(third).await, "INV-2026-000003");
}

#[tokio::test]
async fn many_invoices_issued_at_once_get_numbers_without_gap_or_twin() {
    let world = World::new().await;
    let scope: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let new = world.acme().invoice("1.00").new_invoice();
    let issued = futures::future::join_all((0..16).map(|_| write::issue(&scope, &new))).await;
    let mut numbers = Vec::new();
    for id in issued {
        numbers.push(read::find(&scope, id.unwrap()).await.unwrap().row.number.unwrap());
    }
    numbers.sort();
    let wanted: Vec<String> = (1..=16).map(|count| format!("INV-2026-{count:06}")).collect();
    assert_eq!(numbers, wanted);
    assert_eq!(crate::check::run(&world.backend).await.unwrap(), Vec::new());
}

#[tokio::test]
async fn a_number_is_taken_once_by_a_seller() {
    let world = World::new().await;
    let scope: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let new = world.acme().invoice("1.00").number("A-1").new_invoice();
    write::issue(&scope, &new).await.unwrap();
    assert!(write::issue(&scope, &new).await.unwrap_err().is_duplicate());
    let others: Scope<ViewIssuedInvoices> = world.acme().scope();
    write::issue(
        &others,
        &world.daisy().invoice("1.00").number("A-1").new_invoice(),
    )
    .await
    .unwrap();
    assert!(matches!(write::issue(&others, &new).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn choices_are_ones_own() {
    let world = World::new().await;
    world.acme().invoice("1.00").await;
    world.acme().invoice("1").currency(Currency::JPY).await;
    world.daisy().invoice("1.00").currency(Currency::EUR).await;
    let sold = read::choices(&world.distributor().scope::<ViewIssuedInvoices>())
        .await
        .unwrap();
    assert_eq!(sold.currencies, [Currency::JPY, Currency::USD]);
    let names: Vec<&str> = sold.counterparties.iter().map(String::as_str).collect();
    assert_eq!(names, ["Acme", "Borealis"]);
    let bought = read::choices(&world.daisy().scope::<ViewReceivedInvoices>())
        .await
        .unwrap();
    assert_eq!(bought.currencies, [Currency::EUR]);
    assert_eq!(bought.counterparties[0], "Acme");
}
