//! `quittance`: the portal, its payment sandbox and its tools in one program.
#![recursion_limit = "256"]

use clap::{Parser, Subcommand};
use server::{commands, config::Config};
use std::{path::PathBuf, process::ExitCode};

/// A self-hosted billing portal for channels that sell in three tiers.
#[derive(Parser)]
#[command(name = "quittance", version, about)]
struct Arguments {
    /// Settings; `quittance.toml` in the working folder if it is there.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the portal, and the payment sandbox unless it is switched off.
    Serve,
    /// Runs the payment sandbox alone.
    Sandbox,
    /// Brings the database's schema up to date.
    Migrate,
    /// Fills an empty database with demo data.
    Seed(commands::seed::Arguments),
    /// Imports invoices and credit notes from a file.
    Import(commands::import::Arguments),
    /// Looks after people.
    User(commands::user::Arguments),
    /// Looks after tenants.
    Tenant(commands::tenant::Arguments),
    /// Looks after work in the background that belongs to no company.
    Jobs(commands::jobs::Arguments),
    /// Looks after the key of secrets.
    Secrets(commands::secrets::Arguments),
    /// Proves every sum and reference in the database; changes nothing.
    Check,
    /// Proves that nobody changed the audit.
    Audit(commands::audit::Arguments),
    /// Shows whether the settings can be used.
    Config(commands::config::Arguments),
}

fn main() -> ExitCode {
    let Arguments { config, command } = Arguments::parse();
    let config = match Config::load(config.as_deref(), std::env::vars()) {
        Ok(config) => config,
        Err(error) => {
            eprintln!("quittance: the settings cannot be used: {error}");
            return ExitCode::from(2);
        }
    };
    commands::start_log(&config.log);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("quittance: {error}");
            return ExitCode::FAILURE;
        }
    };
    let done = runtime.block_on(async {
        match command {
            Command::Serve => commands::serve::run(config).await,
            Command::Sandbox => commands::sandbox::run(config).await,
            Command::Migrate => commands::migrate(config).await,
            Command::Seed(arguments) => commands::seed::run(config, arguments).await,
            Command::Import(arguments) => commands::import::run(config, arguments).await,
            Command::User(arguments) => commands::user::run(config, arguments).await,
            Command::Tenant(arguments) => commands::tenant::run(config, arguments).await,
            Command::Jobs(arguments) => commands::jobs::run(config, arguments).await,
            Command::Secrets(arguments) => commands::secrets::run(config, arguments).await,
            Command::Audit(arguments) => commands::audit::run(config, arguments).await,
            Command::Check => commands::check(config).await,
            Command::Config(arguments) => commands::config::run(&config, &arguments),
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("quittance: {error}");
            ExitCode::FAILURE
        }
    }
}
