//! Server functions of the audit.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

#[cfg(feature = "ssr")]
use crate::server::serve;
use crate::{error::AppError, wire::Answer};
#[cfg(feature = "ssr")]
use domain::{access::ViewAudit, audit::AuditQuery};
use domain::{
    audit::{AuditChoices, AuditRow},
    list::Page,
};
use leptos::prelude::*;

/// A page of what was done, the newest first; `query` is the page's address.
///
/// # Errors
/// When the viewer may not see the audit, or the database does not answer.
#[server(prefix = "/api", endpoint = "list_audit", output = Answer)]
pub async fn list_audit(query: String) -> Result<Page<AuditRow>, AppError> {
    serve(|caller| async move {
        let query = AuditQuery::from_query(&query);
        backend::audit::read::list(&caller.permit::<ViewAudit>()?, &query).await
    })
    .await
}

/// What the filters of the audit offer.
///
/// # Errors
/// As [`list_audit`].
#[server(prefix = "/api", endpoint = "list_audit_choices", output = Answer)]
pub async fn list_audit_choices() -> Result<AuditChoices, AppError> {
    serve(|caller| async move { backend::audit::read::choices(&caller.permit::<ViewAudit>()?).await }).await
}
