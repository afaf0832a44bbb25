//! From a bill to the comparison: versions, mappings by month, what is left out, who may.

use super::{
    bills::{NewBill, name_columns, take_in},
    mapping::{map_company, map_product, map_proposed},
    read,
};
use crate::{
    Error, Scope,
    bank_files::write::Rows,
    check,
    people::{
        Words,
        invite::{NewInvitation, invite},
    },
    testing::World,
};
use domain::{
    FieldErrors, Refusal,
    access::{
        CompareBilling, OpenReconciliation, Permission, Permit, Roles, SellerRole, SetUpReconciliation,
    },
    ids::VendorBillId,
    reconciliation::{BillColumns, Dashboard, ReconciliationQuery, VendorBillState, VendorRef, Window},
};
use sea_orm::{EntityTrait, PaginatorTrait};

/// The world's invoices are of March 2026.
const MONTH: &str = "2026-03";

fn scope<P: Permit>(world: &World) -> Scope<P> {
    world.distributor().scope()
}

fn query(text: &str) -> ReconciliationQuery {
    ReconciliationQuery::from_query(text)
}

fn about(key: &str) -> VendorRef {
    VendorRef {
        vendor: "cloud depot".into(),
        key: key.into(),
    }
}

fn rows(lines: &[&str]) -> Rows {
    let fields = |line: &str| line.split(';').map(str::to_owned).collect::<Vec<_>>();
    Rows {
        header: fields("Company;SKU;Product;Quantity;Total cost;Type;Term;End date"),
        rows: (2..)
            .zip(lines)
            .map(|(line, text)| (line, fields(text)))
            .collect(),
    }
}

const LINES: [&str; 3] = [
    "Acme;OFF;Office;10;30.00;recurring;Annual;2026-03-25",
    "Borealis;OFF;Office;4;12.00;recurring;Monthly;2026-03-25",
    "Canyon;BAK;Backup;1;5.00;one-time;;",
];

async fn bring(world: &World, month: &str, lines: &[&str]) -> VendorBillId {
    let scope = scope::<SetUpReconciliation>(world);
    let rows = rows(lines);
    let bytes = lines.join("\n");
    let new = NewBill {
        vendor: "Cloud Depot",
        month,
        name: "march.csv",
        bytes: bytes.as_bytes(),
        rows: &rows,
    };
    let bill = take_in(&scope, new).await.unwrap();
    let columns = BillColumns::suggest(&rows.header, domain::Currency::USD);
    match name_columns(&scope, bill, &columns).await {
        // A heading that is known needs no naming.
        Ok(()) | Err(Error::Conflict) => bill,
        Err(error) => panic!("{error:?}"),
    }
}

/// Office is OF-STD, companies are as proposed.
async fn map(world: &World, month: &str) {
    let scope = scope::<SetUpReconciliation>(world);
    let month = month.parse().unwrap();
    map_proposed(&scope, month).await.unwrap();
    map_product(&scope, month, &about("id:off"), &["OF-STD".into()], false)
        .await
        .unwrap();
}

/// An invoice of a customer over so many seats.
async fn bill_seats(world: &World, party: &str, seats: i64) {
    world.party(party).invoice("10.00").item("OF-STD", seats).await;
}

async fn dashboard(world: &World, text: &str) -> Dashboard {
    read::dashboard(&scope::<OpenReconciliation>(world), &query(text))
        .await
        .unwrap()
}

fn seats(dashboard: &Dashboard) -> Vec<(&str, i64)> {
    let row = |row: &domain::reconciliation::SeatRow| row.difference.scaled() / 1_000_000;
    dashboard
        .seats
        .iter()
        .map(|one| (one.company.as_str(), row(one)))
        .collect()
}

#[tokio::test]
async fn without_a_bill_there_is_no_month() {
    let world = World::new().await;
    assert_eq!(dashboard(&world, "").await, Dashboard::default());
    let comparison = read::comparison(&scope::<CompareBilling>(&world), &query("")).await;
    assert_eq!(comparison.unwrap().total, 0);
}

