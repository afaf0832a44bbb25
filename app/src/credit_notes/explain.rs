//! The page `How it adds up` of a credit note: its lines, tax and total, and where its credit is.

use super::api::explain_credit_note;
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{loaded::loaded, page::PageHead, steps::steps},
    viewer::use_locale,
};
use domain::{
    credit_notes::explain::{ExplainedCredit, explain},
    ids::CreditNoteId,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// What the page loads.
struct Loads {
    credit: Loading<ExplainedCredit>,
}

impl Loads {
    fn new() -> Self {
        let params = use_params_map();
        let id = Memo::new(move |_| {
            params
                .read()
                .get("id")
                .and_then(|id| id.parse::<CreditNoteId>().ok())
        });
        let credit = load(
            move || id.get(),
            |id| async move {
                match id {
                    Some(id) => explain_credit_note(id).await,
                    None => Err(AppError::NotFound),
                }
            },
        );
        Self { credit }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { credit } = Loads::new();
    loaded(credit, |credit: ExplainedCredit| {
        let opened = explain(&credit, use_locale()).unwrap_or_default();
        let ExplainedCredit { note, account, .. } = credit;
        view! {
            <PageHead title=format!("How {} adds up", note.number) up=("/credits", "Credit notes")
                note="Each total with its parts, and everything that moved the credit, the oldest first.">
                <a class=css::BUTTON href=format!("/explain/account/{account}")>"Account"</a>
                <a class=css::BUTTON href=format!("/credits/{}", note.id)>"Credit note"</a>
            </PageHead>
            {steps(opened)}
        }
    })
    .into_any()
}
