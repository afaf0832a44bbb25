//! The wide reach: what subsidiaries received is seen, from the seller who says that they are subsidiaries, and nothing
//! else of theirs. Acme is made Borealis' subsidiary by the rows that these tests write.

use super::{Seen, a_row_everywhere, all_tables};
use crate::{
    Error, Scope,
    invoices::read,
    scope::{Subsidiaries, Viewpoint},
    testing::World,
};
use domain::access::{Area, BuyerReach, BuyerRole, ManagePeople, PayInvoices, ViewReceivedInvoices};
use entity::{account, credit_note, invoice};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use std::collections::BTreeMap;

/// What a buyer receives and what hangs on it.
const PAPERS: [&str; 27] = [
    "account",
    "account_currency",
    "allocation",
    "allocation_plan",
    "attempt_line",
    "autopay",
    "billing_profile",
    "card",
    "credit_note",
    "credit_note_line",
    "credit_note_part",
    "credit_note_tax",
    "dispute",
    "dispute_part",
    "invoice",
    "invoice_cost",
    "invoice_line",
    "invoice_party",
    "invoice_revision",
    "invoice_tax",
    "payment",
    "payment_attachment",
    "payment_attempt",
    "refund",
    "refund_line",
    "rollup",
    "rollup_line",
];

async fn far(world: &World) -> Scope<ViewReceivedInvoices> {
    let actor = world
        .borealis()
        .reaching(BuyerRole::Viewer, BuyerReach::Subsidiaries)
        .await;
    actor.permit().unwrap()
}

fn seen(tables: Vec<Seen>) -> BTreeMap<&'static str, u64> {
    tables.into_iter().map(|one| (one.table, one.seen)).collect()
}

#[tokio::test]
async fn who_reaches_subsidiaries_sees_their_papers_and_nothing_else_of_theirs() {
    let world = World::new().await;
    a_row_everywhere(&world).await;
    world.borealis().invoice("5.00").await;
    let near = seen(all_tables(&world.borealis().scope::<ViewReceivedInvoices>()).await);
    let theirs = seen(all_tables(&world.acme().scope::<ViewReceivedInvoices>()).await);
    let tables = seen(all_tables(&far(&world).await).await);
    for (table, seen) in &tables {
        let wanted = match *table {
            table if PAPERS.contains(&table) => near[table] + theirs[table],
            "posting" => near[table] + theirs[table],
            // The subsidiary's name and address stand on its papers.
            "tenant" => near[table] + 1,
            "audit_entry" => {
                assert!(*seen > near[table], "the history of their papers");
                continue;
            }
            table => near[table],
        };
        assert_eq!(*seen, wanted, "{table}");
    }
    assert!(
        theirs["mail"] > 0 && theirs["session"] > 0,
        "there is something not to see"
    );
    // Who looks after the tenant's people sees no more for it.
    let people: Scope<ManagePeople> = world
        .borealis()
        .reaching(BuyerRole::Admin, BuyerReach::Subsidiaries)
        .await
        .permit()
        .unwrap();
    let as_before = seen_by_people(&world).await;
    assert_eq!(seen(all_tables(&people).await), as_before);
}

async fn seen_by_people(world: &World) -> BTreeMap<&'static str, u64> {
    seen(all_tables(&world.borealis().scope::<ManagePeople>()).await)
}

#[tokio::test]
async fn the_second_wall_stands_where_the_first_one_does() {
    let world = World::new().await;
    if world.pooled().is_none() {
        return;
    }
    a_row_everywhere(&world).await;
    world.borealis().invoice("5.00").await;
    for Seen {
        table, seen, shown, ..
    } in all_tables(&far(&world).await).await
    {
        if table != "number_counter" {
            assert_eq!(shown, seen, "{table}");
        }
    }
}