#[tokio::test]
async fn a_bill_is_compared_with_what_was_billed_in_its_month() {
    let world = World::new().await;
    bill_seats(&world, "Acme", 8).await;
    bill_seats(&world, "Borealis", 4).await;
    bring(&world, MONTH, &LINES).await;
    let before = dashboard(&world, "").await;
    assert_eq!(
        (
            before.unmapped_companies,
            before.unmapped_products,
            before.differing
        ),
        (3, 2, 0)
    );
    map(&world, MONTH).await;
    let after = dashboard(&world, "").await;
    assert_eq!((after.unmapped_companies, after.unmapped_products), (1, 1));
    assert_eq!((seats(&after), after.companies), (vec![("Acme", 2)], 1));
    assert_eq!(
        seats(&dashboard(&world, "show=all").await),
        [("Acme", 2), ("Borealis", 0)]
    );
    let comparison = read::comparison(&scope::<CompareBilling>(&world), &query(""))
        .await
        .unwrap();
    let [sum] = &comparison.sums[..] else {
        panic!("{comparison:?}")
    };
    assert_eq!(
        (sum.cost.minor(), sum.own_price.minor(), comparison.total),
        (4_200, 12_000, 3)
    );
    let (month, lines) = read::export(&scope::<CompareBilling>(&world), &query(""))
        .await
        .unwrap();
    assert_eq!((month, lines.len()), (Some(MONTH.parse().unwrap()), 3));
    assert_eq!(check::run(&world.backend).await.unwrap(), []);
}

#[tokio::test]
async fn what_is_excluded_is_in_no_widget_and_no_file() {
    let world = World::new().await;
    bill_seats(&world, "Acme", 8).await;
    bring(&world, MONTH, &LINES).await;
    map(&world, MONTH).await;
    let settings = scope::<SetUpReconciliation>(&world);
    let month = MONTH.parse().unwrap();
    let acme = world.acme().account();
    map_company(&settings, month, &about("name:acme"), Some(acme), true)
        .await
        .unwrap();
    map_product(&settings, month, &about("id:bak"), &[], true)
        .await
        .unwrap();
    let shown = dashboard(&world, "show=all&expiring=30").await;
    assert_eq!(seats(&shown), [("Borealis", 4)]);
    assert_eq!(
        (
            shown.unmapped_companies,
            shown.unmapped_products,
            shown.open.len()
        ),
        (0, 0, 0)
    );
    let (_, lines) = read::export(&scope::<CompareBilling>(&world), &query(""))
        .await
        .unwrap();
    assert!(lines.iter().all(|line| line.contains("Borealis")), "{lines:?}");
}

#[tokio::test]
async fn subscriptions_that_end_are_counted_and_listed() {
    let world = World::new().await;
    bring(&world, MONTH, &LINES).await;
    let shown = dashboard(&world, "expiring=15").await;
    assert_eq!(
        shown.expiring,
        [(Window::Days15, 1), (Window::Days30, 1), (Window::Days90, 1)]
    );
    assert_eq!(
        shown
            .open
            .iter()
            .map(|one| one.company.as_str())
            .collect::<Vec<_>>(),
        ["Acme"]
    );
}

#[tokio::test]
async fn a_month_that_is_brought_again_gets_a_version_and_keeps_the_old_one() {
    let world = World::new().await;
    let first = bring(&world, MONTH, &LINES).await;
    assert_eq!(bring(&world, MONTH, &LINES).await, first, "the same file again");
    let second = bring(&world, MONTH, &LINES[..1]).await;
    let bills = read::bills(&scope(&world)).await.unwrap().bills;
    let states: Vec<_> = bills
        .iter()
        .map(|bill| (bill.id, bill.version, bill.state))
        .collect();
    assert_eq!(
        states,
        [
            (second, Some(2), VendorBillState::Current),
            (first, Some(1), VendorBillState::Replaced),
        ]
    );
    assert_eq!(dashboard(&world, "").await.unmapped_companies, 1);
    assert_eq!(read::bill(&scope(&world), first).await.unwrap().lines.len(), 3);
}

