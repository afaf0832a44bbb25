//! The second wall by itself: what PostgreSQL shows and takes when a statement carries no condition at all. SQLite has
//! no such wall, so these tests end there before they begin.

use super::{Seen, a_row_everywhere, all_tables, rows};
use crate::{
    Backend, Scope,
    testing::{World, connect},
};
use domain::access::{ImportInvoices, ManagePeople, ViewIssuedInvoices, ViewReceivedInvoices};
use entity::invoice;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, PaginatorTrait, Statement, TransactionTrait,
};

/// Tables without a wall, and why.
const OPEN: [(&str, &str); 2] = [
    (
        "schema_lock",
        "a row that migrations wait for; the portal's role may not touch it",
    ),
    (
        "seaql_migrations",
        "which migrations were applied; the portal's role only reads it",
    ),
];

/// A world with rows, where there are walls.
async fn walled() -> Option<World> {
    let world = World::new().await;
    world.pooled()?;
    a_row_everywhere(&world).await;
    Some(world)
}

/// The portal's role, without a word about in whose name it asks.
async fn nobody(world: &World) -> DatabaseConnection {
    connect(&world.config().database_url).await
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test is what happens without a scope"
)]
async fn texts(db: &impl ConnectionTrait, sql: &str) -> Vec<String> {
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql));
    let rows = rows.await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// How many rows a statement finds or changes.
async fn found(db: &impl ConnectionTrait, sql: &str) -> u64 {
    db.execute_unprepared(sql).await.unwrap().rows_affected()
}

fn is_refused(outcome: Result<impl Sized, DbErr>) -> bool {
    let Err(error) = outcome else { return false };
    let text = error.to_string();
    text.contains("row-level security") || text.contains("permission denied")
}

/// All tables that have a wall.
async fn tables(world: &World) -> Vec<String> {
    let sql = "SELECT CAST(relname AS text) FROM pg_class WHERE relkind = 'r' AND relrowsecurity \
               AND relnamespace = CAST('public' AS regnamespace) ORDER BY 1";
    texts(&world.outside().await, sql).await
}

#[tokio::test]
async fn every_table_has_a_wall_or_a_reason() {
    let Some(world) = walled().await else { return };
    let sql = "SELECT CAST(relname AS text) FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm') \
               AND relnamespace = CAST('public' AS regnamespace) AND NOT (relrowsecurity AND relforcerowsecurity \
               AND EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = pg_class.oid)) ORDER BY 1";
    let without = texts(&world.outside().await, sql).await;
    assert_eq!(
        without,
        OPEN.map(|(table, _)| table),
        "see migration/src/walls.rs"
    );
}

/// The statements that write new rows. A change of what is not reached is no error: it finds nothing.
fn written(statements: Vec<String>) -> impl Iterator<Item = String> {
    let is_new = |statement: &String| statement.starts_with("INSERT");
    statements.into_iter().filter(is_new)
}

#[tokio::test]
async fn who_asks_in_nobodys_name_sees_and_writes_nothing() {
    let Some(world) = walled().await else { return };
    let (nobody, outside) = (nobody(&world).await, world.outside().await);
    for table in tables(&world).await {
        let all = found(&outside, &format!("SELECT 1 FROM {table}")).await;
        assert!(all > 0, "the test has no row of {table}");
        assert_eq!(
            found(&nobody, &format!("SELECT 1 FROM {table}")).await,
            0,
            "{table}"
        );
    }
    let invoice = world.acme().invoice("1.00").await;
    for statement in written(rows(&world, invoice)) {
        assert!(
            is_refused(nobody.execute_unprepared(&statement).await),
            "{statement}"
        );
    }
}

