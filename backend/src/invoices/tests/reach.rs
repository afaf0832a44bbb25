//! The grid of who sees what several companies received: the same list in every sort, told apart and narrowed by company,
//! and each company's part read along an index.

use super::{super::conditions::Facts, super::conditions::Today, super::grid::Grid, many, walk};
use crate::{Scope, invoices::read, scope::Company, testing::World};
use domain::{
    access::{BuyerReach, BuyerRole, Side, ViewReceivedInvoices},
    invoices::{InvoiceFilter, InvoiceQuery, SortKey, Status, columns::Column},
    list::{Direction, Total},
};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::collections::BTreeMap;

/// Borealis is Acme's subsidiary, and each has 13 invoices.
async fn family(world: &World) -> Scope<ViewReceivedInvoices> {
    many(world).await;
    world.make_subsidiary(world.borealis(), world.acme()).await;
    let viewer = world
        .acme()
        .reaching(BuyerRole::Viewer, BuyerReach::Subsidiaries)
        .await;
    viewer.permit().unwrap()
}

fn everything() -> InvoiceQuery {
    InvoiceQuery {
        per_page: 100,
        ..InvoiceQuery::new(Side::Buyer)
    }
}

#[tokio::test]
async fn pages_walked_over_several_companies_give_the_whole_list_in_order() {
    let world = World::new().await;
    let far = family(&world).await;
    walk(&far, Side::Buyer, 26).await;
    let near: Scope<ViewReceivedInvoices> = world.acme().scope();
    walk(&near, Side::Buyer, 13).await;
}

#[tokio::test]
async fn each_row_says_which_company_received_it_and_a_filter_leaves_one() {
    let world = World::new().await;
    let far = family(&world).await;
    let all = read::list(&far, &everything()).await.unwrap();
    let mut count: BTreeMap<String, u64> = BTreeMap::new();
    for row in &all.rows {
        *count.entry(row.company.clone().unwrap()).or_default() += 1;
    }
    assert_eq!(
        count,
        BTreeMap::from([("Acme".to_owned(), 13), ("Borealis".to_owned(), 13)])
    );
    for (company, wanted) in [
        (world.acme(), 13),
        (world.borealis(), 13),
        // Not theirs, and not within reach.
        (world.daisy(), 0),
        (world.distributor(), 0),
    ] {
        let mut query = everything();
        query.filter.company = Some(company.id());
        let page = read::list(&far, &query).await.unwrap();
        assert_eq!(page.total, Total::Exactly(wanted), "{}", company.name());
        for row in &page.rows {
            assert_eq!(row.company.as_deref(), Some(company.name()));
            assert_eq!(Column::Company.csv(row), format!("\"{}\"", company.name()));
        }
    }
    let near: Scope<ViewReceivedInvoices> = world.acme().scope();
    let own = read::list(&near, &everything()).await.unwrap();
    assert!(own.rows.iter().all(|row| row.company.is_none()));
}

#[tokio::test]
async fn what_can_be_paid_and_the_currencies_are_of_all_companies() {
    let world = World::new().await;
    let far = family(&world).await;
    let near: Scope<ViewReceivedInvoices> = world.acme().scope();
    let below: Scope<ViewReceivedInvoices> = world.borealis().scope();
    let filter = InvoiceFilter::default();
    let mut wanted = read::selectable(&near, &filter).await.unwrap();
    wanted.extend(read::selectable(&below, &filter).await.unwrap());
    let mut found = read::selectable(&far, &filter).await.unwrap();
    let ids: Vec<_> = found.iter().map(|one| one.id).collect();
    let selected = read::select(&far, &ids).await.unwrap();
    assert_eq!(selected, found, "a remembered choice is found again");
    for list in [&mut wanted, &mut found] {
        list.sort_by_key(|one| one.id);
    }
    assert_eq!(found, wanted);
    assert!(read::select(&near, &ids).await.unwrap().len() < ids.len());
    let mut currencies = read::choices(&near).await.unwrap().currencies;
    currencies.extend(read::choices(&below).await.unwrap().currencies);
    for currency in currencies {
        assert!(read::choices(&far).await.unwrap().currencies.contains(&currency));
    }
}

#[expect(clippy::disallowed_methods, reason = "asks how a statement is run")]
async fn plan(scope: &Scope<ViewReceivedInvoices>, statement: Statement) -> Vec<String> {
    let statement = Statement {
        sql: format!("EXPLAIN QUERY PLAN {}", statement.sql),
        ..statement
    };
    let rows = scope.db().query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| row.try_get("", "detail").unwrap())
        .collect()
}

/// On SQLite, whose planner says what it does without a table of a million rows.
#[tokio::test]
async fn every_companys_part_is_read_along_its_index() {
    let world = World::new().await;
    let far = family(&world).await;
    if far.db().get_database_backend() != DbBackend::Sqlite {
        return;
    }
    let filter = InvoiceFilter {
        statuses: vec![Status::Open],
        ..InvoiceFilter::default()
    };
    for (companies, branches) in [(far.companies(), 4), (vec![Company::Own(far.tenant())], 2)] {
        let facts = Facts {
            side: Side::Buyer,
            tenant: far.tenant(),
            companies,
            today: Today {
                date: world.today(),
                ahead: Vec::new(),
            },
            parties: None,
            few_by_prefix: false,
        };
        for (sort, index) in [
            (SortKey::Due, "invoices_to_pay_by_due"),
            (SortKey::Number, "invoices_to_pay_by_number"),
            (SortKey::Total, "invoices_to_pay_by_total"),
            (SortKey::Open, "invoices_to_pay_by_open"),
            (SortKey::Issued, "invoices_to_pay_by_issue"),
        ] {
            let grid = Grid::new(DbBackend::Sqlite, &facts, &filter, sort);
            let page = grid.page(Direction::Ascending, false, None, 51).unwrap();
            let plan = plan(&far, page.statement()).await;
            let way = format!("USING COVERING INDEX {index} (buyer_id=? AND stage=?");
            let found = plan.iter().filter(|line| line.contains(&way)).count();
            assert_eq!(found, branches, "{sort:?}: {plan:#?}");
            // Nothing is sorted before the limit: that is the line after the range of the index.
            for two in plan.windows(2).filter(|two| two[0].contains(&way)) {
                assert!(two[1].starts_with("SCAN b"), "{sort:?}: {plan:#?}");
            }
            assert!(
                !plan.iter().any(|line| line.contains("SCAN invoices")),
                "{plan:#?}"
            );
        }
    }
}
