//! Settings of an installation: one TOML file, overridden by the environment, unknown keys refused.
//!
//! `QUITTANCE__SERVER__LISTEN=0.0.0.0:80` overrides `listen` in `[server]`. Every value has a default that is safe on
//! a developer's machine; `production = true` refuses what is only fit for one.

mod gateway;
mod outward;

pub use gateway::{Gateway, GatewayKeys};
pub use outward::{OutgoingCalls, Secrets};

use backend::{BackendConfig, payments::reconcile::Patience};
use chrono::TimeDelta;
use serde::Deserialize;
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

/// Everything that can be set.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Refuses the sandbox, kept mail and plain HTTP unless they are named explicitly.
    pub production: bool,
    /// The web server.
    pub server: Server,
    /// The database.
    pub database: Database,
    /// Who takes card payments.
    pub gateway: Gateway,
    /// The embedded payment sandbox.
    pub sandbox: Sandbox,
    /// How mail leaves.
    pub mail: Mail,
    /// Payments.
    pub payments: Payments,
    /// Sessions.
    pub sessions: Sessions,
    /// Keys for the secrets of tenants.
    pub secrets: Secrets,
    /// Calls to addresses that tenants chose.
    pub outgoing: OutgoingCalls,
    /// The log.
    pub log: Log,
}

/// `[server]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// Address that browsers use; `https://` turns on secure cookies and HSTS.
    pub public_url: String,
    /// Folder of the built browser files.
    pub site: PathBuf,
    /// Largest upload in bytes.
    pub upload_limit: u64,
    /// Addresses and networks of proxies whose `X-Forwarded-For` is believed. The environment has one text, with blanks
    /// between them.
    #[serde(deserialize_with = "outward::list")]
    pub trusted_proxies: Vec<String>,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 3000)),
            public_url: "http://127.0.0.1:3000".to_owned(),
            site: PathBuf::from("target/site"),
            upload_limit: 200 * 1024 * 1024,
            trusted_proxies: Vec::new(),
        }
    }
}

/// `[database]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/DATABASE`.
    pub url: String,
    /// The same PostgreSQL database as the role that owns its tables and migrates them. Without it `url` does both.
    pub migration_url: Option<String>,
    /// False behind a pooler in transaction mode that does not know prepared statements, as pgbouncer before 1.21.
    pub keep_prepared: bool,
    /// Connections: readers on SQLite, the whole pool on PostgreSQL.
    pub connections: u32,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: "sqlite://data/quittance.db".to_owned(),
            migration_url: None,
            keep_prepared: true,
            connections: 6,
        }
    }
}

impl Database {
    /// The folder of SQLite's file, where there is one.
    pub fn folder(&self) -> Option<PathBuf> {
        let path = self.url.strip_prefix("sqlite://")?.split('?').next()?;
        let folder = Path::new(path).parent()?;
        (!folder.as_os_str().is_empty()).then(|| folder.to_owned())
    }
}

/// `[sandbox]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sandbox {
    /// Runs inside `serve`.
    pub enabled: bool,
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// File of its state.
    pub database: PathBuf,
    /// Whether faults can be asked for over HTTP; for tests.
    pub control: bool,
}

impl Default for Sandbox {
    fn default() -> Self {
        Self {
            enabled: true,
            listen: SocketAddr::from(([127, 0, 0, 1], 3001)),
            database: PathBuf::from("data/sandbox.db"),
            control: false,
        }
    }
}

/// `[mail]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// Kept in the portal and shown on `Sent mail`, or sent by SMTP.
    pub mode: MailMode,
    /// `smtp://user:password@host:port`, with `?tls=required` for STARTTLS, or `smtps://`.
    pub smtp_url: String,
    /// Sender of all mails.
    pub from: String,
}

/// How mail leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailMode {
    /// It does not: the page `Sent mail` shows it.
    Keep,
    /// By SMTP.
    Smtp,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            mode: MailMode::Keep,
            smtp_url: "smtp://127.0.0.1:25".to_owned(),
            from: "Quittance <billing@localhost>".to_owned(),
        }
    }
}

/// `[payments]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Payments {
    /// An attempt without an outcome is looked up at the gateway after so many seconds (D8).
    pub lookup_after_seconds: u64,
    /// An attempt that waits for the payer's confirmation is given up after so many seconds.
    pub abandon_after_seconds: u64,
}

impl Default for Payments {
    fn default() -> Self {
        Self {
            lookup_after_seconds: 60,
            abandon_after_seconds: 3_600,
        }
    }
}

/// `[sessions]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sessions {
    /// Ends after so many minutes without use.
    pub idle_minutes: u64,
    /// Ends so many hours after sign-in.
    pub absolute_hours: u64,
}

impl Default for Sessions {
    fn default() -> Self {
        Self {
            idle_minutes: 30,
            absolute_hours: 12,
        }
    }
}

