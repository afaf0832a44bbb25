//! The program's commands.

pub mod audit;
pub mod config;
pub mod import;
pub mod jobs;
pub mod sandbox;
pub mod secrets;
pub mod seed;
pub mod serve;
pub mod tenant;
pub mod user;

use crate::{
    adapters::{
        keep::KeepMail, openid::OpenIdProviders, outgoing::Outgoing, smtp::SmtpMail, stripe::StripeGateway,
    },
    config::{Config, Log, LogFormat, MailMode},
};
use backend::{
    Backend, BackendConfig,
    check::Finding,
    ports::{Mailer, Ports, SystemClock},
};
use std::{fmt, sync::Arc};
use tracing_subscriber::EnvFilter;

/// Why a command failed, in words for the operator.
#[derive(Debug)]
pub struct Failure(pub String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            text.push_str(": ");
            text.push_str(&error.to_string());
            cause = error.source();
        }
        Self(text)
    }
}

/// Starts the log on standard error.
pub fn start_log(log: &Log) {
    let filter = EnvFilter::try_new(&log.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match log.format {
        LogFormat::Text => builder.init(),
        LogFormat::Json => builder.json().init(),
    }
}

/// Opens the database with the configured adapters.
///
/// # Errors
/// When an adapter cannot be set up, or the database cannot be opened.
pub async fn open(config: &Config) -> Result<Backend, Failure> {
    // reqwest and lettre find their TLS here; a second installation is the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mailer: Arc<dyn Mailer> = match config.mail.mode {
        MailMode::Keep => Arc::new(KeepMail),
        MailMode::Smtp => Arc::new(SmtpMail::new(&config.mail.smtp_url, &config.mail.from).map_err(Failure)?),
    };
    if let Some(folder) = config.database.folder() {
        std::fs::create_dir_all(folder)?;
    }
    let gateway = Arc::new(StripeGateway::new(&config.gateway)?);
    let ports = Ports {
        clock: Arc::new(SystemClock),
        gateway,
        mailer,
        identities: Arc::new(OpenIdProviders::new(Outgoing::new(config.outgoing.allowed()?)?)),
    };
    let settings = BackendConfig {
        secrets: config.keyring()?,
        ..config.backend()
    };
    Ok(Backend::open(settings, ports).await?)
}

/// Brings the schema up to date.
///
/// # Errors
/// When the database cannot be opened.
pub async fn migrate(config: Config) -> Result<(), Failure> {
    open(&config).await?.close().await?;
    println!("The database is up to date.");
    Ok(())
}

/// Proves the database and prints what does not hold (K22).
///
/// # Errors
/// When something does not hold, or the database cannot be read.
pub async fn check(config: Config) -> Result<(), Failure> {
    let backend = open(&config).await?;
    let findings = backend::check::run(&backend).await?;
    for finding in &findings {
        let Finding {
            check,
            rule,
            tenant,
            id,
            found,
            wanted,
        } = finding;
        println!("{check} {rule}: tenant {tenant}, row {id}: stored {found}, must be {wanted}");
    }
    let broken = backend::audit::verify(&backend).await?.broken;
    audit::tell(&broken);
    match findings.len() + broken.len() {
        0 => {
            println!("Everything holds.");
            Ok(())
        }
        n => Err(Failure(format!("{n} findings"))),
    }
}
