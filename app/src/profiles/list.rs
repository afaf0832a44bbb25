//! The billing profiles of a customer, where its seller adds one, and one's own with everybody who bills one.

use super::{
    api::{AddProfile, list_own_profiles, list_profiles},
    form::{By, ProfileFieldset},
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    tenants::made_in_words,
    ui::{
        badge::Badge,
        form::{Failed, FormErrors, Said, typed_form},
        icon::Glyph,
        loaded::{both, loaded},
        page::{Empty, PageHead},
        table::{Head, Table},
    },
};
use domain::{
    ids::TenantId,
    profiles::{AccountProfiles, Contact, Place, Profile, ProfileRow, Standing},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// The page of a customer's profiles.
pub(crate) fn view() -> AnyView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse::<TenantId>().ok()));
    let profiles: Loading<AccountProfiles> = load(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => list_profiles(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    both(
        profiles,
        typed_form(),
        |profiles: AccountProfiles, failed: Failed| {
            view! { <OfCustomer profiles failed/> }
        },
    )
    .into_any()
}

/// The page of one's own profiles.
pub(crate) fn own_view() -> AnyView {
    let profiles: Loading<Vec<AccountProfiles>> = load(|| (), |()| list_own_profiles());
    view! {
        <PageHead title="Billing profiles" up=("/", "Home")
            note="How each seller bills you: where invoices go, whom they ask, and what autopay pays with."/>
        {loaded(profiles, own)}
    }
    .into_any()
}

fn own(all: Vec<AccountProfiles>) -> AnyView {
    if all.is_empty() {
        return view! {
            <Empty glyph=Glyph::File title="Nobody bills you yet">
                <p>"A profile is there as soon as somebody does."</p>
            </Empty>
        }
        .into_any();
    }
    let parts = all.into_iter().map(|of| {
        let AccountProfiles {
            account,
            with,
            profiles,
            ..
        } = of;
        let id = format!("account-{account}");
        view! {
            <section class="part" aria-labelledby=id.clone()>
                <h2 id=id.clone()>{with}</h2>
                <Profiles profiles page="/profiles"/>
            </section>
        }
    });
    view! { <div class="stack loose">{parts.collect_view()}</div> }.into_any()
}

#[component]
fn OfCustomer(profiles: AccountProfiles, failed: Failed) -> impl IntoView {
    let AccountProfiles {
        key,
        buyer,
        with,
        profiles,
        ..
    } = profiles;
    let (_, many) = made_in_words();
    view! {
        <PageHead title=format!("Billing profiles of {with}") up=("/tenants", many)
            note="Each invoice is bound to one of them and keeps what it said when it was issued.">
            <a class=css::BUTTON href=format!("/tenants/{buyer}")>{with.clone()}</a>
        </PageHead>
        <div class="stack loose">
            <Said words=&[
                ("added", "The profile was added."),
                ("default", "New invoices are bound to this profile from now on, unless you choose another one."),
                ("archived", "The profile was archived. Its invoices stay bound to it."),
            ]/>
            <Profiles profiles page="/profiles/change"/>
            <section class="part ruled">
                <h2>"Add a profile"</h2>
                <form class=css::FORM method="post" action=AddProfile::url()>
                    <FormErrors failed=failed.clone() title="Nothing was added"/>
                    <input type="hidden" name="id" value=buyer.to_string()/>
                    <input type="hidden" name="key" value=key.to_string()/>
                    <ProfileFieldset profile=Profile::default() by=By::Seller failed/>
                    <div class="buttons"><button class=css::BUTTON>"Add the profile"</button></div>
                </form>
            </section>
        </div>
    }
}

/// A list of profiles; their pages are below `page`.
#[component]
fn Profiles(profiles: Vec<ProfileRow>, page: &'static str) -> impl IntoView {
    let rows = profiles.into_iter().map(move |row| {
        let ProfileRow {
            id,
            profile,
            standing,
        } = row;
        let Profile {
            name,
            billing,
            contacts,
            order_reference,
            ..
        } = profile;
        let place = billing.as_ref().map(Place::line);
        let place = place.unwrap_or_else(|| "The company’s own".to_owned());
        let people: Vec<String> = contacts.iter().map(Contact::line).collect();
        view! {
            <tr role="row">
                <th scope="row" role="rowheader"><a href=format!("{page}/{id}")>{name}</a></th>
                <td role="cell" class="state" data-label="State">{badge(standing)}</td>
                <td role="cell" data-label="Billing address">{place}</td>
                <td role="cell" data-label="Contacts">{people.join("; ")}</td>
                <td role="cell" data-label="Reference">{order_reference}</td>
            </tr>
        }
    });
    let heads = vec![
        Head::of("Profile"),
        Head::of("State"),
        Head::of("Billing address"),
        Head::of("Contacts"),
        Head::of("Reference"),
    ];
    view! { <Table caption="Billing profiles" heads>{rows.collect_view()}</Table> }
}

/// What a profile is in its account.
pub(super) fn badge(standing: Standing) -> impl IntoView {
    match standing {
        Standing::Default => view! { <Badge kind="good" glyph=Glyph::CheckCircle label="Default"/> },
        Standing::InUse => view! { <Badge kind="info" glyph=Glyph::File label="In use"/> },
        Standing::Archived => view! { <Badge kind="warn" glyph=Glyph::Lock label="Archived"/> },
    }
}
