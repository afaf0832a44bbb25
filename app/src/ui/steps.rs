//! Totals opened to their parts, as every page `How it adds up` shows them.

use super::{
    amount::{Amount, Moment},
    page::{Alert, Tone},
    table::{Head, Table},
};
use crate::markup::view;
use domain::explain::{Part, Step};
use leptos::prelude::*;

/// The steps one below the other, each with its parts. One whose parts are not its total says so.
pub fn steps(steps: Vec<Step>) -> AnyView {
    view! { <div class="stack loose">{steps.into_iter().map(step).collect_view()}</div> }.into_any()
}

fn step(step: Step) -> impl IntoView {
    let off = !step.adds_up();
    let Step { name, amount, parts } = step;
    let acts = parts.iter().any(|part| part.at.is_some());
    let computed = parts.iter().any(|part| part.how.is_some());
    let mut heads = vec![Head::of("Part")];
    if acts {
        heads.extend([Head::of("When"), Head::of("Who")]);
    } else if computed {
        heads.push(Head::of("How"));
    }
    heads.push(Head::amount("Amount"));
    let rows = parts
        .into_iter()
        .map(move |part| row(part, acts, computed))
        .collect_view();
    view! {
        <section class="part">
            <h2>{name}" "<Amount of=amount/></h2>
            {off.then(|| view! {
                <Alert tone=Tone::Warning><p>"These parts do not add up to this amount. Something is stored wrongly; please tell whoever runs this portal."</p></Alert>
            })}
            <Table caption=name heads>{rows}</Table>
        </section>
    }
}

/// A part; in a step of acts with when and who, else with how it was computed.
fn row(part: Part, acts: bool, computed: bool) -> impl IntoView {
    let Part {
        name,
        how,
        amount,
        at,
        by,
        link,
    } = part;
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{match link {
                Some(to) => view! { <a href=to>{name}</a> }.into_any(),
                None => name.into_any(),
            }}</th>
            {if acts {
                view! {
                    <td role="cell" class="soft nowrap" data-label="When">{at.map(|at| view! { <Moment of=at/> })}</td>
                    <td role="cell" data-label="Who">{by}</td>
                }.into_any()
            } else {
                computed.then(|| view! { <td role="cell" class="soft" data-label="How">{how}</td> }).into_any()
            }}
            <td role="cell" class="num lead" data-label="Amount"><Amount of=amount/></td>
        </tr>
    }
}
