//! `quittance secrets`: the key that secrets of tenants and of second factors are sealed with.

use super::{Failure, open};
use crate::config::Config;
use backend::{single_sign_on::operator, vault::Keyring};
use clap::{Args, Subcommand};

/// Arguments of `secrets`.
#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Prints a fresh key for `secrets.key`.
    NewKey,
    /// Seals all secrets with the present key; afterwards those of before can be thrown away.
    Renew,
}

/// Does it and says so.
///
/// # Errors
/// When a key is missing, or the database cannot be written.
pub async fn run(config: Config, arguments: Arguments) -> Result<(), Failure> {
    match arguments.action {
        Action::NewKey => println!("{}", Keyring::fresh()?),
        Action::Renew => {
            let renewed = operator::renew_secrets(&open(&config).await?).await?;
            println!("{renewed} secrets were sealed with the present key.");
        }
    }
    Ok(())
}
