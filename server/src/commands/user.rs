//! `quittance user`: helps people who cannot sign in any more, with a new password or without their second factor.

use super::{Failure, open};
use crate::config::Config;
use backend::sessions::operator;
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
    /// Switches off the second factor of a person who lost phone and recovery codes, and ends their sessions.
    SecondFactorOff {
        /// Their e-mail address.
        email: String,
    },
}

/// Does it and says so.
///
/// # Errors
/// When there is no such person, the password is weak, there is no second factor, or the database cannot be written.
pub async fn run(config: Config, arguments: Arguments) -> Result<(), Failure> {
    match arguments.action {
        Action::Password { email } => {
            let mut password = String::new();
            std::io::stdin().read_to_string(&mut password)?;
            let password = password.trim_end_matches(['\r', '\n']);
            operator::set_password(&open(&config).await?, &email, password).await?;
            println!("The password of {email} was changed and their sessions were ended.");
        }
        Action::SecondFactorOff { email } => {
            operator::switch_second_factor_off(&open(&config).await?, &email).await?;
            println!("The second factor of {email} was switched off and their sessions were ended.");
        }
    }
    Ok(())
}
