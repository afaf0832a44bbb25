//! What happens behind a server function: loads in scope, asks the domain, saves with its audit entry.
//!
//! [`Backend`] is the whole of it, cheap to clone. Its connections are private: the only way to data is a
//! [`scope::Scope`], which only a verified [`scope::Actor`] with the permission can get.
#![deny(
    clippy::float_arithmetic,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss
)]

mod alike;
pub mod api_keys;
pub mod audit;
pub mod bank_files;
mod by_day;
pub mod check;
mod codes;
mod config;
mod counterparties;
pub mod credit_notes;
mod database;
pub mod disputes;
mod error;
pub mod gateway;
pub mod gateway_events;
mod hidden;
pub mod imports;
pub mod invoices;
pub mod jobs;
pub mod ledger;
pub mod mail;
mod numbering;
mod once;
pub mod payment_methods;
pub mod payments;
pub mod people;
pub mod ports;
pub mod profiles;
pub mod reconciliation;
pub mod refunds;
pub mod reminders;
pub mod roles;
pub mod rollups;
pub mod scope;
pub mod second_factor;
pub mod security;
pub mod seed;
pub mod sessions;
pub mod single_sign_on;
pub mod tenants;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod transact;
pub mod vault;
pub mod workbench;

pub use config::BackendConfig;
pub use error::Error;
pub use once::Once;
pub use scope::{Actor, Scope};

use chrono::{DateTime, Utc};
use database::Connections;
use ports::Ports;
use sea_orm::ConnectionTrait;
use std::{fmt, sync::Arc};
use tokio::sync::Semaphore;
use uuid::Uuid;

/// Connections, ports and settings. Clones share them.
#[derive(Clone)]
pub struct Backend {
    inner: Arc<Inner>,
}

struct Inner {
    connections: Connections,
    ports: Ports,
    config: BackendConfig,
    /// Password hashes take a core each for a while: two at a time, the others wait (ASVS 11.4.2).
    hashing: Semaphore,
}

impl Backend {
    /// Connects, checks the database's settings and brings its schema up to date.
    ///
    /// # Errors
    /// [`Error::Database`] when the database cannot be reached, or would not keep what it acknowledged.
    pub async fn open(config: BackendConfig, ports: Ports) -> Result<Self, Error> {
        let connections = Connections::open(&config).await?;
        let hashing = Semaphore::new(2);
        Ok(Self {
            inner: Arc::new(Inner {
                connections,
                ports,
                config,
                hashing,
            }),
        })
    }

    /// What the backend needs from outside.
    pub fn ports(&self) -> &Ports {
        &self.inner.ports
    }

    /// Its settings.
    pub fn config(&self) -> &BackendConfig {
        &self.inner.config
    }

    /// Now.
    pub fn now(&self) -> DateTime<Utc> {
        self.inner.ports.clock.now()
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn ready(&self) -> Result<(), Error> {
        self.inner.connections.reader.ping().await?;
        Ok(())
    }

    /// The newest migration that the database has; readiness compares it with [`Backend::expected_version`].
    ///
    /// # Errors
    /// [`Error::Database`].
    #[expect(
        clippy::disallowed_methods,
        reason = "the list of migrations belongs to no tenant"
    )]
    pub async fn schema_version(&self) -> Result<String, Error> {
        let db = self.system().db();
        let mut sql = database::Sql::new(db.get_database_backend());
        sql.push("SELECT MAX(version) FROM seaql_migrations");
        let row = db.query_one_raw(sql.statement()).await?;
        let version: Option<String> = row.ok_or(Error::NotFound)?.try_get_by_index(0)?;
        Ok(version.unwrap_or_default())
    }

    /// The newest migration that this program knows.
    pub fn expected_version() -> String {
        migration::expected_version()
    }

    /// Ends all connections. Calls after this fail.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn close(&self) -> Result<(), Error> {
        let Connections { reader, writer } = self.inner.connections.clone();
        reader.close().await?;
        writer.close().await?;
        Ok(())
    }
}

impl fmt::Debug for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Backend")
            .field("config", &self.inner.config)
            .finish_non_exhaustive()
    }
}

/// A fresh id: UUIDv7, so that ids of one moment lie together in an index (D1).
pub(crate) fn new_id() -> Uuid {
    Uuid::now_v7()
}
