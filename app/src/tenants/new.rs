//! The page on which a partner or a customer is made.

use super::{
    LeadFields, TermsFields,
    api::{MakeTenant, list_groups},
    made_in_words,
};
use crate::company::CompanyFieldset;
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        form::{Failed, FormErrors, typed_form},
        loaded::both,
        page::PageHead,
    },
    viewer::use_viewer,
};
use domain::tenants::{CompanyFields, GroupRow};
use leptos::{prelude::*, server_fn::ServerFn};

/// What the page loads.
struct Loads {
    groups: Loading<Vec<GroupRow>>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        Self {
            groups: load(|| (), |()| list_groups()),
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { groups, typed } = Loads::new();
    let (one, many) = made_in_words();
    // A new one begins with what its maker has: most trade where they are.
    let like_us = use_viewer().map(|viewer| CompanyFields {
        locale: viewer.tenant.locale.code().to_owned(),
        time_zone: viewer.tenant.time_zone.clone(),
        currency: viewer.tenant.currency.code().to_owned(),
        accent: "indigo".to_owned(),
        ..CompanyFields::default()
    });
    view! {
        <PageHead title=format!("New {one}") up=("/tenants", many)
            note="The lead contact gets a mail with a link that works once, for seven days, and then invites the others."/>
        {both(groups, typed, move |groups: Vec<GroupRow>, failed: Failed| {
            let start = (String::new(), "30".to_owned(), String::new());
            view! {
                <form class=css::FORM method="post" action=MakeTenant::url()>
                    <FormErrors failed=failed.clone() title="Nothing was made"/>
                    <CompanyFieldset fields=like_us.clone().unwrap_or_default() failed=failed.clone()/>
                    <fieldset><legend>"In your books"</legend><TermsFields terms=start groups failed=failed.clone()/></fieldset>
                    <fieldset><legend>"Lead contact"</legend><LeadFields failed/></fieldset>
                    <div class="buttons">
                        <button class=format!("{} primary", css::BUTTON)>{format!("Make the {one} and invite")}</button>
                        <a class=css::BUTTON href="/tenants">"Cancel"</a>
                    </div>
                </form>
            }
        })}
    }
    .into_any()
}
