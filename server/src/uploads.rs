//! Uploads of files to import: streamed to disk, then read and staged; never held in memory.

use crate::intake::take_in;
use app::server::Caller;
use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, Multipart, multipart::Field},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use backend::Error;
use documents::incoming::{EncodingChoice, Limits, Options};
use domain::{FieldErrors, Refusal, access::ImportInvoices};
use http::HeaderMap;
use leptos::config::LeptosOptions;
use std::{
    fs::File,
    io::{Seek, SeekFrom, Write},
};

/// Where a file that was not taken leads back to.
const PAGE: &str = "/invoices/import";

/// The routes of uploads. `limit` is the largest file in bytes.
pub fn routes(limit: u64) -> Router<LeptosOptions> {
    let limit_of_body = usize::try_from(limit)
        .unwrap_or(usize::MAX)
        .saturating_add(64 * 1024);
    Router::new()
        .route(
            "/invoices/import/upload",
            post(move |caller, headers, form| upload(caller, headers, form, limit)),
        )
        .layer(DefaultBodyLimit::max(limit_of_body))
}

async fn upload(
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    form: Multipart,
    limit: u64,
) -> Response {
    match import(&caller, form, limit).await {
        Ok(page) => Redirect::to(&page).into_response(),
        Err(error) => app::server::upload_failed(&caller, &headers, PAGE, error, &()).await,
    }
}

async fn import(caller: &Caller, mut form: Multipart, limit: u64) -> Result<String, Error> {
    // Asked before a byte is taken.
    let scope = caller.permit::<ImportInvoices>()?;
    let mut options = Options {
        limits: Limits {
            file_bytes: limit,
            ..Limits::default()
        },
        ..Options::default()
    };
    while let Some(field) = form.next_field().await.map_err(|_| broken())? {
        match field.name() {
            Some("encoding") => {
                if field.text().await.map_err(|_| broken())? == "windows-1252" {
                    options.encoding = EncodingChoice::AutoOrWindows1252;
                }
            }
            Some("file") => {
                let name = field.file_name().unwrap_or_default().to_owned();
                if name.is_empty() {
                    return Err(FieldErrors::one("file", Refusal::Missing).into());
                }
                let file = store(field).await?;
                let id = take_in(&scope, file, &name, options).await?;
                return Ok(format!("{PAGE}/{id}"));
            }
            _ => {}
        }
    }
    Err(FieldErrors::one("file", Refusal::Missing).into())
}

/// Writes the upload to a file without a name, which is gone when it is closed.
async fn store(mut field: Field<'_>) -> Result<File, Error> {
    let port = |error: std::io::Error| Error::Port(Box::new(error));
    let mut file = tempfile::tempfile().map_err(port)?;
    while let Some(piece) = field.chunk().await.map_err(|_| broken())? {
        file = tokio::task::spawn_blocking(move || file.write_all(&piece).map(|()| file))
            .await
            .map_err(|error| Error::Port(Box::new(error)))?
            .map_err(port)?;
    }
    file.seek(SeekFrom::Start(0)).map_err(port)?;
    Ok(file)
}

/// The upload broke off or was too large.
fn broken() -> Error {
    Error::Refused(Refusal::FileRefused {
        why: "The upload broke off, or the file is larger than this portal takes.".to_owned(),
    })
}
