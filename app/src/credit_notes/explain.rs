//! The page `How it adds up` of a credit note: its lines, tax and total, and where its credit is.

use super::api::explain_credit_note;
use crate::loading::{Loading, load_named};
use crate::markup::view;
use crate::{
    css,
    ui::{loaded::loaded, page::PageHead, steps::steps},
    viewer::use_locale,
};
use domain::credit_notes::explain::{ExplainedCredit, explain};
use leptos::prelude::*;

/// What the page loads.
struct Loads {
    credit: Loading<ExplainedCredit>,
}

impl Loads {
    fn new() -> Self {
        Self {
            credit: load_named(explain_credit_note),
        }
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
