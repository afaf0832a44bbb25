//! Server functions of the workbench.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

use super::PAGE;
use crate::server::{serve, serve_form};
use crate::wire::Answer;
use crate::{Done, error::AppError};
use backend::{
    Error,
    workbench::{read, write},
};
use domain::{
    access::RecordPayments,
    ids::PlanId,
    payments::allocation::Rule,
    workbench::{MOST_SOURCES, OpenedWorkbench, PlanDetail, PlanFields, WorkbenchQuery},
};
use leptos::prelude::*;

/// Opens the workbench. `query` is the query string of its address.
///
/// # Errors
/// When the viewer may not record payments, not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "open_workbench", output = Answer)]
pub async fn open_workbench(query: String) -> Result<OpenedWorkbench, AppError> {
    serve(|caller| async move {
        let query = WorkbenchQuery::from_query(&query);
        read::open(&caller.permit::<RecordPayments>()?, &query).await
    })
    .await
}

/// What was put to invoices as one act.
///
/// # Errors
/// Not found, also when it is somebody else's.
#[server(prefix = "/api", endpoint = "find_plan", output = Answer)]
pub async fn find_plan(id: PlanId) -> Result<PlanDetail, AppError> {
    serve(|caller| async move { read::detail(&caller.permit::<RecordPayments>()?, id).await }).await
}

/// Puts money and credit to invoices as one act and leads to what was done.
///
/// # Errors
/// By field as [`PlanFields::parse`] says, or what stands in the way; nothing was changed then.
#[server(prefix = "/api", endpoint = "save_plan", output = Answer)]
pub async fn save_plan(form: PlanFields) -> Result<Done, AppError> {
    let typed = form.clone();
    serve_form(&page(&form), &typed, |caller| async move {
        let scope = caller.permit::<RecordPayments>()?;
        let locale = caller.viewer.as_ref().ok_or(Error::SignIn)?.tenant.locale;
        let wanted = form.parse(locale)?;
        let placed = |error| match error {
            Error::Invalid(errors) => Error::Invalid(form.place(errors)),
            other => other,
        };
        let plan = write::apply(&scope, &wanted).await.map_err(placed)?;
        Ok(format!("{PAGE}/{plan}?done=saved"))
    })
    .await
}

/// Takes all that was put to invoices as one act off them again.
///
/// # Errors
/// Not found, or that a part of it was moved since; nothing was changed then.
#[server(prefix = "/api", endpoint = "undo_plan", output = Answer)]
pub async fn undo_plan(id: PlanId) -> Result<Done, AppError> {
    serve_form(&format!("{PAGE}/{id}"), &(), |caller| async move {
        write::undo(&caller.permit::<RecordPayments>()?, id).await?;
        Ok(format!("{PAGE}/{id}?done=undone"))
    })
    .await
}

/// The page from which a plan was posted, as far as the post can say it.
fn page(form: &PlanFields) -> String {
    let sources = form.sources.iter().take(MOST_SOURCES);
    let query = WorkbenchQuery {
        account: form.account.trim().parse().ok(),
        currency: form.currency.trim().parse().ok(),
        rule: Rule::from_code(form.rule.trim()).unwrap_or_default(),
        from: Some(
            sources
                .filter_map(|source| source.id.trim().parse().ok())
                .collect(),
        ),
        ..WorkbenchQuery::default()
    };
    format!("{PAGE}?{}", query.to_query())
}
