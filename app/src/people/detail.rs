//! One person of the tenant: their roles, what these allow, and their access.

use super::{
    RoleFields, StateBadge,
    api::{ChangeMembership, ChangeRoles, find_person},
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{
        amount::Moment,
        form::{Failed, FormErrors, Said, typed_form},
        icon::{Glyph, Icon},
        loaded::both,
        page::{Alert, PageHead, Tone},
    },
    viewer::use_locale,
};
use domain::{
    access::{BuyerReach, Permission, Rights},
    ids::UserId,
    people::{MembershipState, PersonDetail},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// What the page loads. Made in the lazy part, so that a page brings the decoding of its own data and no other's.
struct Loads {
    person: Loading<PersonDetail>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        let params = use_params_map();
        let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse::<UserId>().ok()));
        Self {
            person: load(
                move || id.get(),
                |id| async move {
                    match id {
                        Some(id) => find_person(id).await,
                        None => Err(AppError::NotFound),
                    }
                },
            ),
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { person, typed } = Loads::new();
    both(person, typed, |person: PersonDetail, failed: Failed| {
        view! { <Person person failed/> }
    })
    .into_any()
}

#[component]
fn Person(person: PersonDetail, failed: Failed) -> impl IntoView {
    let locale = use_locale();
    let PersonDetail {
        row,
        seller,
        buyer,
        rights,
        choices,
        locked,
    } = person;
    let (id, state) = (row.id, row.state);
    let why = locked.as_ref().map(|refusal| refusal.message(locale));
    let free = locked.is_none() && state != MembershipState::Removed;
    let last = match row.signed_in_at {
        Some(at) => view! { <Moment of=at/> }.into_any(),
        None => "Never".into_any(),
    };
    let chosen = (seller, buyer, row.reach);
    let reach = if choices.has_subsidiaries {
        row.reach
    } else {
        BuyerReach::Own
    };
    view! {
        <PageHead title=row.name up=("/people", "People") mark=move || view! { <StateBadge of=state/> }/>
        <div class="stack loose">
            <Said words=&[
                ("roles", "The roles were changed. The person was logged out and signs in with the new ones."),
                ("enabled", "The person can work here again."),
                ("disabled", "The person was logged out and cannot work here for now."),
            ]/>
            {why.map(|why| view! { <Alert tone=Tone::Info><p>{why}</p></Alert> })}
            <dl class=format!("{} across", css::FACTS)>
                <div><dt>"E-mail"</dt><dd>{row.email}</dd></div>
                <div><dt>"Last login"</dt><dd>{last}</dd></div>
            </dl>
            <section class="part ruled">
                <h2>"Roles"</h2>
                {if free {
                    view! {
                        <form class=css::FORM method="post" action=ChangeRoles::url()>
                            <FormErrors failed=failed.clone() title="Nothing was changed"/>
                            <input type="hidden" name="id" value=id.to_string()/>
                            <RoleFields choices chosen failed/>
                            <div class="buttons"><button class=format!("{} primary", css::BUTTON)>"Save"</button></div>
                        </form>
                    }
                    .into_any()
                } else {
                    let words = super::roles_in_words(row.seller.as_deref(), row.buyer.as_deref(), reach);
                    view! { <p>{words}</p> }.into_any()
                }}
            </section>
            <section class="part ruled">
                <h2>"What this person can do"</h2>
                <Can rights reach/>
            </section>
            {free.then(|| view! { <Access id state/> })}
        </div>
    }
}

/// The permissions in words.
#[component]
fn Can(rights: Rights, reach: BuyerReach) -> impl IntoView {
    if rights == Rights::NONE {
        return view! { <p class="muted">"Nothing but their own account."</p> }.into_any();
    }
    let lines = rights
        .iter()
        .map(|permission| view! { <li><Icon of=Glyph::Check/>{permission.label()}</li> });
    let far = (reach == BuyerReach::Subsidiaries && rights.has(Permission::ViewReceivedInvoices))
        .then(|| view! { <li><Icon of=Glyph::Check/>"The same with what subsidiaries received"</li> });
    view! { <ul class=css::TICKS>{lines.collect_view()}{far}</ul> }.into_any()
}

/// Shutting out, letting in, removing.
#[component]
fn Access(id: UserId, state: MembershipState) -> impl IntoView {
    let act = |to: &'static str, name: &'static str, class: &'static str| {
        view! {
            <form method="post" action=ChangeMembership::url()>
                <input type="hidden" name="id" value=id.to_string()/>
                <input type="hidden" name="state" value=to/>
                <button class=format!("{} {class}", css::BUTTON)>{name}</button>
            </form>
        }
    };
    let pause = if state == MembershipState::Disabled {
        act("Active", "Let in again", "")
    } else {
        act("Disabled", "Disable", "")
    };
    view! {
        <section class="part ruled">
            <h2>"Access"</h2>
            <p>"Who is disabled or removed is logged out at once. Documents and histories go on naming them."</p>
            <div class="row">{pause}{act("Removed", "Remove", "bad")}</div>
        </section>
    }
}
