//! The page `Company`: what the tenant says of itself.

use super::{
    CompanyFieldset,
    api::{ChangeCompany, RemoveLogo, find_company, find_family},
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        form::{Failed, FormErrors, Said, typed_form},
        icon::{Glyph, Icon},
        loaded::{both, loaded},
        page::PageHead,
    },
    viewer::{use_locale, use_viewer},
};
use domain::{
    access::Permission,
    tenants::{Company, Family},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// What the page loads.
struct Loads {
    company: Loading<Company>,
    family: Loading<Family>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        Self {
            company: load(|| (), |()| find_company()),
            family: load(|| (), |()| find_family()),
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads {
        company,
        family,
        typed,
    } = Loads::new();
    let viewer = use_viewer();
    let may = |permission| viewer.as_ref().is_some_and(|viewer| viewer.may(permission));
    let (changes_profiles, reminds) = (may(Permission::ChangeProfiles), may(Permission::SendMail));
    view! {
        <PageHead title="Company" note="Invoices print this from now on. Those that were issued keep what they say.">
            {changes_profiles.then(|| view! { <a class=css::BUTTON href="/profiles">"Billing profiles"</a> })}
            {reminds.then(|| view! { <a class=css::BUTTON href="/reminders">"Reminders"</a> })}
            <a class=css::BUTTON href="/company/addresses">"Addresses & tax IDs"</a>
            <a class=css::BUTTON href="/company/keys">"API keys"</a>
        </PageHead>
        <div class="stack loose">
            <Said words=&[
                ("saved", "The changes were saved."),
                ("logo", "The logo was saved."),
                ("removed", "The logo was removed."),
            ]/>
            {both(company, typed, |company: Company, failed: Failed| view! {
                <FormErrors failed=failed.clone() title="Nothing was changed"/>
                <form class=css::FORM method="post" action=ChangeCompany::url()>
                    <CompanyFieldset fields=company.fields() failed=failed.clone()/>
                    <div class="buttons"><button class=format!("{} primary", css::BUTTON)>"Save"</button></div>
                </form>
                <Logo failed/>
            })}
            {loaded(family, |family: Family| view! { <Belongs family/> })}
        </div>
    }
    .into_any()
}

/// Whose subsidiary the company is, and which ones it has: its seller says so.
#[component]
fn Belongs(family: Family) -> impl IntoView {
    let Family { parent, subsidiaries } = family;
    let any = parent.is_some() || !subsidiaries.is_empty();
    any.then(|| {
        let own = (!subsidiaries.is_empty()).then(|| {
            let names = subsidiaries.into_iter().map(|one| view! { <li>{one.name}</li> });
            view! {
                <p>"Your subsidiaries. Whose role reaches “own and subsidiaries” sees and pays their invoices; choose it at “People”."</p>
                <ul>{names.collect_view()}</ul>
            }
        });
        view! {
            <section class="part ruled">
                <h2>"Family"</h2>
                {parent.map(|one| view! {
                    <p>{format!("Your company is a subsidiary of {}. People there whom it lets do so see and pay your invoices.", one.name)}</p>
                })}
                {own}
                <p class="muted">"Who bills you keeps this. Ask them if it is not right."</p>
            </section>
        }
    })
}

/// The logo: what there is, another one, none.
#[component]
fn Logo(failed: Failed) -> impl IntoView {
    let locale = use_locale();
    let tenant = use_viewer().map(|viewer| viewer.tenant);
    let shown = tenant.and_then(|tenant| Some((tenant.id, tenant.name, tenant.logo?)));
    let wrong = failed.refusal("logo").map(|refusal| refusal.message(locale));
    view! {
        <section class="part ruled">
            <h2>"Logo"</h2>
            {shown.map(|(id, name, hash)| view! {
                <div class="row">
                    <img src=format!("/logo/{id}?{hash}") alt=format!("Logo of {name}") height="48"/>
                    <form method="post" action=RemoveLogo::url()><button class=format!("{} small", css::BUTTON)>"Remove"</button></form>
                </div>
            })}
            <form class=css::FORM method="post" action="/company/logo" enctype="multipart/form-data">
                <div class=css::FIELD>
                    <label for="logo">"Picture"</label>
                    <input class="input" id="logo" name="logo" type="file" accept="image/png,image/jpeg,image/webp" required
                        aria-invalid=wrong.is_some().then_some("true") aria-describedby="logo-help"/>
                    <p class="help" id="logo-help">"PNG, JPEG or WebP, up to 200 KB and 1024 pixels on each side."</p>
                    {wrong.map(|text| view! { <p class="error"><Icon of=Glyph::Alert/>{text}</p> })}
                </div>
                <div class="buttons"><button class=css::BUTTON>"Save the logo"</button></div>
            </form>
        </section>
    }
}
