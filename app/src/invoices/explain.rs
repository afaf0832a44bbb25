//! The page `How it adds up`: every total of an invoice opened to its parts.

use super::api::explain_invoice;
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{
        amount::{Amount, Moment},
        loaded::loaded,
        page::PageHead,
        table::{Head, Table},
    },
    viewer::use_locale,
};
use domain::{
    ids::InvoiceId,
    invoices::{
        InvoiceDetail,
        explain::{Movement, Part, Step, explain},
    },
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// What the page loads.
struct Loads {
    invoice: Loading<(InvoiceDetail, Vec<Movement>)>,
}

impl Loads {
    fn new() -> Self {
        let params = use_params_map();
        let id = Memo::new(move |_| {
            params
                .read()
                .get("id")
                .and_then(|id| id.parse::<InvoiceId>().ok())
        });
        let invoice = load(
            move || id.get(),
            |id| async move {
                match id {
                    Some(id) => explain_invoice(id).await,
                    None => Err(AppError::NotFound),
                }
            },
        );
        Self { invoice }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { invoice } = Loads::new();
    loaded(invoice, |(invoice, movements): (InvoiceDetail, Vec<Movement>)| {
        let steps = explain((&invoice).into(), &movements, use_locale()).unwrap_or_default();
        let number = invoice.row.number.unwrap_or_else(|| "draft".to_owned());
        let paper = format!("/invoices/{}", invoice.row.id);
        view! {
            <PageHead title=format!("How {number} adds up") up=("/invoices", "Invoices")
                note="Each total with its parts. What was rounded shows what it was before; rounding happens once a line and once a tax rate.">
                {invoice.revised.then(|| view! {
                    <a class=css::BUTTON href=format!("/revisions/{}", invoice.row.id)>"Changes"</a>
                })}
                <a class=css::BUTTON href=paper>"Invoice"</a>
            </PageHead>
            <div class="stack loose">{steps.into_iter().map(step).collect_view()}</div>
        }
    })
    .into_any()
}

fn step(step: Step) -> impl IntoView {
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
