//! `quittance import`: the same as the page `Import`, for scripts.

use super::{Failure, open};
use crate::{config::Config, intake::take_in};
use backend::{Backend, Scope, imports, jobs};
use clap::Args;
use documents::incoming::{EncodingChoice, Limits, Options};
use domain::{
    access::ImportInvoices,
    ids::{ImportId, TenantId},
    imports::{ImportDetail, ImportState},
};
use std::{fs::File, path::PathBuf};

/// Arguments of `import`.
#[derive(Args)]
pub struct Arguments {
    /// CSV, UBL XML or a ZIP of those.
    file: PathBuf,
    /// The seller, by its id.
    #[arg(long)]
    tenant: uuid::Uuid,
    /// Says what the import would do and writes nothing.
    #[arg(long)]
    preview: bool,
    /// Takes a CSV file that is no UTF-8 for Windows-1252.
    #[arg(long)]
    windows_1252: bool,
}

/// Imports a file, all of it or nothing.
///
/// # Errors
/// When the file cannot be read or has errors, or the database cannot be written.
pub async fn run(config: Config, arguments: Arguments) -> Result<(), Failure> {
    let backend = open(&config).await?;
    let actor = backend
        .operator(TenantId(arguments.tenant), "quittance import")
        .await?;
    let scope = actor.permit::<ImportInvoices>()?;
    let file = File::open(&arguments.file)
        .map_err(|error| Failure(format!("{}: {error}", arguments.file.display())))?;
    let name = arguments
        .file
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let mut options = Options {
        limits: Limits {
            file_bytes: config.server.upload_limit,
            ..Limits::default()
        },
        ..Options::default()
    };
    if arguments.windows_1252 {
        options.encoding = EncodingChoice::AutoOrWindows1252;
    }
    let id = take_in(&scope, file, &name, options).await?;
    let checked = settle(&backend, &scope, id).await?;
    print(&checked);
    if checked.row.state == ImportState::Staged {
        return Err(Failure(format!(
            "its columns are unknown; match them on the page /invoices/import/{id}"
        )));
    }
    if let Some(why) = checked.failure {
        return Err(Failure(why));
    }
    if checked.row.errors > 0 {
        return Err(Failure("nothing was written".to_owned()));
    }
    if arguments.preview {
        return Ok(());
    }
    imports::write::publish(&scope, id).await?;
    let published = settle(&backend, &scope, id).await?;
    match published.failure {
        Some(why) => Err(Failure(why)),
        None => {
            println!("{} documents are in.", published.row.documents);
            Ok(())
        }
    }
}

/// Works on the import's jobs here until nothing of it is left to do. A portal on the same database may help.
async fn settle(
    backend: &Backend,
    scope: &Scope<ImportInvoices>,
    id: ImportId,
) -> Result<ImportDetail, Failure> {
    let registry = jobs::standard();
    loop {
        let detail = imports::read::find(scope, id).await?;
        if !detail.busy {
            return Ok(detail);
        }
        if jobs::run_one(backend, &registry).await?.is_none() {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    }
}

fn print(detail: &ImportDetail) {
    println!(
        "{}: {} rows, {} documents",
        detail.row.file_name, detail.rows, detail.row.documents
    );
    for total in &detail.totals {
        println!(
            "  {}",
            domain::locale::format_amount_with_code(*total, domain::locale::Locale::default())
        );
    }
    for issue in &detail.issues {
        let column = issue
            .column
            .as_deref()
            .map(|column| format!(", column {column}"))
            .unwrap_or_default();
        println!("  line {}{column}: {}", issue.line, issue.problem.message());
    }
}
