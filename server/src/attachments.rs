//! Files beside recorded payments: taken with the form that records one or later, given out as downloads.
//!
//! A file is held in memory, since it is small. What is given out is never shown as a page of this site: browsers are told to
//! save it, not to guess what it is, and to run nothing in it.

use crate::router::to_the_end;
use app::{
    payments::by_hand::api::{form_page, record},
    server::{Caller, upload_failed},
};
use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, Multipart, Path},
    middleware::from_fn,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use backend::{
    Error,
    payments::attachment::{self, KeptFile, MOST_BYTES, NewFile, too_large},
};
use domain::{
    FieldErrors, Refusal,
    access::{RecordPayments, ViewIssuedInvoices, ViewReceivedInvoices},
    address::query_string,
    ids::PaymentId,
    payments::offline::RecordFields,
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use leptos::config::LeptosOptions;
use serde::Deserialize;
use std::fmt::Write;

/// Room for the fields beside a file: as much as any other post may have.
const FIELDS: usize = 2 * 1024 * 1024;
/// How deep names of fields go: `form[lines][0][amount]`.
const DEPTH: usize = 5;

/// The routes.
pub fn routes() -> Router<LeptosOptions> {
    Router::new()
        .route("/payments/recorded", post(record_payment))
        .route("/attachment/{payment}", post(attach).get(download))
        .layer(from_fn(to_the_end))
        .layer(DefaultBodyLimit::max(MOST_BYTES + FIELDS))
}

/// What came with a form: its fields as a query string, and a file if one was chosen.
struct Posted {
    fields: String,
    file: Option<(String, Vec<u8>)>,
}

/// The group that the fields of a payment are posted in.
#[derive(Deserialize)]
struct Fields {
    form: RecordFields,
}

async fn record_payment(
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    form: Multipart,
) -> Response {
    // What was typed comes back, whatever is wrong with the file.
    let mut typed = RecordFields::default();
    match take_record(&caller, form, &mut typed).await {
        Ok(page) => Redirect::to(&page).into_response(),
        Err(error) => upload_failed(&caller, &headers, &form_page(&typed), error, &typed).await,
    }
}

async fn take_record(caller: &Caller, form: Multipart, typed: &mut RecordFields) -> Result<String, Error> {
    // Asked before a byte is taken.
    caller.permit::<RecordPayments>()?;
    let Posted { fields, file } = read(form).await?;
    let read = serde_qs::Config::new(DEPTH, false).deserialize_str::<Fields>(&fields);
    *typed = read.map_err(|_| broken())?.form;
    let file = file
        .map(|(name, bytes)| NewFile::judge(&name, bytes))
        .transpose()?;
    record(caller, typed, file.as_ref()).await
}

async fn attach(
    Extension(caller): Extension<Caller>,
    Path(payment): Path<PaymentId>,
    headers: HeaderMap,
    form: Multipart,
) -> Response {
    match take(&caller, payment, form).await {
        Ok(()) => Redirect::to(&format!("/payments/{payment}")).into_response(),
        Err(error) => upload_failed(&caller, &headers, &format!("/attach/{payment}"), error, &()).await,
    }
}

async fn take(caller: &Caller, payment: PaymentId, form: Multipart) -> Result<(), Error> {
    let scope = caller.permit::<RecordPayments>()?;
    attachment::open(&scope, payment).await?;
    let missing = || FieldErrors::one("file", Refusal::Missing);
    let (name, bytes) = read(form).await?.file.ok_or_else(missing)?;
    attachment::attach(&scope, payment, &NewFile::judge(&name, bytes)?).await
}

/// Reads a form. PostgreSQL keeps no NUL, and what sends one is no form of ours.
async fn read(mut form: Multipart) -> Result<Posted, Error> {
    let too_large = |_| Error::Invalid(FieldErrors::one("file", too_large()));
    let mut pairs = Vec::new();
    let mut file = None;
    while let Some(field) = form.next_field().await.map_err(too_large)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name != "file" {
            let text = field.text().await.map_err(too_large)?;
            if text.contains('\0') {
                return Err(broken());
            }
            pairs.push((name, text));
            continue;
        }
        let called = field.file_name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(too_large)?;
        // A browser sends an empty part where nothing was chosen.
        if !called.is_empty() {
            file = Some((called, bytes.to_vec()));
        }
    }
    let pairs = pairs.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    Ok(Posted {
        fields: query_string(pairs),
        file,
    })
}

fn broken() -> Error {
    Refusal::FormBroken.into()
}

async fn download(Extension(caller): Extension<Caller>, Path(payment): Path<PaymentId>) -> Response {
    match find(&caller, payment).await {
        Ok(file) => given(file),
        Err(Error::SignIn) => StatusCode::UNAUTHORIZED.into_response(),
        Err(Error::Forbidden(_)) => StatusCode::FORBIDDEN.into_response(),
        Err(Error::NotFound) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "an attachment was not found out");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// The file, from whichever side the caller sees the payment.
async fn find(caller: &Caller, payment: PaymentId) -> Result<KeptFile, Error> {
    let (buyer, seller) = (
        caller.permit::<ViewReceivedInvoices>(),
        caller.permit::<ViewIssuedInvoices>(),
    );
    if let Ok(scope) = &buyer {
        match attachment::file(scope, payment).await {
            // Who has both sides may find it on the other one.
            Err(Error::NotFound) if seller.is_ok() => {}
            found => return found,
        }
    }
    attachment::file(&seller?, payment).await
}

fn given(file: KeptFile) -> Response {
    let KeptFile {
        name,
        media_type,
        bytes,
    } = file;
    let mut answer = bytes.into_response();
    let headers = answer.headers_mut();
    let fixed = HeaderValue::from_static;
    let written = |text: &str, otherwise: &'static str| {
        HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(otherwise))
    };
    headers.insert(
        header::CONTENT_TYPE,
        written(&media_type, "application/octet-stream"),
    );
    headers.insert(
        header::CONTENT_DISPOSITION,
        written(&disposition(&name), "attachment"),
    );
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, fixed("nosniff"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        fixed("sandbox; default-src 'none'"),
    );
    headers.insert(header::CACHE_CONTROL, fixed("private, no-store"));
    answer
}

/// How a browser is to call the file (RFC 6266): in ASCII for old ones, then as it is.
fn disposition(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "-_. ".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    let mut exact = String::new();
    for &byte in name.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            exact.push(char::from(byte));
        } else {
            // Writing into a string cannot fail.
            let _ = write!(exact, "%{byte:02X}");
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}")
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn names_cannot_break_out_of_their_header() {
        assert_eq!(
            disposition("check 7.pdf"),
            "attachment; filename=\"check 7.pdf\"; filename*=UTF-8''check%207.pdf"
        );
        assert_eq!(
            disposition("\"ü\";x\r\n"),
            "attachment; filename=\"____x__\"; filename*=UTF-8''%22%C3%BC%22%3Bx%0D%0A"
        );
    }
}
