//! The page `Security`: roles that need a second factor, and how long logins last.

use super::api::{ChangeSecurity, find_security};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        form::{Failed, Field, FormErrors, Said, typed_form},
        icon::{Glyph, Icon},
        loaded::both,
        page::PageHead,
    },
};
use domain::{
    access::Side,
    security::{RoleWord, Security, SecuritySettings},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// What the page loads. Made in the lazy part, so that a page brings the decoding of its own data and no other's.
struct Loads {
    security: Loading<Security>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        Self {
            security: load(|| (), |()| find_security()),
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { security, typed } = Loads::new();
    view! {
        <PageHead title="Security" note="A change acts on the next click of everybody."/>
        <div class="stack loose">
            <Said words=&[("changed", "The security settings were changed.")]/>
            <section class="part">
                <h2>"Single sign-on"</h2>
                <p>"Your people can come in with the sign-in of your company instead of a password here."</p>
                <p><a class=css::BUTTON href="/security/single-sign-on"><Icon of=Glyph::Lock/>"Single sign-on"</a></p>
            </section>
            {both(security, typed, |security: Security, failed: Failed| view! { <Settings security failed/> })}
        </div>
    }
    .into_any()
}

#[component]
fn Settings(security: Security, failed: Failed) -> impl IntoView {
    let Security {
        settings,
        roles,
        otherwise: (office_idle, idle, absolute),
    } = security;
    let SecuritySettings {
        second_factor,
        office_idle_minutes,
        idle_minutes,
        absolute_hours,
    } = settings;
    let both = !roles.seller.is_empty() && !roles.buyer.is_empty();
    // After a post that failed the ticks are those that were posted.
    let posted = failed.error.is_some();
    let ticks = [Side::Seller, Side::Buyer]
        .into_iter()
        .flat_map(|side| roles.on(side).iter().map(move |role| (side, role)))
        .enumerate()
        .map(|(position, (side, role))| {
            let word = RoleWord::new(side, &role.code);
            let on = if posted {
                failed.fields.values().any(|value| *value == word.text())
            } else {
                second_factor.contains(&word)
            };
            let label = match (both, side) {
                (false, _) => role.name.clone(),
                (true, Side::Seller) => format!("{} when selling", role.name),
                (true, Side::Buyer) => format!("{} when buying", role.name),
            };
            let id = format!("role-{position}");
            view! {
                <div class=format!("{} check", css::FIELD)>
                    <input type="checkbox" id=id.clone() name="second_factor[]" value=word.text() checked=on autocomplete="off"/>
                    <label for=id>{label}</label>
                </div>
            }
        })
        .collect_view();
    let shown = |field: &str, set: Option<u32>| {
        let set = set.map(|number| number.to_string()).unwrap_or_default();
        if posted {
            failed.text(field).unwrap_or_default()
        } else {
            set
        }
    };
    view! {
        <form class=css::FORM method="post" action=ChangeSecurity::url()>
            <FormErrors failed=failed.clone() title="Nothing was changed"/>
            <fieldset>
                <legend>"Who needs a second factor"</legend>
                <p class="muted">"Who has such a role and no second factor can only set one up when they log in. This holds for you too."</p>
                {ticks}
            </fieldset>
            <fieldset>
                <legend>"How long a login lasts"</legend>
                <Field name="office_idle_minutes" label="Minutes without use, Finance and Admin" inputmode="numeric" autocomplete="off"
                    value=shown("office_idle_minutes", office_idle_minutes) error=failed.refusal("office_idle_minutes")
                    help=format!("From 5 to 720. Empty: {office_idle}, or that of the others if it is less.")/>
                <Field name="idle_minutes" label="Minutes without use, others" inputmode="numeric" autocomplete="off"
                    value=shown("idle_minutes", idle_minutes) error=failed.refusal("idle_minutes")
                    help=format!("From 5 to 720. Empty: {idle}.")/>
                <Field name="absolute_hours" label="Hours in all" inputmode="numeric" autocomplete="off"
                    value=shown("absolute_hours", absolute_hours) error=failed.refusal("absolute_hours")
                    help=format!("From 1 to 24. Empty: {absolute}.")/>
            </fieldset>
            <div class="buttons"><button class=format!("{} primary", css::BUTTON)>"Save"</button></div>
        </form>
    }
}
