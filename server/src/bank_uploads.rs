//! Uploads of banks' files: held in memory, since they are small, and read on a thread of their own.

use app::server::Caller;
use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, Multipart},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use backend::{
    Error,
    bank_files::write::{Brought, Rows, take_in},
};
use documents::bank::{BankFile, BankFileRefused, MOST_BYTES, Sheet, read};
use domain::{FieldErrors, Refusal, access::RecordPayments};
use http::HeaderMap;
use leptos::config::LeptosOptions;

/// Where a file that was not taken leads back to.
const PAGE: &str = "/bank";

/// The route.
pub fn routes() -> Router<LeptosOptions> {
    Router::new()
        .route("/bank/upload", post(upload))
        .layer(DefaultBodyLimit::max(MOST_BYTES + 64 * 1024))
}

async fn upload(Extension(caller): Extension<Caller>, headers: HeaderMap, form: Multipart) -> Response {
    match take(&caller, form).await {
        Ok(page) => Redirect::to(&page).into_response(),
        Err(error) => app::server::upload_failed(&caller, &headers, PAGE, error, &()).await,
    }
}

async fn take(caller: &Caller, mut form: Multipart) -> Result<String, Error> {
    // Asked before a byte is taken.
    let scope = caller.permit::<RecordPayments>()?;
    while let Some(field) = form.next_field().await.map_err(|_| broken())? {
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        if name.is_empty() {
            break;
        }
        let bytes = field.bytes().await.map_err(|_| broken())?;
        let looked = tokio::task::spawn_blocking(move || (read(&bytes), bytes));
        let (found, bytes) = looked.await.map_err(|error| Error::Port(Box::new(error)))?;
        let brought = brought(found).map_err(|why| Refusal::FileRefused { why: why.message() })?;
        let file = take_in(&scope, &name, &bytes, &brought).await?;
        return Ok(format!("{PAGE}/{file}"));
    }
    Err(FieldErrors::one("file", Refusal::Missing).into())
}

fn brought(found: Result<BankFile, BankFileRefused>) -> Result<Brought, BankFileRefused> {
    Ok(match found? {
        BankFile::Entries { format, entries } => Brought::Entries {
            format: format.to_owned(),
            entries,
        },
        BankFile::Rows(Sheet { header, rows }) => Brought::Rows(Rows { header, rows }),
    })
}

/// The upload broke off or was too large.
fn broken() -> Error {
    Error::Refused(Refusal::FileRefused {
        why: "The upload broke off, or the file is larger than 8 MB.".to_owned(),
    })
}
