//! `quittance config check`: whether the settings can be used.

use super::Failure;
use crate::config::Config;
use clap::{Args, Subcommand};

/// Arguments of `config`.
#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Reads the file and the environment and says what is wrong with them.
    Check,
}

/// By the time this runs the settings were read and fit.
///
/// # Errors
/// When the folder of the browser files is not there.
pub fn run(config: &Config, arguments: &Arguments) -> Result<(), Failure> {
    match arguments.action {
        Action::Check => {
            if !config.server.site.is_dir() {
                return Err(Failure(format!(
                    "server.site: {} is not a folder",
                    config.server.site.display()
                )));
            }
            println!("The settings can be used.");
            Ok(())
        }
    }
}
