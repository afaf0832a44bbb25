//! The page `Log in` (T14).

use super::{Doorway, api::LogIn};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    server::{remembered_company, with_next},
    single_sign_on::api::find_way_in,
    ui::{
        form::{Failed, Field, Said, typed_form},
        loaded::{both, message},
        page::{Alert, Tone},
    },
    viewer::use_locale,
};
use domain::single_sign_on::WayIn;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

/// What the page loads. Made in the lazy part, so that a page brings the decoding of its own data and no other's.
struct Loads {
    typed: Loading<Failed>,
    way: Loading<Option<WayIn>>,
    company: Option<String>,
    next: Memo<Option<String>>,
}

impl Loads {
    fn new() -> Self {
        let query = use_query_map();
        let company = remembered_company().map(|tenant| tenant.to_string());
        let known = company.clone();
        Self {
            typed: typed_form(),
            way: load(move || known.clone(), find_way_in),
            company,
            next: Memo::new(move |_| query.read().get("next")),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let this = Loads::new();
    let locale = use_locale();
    let (next, company) = (this.next, this.company);
    view! {
        <Doorway title="Log in">
            <Said words=&[
                ("password", "The new password is set. Log in with it."),
                ("email", "Your e-mail address was changed. Log in with the new one."),
            ]/>
            {both(this.typed, this.way, move |failed: Failed, way: Option<WayIn>| view! {
                <form class="panel" method="post" action=LogIn::url()>
                    <div><h1>"Log in"</h1><p>"to your billing portal"</p></div>
                    {failed.error.clone().map(|error| view! {
                        <Alert tone=Tone::Error><p>{message(&error, locale)}</p></Alert>
                    })}
                    <input type="hidden" name="next" value=move || next.get()/>
                    <Field name="email" label="E-mail" kind="email" autocomplete="username" required=true
                        value=failed.text("email").unwrap_or_default()/>
                    <Field name="password" label="Password" kind="password" autocomplete="current-password" required=true/>
                    <button class=format!("{} primary large wide", css::BUTTON)>"Log in"</button>
                    {way.zip(company.clone()).map(|(way, tenant)| view! {
                        <a class=format!("{} large wide", css::BUTTON)
                            href=with_next(&format!("/login/with/{tenant}"), next.get_untracked().as_deref())>
                            {format!("Log in with {}", way.host)}
                        </a>
                    })}
                </form>
            })}
            <p class="hint"><a href="/password">"Forgot your password?"</a></p>
            <p class="hint">"Does your company have its own sign-in? Open the address that your administrator gave you."</p>
            <p class="hint">"You get access by invitation. No invitation yet? Ask the lead contact of your company."</p>
        </Doorway>
    }
    .into_any()
}
