//! Server functions of the work in the background.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

#[cfg(feature = "ssr")]
use crate::server::{serve, serve_form};
use crate::{Done, error::AppError, wire::Answer};
#[cfg(feature = "ssr")]
use domain::{access::ManageSettings, jobs::JobQuery};
use domain::{ids::JobId, jobs::JobRow, list::Page};
use leptos::prelude::*;

/// A page of the tenant's jobs, the newest first; `query` is the page's address.
///
/// # Errors
/// When the viewer does not look after the tenant's settings, or the database does not answer.
#[server(prefix = "/api", endpoint = "list_jobs", output = Answer)]
pub async fn list_jobs(query: String) -> Result<Page<JobRow>, AppError> {
    serve(|caller| async move {
        let query = JobQuery::from_query(&query);
        backend::jobs::read::list(&caller.permit::<ManageSettings>()?, &query).await
    })
    .await
}

/// Has a job run again that failed.
///
/// # Errors
/// Not found; it did not fail, or another one does the same by now; the database does not answer.
#[server(prefix = "/api", endpoint = "repeat_job", output = Answer)]
pub async fn repeat_job(id: JobId) -> Result<Done, AppError> {
    serve_form("/jobs", &(), |caller| async move {
        backend::jobs::write::repeat(&caller.permit::<ManageSettings>()?, id).await?;
        Ok("/jobs?done=repeated".to_owned())
    })
    .await
}
