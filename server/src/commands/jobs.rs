//! `quittance jobs`: the work in the background that belongs to no company, so that no page shows it.

use super::{Failure, open};
use crate::config::Config;
use backend::{
    Error,
    jobs::operator::{self, LISTED, Unowned, Which},
};
use clap::{Args, Subcommand};
use domain::ids::JobId;
use uuid::Uuid;

/// Arguments of `jobs`.
#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Lists the jobs of no company that are not done, the newest first.
    List {
        /// Only those that were given up.
        #[arg(long)]
        parked: bool,
    },
    /// Runs a job again that was given up, or that waits after a run that failed.
    Repeat {
        /// Its id.
        id: Uuid,
    },
}

/// Does it and says so.
///
/// # Errors
/// When there is no such job, it did not fail, another one does the same by now, or the database does not answer.
pub async fn run(config: Config, arguments: Arguments) -> Result<(), Failure> {
    let backend = open(&config).await?;
    match arguments.action {
        Action::List { parked } => {
            let which = if parked { Which::Parked } else { Which::Open };
            print(&operator::list(&backend, which).await?);
            Ok(())
        }
        Action::Repeat { id } => match operator::repeat(&backend, JobId(id)).await {
            Ok(()) => {
                println!("The job {id} is run again by the next worker that is free.");
                Ok(())
            }
            Err(Error::NotFound) => Err(Failure(format!("there is no job {id}"))),
            Err(error) => Err(error.into()),
        },
    }
}

fn print(jobs: &[Unowned]) {
    for Unowned {
        id,
        work,
        state,
        runs,
        created_at,
        error,
    } in jobs
    {
        let state = state.label().to_lowercase();
        let asked = created_at.format("%Y-%m-%d %H:%M:%S UTC");
        let why = error.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
        println!("{id} {work}, {state}, {runs} runs, asked for {asked}{why}");
    }
    match jobs.len() {
        0 => println!("There are none."),
        n if n as u64 == LISTED => println!("These are the newest {n}; there may be more."),
        _ => {}
    }
}
