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
use backend::payment_methods::{autopay, autopay::Switch, read, write};
#[cfg(feature = "ssr")]
use domain::{FieldErrors, Refusal, access::PayInvoices};
use domain::{
    ids::{AccountId, CardId},
    payment_methods::AccountMethods,
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
