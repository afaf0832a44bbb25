//! Opening: many nodes at once, and not at all when the database would lose what it acknowledged.

use crate::{
    Backend, BackendConfig, Error,
    ports::{
        Ports, SystemClock,
        fakes::{FakeGateway, FakeMailer},
    },
    testing::EmptyDatabase,
};
use sea_orm::ConnectionTrait;
use std::{sync::Arc, time::Duration};

async fn open(config: BackendConfig) -> Result<Backend, Error> {
    let ports = Ports {
        clock: Arc::new(SystemClock),
        gateway: Arc::new(FakeGateway::default()),
        mailer: Arc::new(FakeMailer::default()),
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

#[tokio::test]
async fn the_newest_migration_is_the_last_one_applied() {
    let database = EmptyDatabase::new().await;
    let backend = open(database.config()).await.unwrap();
    assert_eq!(
        backend.schema_version().await.unwrap(),
        migration::expected_version()
    );
}
