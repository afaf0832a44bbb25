//! Server functions of invoices that are written by hand.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

use crate::server::{serve, serve_form};
use crate::wire::Answer;
use crate::{Done, error::AppError};
use backend::{
    Error,
    invoices::{edit, revise},
    payments::payers,
};
use domain::{
    FieldErrors, Refusal,
    access::{Side, ViewIssuedInvoices, ViewReceivedInvoices, WriteInvoices},
    address::pairs,
    ids::{AccountId, InvoiceId},
    invoices::editing::{InvoiceFields, InvoiceForm, Revisions, WriteAct},
    payments::offline::Payer,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The page `New invoice` as it is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OpenedInvoice {
    /// Who is billed is still to be found.
    Search {
        /// What was searched for.
        text: String,
        /// Who was found.
        found: Vec<Payer>,
    },
    /// Who is billed is known.
    Form(Box<InvoiceForm>),
}

/// Opens the page `New invoice`. `query` is the query string of its address.
///
/// # Errors
/// When the viewer may not write invoices, not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "open_new_invoice", output = Answer)]
pub async fn open_new_invoice(query: String) -> Result<OpenedInvoice, AppError> {
    serve(|caller| async move {
        let scope = caller.permit::<WriteInvoices>()?;
        let word = |name: &str| pairs(&query).find_map(|(key, value)| (key == name).then_some(value));
        match word("account") {
            Some(account) => {
                let account: AccountId = account.parse().map_err(|_| Error::NotFound)?;
                let form = edit::new_form(&scope, account).await?;
                Ok(OpenedInvoice::Form(Box::new(form)))
            }
            None => {
                let text: String = word("search").unwrap_or_default().chars().take(120).collect();
                let found = payers::payers(&scope, &text).await?;
                Ok(OpenedInvoice::Search { text, found })
            }
        }
    })
    .await
}

/// Opens the form of a draft, or of a new revision of an issued invoice.
///
/// # Errors
/// As [`open_new_invoice`].
#[server(prefix = "/api", endpoint = "open_invoice", output = Answer)]
pub async fn open_invoice(id: InvoiceId) -> Result<InvoiceForm, AppError> {
    serve(|caller| async move { edit::form(&caller.permit::<WriteInvoices>()?, id).await }).await
}

/// Keeps what was written, and issues it if that was asked for.
///
/// # Errors
/// By field as [`InvoiceFields::parse`] says, or what stands in the way; nothing was changed then.
#[server(prefix = "/api", endpoint = "write_invoice", output = Answer)]
pub async fn write_invoice(id: InvoiceId, act: String, form: InvoiceFields) -> Result<Done, AppError> {
    let account: String = form
        .account
        .chars()
        .filter(|c| c.is_ascii_hexdigit() || *c == '-')
        .collect();
    let page = if form.version.trim() == "0" {
        format!("/write?account={account}")
    } else {
        format!("/write/{id}")
    };
    let typed = form.clone();
    serve_form(&page, &typed, |caller| async move {
        let scope = caller.permit::<WriteInvoices>()?;
        let locale = caller.viewer.as_ref().ok_or(Error::SignIn)?.tenant.locale;
        let unknown = || FieldErrors::one("", Refusal::FormBroken);
        let act = WriteAct::from_code(act.trim()).ok_or_else(unknown)?;
        let written = form.parse(id, act, locale)?;
        let invoice = edit::write(&scope, &written).await?;
        Ok(format!("/invoices/{invoice}"))
    })
    .await
}

/// Deletes a draft and leads to the drafts that are left.
///
/// # Errors
/// Not found, issued meanwhile, or the database does not answer.
#[server(prefix = "/api", endpoint = "delete_draft", output = Answer)]
pub async fn delete_draft(id: InvoiceId) -> Result<Done, AppError> {
    serve_form(&format!("/write/{id}"), &(), |caller| async move {
        edit::delete_draft(&caller.permit::<WriteInvoices>()?, id).await?;
        Ok("/invoices?side=issued&status=draft".to_owned())
    })
    .await
}

/// All revisions of an invoice, from the side that the viewer sees it from.
///
/// # Errors
/// Not found, also when it is somebody else's.
#[server(prefix = "/api", endpoint = "find_revisions", output = Answer)]
pub async fn find_revisions(id: InvoiceId) -> Result<(Side, Revisions), AppError> {
    serve(|caller| async move {
        let (buyer, seller) = (
            caller.permit::<ViewReceivedInvoices>(),
            caller.permit::<ViewIssuedInvoices>(),
        );
        if let Ok(scope) = &buyer {
            match revise::revisions(scope, id).await {
                // Who has both sides may find it on the other one.
                Err(Error::NotFound) if seller.is_ok() => {}
                found => return found.map(|found| (Side::Buyer, found)),
            }
        }
        let found = revise::revisions(&seller?, id).await?;
        Ok((Side::Seller, found))
    })
    .await
}
