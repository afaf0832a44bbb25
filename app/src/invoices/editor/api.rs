//! Server functions of invoices that are written by hand.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

use super::preview::COMES;
use crate::server::{serve, serve_form, shown_again};
use crate::wire::Answer;
use crate::{Done, error::AppError};
use backend::{
    Error,
    invoices::{edit, revisions},
    payments::payers,
};
use domain::{
    FieldErrors, Refusal,
    access::{Side, ViewIssuedInvoices, ViewReceivedInvoices, WriteInvoices},
    address::pairs,
    ids::{AccountId, InvoiceId},
    invoices::editing::{InvoiceFields, InvoiceForm, Replaced, Revisions, WriteAct, WriteButton},
    payments::offline::FoundPayers,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The page `New invoice` as it is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OpenedInvoice {
    /// Who is billed is still to be found.
    Search(FoundPayers),
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
                Ok(OpenedInvoice::Search(payers::payers(&scope, &text).await?))
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

/// Keeps what was written, and issues it if that was asked for; or shows what it comes to.
///
/// # Errors
/// By field as [`InvoiceFields::parse`] says, or what stands in the way; nothing was changed then.
#[server(prefix = "/api", endpoint = "write_invoice", output = Answer)]
pub async fn write_invoice(id: InvoiceId, act: String, form: InvoiceFields) -> Result<Done, AppError> {
    let typed = form.clone();
    serve_form(&form_page(id, &form), &typed, |caller| async move {
        let scope = caller.permit::<WriteInvoices>()?;
        let locale = caller.viewer.as_ref().ok_or(Error::SignIn)?.tenant.locale;
        let unknown = || FieldErrors::one("", Refusal::FormBroken);
        let button = WriteButton::from_code(act.trim()).ok_or_else(unknown)?;
        let Some(act) = button.act() else {
            edit::preview(&scope, &form.parse(id, WriteAct::Save, locale)?).await?;
            let again = shown_again(&caller, &form_page(id, &form), &form).await;
            return Ok(format!("{again}#{COMES}"));
        };
        let invoice = edit::write(&scope, &form.parse(id, act, locale)?).await?;
        Ok(format!("/invoices/{invoice}"))
    })
    .await
}

/// The page of a form that was posted.
fn form_page(id: InvoiceId, form: &InvoiceFields) -> String {
    if form.version.trim() != "0" {
        return format!("/write/{id}");
    }
    let of_an_id = |c: &char| c.is_ascii_hexdigit() || *c == '-';
    let account: String = form.account.chars().filter(of_an_id).collect();
    format!("/write?account={account}")
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
            match revisions::revisions(scope, id).await {
                // Who has both sides may find it on the other one.
                Err(Error::NotFound) if seller.is_ok() => {}
                found => return found.map(|found| (Side::Buyer, found)),
            }
        }
        let found = revisions::revisions(&seller?, id).await?;
        Ok((Side::Seller, found))
    })
    .await
}

/// A revision that was replaced, as the document that it was.
///
/// # Errors
/// Not found, also when it is somebody else's or holds now.
#[server(prefix = "/api", endpoint = "find_revision", output = Answer)]
pub async fn find_revision(id: InvoiceId, number: u32) -> Result<Replaced, AppError> {
    serve(|caller| async move {
        let (buyer, seller) = (
            caller.permit::<ViewReceivedInvoices>(),
            caller.permit::<ViewIssuedInvoices>(),
        );
        if let Ok(scope) = &buyer {
            match revisions::replaced(scope, id, number).await {
                // Who has both sides may find it on the other one.
                Err(Error::NotFound) if seller.is_ok() => {}
                found => return found,
            }
        }
        revisions::replaced(&seller?, id, number).await
    })
    .await
}
