//! What was put to invoices as one act before.

use super::PAGE;
use crate::markup::view;
use crate::ui::{
    amount::{Amount, Moment},
    badge::Badge,
    icon::Glyph,
    table::{Head, Table},
};
use domain::workbench::PlanRow;
use leptos::prelude::*;

/// The list, the last first.
#[component]
pub(super) fn History(rows: Vec<PlanRow>, more: bool) -> impl IntoView {
    let heads = vec![
        Head::sorted("Saved", "descending"),
        Head::of("State"),
        Head::of("By"),
        Head::of("Rule"),
        Head::amount("Amount"),
    ];
    let shown = rows.len();
    view! {
        <section class="stack">
            <h2>"Saved before"</h2>
            <Table caption="Saved before" heads>{rows.into_iter().map(row).collect_view()}</Table>
            {more.then(|| view! { <p class="soft">{format!("These are the last {shown}; there are more.")}</p> })}
        </section>
    }
}

fn row(row: PlanRow) -> impl IntoView {
    let badge = badge(&row);
    let PlanRow {
        id,
        at,
        by,
        rule,
        amount,
        undone: _,
    } = row;
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><a href=format!("{PAGE}/{id}")><Moment of=at/></a></th>
            <td role="cell" class="state" data-label="State">{badge}</td>
            <td role="cell" class="soft" data-label="By">{by}</td>
            <td role="cell" data-label="Rule">{rule.label()}</td>
            <td role="cell" class="num lead" data-label="Amount"><Amount of=amount/></td>
        </tr>
    }
}

/// Whether it still stands.
pub(super) fn badge(row: &PlanRow) -> AnyView {
    let (kind, glyph, label) = if row.undone.is_some() {
        ("void", Glyph::Ban, "Undone")
    } else {
        ("good", Glyph::CheckCircle, "Saved")
    };
    view! { <Badge kind glyph label/> }.into_any()
}
