//! Another address for one's login: asking for it, and the page that the link in the mail opens.

use super::{
    Doorway,
    api::{AskForEmail, ChangeEmail, find_email_link},
    by_link,
};
use crate::loading::Loading;
use crate::markup::view;
use crate::{
    css,
    ui::{
        form::{Failed, Field, FormErrors, Said, typed_form},
        loaded::{both, loaded},
        page::PageHead,
    },
    viewer::use_viewer,
};
use leptos::{prelude::*, server_fn::ServerFn};

pub(crate) use asking::view as email_page;
pub(crate) use changing::view as new_email_page;

mod asking {
    use super::*;

    /// The page.
    pub(crate) fn view() -> AnyView {
        let typed: Loading<Failed> = typed_form();
        let now = use_viewer().map(|viewer| format!("It is {} now.", viewer.email));
        view! {
            <PageHead title="Change e-mail address" up=("/account", "My Account") note=now.unwrap_or_default()/>
            <div class="stack loose">
                <Said words=&[(
                    "asked",
                    "A mail is on its way to the new address. Open its link within 30 minutes; until then nothing changes.",
                )]/>
                {loaded(typed, |failed: Failed| view! {
                    <form class=css::FORM method="post" action=AskForEmail::url()>
                        <FormErrors failed=failed.clone() title="Nothing was changed"/>
                        <Field name="email" label="New e-mail address" kind="email" autocomplete="email" required=true
                            value=failed.text("email").unwrap_or_default() error=failed.refusal("email")/>
                        <Field name="password" label="Password" kind="password" autocomplete="current-password"
                            required=true error=failed.refusal("password")/>
                        <div class="buttons">
                            <button class=format!("{} primary", css::BUTTON)>"Send the link"</button>
                            <a class=css::BUTTON href="/account">"Cancel"</a>
                        </div>
                    </form>
                })}
            </div>
        }
        .into_any()
    }
}

mod changing {
    use super::*;

    /// What the page loads. Made in the lazy part, so that a page brings the decoding of its own data and no other's.
    struct Loads {
        token: Memo<String>,
        link: Loading<()>,
        typed: Loading<Failed>,
    }

    impl Loads {
        fn new() -> Self {
            let (token, link) = by_link(find_email_link);
            Self {
                token,
                link,
                typed: typed_form(),
            }
        }
    }

    /// The page.
    pub(crate) fn view() -> AnyView {
        let Loads { token, link, typed } = Loads::new();
        view! {
            <Doorway title="Confirm your e-mail address">
                {both(link, typed, move |(), failed: Failed| view! {
                    <form class="panel" method="post" action=ChangeEmail::url()>
                        <div>
                            <h1>"Confirm your e-mail address"</h1>
                            <p>"You log in with it from now on, and are logged out everywhere else."</p>
                        </div>
                        <FormErrors failed=failed.clone() title="The address was not changed"/>
                        <input type="hidden" name="token" value=token.get_untracked()/>
                        <button class=format!("{} primary large wide", css::BUTTON)>"Use this address"</button>
                    </form>
                })}
            </Doorway>
        }
        .into_any()
    }
}
