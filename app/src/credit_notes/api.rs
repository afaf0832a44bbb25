//! Server functions of credit notes.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

#[cfg(feature = "ssr")]
use crate::server::{serve, serve_form, shown_again};
use crate::wire::Answer;
use crate::{Done, error::AppError};
#[cfg(feature = "ssr")]
use backend::{
    Error,
    credit_notes::{explain, list, read, write},
};
use domain::{
    access::Side,
    credit_notes::{CreditFields, CreditForm, CreditNote, CreditNoteRow, explain::ExplainedCredit},
    ids::{CreditNoteId, DisputeId, InvoiceId},
    list::Page,
};
#[cfg(feature = "ssr")]
use domain::{
    access::{IssueCreditNotes, ViewIssuedInvoices, ViewReceivedInvoices},
    address::{pairs, query_string},
    credit_notes::CreditAct,
    list::Position,
    locale::parse_date,
};
use leptos::prelude::*;

/// A page of the credit notes of one side, newest first. `query` is the query string of the page's address.
///
/// # Errors
/// When the side is not the viewer's, or the database does not answer.
#[server(prefix = "/api", endpoint = "list_credit_notes", output = Answer)]
pub async fn list_credit_notes(side: Side, query: String) -> Result<Page<CreditNoteRow>, AppError> {
    serve(|caller| async move {
        let position = pairs(&query).find_map(|(key, value)| Position::from_pair(&key, &value));
        let search = pairs(&query).find_map(|(key, value)| (key == "search").then_some(value));
        let search = search.map(|text| text.trim().chars().take(120).collect::<String>());
        let search = search.as_deref().filter(|text| !text.is_empty());
        let position = position.unwrap_or_default();
        let company = pairs(&query).find_map(|(key, value)| (key == "company").then_some(value));
        let on = pairs(&query).find_map(|(key, value)| parse_date(&value).ok().filter(|_| key == "on"));
        let narrowed = list::Narrowed {
            search,
            company: company
                .and_then(|id| id.parse().ok())
                .filter(|_| side == Side::Buyer),
            on,
        };
        match side {
            Side::Seller => list::list(&caller.permit::<ViewIssuedInvoices>()?, narrowed, &position).await,
            Side::Buyer => list::list(&caller.permit::<ViewReceivedInvoices>()?, narrowed, &position).await,
        }
    })
    .await
}

/// One credit note and the side that the viewer sees it from.
///
/// # Errors
/// Not found, also when it is somebody else's.
#[server(prefix = "/api", endpoint = "find_credit_note", output = Answer)]
pub async fn find_credit_note(id: CreditNoteId) -> Result<(Side, CreditNote), AppError> {
    serve(|caller| async move {
        let (buyer, seller) = (
            caller.permit::<ViewReceivedInvoices>(),
            caller.permit::<ViewIssuedInvoices>(),
        );
        if let Ok(scope) = &buyer {
            match read::find(scope, id).await {
                // Who has both sides may find it on the other one.
                Err(Error::NotFound) if seller.is_ok() => {}
                found => return found.map(|note| (Side::Buyer, note)),
            }
        }
        read::find(&seller?, id).await.map(|note| (Side::Seller, note))
    })
    .await
}

/// A credit note with all that moved its credit, from whichever side the viewer is on.
///
/// # Errors
/// Not found, also when it is somebody else's.
#[server(prefix = "/api", endpoint = "explain_credit_note", output = Answer)]
pub async fn explain_credit_note(id: CreditNoteId) -> Result<ExplainedCredit, AppError> {
    serve(|caller| async move {
        let (buyer, seller) = (
            caller.permit::<ViewReceivedInvoices>(),
            caller.permit::<ViewIssuedInvoices>(),
        );
        if let Ok(scope) = &buyer {
            match explain::find(scope, id).await {
                // Who has both sides may find it on the other one.
                Err(Error::NotFound) if seller.is_ok() => {}
                found => return found,
            }
        }
        explain::find(&seller?, id).await
    })
    .await
}

/// Opens the form of a credit note over an invoice, or of one that answers a dispute of it.
///
/// # Errors
/// When the viewer may not issue credit notes, not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "open_credit", output = Answer)]
pub async fn open_credit(id: InvoiceId, dispute: Option<DisputeId>) -> Result<CreditForm, AppError> {
    serve(|caller| async move {
        let scope = caller.permit::<IssueCreditNotes>()?;
        match dispute {
            Some(dispute) => read::answer_form(&scope, id, dispute).await,
            None => read::form(&scope, id).await,
        }
    })
    .await
}

/// Issues a credit note and leads to it, or shows what it would come to.
///
/// # Errors
/// By field as [`CreditFields::parse`] says, or what stands in the way; nothing was issued then.
#[server(prefix = "/api", endpoint = "issue_credit", output = Answer)]
pub async fn issue_credit(id: InvoiceId, form: CreditFields) -> Result<Done, AppError> {
    let typed = form.clone();
    serve_form(&form_page(id, &form), &typed, |caller| async move {
        let scope = caller.permit::<IssueCreditNotes>()?;
        let locale = caller.viewer.as_ref().ok_or(Error::SignIn)?.tenant.locale;
        let credit = form.parse(id, locale)?;
        let placed = |error| match error {
            Error::Invalid(errors) => Error::Invalid(form.place(errors)),
            other => other,
        };
        if form.asked() == CreditAct::Preview {
            let added_up = read::form(&scope, id).await?.add_up(&credit);
            added_up.map_err(|errors| placed(errors.into()))?;
            return Ok(shown_again(&caller, &form_page(id, &form), &form).await);
        }
        let note = match form.answers()? {
            Some(dispute) => write::answer(&scope, &credit, dispute).await,
            None => write::issue(&scope, &credit).await,
        };
        let note = note.map_err(placed)?;
        Ok(format!("/credits/{note}?done=issued"))
    })
    .await
}

/// The page of a form that was posted.
#[cfg(feature = "ssr")]
fn form_page(id: InvoiceId, form: &CreditFields) -> String {
    if form.dispute.is_empty() {
        return format!("/credit/{id}");
    }
    let query = query_string([("dispute", form.dispute.as_str())]);
    format!("/credit/{id}?{query}")
}

/// Withdraws a credit note of which nothing was used.
///
/// # Errors
/// What is wrong with the reason, or that part of it was used; nothing was changed then.
#[server(prefix = "/api", endpoint = "void_credit", output = Answer)]
pub async fn void_credit(id: CreditNoteId, reason: Option<String>) -> Result<Done, AppError> {
    let typed = serde_json::json!({ "reason": reason });
    serve_form(&format!("/credits/{id}"), &typed, |caller| async move {
        let why = reason.as_deref().unwrap_or_default();
        write::void(&caller.permit::<IssueCreditNotes>()?, id, why).await?;
        Ok(format!("/credits/{id}?done=void"))
    })
    .await
}
