//! Server functions of the comparison with the gateway.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

use crate::server::{serve, serve_form};
use crate::wire::Answer;
use crate::{Done, error::AppError};
use backend::gateway::{read, write};
use domain::{
    Refusal,
    access::RecordPayments,
    gateway::{Compared, FindingPage, RecordCharge},
    ids::{AccountId, FindingId, FormKey},
};
use leptos::prelude::*;

/// When the seller was last compared, and what differs.
///
/// # Errors
/// When the viewer may not record payments, or the database does not answer.
#[server(prefix = "/api", endpoint = "find_comparison", output = Answer)]
pub async fn find_comparison() -> Result<Compared, AppError> {
    serve(|caller| async move { read::compared(&caller.permit::<RecordPayments>()?).await }).await
}

/// One finding, and customers whose name or external id has a text in it.
///
/// # Errors
/// Not found, also when it is somebody else's.
#[server(prefix = "/api", endpoint = "find_finding", output = Answer)]
pub async fn find_finding(id: FindingId, #[server(default)] search: String) -> Result<FindingPage, AppError> {
    serve(|caller| async move { read::finding(&caller.permit::<RecordPayments>()?, id, &search).await }).await
}

/// Has the seller compared now.
///
/// # Errors
/// As [`find_comparison`]; a key that is none.
#[server(prefix = "/api", endpoint = "compare_gateway", output = Answer)]
pub async fn compare_gateway(#[server(default)] key: String) -> Result<Done, AppError> {
    serve_form("/compared", &(), |caller| async move {
        let scope = caller.permit::<RecordPayments>()?;
        let key = key.parse().map_err(|_| Refusal::FormBroken)?;
        write::compare_now(&scope, key).await?;
        Ok("/compared?done=asked".to_owned())
    })
    .await
}

/// Settles a finding with a note.
///
/// # Errors
/// What is wrong with the note; that the finding is not open any more.
#[server(prefix = "/api", endpoint = "settle_finding", output = Answer)]
pub async fn settle_finding(id: FindingId, note: Option<String>) -> Result<Done, AppError> {
    let page = format!("/compared/{id}");
    let typed = serde_json::json!({ "note": note });
    serve_form(&page, &typed, |caller| async move {
        let scope = caller.permit::<RecordPayments>()?;
        write::settle(&scope, id, note.as_deref().unwrap_or_default()).await?;
        Ok("/compared?done=settled".to_owned())
    })
    .await
}

/// Records a charge as a payment of a customer and shows its receipt.
///
/// # Errors
/// Not found, also when finding or customer are somebody else's; that the finding is not open any more.
#[server(prefix = "/api", endpoint = "record_charge", output = Answer)]
pub async fn record_found_charge(id: FindingId, key: FormKey, account: AccountId) -> Result<Done, AppError> {
    serve_form(&format!("/compared/{id}"), &(), |caller| async move {
        let wanted = RecordCharge {
            key,
            finding: id,
            account,
        };
        let payment = write::record(&caller.permit::<RecordPayments>()?, &wanted).await?;
        Ok(format!("/payments/{payment}"))
    })
    .await
}
