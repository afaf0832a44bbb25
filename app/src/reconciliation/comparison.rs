//! The billing comparison: what vendors and seller billed, and what is earned (X7 to X10).

use super::{address, api::find_billing_comparison};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::Amount,
        icon::{Glyph, Icon},
        loaded::loaded,
        table::{Head, Table},
    },
    viewer::use_locale,
};
use domain::{
    Money, TaxRate,
    locale::{Locale, format_count, format_rate},
    reconciliation::{ComparedRow, Comparison, Figures, ReconciliationQuery},
};
use leptos::prelude::*;

/// Headings of the figures, in the order of [`cells`].
const FIGURES: [&str; 8] = [
    "Vendor cost",
    "Vendor price",
    "Extended cost",
    "Extended price",
    "Price difference",
    "Product margin",
    "Profit",
    "Profit %",
];

/// The widget, which waits for its own rows.
pub(super) fn comparison(query: ReconciliationQuery) -> AnyView {
    let asked = query.to_query();
    let rows: Loading<Comparison> = load(move || asked.clone(), find_billing_comparison);
    loaded(rows, move |found: Comparison| {
        let query = query.clone();
        (found.total > 0).then(|| view! { <Shown found query/> })
    })
}

#[component]
fn Shown(found: Comparison, query: ReconciliationQuery) -> impl IntoView {
    let locale = use_locale();
    let Comparison { rows, total, sums } = found;
    let shown = rows.len();
    let mut heads = vec![Head::of("Company"), Head::of("Product")];
    heads.extend(FIGURES.map(Head::amount));
    let rows = rows.into_iter().map(move |row| lines(&row, locale));
    let rows = rows.collect_view();
    let sums = sums.into_iter().map(move |figures| {
        view! {
            <tr role="row" class="total">
                <th scope="row" role="rowheader">{format!("All that is mapped, {}", figures.cost.currency())}</th>
                <td role="cell"></td>
                {cells(&figures, locale)}
            </tr>
        }
    });
    let sums = sums.collect_view();
    let export = address(
        "/reconciliation/export.csv",
        &ReconciliationQuery {
            month: query.month,
            ..ReconciliationQuery::default()
        },
    );
    view! {
        <section class="stack" id="comparison">
            <div class="row head">
                <h2>"Billing comparison"</h2>
                <a class=format!("{} small", css::BUTTON) href=export rel="external" download="">
                    <Icon of=Glyph::Download/>"Download as CSV"
                </a>
            </div>
            <p class="soft">
                "Extended is what you billed: your lines of the month’s invoices, and what their quantity costs at the vendor’s cost of one. "
                "Price difference is the vendor’s price less yours. Product margin is the vendor’s cost less your price, so that a profit is below zero; profit says it the other way round."
            </p>
            <div class=css::COMPARISON tabindex="0" role="region" aria-label="Billing comparison">
                <Table caption="Billing comparison" heads>{rows}{sums}</Table>
            </div>
            {(total > shown as u64).then(|| view! {
                <p class="soft">{format!("The first {shown} of {}; the file has all of them.", format_count(total, locale))}</p>
            })}
        </section>
    }
}

/// The lines of a row, one for each currency.
fn lines(row: &ComparedRow, locale: Locale) -> impl IntoView + use<> {
    let class = row.class.label();
    let (company, product) = (row.company.clone(), row.product.clone());
    let lines = row.figures.iter().map(|figures| {
        view! {
            <tr role="row">
                <th scope="row" role="rowheader">{company.clone()}<small>{class}</small></th>
                <td role="cell" data-label="Product">{product.clone()}</td>
                {cells(figures, locale)}
            </tr>
        }
    });
    lines.collect_view()
}

/// The figures in the order of [`FIGURES`]. What overflows is shown as what is not there.
fn cells(figures: &Figures, locale: Locale) -> impl IntoView + use<> {
    let own = Some(figures.own_price).filter(|own| figures.mapped || !own.is_zero());
    let amounts = [
        Some(figures.cost),
        figures.price,
        figures.extended_cost().ok().flatten(),
        own,
        figures.price_difference().ok().flatten(),
        figures.margin().ok().flatten(),
        figures.profit().ok().flatten(),
    ];
    let share = figures.profit_share().ok().flatten();
    let share = share.map(|share| format_rate(TaxRate::from_scaled(share.saturating_mul(100)), locale));
    let amounts = FIGURES
        .into_iter()
        .zip(amounts)
        .map(|(label, amount)| cell(label, amount));
    let last = FIGURES.last().copied().unwrap_or_default();
    view! {
        {amounts.collect_view()}
        <td role="cell" class="num" data-label=last>{share.unwrap_or_else(|| "–".to_owned())}</td>
    }
}

fn cell(label: &'static str, amount: Option<Money>) -> impl IntoView {
    let shown = match amount {
        Some(amount) => view! { <Amount of=amount/> }.into_any(),
        None => view! { <span class="soft">"–"</span> }.into_any(),
    };
    view! { <td role="cell" class="num" data-label=label>{shown}</td> }
}
