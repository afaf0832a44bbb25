//! The subscriptions of one window (X13).

use crate::markup::view;
use crate::{
    ui::{
        amount::Day,
        table::{Head, Table},
    },
    viewer::use_locale,
};
use domain::{
    locale::format_quantity,
    reconciliation::{Expiring as Subscription, Window},
};
use leptos::prelude::*;

/// Whose, of what, and until when.
#[component]
pub(super) fn Expiring(window: Window, rows: Vec<Subscription>) -> impl IntoView {
    let locale = use_locale();
    let heads = vec![
        Head::of("Company"),
        Head::of("Product"),
        Head::amount("Quantity"),
        Head::sorted("Ends", "ascending"),
        Head::amount("In days"),
    ];
    let none = rows.is_empty();
    let rows = rows.into_iter().map(move |one| {
        view! {
            <tr role="row">
                <th scope="row" role="rowheader">{one.company}</th>
                <td role="cell" data-label="Product">{one.product}</td>
                <td role="cell" class="num" data-label="Quantity">{format_quantity(one.quantity, locale)}</td>
                <td role="cell" class="when" data-label="Ends"><Day of=one.ends_on/></td>
                <td role="cell" class="num" data-label="In days">{one.days}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section class="stack" id="expiring">
            <h2>{window.label()}</h2>
            <p class="soft">"Counted from today. Monthly ones, trials, cancelled ones and those without an end are left out."</p>
            {if none {
                view! { <p>"None."</p> }.into_any()
            } else {
                view! { <Table caption="Subscriptions that expire" heads>{rows}</Table> }.into_any()
            }}
        </section>
    }
}
