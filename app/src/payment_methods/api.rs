//! Server functions of payment methods.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

#[cfg(feature = "ssr")]
use crate::server::{serve, serve_form};
use crate::wire::Answer;
use crate::{Done, error::AppError};
#[cfg(feature = "ssr")]
use backend::payment_methods::{add, autopay, autopay::Switch, change, read, write};
#[cfg(feature = "ssr")]
use domain::{FieldErrors, Refusal, access::PayInvoices, address::query_string, payment_methods::MethodKind};
use domain::{
    ids::{AccountId, CardId},
    payment_methods::{AccountMethods, ChangeFields, Changeable, MethodEntry, MethodFields, NewMethod},
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
const PAGE: &str = "/methods";

/// The cards and the autopay of each account.
///
/// # Errors
/// When the viewer may not pay, or the database does not answer.
#[server(prefix = "/api", endpoint = "list_methods", output = Answer)]
pub async fn list_methods() -> Result<Vec<AccountMethods>, AppError> {
    serve(|caller| async move { read::methods(&caller.permit::<PayInvoices>()?).await }).await
}

/// What can be added to an account.
///
/// # Errors
/// When the viewer may not pay, not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "open_new_method", output = Answer)]
pub async fn open_new_method(account: AccountId) -> Result<NewMethod, AppError> {
    serve(|caller| async move { add::choice(&caller.permit::<PayInvoices>()?, account).await }).await
}

/// Begins to add a card or bank account to an account and leads to the page on which it is entered. `kind` is the gateway's
/// word for it.
///
/// # Errors
/// Not found, a form that did not arrive whole, or the gateway does not answer.
#[server(prefix = "/api", endpoint = "begin_method", output = Answer)]
pub async fn begin_method(account: AccountId, kind: String) -> Result<Done, AppError> {
    let account_id = account.to_string();
    let page = format!("{PAGE}/new?{}", query_string([("account", account_id.as_str())]));
    serve_form(&page, &(), |caller| async move {
        let scope = caller.permit::<PayInvoices>()?;
        let kind = MethodKind::from_code(&kind).ok_or(Refusal::FormBroken)?;
        let setup = add::begin(&scope, account, kind).await?;
        Ok(entry_page(account, &setup))
    })
    .await
}

/// What is entered for an account, by the gateway's id.
///
/// # Errors
/// When the viewer may not pay, not found, or the gateway does not answer.
#[server(prefix = "/api", endpoint = "open_entry", output = Answer)]
pub async fn open_entry(account: AccountId, setup: String) -> Result<MethodEntry, AppError> {
    serve(|caller| async move { add::entry(&caller.permit::<PayInvoices>()?, account, &setup).await }).await
}

/// Keeps what was entered.
///
/// # Errors
/// When nothing was entered, or the bank refused it; not found; the gateway does not answer.
#[server(prefix = "/api", endpoint = "add_method", output = Answer)]
pub async fn add_method(account: AccountId, form: MethodFields) -> Result<Done, AppError> {
    let typed = form.clone();
    serve_form(&entry_page(account, &form.setup), &typed, |caller| async move {
        add::add(&caller.permit::<PayInvoices>()?, account, &form).await?;
        Ok(format!("{PAGE}?done=added"))
    })
    .await
}

/// Where a card or bank account is entered.
#[cfg(feature = "ssr")]
fn entry_page(account: AccountId, setup: &str) -> String {
    let account = account.to_string();
    format!(
        "{PAGE}/enter?{}",
        query_string([("account", account.as_str()), ("setup", setup)])
    )
}

/// A saved card or bank account, to be changed.
///
/// # Errors
/// When the viewer may not pay, not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "open_card", output = Answer)]
pub async fn open_card(card: CardId) -> Result<Changeable, AppError> {
    serve(|caller| async move { change::open(&caller.permit::<PayInvoices>()?, card).await }).await
}

/// Changes the expiry of a card and the name on it.
///
/// # Errors
/// By field as [`ChangeFields::parse`] says, or what the gateway refuses; not found; the gateway does not answer.
#[server(prefix = "/api", endpoint = "change_card", output = Answer)]
pub async fn change_card(card: CardId, form: ChangeFields) -> Result<Done, AppError> {
    let typed = form.clone();
    serve_form(&format!("{PAGE}/change/{card}"), &typed, |caller| async move {
        change::change(&caller.permit::<PayInvoices>()?, card, &form).await?;
        Ok(format!("{PAGE}?done=changed"))
    })
    .await
}

/// Makes a card the default of its account.
///
/// # Errors
/// Not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "prefer_card", output = Answer)]
pub async fn prefer_card(card: CardId) -> Result<Done, AppError> {
    serve_form(PAGE, &(), |caller| async move {
        write::prefer(&caller.permit::<PayInvoices>()?, card).await?;
        Ok(format!("{PAGE}?done=preferred"))
    })
    .await
}

/// Removes a card.
///
/// # Errors
/// When a payment or autopay uses it; not found.
#[server(prefix = "/api", endpoint = "remove_card", output = Answer)]
pub async fn remove_card(card: CardId) -> Result<Done, AppError> {
    serve_form(PAGE, &(), |caller| async move {
        write::remove(&caller.permit::<PayInvoices>()?, card).await?;
        Ok(format!("{PAGE}?done=removed"))
    })
    .await
}

/// Switches autopay of an account in a currency: `to` is `on` or `off`.
///
/// # Errors
/// Without a default card that is good; not found; a form that did not arrive whole.
#[server(prefix = "/api", endpoint = "switch_autopay", output = Answer)]
pub async fn switch_autopay(account: AccountId, currency: String, to: String) -> Result<Done, AppError> {
    serve_form(PAGE, &(), |caller| async move {
        let scope = caller.permit::<PayInvoices>()?;
        let currency = currency
            .parse()
            .map_err(|refusal| FieldErrors::one("", refusal))?;
        let to = match to.as_str() {
            "on" => Switch::On,
            "off" => Switch::Off,
            _ => return Err(Refusal::FormBroken.into()),
        };
        autopay::switch(&scope, account, currency, to).await?;
        let done = if to == Switch::On { "on" } else { "off" };
        Ok(format!("{PAGE}?done={done}"))
    })
    .await
}
