//! The dashboard: licences beside what was billed, who differs, what expires and, for who may, the money (X3 to X13).

use super::{
    HOME, Months, address,
    api::{BILLS, SETTINGS, find_reconciliation},
    comparison::comparison,
    difference,
    expiring::Expiring,
    may,
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        icon::{Glyph, Icon},
        loaded::loaded,
        page::{Empty, PageHead},
        table::{Head, Table},
    },
    viewer::use_locale,
};
use domain::{
    Quantity,
    access::Permission,
    locale::{format_count, format_quantity},
    reconciliation::{Dashboard, Licence, Month, ReconciliationQuery, SeatRow},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// What the page loads.
struct Loads {
    dashboard: Loading<Dashboard>,
}

impl Loads {
    fn new() -> Self {
        let search = use_location().search;
        Self {
            dashboard: load(move || search.get(), find_reconciliation),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { dashboard } = Loads::new();
    let (sets_up, compares) = (
        may(Permission::SetUpReconciliation),
        may(Permission::CompareBilling),
    );
    let query = ReconciliationQuery::from_query(&use_location().search.get_untracked());
    let asked = query.clone();
    view! {
        <PageHead title="Reconciliation" note="What vendors billed you, beside what you billed your customers.">
            {sets_up.then(|| view! { <a class=css::BUTTON href=SETTINGS>"Settings"</a> })}
            {sets_up.then(|| view! { <a class=format!("{} primary", css::BUTTON) href=BILLS><Icon of=Glyph::Upload/>"Vendors’ bills"</a> })}
        </PageHead>
        <div class=format!("{} stack loose", css::RECONCILIATION)>
            {loaded(dashboard, move |dashboard: Dashboard| match dashboard.month {
                Some(month) => view! { <Shown dashboard month query=asked.clone() sets_up/> }.into_any(),
                None => view! { <First sets_up/> }.into_any(),
            })}
            {compares.then(|| comparison(query))}
        </div>
    }
    .into_any()
}

/// What is to be done first (X16).
#[component]
fn First(sets_up: bool) -> impl IntoView {
    let steps = view! {
        <ol class="steps-first">
            <li>"Bring the bill that a vendor sent you for a month, as a CSV file."</li>
            <li>"Say which of its companies is which customer."</li>
            <li>"Say which of your products stand for its products."</li>
        </ol>
    };
    view! {
        <Empty glyph=Glyph::Upload title="There is no bill of a vendor yet">
            {if sets_up {
                view! {
                    {steps}
                    <p><a class=format!("{} primary", css::BUTTON) href=BILLS>"Bring the first bill"</a></p>
                }.into_any()
            } else {
                view! { <p>"Somebody who may set Reconciliation up must bring the first one. Ask your administrator."</p> }.into_any()
            }}
        </Empty>
    }
}

#[component]
fn Shown(dashboard: Dashboard, month: Month, query: ReconciliationQuery, sets_up: bool) -> impl IntoView {
    let Dashboard {
        month: _,
        months,
        vendors,
        licences,
        seats,
        differing,
        companies,
        unmapped_companies,
        unmapped_products,
        expiring,
        open,
    } = dashboard;
    let query = ReconciliationQuery {
        month: Some(month),
        ..query
    };
    let windows = expiring.into_iter().map(|(window, count)| {
        let to = ReconciliationQuery {
            window: Some(window),
            ..query.clone()
        };
        let current = (query.window == Some(window)).then_some("true");
        view! {
            <a href=format!("{}#expiring", address(HOME, &to)) aria-current=current><b>{count}</b><span>{window.label()}</span></a>
        }
    });
    let windows = windows.collect_view();
    let bills = format!("Bills of {} for {}.", vendors.join(", "), month.label());
    let settings = address(
        SETTINGS,
        &ReconciliationQuery {
            month: Some(month),
            ..ReconciliationQuery::default()
        },
    );
    let unmapped = unmapped_words(unmapped_companies, unmapped_products).map(|words| {
        let link = sets_up.then(|| view! { " "<a href=settings>"Map them"</a> });
        view! { <p class="unmapped"><Icon of=Glyph::Alert/><span>{words}{link}</span></p> }
    });
    view! {
        <Months page=HOME month months/>
        <p class="soft">{bills}</p>
        {unmapped}
        <nav class="tiles" aria-label="In short">
            <a href="#differences"><b>{companies}</b><span>"Companies with a difference"</span></a>
            {windows}
        </nav>
        {query.window.map(|window| view! { <Expiring window rows=open/> })}
        <Licences licences/>
        <Seats seats differing query/>
    }
}

fn unmapped_words(companies: u64, products: u64) -> Option<String> {
    let of = |count: u64, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{} {many}", format_count(count, use_locale()))),
    };
    let found: Vec<String> = [
        of(companies, "company", "companies"),
        of(products, "product", "products"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let words = found.join(" and ");
    (!words.is_empty()).then(|| format!("Not mapped and therefore not compared: {words} of your vendors."))
}

#[component]
fn Licences(licences: Vec<Licence>) -> impl IntoView {
    let locale = use_locale();
    let heads = vec![
        Head::of("Product"),
        Head::amount("Vendor"),
        Head::amount("Billed"),
        Head::amount("Difference"),
        Head::amount("Customers that differ"),
        Head::amount("Not mapped"),
    ];
    let rows = licences.into_iter().map(move |licence| {
        let all = licence.difference();
        let Licence {
            product,
            vendor_quantity,
            own_quantity,
            differing,
            unmapped,
        } = licence;
        view! {
            <tr role="row">
                <th scope="row" role="rowheader">{product}</th>
                <td role="cell" class="num" data-label="Vendor">{format_quantity(vendor_quantity, locale)}</td>
                <td role="cell" class="num" data-label="Billed">{format_quantity(own_quantity, locale)}</td>
                <td role="cell" class=format!("num {}", late(all)) data-label="Difference">{difference(all)}</td>
                <td role="cell" class="num" data-label="Customers that differ">{differing}</td>
                <td role="cell" class="num soft" data-label="Not mapped">{format_quantity(unmapped, locale)}</td>
            </tr>
        }
    });
    view! {
        <section class="stack">
            <h2>"Licences"</h2>
            <Table caption="Licences by product" heads>{rows.collect_view()}</Table>
        </section>
    }
}

#[component]
fn Seats(seats: Vec<SeatRow>, differing: u64, query: ReconciliationQuery) -> impl IntoView {
    let locale = use_locale();
    let all = query.all;
    let shown = seats.len();
    let other = ReconciliationQuery { all: !all, ..query };
    let heads = vec![
        Head::of("Company"),
        Head::of("Product"),
        Head::amount("Vendor"),
        Head::amount("Billed"),
        Head::amount("Difference"),
    ];
    let rows = seats.into_iter().map(move |row| {
        view! {
            <tr role="row">
                <th scope="row" role="rowheader">{row.company}</th>
                <td role="cell" data-label="Product">{row.product}</td>
                <td role="cell" class="num" data-label="Vendor">{format_quantity(row.vendor_quantity, locale)}</td>
                <td role="cell" class="num" data-label="Billed">{format_quantity(row.own_quantity, locale)}</td>
                <td role="cell" class=format!("num lead {}", late(row.difference)) data-label="Difference">{difference(row.difference)}</td>
            </tr>
        }
    });
    let table = if shown == 0 {
        view! { <p class="soft">"No company differs."</p> }.into_any()
    } else {
        let caption = "Licences by company";
        view! { <Table caption heads>{rows.collect_view()}</Table> }.into_any()
    };
    let more = (!all && differing > shown as u64)
        .then(|| view! { <p class="soft">{format!("These are the {shown} largest of {differing}.")}</p> });
    view! {
        <section class="stack" id="differences">
            <div class="row head">
                <h2>{if all { "Licences by company" } else { "Companies that differ" }}</h2>
                <a class=format!("{} small", css::BUTTON) href=format!("{}#differences", address(HOME, &other))>
                    {if all { "Only those that differ" } else { "Show all" }}
                </a>
            </div>
            <p class="soft">"The difference is what the vendor billed less what you billed."</p>
            {table}
            {more}
        </section>
    }
}

/// How a difference is marked.
fn late(of: Quantity) -> &'static str {
    if of.scaled() == 0 { "" } else { "late" }
}
