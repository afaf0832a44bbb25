//! The application Reconciliation: what vendors billed beside what the tenant billed its customers. Plain pages all of
//! them.

pub mod api;
mod bill;
mod bills;
mod comparison;
mod dashboard;
mod expiring;
mod mapping;
mod settings;

pub(crate) use bill::view as vendor_bill_page;
pub(crate) use bills::view as vendor_bills_page;
pub(crate) use dashboard::view as dashboard_page;
pub(crate) use settings::view as settings_page;

use crate::markup::view;
use crate::{
    css,
    ui::form::Choice,
    viewer::{use_locale, use_viewer},
};
use domain::{
    Quantity,
    access::Permission,
    locale::format_quantity,
    reconciliation::{Month, ReconciliationQuery},
};
use leptos::prelude::*;

/// Where the application begins.
pub(crate) const HOME: &str = "/reconciliation";

/// Whether the signed-in person has a permission.
fn may(permission: Permission) -> bool {
    use_viewer().is_some_and(|viewer| viewer.may(permission))
}

/// A page of the application for a month, with what else its address says.
fn address(page: &str, query: &ReconciliationQuery) -> String {
    match query.to_query() {
        query if query.is_empty() => page.to_owned(),
        query => format!("{page}?{query}"),
    }
}

/// The choice of a month (X11).
#[component]
fn Months(page: &'static str, month: Month, months: Vec<Month>) -> impl IntoView {
    let options = months
        .into_iter()
        .map(|one| (one.to_string(), one.label()))
        .collect();
    view! {
        <form class=css::SIEVE method="get" action=page>
            <Choice name="month" label="Month" options value=month.to_string()/>
            <div class="buttons"><button class=css::BUTTON>"Show"</button></div>
        </form>
    }
}

/// A difference with its sign; nothing to say where there is none.
fn difference(of: Quantity) -> String {
    let text = format_quantity(of, use_locale());
    if of.scaled() > 0 { format!("+{text}") } else { text }
}
