//! Server functions of imports. The upload itself is a route of the server: it streams.
#![expect(
    missing_docs,
    clippy::too_many_arguments,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

#[cfg(feature = "ssr")]
use crate::server::{serve, serve_form};
use crate::wire::Answer;
use crate::{Done, error::AppError};
#[cfg(feature = "ssr")]
use domain::access::ImportInvoices;
use domain::{
    ids::ImportId,
    imports::{ImportDetail, ImportRow},
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The tenant's latest imports, newest first.
///
/// # Errors
/// When the viewer may not import, or the database does not answer.
#[server(prefix = "/api", endpoint = "list_imports", output = Answer)]
pub async fn list_imports() -> Result<Vec<ImportRow>, AppError> {
    serve(|caller| async move { backend::imports::read::list(&caller.permit::<ImportInvoices>()?).await })
        .await
}

/// One import.
///
/// # Errors
/// Not found, also when it is somebody else's.
#[server(prefix = "/api", endpoint = "find_import", output = Answer)]
pub async fn find_import(id: ImportId) -> Result<ImportDetail, AppError> {
    serve(|caller| async move { backend::imports::read::find(&caller.permit::<ImportInvoices>()?, id).await })
        .await
}

/// Says what the columns of a CSV file mean and checks it again. `columns` has a heading for each field's code;
/// `save_as` keeps the mapping for files with the same headings.
///
/// # Errors
/// A field that is needed has no column, or a choice is unknown.
#[server(prefix = "/api", endpoint = "map_import", output = Answer)]
pub async fn map_import(
    id: ImportId,
    columns: BTreeMap<String, String>,
    date_order: String,
    decimal_mark: String,
    signs: String,
    negative_documents: String,
    default_currency: String,
    #[server(default)] tax_codes: String,
    #[server(default)] save_as: String,
) -> Result<Done, AppError> {
    let page = format!("/invoices/import/{id}");
    let typed = serde_json::json!({ "tax_codes": tax_codes, "save_as": save_as });
    serve_form(&page, &typed, |caller| async move {
        let scope = caller.permit::<ImportInvoices>()?;
        let choices = super::choices::Choices {
            columns,
            date_order,
            decimal_mark,
            signs,
            negative_documents,
            default_currency,
            tax_codes,
        };
        let before = backend::imports::read::find(&scope, id).await?;
        let before = before.mapping.ok_or(backend::Error::NotFound)?;
        let map = choices.read(before.map).map_err(backend::Error::Invalid)?;
        let name = Some(save_as.trim().to_owned()).filter(|name| !name.is_empty());
        backend::imports::write::set_mapping(&scope, id, &map, name.as_deref()).await?;
        Ok(format!("/invoices/import/{id}"))
    })
    .await
}

/// Writes the documents, all of them or none.
///
/// # Errors
/// When the import is not checked, or has errors.
#[server(prefix = "/api", endpoint = "publish_import", output = Answer)]
pub async fn publish_import(id: ImportId) -> Result<Done, AppError> {
    let page = format!("/invoices/import/{id}");
    serve_form(&page, &(), |caller| async move {
        backend::imports::write::publish(&caller.permit::<ImportInvoices>()?, id).await?;
        Ok(format!("/invoices/import/{id}"))
    })
    .await
}

/// Takes a whole import back, as long as nothing was built on it.
///
/// # Errors
/// When money or credit hangs on one of its documents.
#[server(prefix = "/api", endpoint = "undo_import", output = Answer)]
pub async fn undo_import(id: ImportId) -> Result<Done, AppError> {
    let page = format!("/invoices/import/{id}");
    serve_form(&page, &(), |caller| async move {
        backend::imports::undo(&caller.permit::<ImportInvoices>()?, id).await?;
        Ok(format!("/invoices/import/{id}"))
    })
    .await
}
