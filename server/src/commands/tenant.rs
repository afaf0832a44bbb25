//! `quittance tenant`: helps the people of a tenant who cannot come in any more.

use super::{Failure, open};
use crate::config::Config;
use backend::{Error, single_sign_on::operator};
use clap::{Args, Subcommand};

/// Arguments of `tenant`.
#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Switches a tenant's single sign-on off, so that its people come in by password again, and ends the sessions begun by it.
    SingleSignOnOff {
        /// Its id, or its name.
        tenant: String,
    },
}

/// Does it and says so.
///
/// # Errors
/// When there is no such tenant, several have the name, it has no single sign-on, or the database cannot be written.
pub async fn run(config: Config, arguments: Arguments) -> Result<(), Failure> {
    let Action::SingleSignOnOff { tenant } = arguments.action;
    match operator::switch_off(&open(&config).await?, &tenant).await {
        Ok(()) => {
            println!("The single sign-on of {tenant} was switched off. Its people come in by password.");
            Ok(())
        }
        Err(Error::NotFound) => Err(Failure(format!(
            "{tenant} has no single sign-on, or there is no such tenant"
        ))),
        Err(Error::Conflict) => Err(Failure(format!(
            "several tenants are called {tenant}; give the id"
        ))),
        Err(error) => Err(error.into()),
    }
}
