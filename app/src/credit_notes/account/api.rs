//! Server functions of credit notes over an account.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

use crate::server::{serve, serve_form, shown_again};
use crate::wire::Answer;
use crate::{Done, error::AppError};
use backend::{Error, credit_notes::account, payments::payers};
use domain::{
    access::IssueCreditNotes,
    address::pairs,
    credit_notes::{
        CreditAct,
        account::{AccountCreditFields, AccountCreditForm},
    },
    ids::AccountId,
    payments::offline::FoundPayers,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The page `New credit note` as it is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OpenedCredit {
    /// Who is credited is still to be found.
    Search(FoundPayers),
    /// Who is credited is known.
    Form(Box<AccountCreditForm>),
}

/// Opens the page `New credit note`. `query` is the query string of its address.
///
/// # Errors
/// When the viewer may not issue credit notes, not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "open_new_credit", output = Answer)]
pub async fn open_new_credit(query: String) -> Result<OpenedCredit, AppError> {
    serve(|caller| async move {
        let scope = caller.permit::<IssueCreditNotes>()?;
        let word = |name: &str| pairs(&query).find_map(|(key, value)| (key == name).then_some(value));
        match word("account") {
            Some(id) => {
                let id: AccountId = id.parse().map_err(|_| Error::NotFound)?;
                let currency = word("currency").and_then(|code| code.parse().ok());
                let form = account::form(&scope, id, currency).await?;
                Ok(OpenedCredit::Form(Box::new(form)))
            }
            None => {
                let text: String = word("search").unwrap_or_default().chars().take(120).collect();
                Ok(OpenedCredit::Search(payers::payers(&scope, &text).await?))
            }
        }
    })
    .await
}

/// Issues a credit note over an account and leads to it, or shows what it would come to.
///
/// # Errors
/// By field as [`AccountCreditFields::parse`] says, or what stands in the way; nothing was issued then.
#[server(prefix = "/api", endpoint = "credit_account", output = Answer)]
pub async fn credit_account(form: AccountCreditFields) -> Result<Done, AppError> {
    let typed = form.clone();
    let page = form_page(&form);
    serve_form(&page, &typed, |caller| async move {
        let scope = caller.permit::<IssueCreditNotes>()?;
        let locale = caller.viewer.as_ref().ok_or(Error::SignIn)?.tenant.locale;
        let credit = form.parse(locale)?;
        match form.asked() {
            CreditAct::Preview => {
                let shown = account::form(&scope, credit.account, Some(credit.seen.currency())).await?;
                shown.add_up(&credit)?;
                Ok(shown_again(&caller, &form_page(&form), &form).await)
            }
            CreditAct::Issue => {
                let note = account::issue(&scope, &credit).await?;
                Ok(format!("/credits/{note}?done=issued"))
            }
        }
    })
    .await
}

/// The page of a form that was posted.
fn form_page(form: &AccountCreditFields) -> String {
    let kept = |text: &str, keep: fn(&char) -> bool| text.chars().filter(keep).take(40).collect::<String>();
    let account = kept(&form.account, |c| c.is_ascii_hexdigit() || *c == '-');
    let currency = kept(&form.currency, char::is_ascii_alphabetic);
    format!("/credit?account={account}&currency={currency}")
}
