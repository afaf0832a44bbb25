//! Settings of the backend, with defaults that are safe to run.

use crate::vault::Keyring;
use std::{fmt, time::Duration};

/// How the backend is opened.
#[derive(Clone)]
pub struct BackendConfig {
    /// `sqlite://path/to/file` or `postgres://user:password@host/database`.
    pub database_url: String,
    /// Address of the same PostgreSQL database as the role that owns the tables; without one the portal's own role
    /// migrates.
    pub migration_url: Option<String>,
    /// Whether connections to PostgreSQL keep what they prepared. Behind a pooler that does not know of it they must
    /// not.
    pub keep_prepared: bool,
    /// Address that browsers use, without a slash at the end: links in mails begin with it.
    pub public_url: String,
    /// Connections: readers on SQLite, the whole pool on PostgreSQL.
    pub connections: u32,
    /// How long a request waits for a connection before it fails as unavailable. Whoever asks while the database is down
    /// is to know within two seconds (K13).
    pub acquire_timeout: Duration,
    /// Longest statement on PostgreSQL.
    pub statement_timeout: Duration,
    /// A session ends when it was not used for this long.
    pub session_idle: Duration,
    /// A session ends this long after sign-in, however much it is used.
    pub session_absolute: Duration,
    /// Keys for the secrets of tenants.
    pub secrets: Keyring,
}

impl BackendConfig {
    /// The defaults for a database.
    pub fn new(database_url: impl Into<String>) -> Self {
        Self {
            database_url: database_url.into(),
            migration_url: None,
            keep_prepared: true,
            public_url: "http://127.0.0.1:3000".to_owned(),
            connections: 6,
            acquire_timeout: Duration::from_millis(1_500),
            statement_timeout: Duration::from_secs(30),
            session_idle: Duration::from_secs(30 * 60),
            session_absolute: Duration::from_secs(12 * 60 * 60),
            secrets: Keyring::default(),
        }
    }
}

impl fmt::Debug for BackendConfig {
    /// Without the database's address: it may carry a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BackendConfig")
            .field("connections", &self.connections)
            .field("session_idle", &self.session_idle)
            .field("session_absolute", &self.session_absolute)
            .finish_non_exhaustive()
    }
}
