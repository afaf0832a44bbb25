//! The bank's question to the payer (3-D Secure): asked once by itself, then by a button.
//!
//! What the bank's page says is not taken for an answer: the server asks the gateway how it stands.

use super::{
    api::resume_payment,
    gateway::{self, GatewayScript},
    result::Latest,
};
use crate::markup::{flag, live, view};
use crate::{
    css,
    ui::{
        loaded::message,
        page::{Alert, Tone},
    },
    viewer::use_locale,
};
use domain::{
    ids::AttemptId,
    payments::{AttemptState, PendingAction},
};
use leptos::{prelude::*, task::spawn_local};

/// See the module.
#[component]
pub(super) fn Confirm(
    /// The question.
    action: PendingAction,
    /// What it is about.
    attempt: AttemptId,
    /// Address of the page.
    here: String,
    /// What the page knows.
    latest: Latest,
    /// A question was asked by itself already.
    started: RwSignal<bool>,
) -> impl IntoView {
    let locale = use_locale();
    let awake = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<String>);
    let script = action.gateway.clone();
    let start = move || {
        if busy.try_get_untracked().unwrap_or(true) {
            return;
        }
        busy.set(true);
        problem.set(None);
        let action = action.clone();
        spawn_local(async move {
            let told = gateway::confirm(&action).await;
            // Whatever the bank's page said, the server asks the gateway itself.
            let resumed = resume_payment(attempt).await;
            let said = match (told, resumed) {
                (_, Err(error)) => Some(message(&error, locale)),
                (Err(said), Ok(after)) if after.state == AttemptState::NeedsAction => Some(said),
                (_, Ok(_)) => None,
            };
            if said.is_none() {
                latest.ask().await;
            }
            let _ = busy.try_set(false);
            let _ = problem.try_set(said);
        });
    };
    let by_itself = start.clone();
    Effect::new(move |_| {
        awake.set(true);
        if !started.get_untracked() {
            started.set(true);
            by_itself();
        }
    });
    view! {
        <GatewayScript gateway=script/>
        {live(move || problem.get().map(|text| view! { <Alert tone=Tone::Error><p>{text}</p></Alert> }))}
        <div class="buttons">
            <button class=format!("{} primary", css::BUTTON) type="button" hidden=flag(move || !awake.get())
                aria-busy=move || busy.get().then_some("true") on:click=move |_| start()>"Confirm with your bank"</button>
        </div>
        <p class="muted" hidden=flag(move || awake.get())>
            "Your bank's question needs JavaScript. Switch it on and "<a href=here rel="external">"load this page again"</a>
            ". If you do not confirm, nothing is charged."
        </p>
    }
}
