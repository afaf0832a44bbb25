//! The page that an invitation's link opens: set a password and come in (T15).

use super::api::{AcceptInvitation, find_invitation};
use crate::loading::Loading;
use crate::markup::view;
use crate::{
    css,
    sessions::{Doorway, by_link},
    ui::{
        form::{Failed, Field, FormErrors, typed_form},
        loaded::both,
    },
};
use domain::{people::OpenInvitation, sessions::PASSWORD_MIN};
use leptos::{prelude::*, server_fn::ServerFn};

/// What the page loads. Made in the lazy part, so that a page brings the decoding of its own data and no other's.
struct Loads {
    token: Memo<String>,
    invitation: Loading<OpenInvitation>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        let (token, invitation) = by_link(find_invitation);
        Self {
            token,
            invitation,
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads {
        token,
        invitation,
        typed,
    } = Loads::new();
    view! {
        <Doorway title="Your invitation">
            {both(invitation, typed, move |invitation: OpenInvitation, failed: Failed| view! {
                <Accept invitation token=token.get_untracked() failed/>
            })}
        </Doorway>
    }
    .into_any()
}

#[component]
fn Accept(invitation: OpenInvitation, token: String, failed: Failed) -> impl IntoView {
    let OpenInvitation {
        tenant,
        name,
        email,
        inviter,
        known,
    } = invitation;
    let fields = if known {
        view! {
            <p>"You have a login already. Accept with its password."</p>
            <Field name="password" label="Password" kind="password" autocomplete="current-password" required=true
                error=failed.refusal("password")/>
        }
        .into_any()
    } else {
        view! {
            <Field name="name" label="Name" autocomplete="name" required=true
                value=failed.text("name").unwrap_or(name) error=failed.refusal("name")/>
            <Field name="password" label="New password" kind="password" autocomplete="new-password" required=true
                help=format!("At least {PASSWORD_MIN} characters. A few words are good; a password manager is better.")
                error=failed.refusal("password")/>
            <Field name="again" label="New password again" kind="password" autocomplete="new-password" required=true
                error=failed.refusal("again")/>
        }
        .into_any()
    };
    view! {
        <form class="panel" method="post" action=AcceptInvitation::url()>
            <div><h1>{format!("Welcome to {tenant}")}</h1><p>{format!("{inviter} invited {email}")}</p></div>
            <FormErrors failed=failed.clone() title="The invitation was not accepted"/>
            <input type="hidden" name="token" value=token/>
            {fields}
            <button class=format!("{} primary large wide", css::BUTTON)>"Accept"</button>
        </form>
    }
}
