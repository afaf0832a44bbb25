//! The forms in which a company or a product is mapped or left out.

use super::{
    address,
    api::{MapVendorCompany, MapVendorProduct, SETTINGS},
};
use crate::markup::view;
use crate::{
    css,
    ui::form::{Choice, Failed, Field, FormErrors},
};
use domain::{
    ids::AccountId,
    reconciliation::{CompanyRow, Month, OwnItem, ProductRow, ReconciliationQuery, VendorRef},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// Which customer a company is.
#[component]
pub(super) fn CompanyForm(
    row: CompanyRow,
    month: Month,
    customers: Vec<(AccountId, String)>,
    failed: Failed,
) -> impl IntoView {
    let CompanyRow {
        about,
        vendor,
        name,
        mapping,
        customer: _,
        proposed,
    } = row;
    let known = mapping.account.or(proposed.map(|(account, _)| account));
    let known = known.map(|account| account.to_string()).unwrap_or_default();
    let account = failed.text("account").unwrap_or(known);
    let none = (String::new(), "Not mapped".to_owned());
    let customers = customers.into_iter().map(|(id, name)| (id.to_string(), name));
    let options = std::iter::once(none).chain(customers).collect();
    view! {
        <form class=css::FORM method="post" action=MapVendorCompany::url()>
            <h2>{format!("{name} at {vendor}")}</h2>
            <FormErrors failed=failed.clone() title="The company was not saved"/>
            <About about month field="company"/>
            <Choice name="account" label="Your customer" options value=account error=failed.refusal("account")/>
            <LeaveOut on=excluded(&failed, mapping.excluded)/>
            <Buttons month/>
        </form>
    }
}

/// Which own products stand for a product; several are summed (X19 to X21).
#[component]
pub(super) fn ProductForm(
    row: ProductRow,
    month: Month,
    items: Vec<OwnItem>,
    failed: Failed,
) -> impl IntoView {
    let ProductRow {
        about,
        vendor,
        name,
        sku,
        description,
        mapping,
    } = row;
    let was_posted = failed.error.is_some();
    let posted: Vec<String> = (0..)
        .map_while(|place| failed.text(&format!("items[{place}]")))
        .collect();
    // Codes that were mapped and that no invoice of the last months has, or that were typed.
    let other = mapping
        .items
        .iter()
        .filter(|code| !items.iter().any(|item| item.code == **code));
    let other = other.cloned().collect::<Vec<_>>().join(", ");
    let other = failed.text("other").unwrap_or(other);
    let ticks = items.into_iter().enumerate().map(|(place, item)| {
        let OwnItem { code, description } = item;
        let on = if was_posted {
            posted.contains(&code)
        } else {
            mapping.items.contains(&code)
        };
        let id = format!("item-{place}");
        view! {
            <div class=format!("{} check", css::FIELD)>
                <input type="checkbox" id=id.clone() name="items[]" value=code.clone() checked=on autocomplete="off"/>
                <label for=id><b>{code}</b>" "{description}</label>
            </div>
        }
    });
    let ticks = ticks.collect_view();
    view! {
        <form class=css::FORM method="post" action=MapVendorProduct::url()>
            <h2>{format!("{name} of {vendor}")}</h2>
            <FormErrors failed=failed.clone() title="The product was not saved"/>
            <dl class=css::FACTS>
                {sku.map(|sku| view! { <div><dt>"SKU"</dt><dd>{sku}</dd></div> })}
                {description.map(|text| view! { <div><dt>"Description"</dt><dd>{text}</dd></div> })}
            </dl>
            <About about month field="product"/>
            <fieldset class="items">
                <legend>"Your products that stand for it"</legend>
                <div class=css::OWN_ITEMS>{ticks}</div>
            </fieldset>
            <Field name="other" label="Other item codes (optional)" autocomplete="off" value=other
                help="Separated by commas: codes that are on no invoice of the last twelve months." error=failed.refusal("items")/>
            <LeaveOut on=excluded(&failed, mapping.excluded)/>
            <Buttons month/>
        </form>
    }
}

fn excluded(failed: &Failed, known: bool) -> bool {
    failed.text("excluded").map_or(known, |typed| typed == "true")
}

/// What the form is about, as it posts it.
#[component]
fn About(about: VendorRef, month: Month, field: &'static str) -> impl IntoView {
    view! {
        <p class="soft">{format!("Holds from {} on, until it is changed for a later month.", month.label())}</p>
        <input type="hidden" name="month" value=month.to_string()/>
        <input type="hidden" name="vendor" value=about.vendor/>
        <input type="hidden" name=field value=about.key/>
    }
}

#[component]
fn LeaveOut(on: bool) -> impl IntoView {
    view! {
        <div class=format!("{} check", css::FIELD)>
            <input type="checkbox" id="excluded" name="excluded" value="true" checked=on autocomplete="off"/>
            <label for="excluded">"Leave it out of every figure, count and file"</label>
        </div>
    }
}

#[component]
fn Buttons(month: Month) -> impl IntoView {
    let back = address(
        SETTINGS,
        &ReconciliationQuery {
            month: Some(month),
            ..ReconciliationQuery::default()
        },
    );
    view! {
        <div class="buttons">
            <button class=format!("{} primary", css::BUTTON)>"Save"</button>
            <a class=format!("{} plain", css::BUTTON) href=back>"Cancel"</a>
        </div>
    }
}
