//! The invoices of a bill by company, each company with its sum.

use crate::markup::view;
use crate::ui::{
    amount::{Amount, Day},
    paper::InvoiceNumber,
    table::{Head, Table},
};
use domain::rollups::{Block, RollupLine};
use leptos::prelude::*;

/// Which sums are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// What the bill holds, and what is open of it now.
    Billed,
    /// What it would hold, or held when it was withdrawn: what is open then is no matter of it.
    ToBill,
}

/// A table for each company.
#[component]
pub(super) fn Blocks(
    /// The companies.
    blocks: Vec<Block>,
    /// Which sums.
    shown: Shown,
) -> impl IntoView {
    blocks
        .into_iter()
        .map(move |block| view! { <One block shown/> })
        .collect_view()
}

#[component]
fn One(block: Block, shown: Shown) -> impl IntoView {
    let Block {
        company,
        lines,
        amount,
        open,
    } = block;
    let mut heads = vec![
        Head::of("Invoice"),
        Head::of("Issued"),
        Head::of("Due"),
        Head::amount("Billed"),
    ];
    let now = shown == Shown::Billed;
    heads.extend(now.then(|| Head::amount("Open")));
    let lines = lines.into_iter().map(move |line| {
        let RollupLine {
            invoice,
            number,
            company: _,
            issue_date,
            due_date,
            amount,
            open,
            reached,
        } = line;
        view! {
            <tr role="row">
                <th scope="row" role="rowheader"><InvoiceNumber id=invoice number reached/></th>
                <td role="cell" class="fixed" data-label="Issued"><Day of=issue_date/></td>
                <td role="cell" class="when" data-label="Due"><Day of=due_date/></td>
                <td role="cell" class=if now { "num" } else { "num lead" } data-label="Billed"><Amount of=amount/></td>
                {now.then(|| view! { <td role="cell" class="num lead" data-label="Open"><Amount of=open/></td> })}
            </tr>
        }
    });
    view! {
        <section class="stack">
            <h2>{company}</h2>
            <Table caption="Invoices of the company" heads>
                {lines.collect_view()}
                <tr role="row">
                    <th scope="row" role="rowheader">"Together"</th>
                    <td role="cell"></td>
                    <td role="cell"></td>
                    <td role="cell" class=if now { "num" } else { "num lead" } data-label="Billed"><Amount of=amount/></td>
                    {now.then(|| view! { <td role="cell" class="num lead" data-label="Open"><Amount of=open/></td> })}
                </tr>
            </Table>
        </section>
    }
}