#[tokio::test]
async fn an_old_month_reconciles_as_it_did() {
    let world = World::new().await;
    bill_seats(&world, "Acme", 8).await;
    bring(&world, MONTH, &LINES).await;
    map(&world, MONTH).await;
    let old = dashboard(&world, "show=all").await;
    bring(&world, "2026-04", &LINES).await;
    assert_eq!(
        dashboard(&world, "").await.unmapped_products,
        1,
        "a mapping goes on"
    );
    let april = "2026-04".parse().unwrap();
    map_product(&scope(&world), april, &about("id:off"), &["OF-PRO".into()], false)
        .await
        .unwrap();
    map_company(&scope(&world), april, &about("name:acme"), None, false)
        .await
        .unwrap();
    assert_eq!(dashboard(&world, "").await.unmapped_companies, 2);
    let again = dashboard(&world, "show=all&month=2026-03").await;
    assert_eq!((&again.seats, &again.licences), (&old.seats, &old.licences));
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_or_row() {
    let world = World::new().await;
    let settings = scope::<SetUpReconciliation>(&world);
    let rows = rows(&["Acme;OFF;Office;many;1;;;"]);
    let new = |vendor, month| NewBill {
        vendor,
        month,
        name: "a.csv",
        bytes: b"x",
        rows: &rows,
    };
    let Err(Error::Invalid(FieldErrors(fields))) = take_in(&settings, new(" !? ", "March")).await else {
        panic!("it was taken");
    };
    assert_eq!(fields.keys().collect::<Vec<_>>(), ["month", "vendor"]);
    let bill = take_in(&settings, new("Depot", MONTH)).await.unwrap();
    let columns = BillColumns::suggest(&rows.header, domain::Currency::USD);
    let refused = name_columns(&settings, bill, &columns).await;
    let Err(Error::Refused(Refusal::FileRefused { why })) = refused else {
        panic!("{refused:?}");
    };
    assert!(why.starts_with("Line 2, column Quantity:"), "{why}");
    assert!(
        read::bill(&settings, bill).await.unwrap().offer.is_some(),
        "it waits as before"
    );
    let month = MONTH.parse().unwrap();
    let unknown = map_company(&settings, month, &about("name:nobody"), None, true).await;
    assert!(matches!(unknown, Err(Error::NotFound)), "{unknown:?}");
    bring(&world, MONTH, &LINES).await;
    let foreign = Some(world.daisy().account());
    let foreign = map_company(&settings, month, &about("name:acme"), foreign, false).await;
    assert!(matches!(foreign, Err(Error::Invalid(_))), "{foreign:?}");
}

#[tokio::test]
async fn everything_is_audited_and_nothing_twice() {
    let world = World::new().await;
    bring(&world, MONTH, &LINES).await;
    map(&world, MONTH).await;
    let written = acts(&world).await;
    map(&world, MONTH).await;
    assert_eq!(acts(&world).await, written);
}

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn acts(world: &World) -> u64 {
    let all = entity::audit_entry::Entity::find();
    all.count(world.backend.system().db()).await.unwrap()
}

#[tokio::test]
async fn a_plain_user_opens_it_and_neither_sees_money_nor_sets_it_up() {
    let world = World::new().await;
    let actor = |role| {
        let roles = Roles {
            seller: Some(role),
            buyer: None,
        };
        world.distributor().actor(roles)
    };
    let user = actor(SellerRole::User);
    assert!(user.permit::<OpenReconciliation>().is_ok());
    assert!(matches!(
        user.permit::<CompareBilling>(),
        Err(Error::Forbidden(_))
    ));
    assert!(matches!(
        user.permit::<SetUpReconciliation>(),
        Err(Error::Forbidden(_))
    ));
    let sales = actor(SellerRole::Sales);
    assert!(matches!(
        sales.permit::<OpenReconciliation>(),
        Err(Error::Forbidden(_))
    ));
    let finance = actor(SellerRole::Finance);
    assert!(finance.permit::<CompareBilling>().is_ok() && finance.permit::<SetUpReconciliation>().is_ok());
    let customer = world.daisy().actor(Roles {
        seller: Some(SellerRole::Admin),
        buyer: None,
    });
    assert!(
        !customer.rights().has(Permission::OpenReconciliation),
        "a customer sells nothing"
    );
}

#[tokio::test]
async fn somebody_is_invited_as_a_plain_user() {
    let world = World::new().await;
    let new = NewInvitation {
        name: "Uma",
        email: "uma@new.example",
        roles: Words {
            seller: Some("user"),
            ..Words::default()
        },
    };
    invite(&world.acme().scope(), new).await.unwrap();
    let roles = Roles {
        seller: Some(SellerRole::User),
        buyer: None,
    };
    world.give_roles(world.acme(), roles).await;
    let people = crate::people::read::list(&world.acme().scope()).await.unwrap();
    assert_eq!(people.people[0].seller.as_deref(), Some("User"));
    assert_eq!(people.invitations[0].seller.as_deref(), Some("User"));
}

#[tokio::test]
async fn bills_of_others_are_not_there() {
    let world = World::new().await;
    let bill = bring(&world, MONTH, &LINES).await;
    let acme = world.acme();
    assert!(matches!(
        read::bill(&acme.scope(), bill).await,
        Err(Error::NotFound)
    ));
    let empty = read::dashboard(&acme.scope(), &query("month=2026-03"))
        .await
        .unwrap();
    assert_eq!(empty, Dashboard::default());
    let columns = BillColumns::default();
    assert!(matches!(
        name_columns(&acme.scope(), bill, &columns).await,
        Err(Error::NotFound)
    ));
}
