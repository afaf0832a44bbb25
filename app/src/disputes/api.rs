//! Server functions of disputes.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

use crate::server::{serve, serve_form};
use crate::wire::Answer;
use crate::{Done, error::AppError};
use backend::{
    Error,
    disputes::{list, read, write},
};
use domain::{
    access::{AnswerDisputes, DisputeInvoices, Side, ViewIssuedInvoices, ViewReceivedInvoices},
    address::pairs,
    disputes::{DisputeFields, DisputeQuery, DisputeRow, Disputes},
    ids::{DisputeId, InvoiceId},
    list::Page,
    locale::parse_date,
};
use leptos::prelude::*;

/// A page of the disputes of one side, newest first. `query` is the query string of the page's address.
///
/// # Errors
/// When the side is not the viewer's, or the database does not answer.
#[server(prefix = "/api", endpoint = "list_disputes", output = Answer)]
pub async fn list_disputes(side: Side, query: String) -> Result<Page<DisputeRow>, AppError> {
    serve(|caller| async move {
        let query = DisputeQuery::from_query(&query);
        match side {
            Side::Seller => list::list(&caller.permit::<ViewIssuedInvoices>()?, &query).await,
            Side::Buyer => list::list(&caller.permit::<ViewReceivedInvoices>()?, &query).await,
        }
    })
    .await
}

/// The disputes of an invoice, from whichever side the viewer is on; `query` is the page's address, which may name a day.
///
/// # Errors
/// Not found, also when it is somebody else's.
#[server(prefix = "/api", endpoint = "find_disputes", output = Answer)]
pub async fn find_disputes(id: InvoiceId, query: String) -> Result<Disputes, AppError> {
    serve(|caller| async move {
        let (buyer, seller) = (
            caller.permit::<ViewReceivedInvoices>(),
            caller.permit::<ViewIssuedInvoices>(),
        );
        let on = pairs(&query).find_map(|(key, value)| parse_date(&value).ok().filter(|_| key == "on"));
        if let Ok(scope) = &buyer {
            match read::of_invoice(scope, id, on).await {
                // Who has both sides may find it on the other one.
                Err(Error::NotFound) if seller.is_ok() => {}
                found => return found,
            }
        }
        read::of_invoice(&seller?, id, on).await
    })
    .await
}

/// Disputes parts of an invoice and shows what is disputed of it.
///
/// # Errors
/// By field as [`DisputeFields::parse`] and the rule say; nothing is disputed then.
#[server(prefix = "/api", endpoint = "dispute_invoice", output = Answer)]
pub async fn dispute_invoice(id: InvoiceId, form: DisputeFields) -> Result<Done, AppError> {
    let typed = form.clone();
    serve_form(&format!("/disputes/{id}"), &typed, |caller| async move {
        let scope = caller.permit::<DisputeInvoices>()?;
        let locale = caller.viewer.as_ref().ok_or(Error::SignIn)?.tenant.locale;
        let wanted = form.parse(id, locale)?;
        let placed = |error| match error {
            Error::Invalid(errors) => Error::Invalid(form.place(errors)),
            other => other,
        };
        write::open(&scope, &wanted).await.map_err(placed)?;
        Ok(format!("/disputes/{id}"))
    })
    .await
}

/// Takes a dispute of an invoice back.
///
/// # Errors
/// Not found, or it has ended already.
#[server(prefix = "/api", endpoint = "withdraw_dispute", output = Answer)]
pub async fn withdraw_dispute(invoice: InvoiceId, id: DisputeId) -> Result<Done, AppError> {
    let page = format!("/disputes/{invoice}");
    serve_form(&page, &(), |caller| async move {
        write::withdraw(&caller.permit::<DisputeInvoices>()?, id).await?;
        Ok(format!("/disputes/{invoice}"))
    })
    .await
}

/// Says no to a dispute of an invoice.
///
/// # Errors
/// What is wrong with the reason, not found, or it has ended already.
#[server(prefix = "/api", endpoint = "refuse_dispute", output = Answer)]
pub async fn refuse_dispute(
    invoice: InvoiceId,
    id: DisputeId,
    answer: Option<String>,
) -> Result<Done, AppError> {
    let typed = serde_json::json!({ "dispute": id, "answer": answer });
    serve_form(&format!("/disputes/{invoice}"), &typed, |caller| async move {
        let words = answer.as_deref().unwrap_or_default();
        write::refuse(&caller.permit::<AnswerDisputes>()?, id, words).await?;
        Ok(format!("/disputes/{invoice}"))
    })
    .await
}
