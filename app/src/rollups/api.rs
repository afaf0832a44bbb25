//! Server functions of roll-up bills.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

use crate::server::{serve, serve_form};
use crate::wire::Answer;
use crate::{Done, error::AppError};
use backend::{
    Error,
    rollups::{list, read, write},
};
use domain::{
    access::{PayInvoices, Side, ViewIssuedInvoices, ViewReceivedInvoices, VoidInvoices, WriteInvoices},
    address::{pairs, query_string},
    ids::RollupId,
    list::Page,
    rollups::{NewRollup, Rollup, RollupFields, RollupRow, list::RollupQuery},
};
use leptos::prelude::*;

/// A page of the bills of one side, newest first. `query` is the query string of the page's address.
///
/// # Errors
/// When the side is not the viewer's, or the database does not answer.
#[server(prefix = "/api", endpoint = "list_rollups", output = Answer)]
pub async fn list_rollups(side: Side, query: String) -> Result<Page<RollupRow>, AppError> {
    serve(|caller| async move {
        let query = RollupQuery::from_query(&query);
        match side {
            Side::Seller => list::list(&caller.permit::<ViewIssuedInvoices>()?, &query).await,
            Side::Buyer => list::list(&caller.permit::<ViewReceivedInvoices>()?, &query).await,
        }
    })
    .await
}

/// One bill, from whichever side the viewer is on.
///
/// # Errors
/// Not found, also when it is somebody else's.
#[server(prefix = "/api", endpoint = "find_rollup", output = Answer)]
pub async fn find_rollup(id: RollupId) -> Result<Rollup, AppError> {
    serve(|caller| async move {
        let (buyer, seller) = (
            caller.permit::<ViewReceivedInvoices>(),
            caller.permit::<ViewIssuedInvoices>(),
        );
        if let Ok(scope) = &buyer {
            match read::find(scope, id).await {
                // Who has both sides may find it on the other one.
                Err(Error::NotFound) if seller.is_ok() => {}
                found => return found,
            }
        }
        read::find(&seller?, id).await
    })
    .await
}

/// The page on which a bill is prepared. `query` is the query string of its address.
///
/// # Errors
/// When the viewer may not write invoices, not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "prepare_rollup", output = Answer)]
pub async fn prepare_rollup(query: String) -> Result<NewRollup, AppError> {
    serve(|caller| async move {
        let mut fields = RollupFields::default();
        for (key, value) in pairs(&query) {
            match key.as_str() {
                "account" => fields.account = value,
                "currency" => fields.currency = value,
                "period_from" => fields.period_from = value,
                "period_to" => fields.period_to = value,
                _ => {}
            }
        }
        read::prepare(&caller.permit::<WriteInvoices>()?, fields).await
    })
    .await
}

/// Issues a bill and leads to it.
///
/// # Errors
/// By field as [`RollupFields::parse`] says, or what stands in the way; nothing was issued then.
#[server(prefix = "/api", endpoint = "issue_rollup", output = Answer)]
pub async fn issue_rollup(form: RollupFields) -> Result<Done, AppError> {
    let typed = form.clone();
    let asked = query_string([
        ("account", form.account.as_str()),
        ("currency", form.currency.as_str()),
        ("period_from", form.period_from.as_str()),
        ("period_to", form.period_to.as_str()),
    ]);
    serve_form(&format!("/rollups/new?{asked}"), &typed, |caller| async move {
        let scope = caller.permit::<WriteInvoices>()?;
        let id = write::issue(&scope, &form.parse()?).await?;
        Ok(format!("/rollups/{id}?done=issued"))
    })
    .await
}

/// Withdraws a bill, so that its invoices are their companies' to pay again.
///
/// # Errors
/// What is wrong with the reason, or that it is being paid; nothing was changed then.
#[server(prefix = "/api", endpoint = "void_rollup", output = Answer)]
pub async fn void_rollup(id: RollupId, reason: Option<String>) -> Result<Done, AppError> {
    let typed = serde_json::json!({ "reason": reason });
    serve_form(&format!("/rollups/{id}"), &typed, |caller| async move {
        let why = reason.as_deref().unwrap_or_default();
        write::void(&caller.permit::<VoidInvoices>()?, id, why).await?;
        Ok(format!("/rollups/{id}?done=void"))
    })
    .await
}

/// Leads to the payment of a bill: of all that is open, or of an amount that is split over its invoices in proportion (V41).
///
/// # Errors
/// That nothing of it can be paid.
#[server(prefix = "/api", endpoint = "pay_rollup", output = Answer)]
pub async fn pay_rollup(id: RollupId, amount: Option<String>) -> Result<Done, AppError> {
    let typed = serde_json::json!({ "amount": amount });
    serve_form(&format!("/rollups/{id}"), &typed, |caller| async move {
        let draft = write::choose(&caller.permit::<PayInvoices>()?, id)
            .await?
            .to_string();
        let mut choice = vec![("draft", draft)];
        let amount = amount.map(|text| text.trim().to_owned());
        choice.extend(amount.filter(|text| !text.is_empty()).map(|text| ("total", text)));
        let choice = query_string(choice.iter().map(|(key, value)| (*key, value.as_str())));
        Ok(format!("/payments/new?{choice}"))
    })
    .await
}
