//! Server functions of refunds.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

use crate::server::{serve, serve_form};
use crate::wire::Answer;
use crate::{Done, error::AppError};
use backend::{
    Error,
    refunds::{read, write},
};
use domain::{
    access::RefundPayments,
    ids::Uuid,
    refunds::{RefundFields, RefundForm},
};
use leptos::prelude::*;

/// Opens the form on which money of a payment, or what is left of a credit note, is given back.
///
/// # Errors
/// When the viewer may not give money back, not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "open_refund", output = Answer)]
pub async fn open_refund(id: Uuid) -> Result<RefundForm, AppError> {
    serve(|caller| async move { read::form(&caller.permit::<RefundPayments>()?, id).await }).await
}

/// Gives money back and leads to what it came from.
///
/// # Errors
/// By field as [`RefundFields::parse`] says, or what stands in the way; nothing went back then.
#[server(prefix = "/api", endpoint = "give_back", output = Answer)]
pub async fn give_back(id: Uuid, form: RefundFields) -> Result<Done, AppError> {
    let typed = form.clone();
    serve_form(&format!("/refund/{id}"), &typed, |caller| async move {
        let scope = caller.permit::<RefundPayments>()?;
        let locale = caller.viewer.as_ref().ok_or(Error::SignIn)?.tenant.locale;
        let wanted = form.parse(id, locale)?;
        let placed = |error| match error {
            Error::Invalid(errors) => Error::Invalid(form.place(errors)),
            other => other,
        };
        write::give_back(&scope, &wanted).await.map_err(placed)?;
        let is_credit = read::form(&scope, id).await?.is_credit;
        Ok(if is_credit {
            format!("/credits/{id}?done=paid-out")
        } else {
            format!("/payments/{id}")
        })
    })
    .await
}