#[tokio::test]
async fn a_subsidiarys_own_sales_stay_its_own() {
    let world = World::new().await;
    let received = a_row_everywhere(&world).await;
    let sold = world.daisy().invoice("12.00").await;
    let drafted = world.acme().invoice("9.00").draft().await;
    let far = far(&world).await;
    assert_eq!(
        read::find(&far, received).await.unwrap().row.company.as_deref(),
        Some("Acme")
    );
    for hidden in [sold, drafted] {
        assert!(matches!(read::find(&far, hidden).await, Err(Error::NotFound)));
    }
    // Nor does a subsidiary see what its parent receives.
    let parents = world.borealis().invoice("7.00").await;
    let child = world
        .acme()
        .reaching(BuyerRole::Admin, BuyerReach::Subsidiaries)
        .await;
    let child: Scope<ViewReceivedInvoices> = child.permit().unwrap();
    assert!(matches!(read::find(&child, parents).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn the_narrow_reach_has_no_subsidiary() {
    let world = World::new().await;
    let received = a_row_everywhere(&world).await;
    let near = world.borealis().reaching(BuyerRole::Admin, BuyerReach::Own).await;
    let scope: Scope<ViewReceivedInvoices> = near.permit().unwrap();
    assert!(!scope.sees_several());
    assert!(matches!(read::find(&scope, received).await, Err(Error::NotFound)));
}

/// A seller says who belongs to whom among its own customers, and its word is good for what it issued.
#[tokio::test]
async fn a_sellers_word_is_good_for_its_own_papers_alone() {
    let world = World::new().await;
    a_row_everywhere(&world).await;
    // Borealis sells to Acme as well, and said nothing.
    let id = crate::new_id();
    let row = account::Model {
        seller_id: world.party("Borealis").id().0,
        id,
        buyer_id: world.acme().id().0,
        external_id: None,
        terms_days: 30,
        gateway_customer: None,
        seller_name: "Borealis".to_owned(),
        buyer_name: "Acme".to_owned(),
        seller_search: "borealis".to_owned(),
        buyer_search: "acme".to_owned(),
        created_at: world.backend.now(),
    };
    account::Entity::insert(account::ActiveModel::from(row))
        .exec_without_returning(world.backend.system().writer())
        .await
        .unwrap();
    let far = far(&world).await;
    let found = far
        .find::<account::Entity>()
        .filter(account::Column::BuyerId.eq(world.acme().id().0))
        .all(far.db())
        .await
        .unwrap();
    let sellers: Vec<_> = found.iter().map(|account| account.seller_id).collect();
    assert_eq!(sellers, [world.distributor().id().0]);
    #[expect(clippy::disallowed_methods, reason = "what the second wall shows by itself")]
    let shown = account::Entity::find()
        .filter(account::Column::Id.eq(id))
        .count(far.db())
        .await
        .unwrap();
    if world.pooled().is_some() {
        assert_eq!(shown, 0);
    }
}

/// PostgreSQL is told that somebody reaches far, not whom they reach: that stands in a table.
#[tokio::test]
async fn who_says_that_somebody_is_their_subsidiary_is_not_believed() {
    let world = World::new().await;
    if world.pooled().is_none() {
        return;
    }
    a_row_everywhere(&world).await;
    let subsidiaries = Subsidiaries::of(&world.backend, world.borealis().id())
        .await
        .unwrap();
    assert!(!subsidiaries.is_empty());
    let stranger = Viewpoint {
        tenant: world.daisy().id(),
        area: Area::Buyer,
        subsidiaries,
    };
    let connections = &world.backend.inner.connections;
    let reader = connections.reader.for_tenant(stranger.clone());
    let writer = connections.writer.for_tenant(stranger);
    #[expect(clippy::disallowed_methods, reason = "what the second wall shows by itself")]
    let shown = (
        invoice::Entity::find().count(&reader).await.unwrap(),
        credit_note::Entity::find().count(&reader).await.unwrap(),
    );
    assert_eq!(shown, (0, 0));
    let changed = writer
        .execute_unprepared("UPDATE invoices SET note = 'mine' WHERE number IS NOT NULL")
        .await
        .unwrap();
    assert_eq!(changed.rows_affected(), 0);
    let own = format!(
        "INSERT INTO subsidiaries (seller_id, buyer_id, parent_id, created_at) VALUES ('{}', '{}', '{}', now())",
        world.acme().id(),
        world.party("Elm").id(),
        world.daisy().id()
    );
    let refused = writer.execute_unprepared(&own).await.unwrap_err().to_string();
    assert!(refused.contains("row-level security"), "{refused}");
}

#[tokio::test]
async fn a_wide_payer_writes_for_a_subsidiary_what_a_payment_writes_and_nothing_else() {
    let world = World::new().await;
    if world.pooled().is_none() {
        return;
    }
    a_row_everywhere(&world).await;
    let payer = world
        .borealis()
        .reaching(BuyerRole::Payer, BuyerReach::Subsidiaries)
        .await;
    let scope: Scope<PayInvoices> = payer.permit().unwrap();
    let writer = world
        .backend
        .inner
        .connections
        .writer
        .for_tenant(scope.viewpoint());
    for (statement, wanted) in [
        ("UPDATE invoices SET note = note WHERE number IS NOT NULL", 1),
        ("UPDATE cards SET brand = brand", 1),
        ("UPDATE mails SET subject = 'mine'", 0),
        ("DELETE FROM sessions", 0),
        ("DELETE FROM memberships WHERE false", 0),
        ("UPDATE invitations SET buyer_reach = 'own'", 0),
        ("UPDATE tenants SET name = 'mine' WHERE name = 'Acme'", 0),
        ("DELETE FROM subsidiaries", 0),
    ] {
        let done = writer.execute_unprepared(statement).await.unwrap();
        assert_eq!(done.rows_affected(), wanted, "{statement}");
    }
}
