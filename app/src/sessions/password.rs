//! A new password for who forgot theirs: asking for the link, and the page that the link opens.

use super::{
    Doorway,
    api::{AskForPassword, SetPassword, find_password_link},
    by_link,
};
use crate::loading::Loading;
use crate::markup::view;
use crate::{
    css,
    ui::{
        form::{Failed, Field, FormErrors, Said, typed_form},
        loaded::{both, loaded},
    },
};
use domain::sessions::PASSWORD_MIN;
use leptos::{prelude::*, server_fn::ServerFn};

pub(crate) use asking::view as forgotten_page;
pub(crate) use setting::view as new_password_page;

mod asking {
    use super::*;

    /// The page.
    pub(crate) fn view() -> AnyView {
        let typed: Loading<Failed> = typed_form();
        view! {
            <Doorway title="Forgot your password?">
                <Said words=&[(
                    "asked",
                    "If there is a login with this address, a mail is on its way to it. Its link works for 30 minutes.",
                )]/>
                {loaded(typed, |failed: Failed| view! {
                    <form class="panel" method="post" action=AskForPassword::url()>
                        <div><h1>"Forgot your password?"</h1><p>"You get a mail with a link to set a new one."</p></div>
                        <FormErrors failed=failed.clone() title="No mail was sent"/>
                        <Field name="email" label="E-mail" kind="email" autocomplete="username" required=true
                            value=failed.text("email").unwrap_or_default()/>
                        <button class=format!("{} primary large wide", css::BUTTON)>"Send the link"</button>
                    </form>
                })}
                <p class="hint"><a href="/login">"Back to the login"</a></p>
            </Doorway>
        }
        .into_any()
    }
}

mod setting {
    use super::*;

    /// What the page loads. Made in the lazy part, so that a page brings the decoding of its own data and no other's.
    struct Loads {
        token: Memo<String>,
        link: Loading<()>,
        typed: Loading<Failed>,
    }

    impl Loads {
        fn new() -> Self {
            let (token, link) = by_link(find_password_link);
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
            <Doorway title="Set a new password">
                {both(link, typed, move |(), failed: Failed| view! {
                    <form class="panel" method="post" action=SetPassword::url()>
                        <div><h1>"Set a new password"</h1><p>"You are logged out everywhere when you save."</p></div>
                        <FormErrors failed=failed.clone() title="The password was not set"/>
                        <input type="hidden" name="token" value=token.get_untracked()/>
                        <Field name="new" label="New password" kind="password" autocomplete="new-password" required=true
                            help=format!("At least {PASSWORD_MIN} characters. A few words are good; a password manager is better.")
                            error=failed.refusal("new")/>
                        <Field name="again" label="New password again" kind="password" autocomplete="new-password"
                            required=true error=failed.refusal("again")/>
                        <button class=format!("{} primary large wide", css::BUTTON)>"Save"</button>
                    </form>
                })}
                <p class="hint"><a href="/password">"Ask for another link"</a></p>
            </Doorway>
        }
        .into_any()
    }
}
