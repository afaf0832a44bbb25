//! `quittance user`: sets a password when nobody can sign in any more.

use super::{Failure, open};
use crate::config::Config;
use clap::{Args, Subcommand};
use std::io::Read;

/// Arguments of `user`.
#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Sets a person's password, read from standard input, and ends their sessions.
    Password {
        /// Their e-mail address.
        email: String,
    },
}

/// Does it and says so.
///
/// # Errors
/// When there is no such person, the password is weak, or the database cannot be written.
pub async fn run(config: Config, arguments: Arguments) -> Result<(), Failure> {
    let Action::Password { email } = arguments.action;
    let mut password = String::new();
    std::io::stdin().read_to_string(&mut password)?;
    let backend = open(&config).await?;
    backend::sessions::operator::set_password(&backend, &email, password.trim_end_matches(['\r', '\n']))
        .await?;
    println!("The password of {email} was changed and their sessions were ended.");
    Ok(())
}
