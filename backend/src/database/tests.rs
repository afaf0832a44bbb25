//! Opening: many nodes at once, and not at all when the database would lose what it acknowledged.

use crate::{
    Backend, BackendConfig, Error,
    ports::{
        Ports, SystemClock,
        fakes::{FakeGateway, FakeMailer, FakeProviders},
    },
    testing::{EmptyDatabase, connect, dies_after},
};
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use std::{sync::Arc, time::Duration};

async fn open(config: BackendConfig) -> Result<Backend, Error> {
    let ports = Ports {
        clock: Arc::new(SystemClock),
        gateway: Arc::new(FakeGateway::default()),
        mailer: Arc::new(FakeMailer::default()),
        identities: Arc::new(FakeProviders::default()),
    };
    let config = BackendConfig {
        acquire_timeout: Duration::from_secs(20),
        ..config
    };
    Backend::open(config, ports).await
}

#[tokio::test]
async fn four_nodes_may_start_at_once_on_an_empty_database_and_again() {
    let database = EmptyDatabase::empty().await;
    for _ in 0..2 {
        let nodes = (0..4).map(|_| open(database.config()));
        for node in futures::future::join_all(nodes).await {
            let node = node.unwrap();
            assert_eq!(crate::check::run(&node).await.unwrap(), Vec::new());
            node.close().await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_database_in_memory_is_refused_since_it_would_lose_everything() {
    assert!(matches!(
        open(BackendConfig::new("sqlite::memory:")).await,
        Err(Error::Database(_))
    ));
}

#[tokio::test]
async fn readers_cannot_write() {
    let database = EmptyDatabase::new().await;
    let backend = open(database.config()).await.unwrap();
    let reader = backend.system().db();
    assert!(reader.execute_unprepared("DELETE FROM tenants").await.is_err());
}

/// A transaction that sqlx began and forgot would be the next one's, in a stranger's name and unable to write.
#[tokio::test]
async fn a_question_that_nobody_waits_for_any_more_leaves_the_connection_as_it_was() {
    let database = EmptyDatabase::new().await;
    let config = BackendConfig {
        connections: 2,
        ..database.config()
    };
    let backend = open(config).await.unwrap();
    let system = backend.system();
    for awaits in 0..12 {
        let asked = system.db().execute_unprepared("SELECT 1");
        let _ = dies_after(awaits, asked).await;
        // As often as there are connections.
        for again in 0..2 {
            let written = format!(
                "INSERT INTO sign_in_throttle (key, tries, tried_at, until) VALUES \
                 ('{awaits}-{again}', 1, '2026-01-01T00:00:00+00:00', '2026-01-01T00:00:00+00:00')"
            );
            let done = system.writer().execute_unprepared(&written).await;
            assert!(done.is_ok(), "left at the await {awaits}: {done:?}");
        }
    }
}

#[tokio::test]
async fn the_newest_migration_is_the_last_one_applied() {
    let database = EmptyDatabase::new().await;
    let backend = open(database.config()).await.unwrap();
    assert_eq!(
        backend.schema_version().await.unwrap(),
        migration::expected_version()
    );
}

#[tokio::test]
async fn a_portal_that_owns_nothing_starts_only_where_its_owner_has_migrated() {
    let database = EmptyDatabase::empty().await;
    let with_owner = database.config();
    if with_owner.migration_url.is_none() {
        return;
    }
    let alone = || BackendConfig {
        migration_url: None,
        ..with_owner.clone()
    };
    assert!(matches!(open(alone()).await, Err(Error::Database(_))));
    open(with_owner.clone()).await.unwrap();
    let backend = open(alone()).await.unwrap();
    assert_eq!(crate::check::run(&backend).await.unwrap(), Vec::new());
}

#[tokio::test]
async fn a_single_role_migrates_by_itself_and_is_walled_in_too() {
    let database = EmptyDatabase::empty().await;
    let Some(owner) = database.config().migration_url else {
        return;
    };
    let backend = open(BackendConfig::new(&owner)).await.unwrap();
    let written = "INSERT INTO sign_in_throttle (key, tries, tried_at, until) VALUES ('k', 1, now(), now())";
    let system = backend.system().writer();
    system.execute_unprepared(written).await.unwrap();
    let found = "SELECT 1 FROM sign_in_throttle";
    assert_eq!(system.execute_unprepared(found).await.unwrap().rows_affected(), 1);
    let unannounced = connect(&owner).await;
    assert_eq!(
        unannounced
            .execute_unprepared(found)
            .await
            .unwrap()
            .rows_affected(),
        0
    );
    assert!(unannounced.execute_unprepared(written).await.is_err());
}

/// What SQLite does by itself when its disk is full or fails, and what sqlx does not hear of.
#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "a connection beside the portal's")]
async fn what_is_committed_after_a_transaction_that_sqlite_ended_by_itself_is_there() {
    let database = EmptyDatabase::new().await;
    let url = database.config().database_url;
    if !url.starts_with("sqlite:") {
        return;
    }
    let backend = open(database.config()).await.unwrap();
    let add = |id: &str| {
        format!(
            "INSERT INTO gateway_events (account, id, about, object, body, state, received_at) \
             VALUES ('a', '{id}', 'intent', 'pi', '', 'waiting', '2026-01-01T00:00:00+00:00')"
        )
    };
    let system = backend.system();
    let ended = system.begin().await.unwrap();
    ended.execute_unprepared(&add("ended")).await.unwrap();
    ended.execute_unprepared("ROLLBACK").await.unwrap();
    assert!(ended.rollback().await.is_err(), "sqlx still counts it");
    let refused = system.begin().await.unwrap();
    refused.execute_unprepared(&add("refused")).await.unwrap();
    refused.rollback().await.unwrap();
    let kept = system.begin().await.unwrap();
    kept.execute_unprepared(&add("kept")).await.unwrap();
    kept.commit().await.unwrap();

    let beside = Database::connect(&url).await.unwrap();
    let all = Statement::from_string(DbBackend::Sqlite, "SELECT id FROM gateway_events");
    let there = beside.query_all_raw(all).await.unwrap();
    let there: Vec<String> = there.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    assert_eq!(there, ["kept"]);
}