/// `[log]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// What is logged, in the words of `tracing`: `info,backend=debug`.
    pub filter: String,
    /// `text` or `json`.
    pub format: LogFormat,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            filter: "warn,quittance=info,server=info,backend=info".to_owned(),
            format: LogFormat::Text,
        }
    }
}

/// Why the settings cannot be used; says where.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{0}: {1}")]
    Unreadable(PathBuf, std::io::Error),
    /// The file is no TOML.
    #[error("{0}: {1}")]
    NotToml(PathBuf, toml::de::Error),
    /// A key is unknown, or a value does not fit.
    #[error("{0}")]
    Unfit(String),
}

impl Config {
    /// Reads the file, if one is named or `quittance.toml` is there, and the environment over it.
    ///
    /// # Errors
    /// [`ConfigError`], which names the file, key or variable.
    pub fn load(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut table = match file {
            Some(path) => read(path)?,
            None if Path::new("quittance.toml").exists() => read(Path::new("quittance.toml"))?,
            None => toml::Table::new(),
        };
        for (name, value) in environment {
            if let Some(path) = name.strip_prefix("QUITTANCE__") {
                set(
                    &mut table,
                    &path.to_lowercase().split("__").collect::<Vec<_>>(),
                    &value,
                )
                .ok_or_else(|| {
                    ConfigError::Unfit(format!("{name}: a value and a section cannot share a name"))
                })?;
            }
        }
        let config: Self = table
            .try_into()
            .map_err(|error: toml::de::Error| ConfigError::Unfit(error.to_string()))?;
        config.fit()
    }

    /// Refuses settings that contradict each other or are unsafe in production.
    fn fit(self) -> Result<Self, ConfigError> {
        let no = |text: &str| Err(ConfigError::Unfit(text.to_owned()));
        if !self.server.public_url.starts_with("http://") && !self.server.public_url.starts_with("https://") {
            return no("server.public_url: must begin with http:// or https://");
        }
        self.secrets.keys()?;
        self.outgoing.allowed()?;
        self.server.proxies()?;
        if self.production {
            if self.sandbox.enabled {
                return no("sandbox.enabled: is for trying out; set it to false in production");
            }
            if self
                .gateway
                .webhook_secrets
                .iter()
                .any(|secret| secret == gateway::SANDBOX_SECRET)
            {
                return no(
                    "gateway.webhook_secrets: everybody knows the one of the sandbox; set the gateway's own in production",
                );
            }
            if self.mail.mode == MailMode::Keep {
                return no("mail.mode: \"keep\" sends nothing; set it to \"smtp\" in production");
            }
            if !self.server.public_url.starts_with("https://") {
                return no("server.public_url: must be https:// in production");
            }
        }
        Ok(self)
    }

    /// Browsers reach the portal by TLS.
    pub fn is_secure(&self) -> bool {
        self.server.public_url.starts_with("https://")
    }

    /// The backend's part.
    pub fn backend(&self) -> BackendConfig {
        let mut config = BackendConfig::new(&self.database.url);
        config.migration_url.clone_from(&self.database.migration_url);
        config.keep_prepared = self.database.keep_prepared;
        config.connections = self.database.connections;
        config.public_url = self.server.public_url.trim_end_matches('/').to_owned();
        config.session_idle = Duration::from_secs(self.sessions.idle_minutes * 60);
        config.session_absolute = Duration::from_secs(self.sessions.absolute_hours * 3_600);
        config
    }
}

impl Payments {
    /// How long attempts without an outcome are left alone.
    pub fn patience(&self) -> Patience {
        let seconds = |seconds: u64| TimeDelta::seconds(i64::try_from(seconds).unwrap_or(i64::MAX / 1_000));
        Patience {
            look_up_after: seconds(self.lookup_after_seconds),
            give_up_after: seconds(self.abandon_after_seconds),
            ..Patience::default()
        }
    }
}

fn read(path: &Path) -> Result<toml::Table, ConfigError> {
    let text =
        std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable(path.to_owned(), error))?;
    text.parse()
        .map_err(|error| ConfigError::NotToml(path.to_owned(), error))
}

/// Sets a value in nested tables. Numbers and booleans are taken as such, everything else as text.
fn set(table: &mut toml::Table, path: &[&str], value: &str) -> Option<()> {
    let (first, rest) = path.split_first()?;
    if rest.is_empty() {
        let value = value
            .parse::<bool>()
            .map(toml::Value::Boolean)
            .or_else(|_| value.parse::<i64>().map(toml::Value::Integer))
            .unwrap_or_else(|_| toml::Value::String(value.to_owned()));
        table.insert((*first).to_owned(), value);
        return Some(());
    }
    let entry = table
        .entry((*first).to_owned())
        .or_insert_with(|| toml::Value::Table(toml::Table::new()));
    set(entry.as_table_mut()?, rest, value)
}

#[cfg(test)]
mod tests;
