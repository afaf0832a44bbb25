//! Server functions of payment reminders.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

use crate::server::{serve, serve_form};
use crate::wire::Answer;
use crate::{Done, error::AppError};
use backend::{
    Error,
    reminders::{read, write},
};
use domain::{
    FieldErrors, Refusal,
    access::SendMail,
    ids::{AccountId, InvoiceId},
    reminders::{AccountReminders, ByHand, ReminderFields, ReminderRules},
};
use leptos::prelude::*;

/// The page of what the seller wants.
const SETTINGS: &str = "/reminders";

/// What the seller wants of reminders.
///
/// # Errors
/// When the viewer may not send mail, or the database does not answer.
#[server(prefix = "/api", endpoint = "find_reminders", output = Answer)]
pub async fn find_reminders() -> Result<ReminderRules, AppError> {
    serve(|caller| async move { read::rules(&caller.permit::<SendMail>()?).await }).await
}

/// Sets what the seller wants of reminders.
///
/// # Errors
/// What is wrong with each field, or the database does not answer.
#[server(prefix = "/api", endpoint = "change_reminders", output = Answer)]
pub async fn change_reminders(#[server(default)] rules: ReminderFields) -> Result<Done, AppError> {
    let typed = rules.clone();
    serve_form(SETTINGS, &typed, |caller| async move {
        write::change(&caller.permit::<SendMail>()?, &rules).await?;
        Ok(format!("{SETTINGS}?done=saved"))
    })
    .await
}

/// What is overdue on an account, and when each was reminded of.
///
/// # Errors
/// Not found, also when it is somebody else's.
#[server(prefix = "/api", endpoint = "find_account_reminders", output = Answer)]
pub async fn find_account_reminders(id: AccountId) -> Result<AccountReminders, AppError> {
    serve(|caller| async move { read::of_account(&caller.permit::<SendMail>()?, id).await }).await
}

/// Sends reminders of chosen invoices of an account. `key` is the form's.
///
/// # Errors
/// Not found; what is wrong with the text; nothing that can be reminded of today, or nobody to write to.
#[server(prefix = "/api", endpoint = "send_reminders", output = Answer)]
pub async fn send_reminders(
    id: AccountId,
    key: String,
    #[server(default)] invoices: Vec<InvoiceId>,
    #[server(default)] words: String,
) -> Result<Done, AppError> {
    let typed = serde_json::json!({ "words": words, "chosen": invoices });
    serve_form(&format!("/reminders/{id}"), &typed, |caller| async move {
        let scope = caller.permit::<SendMail>()?;
        let broken = |_| Error::Invalid(FieldErrors::one("", Refusal::FormBroken));
        let wanted = ByHand {
            key: key.trim().parse().map_err(broken)?,
            account: id,
            invoices,
            words,
        };
        write::send(&scope, &wanted).await?;
        Ok(format!("/reminders/{id}?done=sent"))
    })
    .await
}

/// From now on nothing is sent to an account by itself.
///
/// # Errors
/// What is wrong with the reason, or not found.
#[server(prefix = "/api", endpoint = "stop_reminders", output = Answer)]
pub async fn stop_reminders(id: AccountId, #[server(default)] reason: String) -> Result<Done, AppError> {
    let typed = serde_json::json!({ "reason": reason });
    serve_form(&format!("/reminders/{id}"), &typed, |caller| async move {
        write::stop(&caller.permit::<SendMail>()?, id, &reason).await?;
        Ok(format!("/reminders/{id}?done=stopped"))
    })
    .await
}

/// Reminders are sent to an account by themselves again.
///
/// # Errors
/// Not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "resume_reminders", output = Answer)]
pub async fn resume_reminders(id: AccountId) -> Result<Done, AppError> {
    serve_form(&format!("/reminders/{id}"), &(), |caller| async move {
        write::resume(&caller.permit::<SendMail>()?, id).await?;
        Ok(format!("/reminders/{id}?done=resumed"))
    })
    .await
}
