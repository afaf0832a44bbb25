//! `quittance audit`: proves that the audit is as it was written.

use super::{Failure, open};
use crate::config::Config;
use backend::audit::{Broken, Proof, verify};
use clap::{Args, Subcommand};

/// Arguments of `audit`.
#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Follows the chain of every tenant's entries and prints those that were changed, moved or taken out.
    Verify {
        /// Prints each tenant's last entry and its hash too, to be kept where nobody of this machine can write: who can
        /// write every table can also forge a whole chain, but not one whose end is known elsewhere.
        #[arg(long)]
        heads: bool,
    },
}

/// Does it and says so.
///
/// # Errors
/// When a chain does not hold, or the database cannot be read.
pub async fn run(config: Config, arguments: Arguments) -> Result<(), Failure> {
    let Action::Verify { heads } = arguments.action;
    let backend = open(&config).await?;
    let Proof {
        entries,
        heads: ends,
        broken,
    } = verify(&backend).await?;
    if heads {
        for (tenant, seq, hash) in &ends {
            println!("tenant {tenant}: entry {seq}, {hash}");
        }
    }
    tell(&broken);
    match broken.len() {
        0 => {
            println!(
                "{entries} entries of {} tenants are as they were written.",
                ends.len()
            );
            Ok(())
        }
        n => Err(Failure(format!("{n} entries are not as they were written"))),
    }
}

/// Prints the entries that are not as they were written.
pub(super) fn tell(broken: &[Broken]) {
    for Broken { tenant, seq, flaw } in broken {
        println!("audit: tenant {tenant}, entry {seq} {}", flaw.label());
    }
}
