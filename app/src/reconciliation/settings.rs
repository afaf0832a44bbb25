//! The page of settings: the vendors' companies and products of a month, and what is known about them (X17 to X24).

use super::{
    HOME, Months, address,
    api::{BILLS, MapProposedCompanies, SETTINGS, find_reconciliation_settings},
    mapping::{CompanyForm, ProductForm},
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        badge::Badge,
        form::{Failed, Said, typed_form},
        icon::Glyph,
        loaded::both,
        page::{Empty, PageHead},
        table::{Head, Table},
    },
};
use domain::reconciliation::{CompanyRow, Month, ProductRow, ReconciliationQuery, Settings};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_location;

/// What the page loads.
struct Loads {
    settings: Loading<Settings>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        let search = use_location().search;
        Self {
            settings: load(move || search.get(), find_reconciliation_settings),
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { settings, typed } = Loads::new();
    let query = ReconciliationQuery::from_query(&use_location().search.get_untracked());
    view! {
        <PageHead title="Settings of Reconciliation" up=(HOME, "Reconciliation")
            note="Who is who, what is what, and what is left out. A change holds from the chosen month on; earlier months stay as they are."/>
        <div class="stack loose">
            <Said words=&[
                ("company", "The company was saved."),
                ("product", "The product was saved."),
                ("proposed", "The companies were mapped as proposed."),
            ]/>
            {both(settings, typed, move |settings: Settings, failed: Failed| match settings.month {
                Some(month) => view! { <Shown settings month query=query.clone() failed/> }.into_any(),
                None => view! {
                    <Empty glyph=Glyph::Upload title="There is nothing to map yet">
                        <p>"Companies and products come with the first bill of a vendor."</p>
                        <p><a class=css::BUTTON href=BILLS>"Bring a bill"</a></p>
                    </Empty>
                }.into_any(),
            })}
        </div>
    }
    .into_any()
}

#[component]
fn Shown(settings: Settings, month: Month, query: ReconciliationQuery, failed: Failed) -> impl IntoView {
    let Settings {
        month: _,
        months,
        companies,
        products,
        customers,
        items,
    } = settings;
    let company = companies
        .iter()
        .find(|row| query.company.as_ref() == Some(&row.about));
    let product = products
        .iter()
        .find(|row| query.product.as_ref() == Some(&row.about));
    let form = match (company, product) {
        (Some(row), _) => view! { <CompanyForm row=row.clone() month customers failed/> }.into_any(),
        (None, Some(row)) => view! { <ProductForm row=row.clone() month items failed/> }.into_any(),
        (None, None) => view! { <Months page=SETTINGS month months/> }.into_any(),
    };
    view! {
        {form}
        <Companies companies month/>
        <Products products month/>
    }
}

#[component]
fn Companies(companies: Vec<CompanyRow>, month: Month) -> impl IntoView {
    let proposed = companies.iter().filter(|row| row.proposed.is_some()).count();
    let heads = vec![
        Head::of("Vendor’s company"),
        Head::of("State"),
        Head::of("Your customer"),
        Head::of("Vendor"),
        Head::acts(),
    ];
    let rows = companies
        .into_iter()
        .map(|row| company_row(row, month))
        .collect_view();
    view! {
        <section class="stack" id="companies">
            <div class="row head">
                <h2>"Companies"</h2>
                {(proposed > 0).then(|| view! {
                    <form method="post" action=MapProposedCompanies::url()>
                        <input type="hidden" name="month" value=month.to_string()/>
                        <button class=format!("{} small", css::BUTTON)>{format!("Map {proposed} as proposed")}</button>
                    </form>
                })}
            </div>
            <Table caption="Companies of vendors" heads>{rows}</Table>
        </section>
    }
}

fn company_row(row: CompanyRow, month: Month) -> impl IntoView {
    let to = address(
        SETTINGS,
        &ReconciliationQuery {
            month: Some(month),
            company: Some(row.about.clone()),
            ..ReconciliationQuery::default()
        },
    );
    let label = format!("Set {} up", row.name);
    let customer = row.customer.clone().or_else(|| {
        let (_, name) = row.proposed.clone()?;
        Some(format!("{name}?"))
    });
    let badge = badge(row.mapping.excluded, row.mapping.account.is_some());
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{row.name}</th>
            <td role="cell" class="state" data-label="State">{badge}</td>
            <td role="cell" data-label="Your customer">{customer}</td>
            <td role="cell" class="soft" data-label="Vendor">{row.vendor}</td>
            <td role="cell" class="acts"><div><a class=format!("{} small", css::BUTTON) href=to aria-label=label>"Set up"</a></div></td>
        </tr>
    }
}

#[component]
fn Products(products: Vec<ProductRow>, month: Month) -> impl IntoView {
    let heads = vec![
        Head::of("Vendor’s product"),
        Head::of("State"),
        Head::of("Your products"),
        Head::of("Vendor"),
        Head::acts(),
    ];
    let rows = products
        .into_iter()
        .map(|row| product_row(row, month))
        .collect_view();
    view! {
        <section class="stack" id="products">
            <h2>"Products"</h2>
            <Table caption="Products of vendors" heads>{rows}</Table>
        </section>
    }
}

fn product_row(row: ProductRow, month: Month) -> impl IntoView {
    let to = address(
        SETTINGS,
        &ReconciliationQuery {
            month: Some(month),
            product: Some(row.about.clone()),
            ..ReconciliationQuery::default()
        },
    );
    let label = format!("Set {} up", row.name);
    let items: Vec<String> = row.mapping.items.iter().cloned().collect();
    let badge = badge(row.mapping.excluded, !items.is_empty());
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{row.name}{row.sku.map(|sku| view! { <small>{sku}</small> })}</th>
            <td role="cell" class="state" data-label="State">{badge}</td>
            <td role="cell" data-label="Your products">{items.join(", ")}</td>
            <td role="cell" class="soft" data-label="Vendor">{row.vendor}</td>
            <td role="cell" class="acts"><div><a class=format!("{} small", css::BUTTON) href=to aria-label=label>"Set up"</a></div></td>
        </tr>
    }
}

fn badge(excluded: bool, mapped: bool) -> impl IntoView {
    let (kind, glyph, label) = match (excluded, mapped) {
        (true, _) => ("void", Glyph::Ban, "Left out"),
        (false, true) => ("good", Glyph::CheckCircle, "Mapped"),
        (false, false) => ("warn", Glyph::Alert, "Not mapped"),
    };
    view! { <Badge kind glyph label/> }
}
