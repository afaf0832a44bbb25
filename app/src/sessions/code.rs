//! The page that asks for the code of a second factor, after the password.

use super::{Doorway, api::LogInCode};
use crate::loading::Loading;
use crate::markup::view;
use crate::{
    css,
    ui::{
        form::{Failed, Field, typed_form},
        loaded::{loaded, message},
        page::{Alert, Tone},
    },
    viewer::use_locale,
};
use domain::second_factor::PENDING_KEPT;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

/// The page.
pub(crate) fn view() -> AnyView {
    let typed: Loading<Failed> = typed_form();
    let locale = use_locale();
    let query = use_query_map();
    let next = Memo::new(move |_| query.read().get("next"));
    let minutes = PENDING_KEPT.num_minutes();
    view! {
        <Doorway title="Enter your code">
            {loaded(typed, move |failed: Failed| view! {
                <form class="panel" method="post" action=LogInCode::url()>
                    <div><h1>"Enter your code"</h1><p>"from the app on your phone"</p></div>
                    {failed.error.clone().map(|error| view! {
                        <Alert tone=Tone::Error><p>{message(&error, locale)}</p></Alert>
                    })}
                    <input type="hidden" name="next" value=move || next.get()/>
                    <Field name="code" label="Code" autocomplete="one-time-code" required=true
                        help="Six digits. Without your phone, enter a recovery code."/>
                    <button class=format!("{} primary large wide", css::BUTTON)>"Log in"</button>
                </form>
            })}
            <p class="hint">{format!("You have {minutes} minutes since you gave your password. ")}<a href="/login">"Start again"</a></p>
            <p class="hint">"Neither phone nor recovery code? Ask whoever operates the portal of your company."</p>
        </Doorway>
    }
    .into_any()
}
