//! `quittance seed`: demo data from a fixed seed.

use super::{Failure, open};
use crate::config::Config;
use backend::{
    Error,
    seed::{Demo, SEED, demo, today},
};
use clap::Args;

/// Arguments of `seed`.
#[derive(Args)]
pub struct Arguments {
    /// Password of all demo logins.
    #[arg(long, default_value = "correct horse battery")]
    password: String,
    /// Does nothing, without complaint, when the database has data already.
    #[arg(long)]
    if_empty: bool,
}

/// Fills an empty database.
///
/// # Errors
/// In production, when it is not empty, or cannot be written.
pub async fn run(config: Config, arguments: Arguments) -> Result<(), Failure> {
    if config.production {
        // Its logins have a password that stands in the manual.
        return Err(Failure(
            "demo data is for trying out: production = true refuses it".to_owned(),
        ));
    }
    let backend = open(&config).await?;
    let wanted = Demo {
        today: today(backend.now())?,
        password: arguments.password,
        seed: SEED,
    };
    match demo(&backend, &wanted).await {
        Ok(made) => println!("Made {} tenants and {} invoices.", made.tenants, made.invoices),
        Err(Error::Conflict) if arguments.if_empty => {}
        Err(Error::Conflict) => return Err(Failure("the database has data already".to_owned())),
        Err(error) => return Err(error.into()),
    }
    // SQLite takes its log back into the file, which is as large again after so much.
    Ok(backend.close().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn production_has_no_demo_logins() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.database.url = format!("sqlite://{}/x.db", folder.path().display());
        config.production = true;
        let arguments = Arguments {
            password: "correct horse battery".to_owned(),
            if_empty: false,
        };
        let refused = run(config, arguments).await.unwrap_err();
        assert!(refused.0.contains("production"), "{}", refused.0);
        assert_eq!(
            std::fs::read_dir(folder.path()).unwrap().count(),
            0,
            "nothing was made"
        );
    }
}
