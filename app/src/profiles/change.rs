//! One billing profile: as its seller changes it, makes it the default and archives it, and as its owner changes it.

use super::{
    api::{ArchiveProfile, ChangeOwnProfile, ChangeProfile, PreferProfile, find_own_profile, find_profile},
    form::{By, ProfileFieldset},
    list::badge,
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    tenants::made_in_words,
    ui::{
        form::{Choice, Failed, FormErrors, Said, typed_form},
        loaded::both,
        page::{Alert, PageHead, Tone},
    },
};
use domain::{
    ids::ProfileId,
    profiles::{ProfileDetail, ProfileRow, Standing},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

const WORDS: &[(&str, &str)] = &[(
    "saved",
    "The changes were saved. Issued invoices keep what they say.",
)];

/// The page of a customer's profile.
pub(crate) fn view() -> AnyView {
    let id = shown();
    let profile: Loading<ProfileDetail> = load(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => find_profile(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    both(profile, typed_form(), |profile: ProfileDetail, failed: Failed| {
        view! { <OfCustomer profile failed/> }
    })
    .into_any()
}

/// The page of one's own profile.
pub(crate) fn own_view() -> AnyView {
    let id = shown();
    let profile: Loading<ProfileDetail> = load(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => find_own_profile(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    both(profile, typed_form(), |profile: ProfileDetail, failed: Failed| {
        view! { <Own profile failed/> }
    })
    .into_any()
}

fn shown() -> Memo<Option<ProfileId>> {
    let params = use_params_map();
    Memo::new(move |_| params.read().get("id").and_then(|id| id.parse().ok()))
}

#[component]
fn OfCustomer(profile: ProfileDetail, failed: Failed) -> impl IntoView {
    let ProfileDetail {
        row: ProfileRow {
            id,
            profile,
            standing,
        },
        buyer,
        with,
        ..
    } = profile;
    let acts = (standing == Standing::InUse).then(|| {
        view! {
            <section class="part ruled">
                <h2>"Default and archive"</h2>
                <p>"New invoices are bound to the default profile unless another one is chosen. An archived one is kept for its invoices and cannot be chosen any more."</p>
                <div class="row">
                    <form method="post" action=PreferProfile::url()>
                        <input type="hidden" name="id" value=id.to_string()/>
                        <button class=css::BUTTON>"Make it the default"</button>
                    </form>
                    <form method="post" action=ArchiveProfile::url()>
                        <input type="hidden" name="id" value=id.to_string()/>
                        <button class=format!("{} bad", css::BUTTON)>"Archive"</button>
                    </form>
                </div>
            </section>
        }
    });
    let name = profile.name.clone();
    let (_, many) = made_in_words();
    let fields = (standing != Standing::Archived).then(|| {
        view! {
            <form class=css::FORM method="post" action=ChangeProfile::url()>
                <input type="hidden" name="id" value=id.to_string()/>
                <ProfileFieldset profile by=By::Seller failed=failed.clone()/>
                <div class="buttons"><button class=format!("{} primary", css::BUTTON)>"Save"</button></div>
            </form>
        }
    });
    view! {
        <PageHead title=name up=("/tenants", many) note=with mark=move || badge(standing)>
            <a class=css::BUTTON href=format!("/profiles/of/{buyer}")>"All profiles"</a>
        </PageHead>
        <div class="stack loose">
            <Said words=WORDS/>
            <FormErrors failed title="Nothing was changed"/>
            {(standing == Standing::Archived).then(archived)}
            {fields}
            {acts}
        </div>
    }
}

#[component]
fn Own(profile: ProfileDetail, failed: Failed) -> impl IntoView {
    let ProfileDetail {
        row: ProfileRow {
            id,
            profile,
            standing,
        },
        with,
        card,
        cards,
        ..
    } = profile;
    let name = profile.name.clone();
    let chosen = card.map(|card| card.to_string()).unwrap_or_default();
    let chosen = failed.text("card").unwrap_or(chosen);
    let mut options = vec![(String::new(), "The default one".to_owned())];
    options.extend(cards.into_iter().map(|card| (card.id.to_string(), card.name)));
    let fields = (standing != Standing::Archived).then(|| {
        view! {
            <form class=css::FORM method="post" action=ChangeOwnProfile::url()>
                <input type="hidden" name="id" value=id.to_string()/>
                <Choice name="card" label="Card or bank account for autopay" options value=chosen error=failed.refusal("card")/>
                <p class="muted">"Once a card has expired autopay uses the default one. "<a href="/methods">"Cards and autopay"</a></p>
                <ProfileFieldset profile by=By::Owner failed=failed.clone()/>
                <div class="buttons"><button class=format!("{} primary", css::BUTTON)>"Save"</button></div>
            </form>
        }
    });
    view! {
        <PageHead title=name up=("/profiles", "Billing profiles") note=with mark=move || badge(standing)/>
        <div class="stack loose">
            <Said words=WORDS/>
            <FormErrors failed title="Nothing was changed"/>
            {(standing == Standing::Archived).then(archived)}
            {fields}
        </div>
    }
}

fn archived() -> impl IntoView {
    view! {
        <Alert tone=Tone::Info><p>"This profile was archived. It is kept for the invoices that are bound to it."</p></Alert>
    }
}