#[tokio::test]
async fn both_walls_stand_in_the_same_place() {
    let Some(world) = walled().await else { return };
    world.acme().invoice("3.00").draft().await;
    world.daisy().invoice("12.00").paid("2.00").await;
    world.borealis().invoice("7.00").await;
    for (party, seen) in [
        (
            "seller",
            all_tables(&world.distributor().scope::<ViewIssuedInvoices>()).await,
        ),
        (
            "its people",
            all_tables(&world.distributor().scope::<ManagePeople>()).await,
        ),
        (
            "partner sells",
            all_tables(&world.acme().scope::<ImportInvoices>()).await,
        ),
        (
            "partner buys",
            all_tables(&world.acme().scope::<ViewReceivedInvoices>()).await,
        ),
        (
            "its people",
            all_tables(&world.acme().scope::<ManagePeople>()).await,
        ),
        (
            "other partner",
            all_tables(&world.borealis().scope::<ViewReceivedInvoices>()).await,
        ),
        (
            "customer",
            all_tables(&world.daisy().scope::<ViewReceivedInvoices>()).await,
        ),
        (
            "stranger",
            all_tables(&world.party("Fjord").scope::<ViewReceivedInvoices>()).await,
        ),
    ] {
        for Seen {
            table, seen, shown, ..
        } in seen
        {
            if table == "number_counter" && seen == 0 {
                // A payment takes its receipt's number there.
                assert!(shown <= 1, "{party}: {shown} counters");
            } else {
                assert_eq!(shown, seen, "{party}: {table}");
            }
        }
    }
}

#[tokio::test]
async fn nothing_can_be_written_for_another_tenant() {
    let Some(world) = walled().await else { return };
    let invoice = world.acme().invoice("1.00").await;
    let connections = &world.backend.inner.connections;
    let stranger = world.borealis();
    for viewpoint in [
        stranger.scope::<ViewIssuedInvoices>().viewpoint(),
        stranger.scope::<ViewReceivedInvoices>().viewpoint(),
        stranger.scope::<ManagePeople>().viewpoint(),
    ] {
        let writer = connections.writer.for_tenant(viewpoint.clone());
        for statement in written(rows(&world, invoice)) {
            assert!(
                is_refused(writer.execute_unprepared(&statement).await),
                "{statement}"
            );
        }
        for statement in [
            "UPDATE invoices SET note = 'mine' WHERE number IS NOT NULL",
            "UPDATE payments SET memo = 'mine'",
            "UPDATE users SET password_hash = 'mine'",
            "DELETE FROM invoice_lines",
            "DELETE FROM allocations",
            "DELETE FROM sessions",
        ] {
            assert_eq!(found(&writer, statement).await, 0, "{statement}");
        }
    }
}

#[tokio::test]
async fn an_own_row_cannot_be_given_away() {
    let Some(world) = walled().await else { return };
    let sold: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let writer = world
        .backend
        .inner
        .connections
        .writer
        .for_tenant(sold.viewpoint());
    let give = format!("UPDATE import_mappings SET seller_id = '{}'", world.acme().id());
    assert!(is_refused(writer.execute_unprepared(&give).await));
}

#[tokio::test]
async fn the_audit_is_added_to_in_ones_own_name_and_never_changed() {
    let Some(world) = walled().await else { return };
    let bought = world.borealis().scope::<ViewReceivedInvoices>().viewpoint();
    let writer = world.backend.inner.connections.writer.for_tenant(bought);
    let tell = |of, actor| {
        format!(
            "INSERT INTO audit_entries (tenant_id, seq, id, at, actor_kind, actor_name, actor_tenant_id, action, \
             entity_kind, entity_id) VALUES ('{of}', 1000000, '{id}', now(), 'user', 'B', '{actor}', 'pay', 'invoice', '{id}')",
            id = crate::new_id()
        )
    };
    let (seller, own, other) = (world.distributor().id(), world.borealis().id(), world.acme().id());
    assert!(is_refused(writer.execute_unprepared(&tell(seller, other)).await));
    assert!(is_refused(writer.execute_unprepared(&tell(other, own)).await));
    assert_eq!(found(&writer, &tell(seller, own)).await, 1);
    let system = world.backend.system().writer();
    for change in [
        "UPDATE audit_entries SET reason = 'none'",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
        "DELETE FROM audit_heads",
    ] {
        assert!(is_refused(system.execute_unprepared(change).await), "{change}");
    }
}

