//! Server functions of invoices.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

#[cfg(feature = "ssr")]
use crate::server::{Caller, serve, serve_form};
use crate::wire::Answer;
use crate::{Done, error::AppError};
#[cfg(feature = "ssr")]
use backend::invoices::as_of;
use chrono::NaiveDate;
use domain::{
    FieldErrors,
    access::Side,
    ids::InvoiceId,
    invoices::{
        FilterChoices, InvoiceDetail, InvoiceQuery, InvoiceRow, Selectable, VoidForm, WriteOffForm,
        as_of::InvoiceThen, explain::Movement,
    },
    list::Page,
};
#[cfg(feature = "ssr")]
use domain::{
    access::{PayInvoices, ViewIssuedInvoices, ViewReceivedInvoices, VoidInvoices, WriteOffInvoices},
    address,
    invoices::{as_of::AsOfQuery, form},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A page of the grid as asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceList {
    /// What was understood of the address.
    pub query: InvoiceQuery,
    /// What was not.
    pub errors: FieldErrors,
    /// The rows.
    pub page: Page<InvoiceRow>,
    /// What the filter form offers.
    pub choices: FilterChoices,
}

/// A page of what was issued by the end of a day, as it stood then, and that day. `query` is the query string of the page's
/// address.
///
/// # Errors
/// When the side is not the viewer's, or the database does not answer.
#[server(prefix = "/api", endpoint = "list_invoices_as_of", output = Answer)]
pub async fn list_invoices_as_of(
    side: Side,
    query: String,
) -> Result<(NaiveDate, Page<InvoiceThen>), AppError> {
    serve(|caller| async move {
        let query = AsOfQuery::from_query(&query);
        match side {
            Side::Seller => as_of::list(&caller.permit::<ViewIssuedInvoices>()?, &query).await,
            Side::Buyer => as_of::list(&caller.permit::<ViewReceivedInvoices>()?, &query).await,
        }
    })
    .await
}

#[cfg(feature = "ssr")]
fn read_query(
    caller: &Caller,
    side: Side,
    query: &str,
) -> Result<(InvoiceQuery, FieldErrors), backend::Error> {
    let locale = caller
        .viewer
        .as_ref()
        .ok_or(backend::Error::SignIn)?
        .tenant
        .locale;
    Ok(form::parse(side, address::pairs(query), locale))
}

/// Whether the viewer sees what several companies received.
#[cfg(feature = "ssr")]
fn sees_several(caller: &Caller) -> bool {
    let viewer = caller.viewer.as_ref();
    viewer.is_some_and(|viewer| !viewer.subsidiaries.is_empty())
}

/// A page of the grid. `query` is the query string of its address.
///
/// # Errors
/// When the side is not the viewer's, or the database does not answer.
#[server(prefix = "/api", endpoint = "list_invoices", output = Answer)]
pub async fn list_invoices(side: Side, query: String) -> Result<InvoiceList, AppError> {
    serve(|caller| async move {
        let (mut query, errors) = read_query(&caller, side, &query)?;
        if query.columns.is_empty() {
            query.columns = crate::server::remembered_columns();
        }
        query.seen_by(side == Side::Buyer && sees_several(&caller));
        let (page, choices) = match side {
            Side::Seller => {
                let scope = caller.permit::<ViewIssuedInvoices>()?;
                (
                    backend::invoices::read::list(&scope, &query).await?,
                    backend::invoices::read::choices(&scope).await?,
                )
            }
            Side::Buyer => {
                let scope = caller.permit::<ViewReceivedInvoices>()?;
                (
                    backend::invoices::read::list(&scope, &query).await?,
                    backend::invoices::read::choices(&scope).await?,
                )
            }
        };
        Ok(InvoiceList {
            query,
            errors,
            page,
            choices,
        })
    })
    .await
}

/// One invoice, from whichever side the viewer is on.
///
/// # Errors
/// Not found, also when it is somebody else's.
#[server(prefix = "/api", endpoint = "find_invoice", output = Answer)]
pub async fn find_invoice(id: InvoiceId) -> Result<InvoiceDetail, AppError> {
    serve(|caller| async move {
        let (buyer, seller) = (
            caller.permit::<ViewReceivedInvoices>(),
            caller.permit::<ViewIssuedInvoices>(),
        );
        if let Ok(scope) = &buyer {
            match backend::invoices::read::find(scope, id).await {
                // Who has both sides may find it on the other one.
                Err(backend::Error::NotFound) if seller.is_ok() => {}
                found => return found,
            }
        }
        backend::invoices::read::find(&seller?, id).await
    })
    .await
}

/// One invoice with all that was put to it and taken off it, from whichever side the viewer is on.
///
/// # Errors
/// Not found, also when it is somebody else's.
#[server(prefix = "/api", endpoint = "explain_invoice", output = Answer)]
pub async fn explain_invoice(id: InvoiceId) -> Result<(InvoiceDetail, Vec<Movement>), AppError> {
    serve(|caller| async move {
        let (buyer, seller) = (
            caller.permit::<ViewReceivedInvoices>(),
            caller.permit::<ViewIssuedInvoices>(),
        );
        if let Ok(scope) = &buyer {
            match backend::invoices::explain::find(scope, id).await {
                // Who has both sides may find it on the other one.
                Err(backend::Error::NotFound) if seller.is_ok() => {}
                found => return found,
            }
        }
        backend::invoices::explain::find(&seller?, id).await
    })
    .await
}

/// Opens the page on which an invoice is withdrawn.
///
/// # Errors
/// When the viewer may not withdraw invoices, not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "open_void", output = Answer)]
pub async fn open_void(id: InvoiceId) -> Result<VoidForm, AppError> {
    serve(|caller| async move { backend::invoices::void::form(&caller.permit::<VoidInvoices>()?, id).await })
        .await
}

/// Withdraws an invoice and leads back to it.
///
/// # Errors
/// What is wrong with the reason, or what hangs on the invoice; nothing was changed then.
#[server(prefix = "/api", endpoint = "void_invoice", output = Answer)]
pub async fn void_invoice(id: InvoiceId, reason: Option<String>) -> Result<Done, AppError> {
    let typed = serde_json::json!({ "reason": reason });
    serve_form(&format!("/void/{id}"), &typed, |caller| async move {
        let why = reason.as_deref().unwrap_or_default();
        backend::invoices::void::void(&caller.permit::<VoidInvoices>()?, id, why).await?;
        Ok(format!("/invoices/{id}"))
    })
    .await
}

/// Opens the page on which an invoice is written off.
///
/// # Errors
/// When the viewer may not write invoices off, not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "open_write_off", output = Answer)]
pub async fn open_write_off(id: InvoiceId) -> Result<WriteOffForm, AppError> {
    serve(|caller| async move {
        backend::invoices::write_off::form(&caller.permit::<WriteOffInvoices>()?, id).await
    })
    .await
}

/// Writes off what is open of an invoice and leads back to it.
///
/// # Errors
/// What is wrong with the reason, or what stands in the way; nothing was changed then.
#[server(prefix = "/api", endpoint = "write_off_invoice", output = Answer)]
pub async fn write_off_invoice(id: InvoiceId, reason: Option<String>) -> Result<Done, AppError> {
    let typed = serde_json::json!({ "reason": reason });
    serve_form(&format!("/write-off/{id}"), &typed, |caller| async move {
        let why = reason.as_deref().unwrap_or_default();
        let scope = caller.permit::<WriteOffInvoices>()?;
        backend::invoices::write_off::write_off(&scope, id, why).await?;
        Ok(format!("/invoices/{id}"))
    })
    .await
}

/// Takes the write-off of an invoice back and leads to it.
///
/// # Errors
/// What is wrong with the reason, or that nothing is written off; nothing was changed then.
#[server(prefix = "/api", endpoint = "take_write_off_back", output = Answer)]
pub async fn take_write_off_back(id: InvoiceId, reason: Option<String>) -> Result<Done, AppError> {
    let typed = serde_json::json!({ "reason": reason });
    serve_form(&format!("/write-off/{id}"), &typed, |caller| async move {
        let why = reason.as_deref().unwrap_or_default();
        let scope = caller.permit::<WriteOffInvoices>()?;
        backend::invoices::write_off::take_back(&scope, id, why).await?;
        Ok(format!("/invoices/{id}"))
    })
    .await
}

/// Everything that matches and can be paid, up to a thousand: the second, explicit step of choosing all.
///
/// # Errors
/// When the viewer may not pay, or the database does not answer.
#[server(prefix = "/api", endpoint = "select_invoices", output = Answer)]
pub async fn select_invoices(query: String) -> Result<Vec<Selectable>, AppError> {
    serve(|caller| async move {
        let (query, _) = read_query(&caller, Side::Buyer, &query)?;
        backend::invoices::read::selectable(&caller.permit::<ViewReceivedInvoices>()?, &query.filter).await
    })
    .await
}

/// Keeps what was chosen and leads to the page `Make a payment`.
///
/// # Errors
/// Nothing was chosen, or the viewer may not pay.
#[server(prefix = "/api", endpoint = "choose_invoices", output = Answer)]
pub async fn choose_invoices(#[server(default)] invoices: Vec<InvoiceId>) -> Result<Done, AppError> {
    serve_form("/invoices?side=to-pay", &(), |caller| async move {
        let draft =
            backend::payments::write::keep_choice(&caller.permit::<PayInvoices>()?, &invoices).await?;
        Ok(format!("/payments/new?draft={draft}"))
    })
    .await
}

/// Shows these columns from now on, in this browser.
///
/// # Errors
/// When nobody is signed in.
#[server(prefix = "/api", endpoint = "choose_columns", output = Answer)]
pub async fn choose_columns(
    side: Side,
    query: String,
    #[server(default)] columns: Vec<String>,
) -> Result<Done, AppError> {
    serve_form("/invoices", &(), |caller| async move {
        let (mut query, _) = read_query(&caller, side, &query)?;
        query.columns = columns
            .iter()
            .filter_map(|code| domain::invoices::columns::Column::from_code(code))
            .collect();
        crate::server::remember_columns(&query.columns);
        query.columns = Vec::new();
        Ok(super::address(side, &form::to_query(&query)))
    })
    .await
}
