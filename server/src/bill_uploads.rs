//! Uploads of vendors' bills: held in memory, since they are small, and read on a thread of their own.

use app::server::Caller;
use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, Multipart, multipart::Field},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use backend::{
    Error,
    bank_files::write::Rows,
    reconciliation::bills::{NewBill, take_in},
};
use bytes::Bytes;
use documents::bills::{MOST_BYTES, Sheet, read};
use domain::{FieldErrors, Refusal, access::SetUpReconciliation};
use http::HeaderMap;
use leptos::config::LeptosOptions;
use serde::Serialize;

/// The page of all bills: where a bill that was not taken leads back to.
const PAGE: &str = "/reconciliation/bills";

/// The route.
pub fn routes() -> Router<LeptosOptions> {
    Router::new()
        .route("/reconciliation/upload", post(upload))
        .layer(DefaultBodyLimit::max(MOST_BYTES + 64 * 1024))
}

/// What was typed beside the file.
#[derive(Clone, Debug, Default, Serialize)]
struct Typed {
    vendor: String,
    month: String,
}

async fn upload(Extension(caller): Extension<Caller>, headers: HeaderMap, form: Multipart) -> Response {
    let mut typed = Typed::default();
    match take(&caller, form, &mut typed).await {
        Ok(page) => Redirect::to(&page).into_response(),
        Err(error) => app::server::upload_failed(&caller, &headers, PAGE, error, &typed).await,
    }
}

async fn take(caller: &Caller, form: Multipart, typed: &mut Typed) -> Result<String, Error> {
    // Asked before a byte is taken.
    let scope = caller.permit::<SetUpReconciliation>()?;
    let file = read_form(form, typed).await?;
    let (name, bytes) = file.ok_or_else(|| FieldErrors::one("file", Refusal::Missing))?;
    let looked = tokio::task::spawn_blocking(move || (read(&bytes), bytes));
    let (found, bytes) = looked.await.map_err(|error| Error::Port(Box::new(error)))?;
    let Sheet { header, rows } = found.map_err(|why| Refusal::FileRefused { why: why.message() })?;
    let new = NewBill {
        vendor: &typed.vendor,
        month: &typed.month,
        name: &name,
        bytes: &bytes,
        rows: &Rows { header, rows },
    };
    let bill = take_in(&scope, new).await?;
    Ok(format!("{PAGE}/{bill}"))
}

/// Reads the fields into what was typed; returns the file and its name.
async fn read_form(mut form: Multipart, typed: &mut Typed) -> Result<Option<(String, Bytes)>, Error> {
    let mut file = None;
    while let Some(field) = form.next_field().await.map_err(|_| broken())? {
        match field.name() {
            Some("vendor") => typed.vendor = text(field).await?,
            Some("month") => typed.month = text(field).await?,
            Some("file") => {
                let name = field.file_name().unwrap_or_default().to_owned();
                if !name.is_empty() {
                    file = Some((name, field.bytes().await.map_err(|_| broken())?));
                }
            }
            Some(_) | None => {}
        }
    }
    Ok(file)
}

async fn text(field: Field<'_>) -> Result<String, Error> {
    let text = field.text().await.map_err(|_| broken())?;
    // More than any vendor's name, so that the page shows what was typed and no more.
    Ok(text.chars().take(200).collect())
}

/// The upload broke off or was too large.
fn broken() -> Error {
    Error::Refused(Refusal::FileRefused {
        why: "The upload broke off, or the file is larger than 8 MB.".to_owned(),
    })
}