#[tokio::test]
async fn the_portals_role_owns_nothing_and_goes_round_nothing() {
    let Some(world) = walled().await else { return };
    let system = world.backend.system().writer();
    for excess in [
        "SELECT 1 FROM pg_class WHERE relowner = CAST(current_user AS regrole)",
        "SELECT 1 FROM pg_namespace WHERE nspowner = CAST(current_user AS regrole)",
        "SELECT 1 FROM pg_database WHERE datdba = CAST(current_user AS regrole)",
        "SELECT 1 FROM pg_roles WHERE rolname = current_user \
         AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)",
        "SELECT 1 FROM pg_auth_members WHERE member = CAST(current_user AS regrole)",
    ] {
        assert_eq!(found(system, excess).await, 0, "{excess}");
    }
    for step in [
        "ALTER TABLE invoices DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE invoices NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY tenancy_all ON invoices",
        "CREATE TABLE mine (id integer)",
        "SET ROLE quittance_owner",
        "UPDATE seaql_migrations SET version = 'none'",
        "TRUNCATE invoices CASCADE",
    ] {
        let refused = system.execute_unprepared(step).await.unwrap_err().to_string();
        assert!(
            refused.contains("must be owner") || refused.contains("permission denied"),
            "{step}: {refused}"
        );
    }
}

#[tokio::test]
async fn what_was_said_ends_with_the_transaction() {
    let Some(world) = walled().await else { return };
    let connection = nobody(&world).await;
    let transaction = connection.begin().await.unwrap();
    let name = format!("SET LOCAL quittance.tenant = '{}'", world.acme().id());
    for setting in [name.as_str(), "SET LOCAL quittance.area = 'buyer'"] {
        transaction.execute_unprepared(setting).await.unwrap();
    }
    assert_eq!(found(&transaction, "SELECT 1 FROM invoices").await, 1);
    transaction.commit().await.unwrap();
    assert_eq!(found(&connection, "SELECT 1 FROM invoices").await, 0);
}

#[tokio::test]
async fn who_shares_a_pooled_connection_sees_only_its_own() {
    let Some(world) = walled().await else { return };
    world.borealis().invoice("7.00").await;
    world.borealis().invoice("8.00").await;
    let config = world.pooled().unwrap();
    // Somebody else leaves a setting on the connection that all of them share, and the next one who says nothing has it.
    let (careless, next) = (
        connect(&config.database_url).await,
        connect(&config.database_url).await,
    );
    careless
        .execute_unprepared("SET quittance.area = 'system'")
        .await
        .unwrap();
    assert_eq!(found(&next, "SELECT 1 FROM invoices").await, 3);

    let backend = Backend::open(config, world.backend.ports().clone())
        .await
        .unwrap();
    let mut tasks = Vec::new();
    for (party, wanted) in [("Acme", 1), ("Borealis", 2), ("Daisy", 0)] {
        for _ in 0..2 {
            let actor = backend.operator(world.party(party).id(), "test").await.unwrap();
            let scope = actor.permit::<ViewReceivedInvoices>().unwrap();
            tasks.push(tokio::spawn(async move {
                for _ in 0..50 {
                    assert_eq!(all_shown(scope.db()).await, wanted);
                    let tx = scope.begin().await.unwrap();
                    assert_eq!(all_shown(tx.db()).await, wanted);
                    tokio::task::yield_now().await;
                    assert_eq!(all_shown(tx.db()).await, wanted);
                    tx.commit().await.unwrap();
                }
            }));
        }
    }
    for task in tasks {
        task.await.unwrap();
    }
    backend.close().await.unwrap();
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test is what happens without a condition"
)]
async fn all_shown(db: &impl ConnectionTrait) -> u64 {
    invoice::Entity::find().count(db).await.unwrap()
}
