//! The demo data is there, is whole, and shows what it should show.

use super::{Demo, PEOPLE, SEED, demo, today};
use crate::{
    Backend, Error, Scope,
    invoices::read,
    ports::{
        Ports,
        fakes::{FakeGateway, FakeMailer, FakeProviders, FixedClock},
    },
    reconciliation::read::dashboard,
    rollups,
    sessions::{
        read::viewer,
        write::{Browser, LogIn},
    },
    testing::{EmptyDatabase, log_in},
};
use chrono::{DateTime, Utc};
use domain::{
    Currency,
    access::{CompareBilling, Side, ViewReceivedInvoices, WriteInvoices},
    invoices::{InvoiceQuery, Status},
    list::Total,
    reconciliation::ReconciliationQuery,
    rollups::{RollupFields, list::RollupQuery},
};
use std::sync::Arc;

async fn seeded(database: &EmptyDatabase) -> Backend {
    let now: DateTime<Utc> = "2026-03-15T12:00:00Z".parse().unwrap();
    let ports = Ports {
        clock: Arc::new(FixedClock::at(now)),
        gateway: Arc::new(FakeGateway::default()),
        mailer: Arc::new(FakeMailer::default()),
        identities: Arc::new(FakeProviders::default()),
    };
    let backend = Backend::open(database.config(), ports).await.unwrap();
    let wanted = Demo {
        today: today(now).unwrap(),
        password: "demo demo demo".to_owned(),
        seed: SEED,
    };
    let start = std::time::Instant::now();
    let made = demo(&backend, &wanted).await.unwrap();
    println!("{made:?} in {:?}", start.elapsed());
    assert!((3_800..4_600).contains(&made.invoices), "{made:?}");
    assert_eq!(made.tenants, 163);
    assert!(matches!(demo(&backend, &wanted).await, Err(Error::Conflict)));
    backend
}

#[tokio::test]
async fn the_demo_data_passes_the_check_and_its_people_can_sign_in() {
    let database = EmptyDatabase::new().await;
    let backend = seeded(&database).await;
    let findings = crate::check::run(&backend).await.unwrap();
    assert_eq!(findings, Vec::new());
    assert_bills(&backend).await;
    for email in PEOPLE {
        let attempt = LogIn {
            email,
            password: "demo demo demo",
            browser: Browser::default(),
        };
        let session = log_in(&backend, attempt).await.unwrap();
        assert!(viewer(&backend, &session.token).await.unwrap().is_some());
    }
    for (email, below) in [("admin@customer.example", 2), ("viewer@customer.example", 0)] {
        let attempt = LogIn {
            email,
            password: "demo demo demo",
            browser: Browser::default(),
        };
        let session = log_in(&backend, attempt).await.unwrap();
        let (_, seen) = viewer(&backend, &session.token).await.unwrap().unwrap();
        assert_eq!(seen.subsidiaries.len(), below, "{email}");
    }
    for (email, compares) in [("user@partner.example", false), ("admin@partner.example", true)] {
        let attempt = LogIn {
            email,
            password: "demo demo demo",
            browser: Browser::default(),
        };
        let session = log_in(&backend, attempt).await.unwrap();
        let (actor, _) = viewer(&backend, &session.token).await.unwrap().unwrap();
        assert_eq!(actor.permit::<CompareBilling>().is_ok(), compares, "{email}");
        let shown = dashboard(&actor.permit().unwrap(), &ReconciliationQuery::default())
            .await
            .unwrap();
        assert!(
            shown.companies > 1 && shown.unmapped_companies == 1 && shown.licences.len() > 5,
            "{shown:?}"
        );
        assert!(shown.expiring.iter().all(|(_, count)| *count > 0), "{shown:?}");
    }
    let attempt = LogIn {
        email: "payer@partner.example",
        password: "demo demo demo",
        browser: Browser::default(),
    };
    let session = log_in(&backend, attempt).await.unwrap();
    let (payer, _) = viewer(&backend, &session.token).await.unwrap().unwrap();
    let scope = payer.permit::<ViewReceivedInvoices>().unwrap();
    let mut query = InvoiceQuery::new(Side::Buyer);
    query.filter.statuses = vec![Status::Open];
    query.filter.currency = Some(Currency::USD);
    let Total::Exactly(dollars) = read::list(&scope, &query).await.unwrap().total else {
        panic!("too many")
    };
    assert!((38..60).contains(&dollars), "{dollars}");
    query.filter.currency = Some(Currency::EUR);
    let Total::Exactly(euros) = read::list(&scope, &query).await.unwrap().total else {
        panic!("too many")
    };
    assert!((3..8).contains(&euros), "{euros}");
    query.filter.currency = None;
    for status in [Status::Overdue, Status::PartiallyPaid, Status::Paid] {
        query.filter.statuses = vec![status];
        assert!(
            !read::list(&scope, &query).await.unwrap().rows.is_empty(),
            "{status:?}"
        );
    }
}

/// The demo customer finds a bill that is open and one that is paid, and the partner has something left to bill.
async fn assert_bills(backend: &Backend) {
    let of = async |email| {
        let attempt = LogIn {
            email,
            password: "demo demo demo",
            browser: Browser::default(),
        };
        let session = log_in(backend, attempt).await.unwrap();
        viewer(backend, &session.token).await.unwrap().unwrap().0
    };
    let parent: Scope<ViewReceivedInvoices> = of("admin@customer.example").await.permit().unwrap();
    let page = rollups::list::list(&parent, &RollupQuery::default())
        .await
        .unwrap();
    let mut states: Vec<_> = page.rows.iter().map(|row| row.state.code()).collect();
    states.sort_unstable();
    assert_eq!(states, ["open", "paid"]);
    let seller: Scope<WriteInvoices> = of("admin@partner.example").await.permit().unwrap();
    let fields = RollupFields {
        currency: "USD".to_owned(),
        period_from: "2020-01-01".to_owned(),
        period_to: "2099-12-31".to_owned(),
        ..RollupFields::default()
    };
    let page = rollups::read::prepare(&seller, fields.clone()).await.unwrap();
    let account = page.parents[0].0.to_string();
    let page = rollups::read::prepare(&seller, RollupFields { account, ..fields })
        .await
        .unwrap();
    let left = page.preview.map(|left| left.blocks);
    assert!(left.as_ref().is_some_and(|left| !left.is_empty()), "{left:?}");
}

#[test]
fn in_the_evening_of_a_sellers_day_it_is_not_tomorrow_yet() {
    let day = |at: &str| today(at.parse().unwrap()).unwrap().to_string();
    assert_eq!(day("2026-03-15T12:00:00Z"), "2026-03-15");
    assert_eq!(day("2026-03-15T02:00:00Z"), "2026-03-14");
}
