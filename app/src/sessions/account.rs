//! The page `My Account`: the way to Billing for partners and customers (T4, T5), and `Change password` (T17).

use super::api::{ChangePassword, find_typed};
use crate::lazy::lazy_page;
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        form::{Failed, Field, FormErrors},
        icon::{Glyph, Icon},
        loaded::loaded,
        page::{Alert, PageHead, Tone},
    },
    viewer::use_viewer,
};
use domain::sessions::PASSWORD_MIN;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

lazy_page!(AccountPage: account, view);

/// What the page loads. Made in the lazy part, so that a page brings the decoding of its own data and no other's.
struct Loads {
    typed: Loading<Failed>,
    saved: Memo<bool>,
}

impl Loads {
    fn new() -> Self {
        let query = use_query_map();
        let id = Memo::new(move |_| query.read().get("typed"));
        Self {
            typed: load(move || id.get(), find_typed),
            saved: Memo::new(move |_| query.read().get("saved").is_some()),
        }
    }
}

fn view() -> AnyView {
    let this = Loads::new();
    let saved = this.saved;
    let who =
        use_viewer().map(|viewer| format!("{} · {} · {}", viewer.name, viewer.email, viewer.tenant.name));
    view! {
        <PageHead title="My Account" note=who.unwrap_or_default()/>
        <div class="stack loose">
            <section class="part">
                <h2>"Billing"</h2>
                <p>"Invoices, payments and receipts of your company."</p>
                <p><a class=css::BUTTON href="/invoices"><Icon of=Glyph::File/>"Billing"</a></p>
            </section>
            <section class="part ruled">
                <h2>"Change password"</h2>
                <p>"You are logged out everywhere else when you save."</p>
                {loaded(this.typed, move |failed: Failed| view! {
                    {saved.get_untracked().then(|| view! {
                        <Alert tone=Tone::Success><p>"The password was changed."</p></Alert>
                    })}
                    <form class=css::FORM method="post" action=ChangePassword::url()>
                        <FormErrors failed=failed.clone() title="The password was not changed"/>
                        <Field name="current" label="Password now" kind="password" autocomplete="current-password"
                            required=true error=failed.refusal("current")/>
                        <Field name="new" label="New password" kind="password" autocomplete="new-password" required=true
                            help=format!("At least {PASSWORD_MIN} characters. A few words are good; a password manager is better.")
                            error=failed.refusal("new")/>
                        <Field name="again" label="New password again" kind="password" autocomplete="new-password"
                            required=true error=failed.refusal("again")/>
                        <div class="buttons"><button class=format!("{} primary", css::BUTTON)>"Save"</button></div>
                    </form>
                })}
            </section>
        </div>
    }
    .into_any()
}
