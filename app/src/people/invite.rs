//! The page `Invite somebody`.

use super::{
    RoleFields,
    api::{InvitePerson, list_role_choices},
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        form::{Failed, Field, FormErrors, typed_form},
        loaded::both,
        page::PageHead,
    },
};
use domain::{access::BuyerReach, people::RoleChoices};
use leptos::{prelude::*, server_fn::ServerFn};

/// What the page loads. Made in the lazy part, so that a page brings the decoding of its own data and no other's.
struct Loads {
    choices: Loading<RoleChoices>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        Self {
            choices: load(|| (), |()| list_role_choices()),
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { choices, typed } = Loads::new();
    view! {
        <PageHead title="Invite somebody" up=("/people", "People")
            note="They get a mail with a link that works once, for seven days."/>
        {both(choices, typed, |choices: RoleChoices, failed: Failed| view! {
                <form class=css::FORM method="post" action=InvitePerson::url()>
                    <FormErrors failed=failed.clone() title="Nobody was invited"/>
                    <Field name="name" label="Name" autocomplete="off" required=true
                        value=failed.text("name").unwrap_or_default() error=failed.refusal("name")/>
                    <Field name="email" label="E-mail" kind="email" autocomplete="off" required=true
                        value=failed.text("email").unwrap_or_default() error=failed.refusal("email")/>
                    <RoleFields choices chosen=(None, None, BuyerReach::Own) failed=failed.clone()/>
                    <div class="buttons">
                        <button class=format!("{} primary", css::BUTTON)>"Send the invitation"</button>
                        <a class=css::BUTTON href="/people">"Cancel"</a>
                    </div>
                </form>
        })}
    }
    .into_any()
}
