//! The page `Workbench`: whose money is to be put to invoices.

use super::{PAGE, api::open_workbench, bench::Bench};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::Amount,
        form::{Failed, Field, typed_form},
        icon::{Glyph, Icon},
        loaded::both,
        page::{Empty, PageHead},
        table::{Head, Table},
    },
};
use domain::{
    Money,
    payments::offline::{Payer, PayerBalance},
    workbench::{OpenedWorkbench, WorkbenchQuery},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// What the page loads.
struct Loads {
    search: Memo<String>,
    opened: Loading<OpenedWorkbench>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        let search = use_location().search;
        Self {
            search,
            opened: load(move || search.get(), open_workbench),
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads {
        search,
        opened,
        typed,
    } = Loads::new();
    both(
        opened,
        typed,
        move |opened: OpenedWorkbench, failed: Failed| match opened {
            OpenedWorkbench::Search { text, found } => view! { <Search text found/> }.into_any(),
            OpenedWorkbench::Bench(bench) => {
                let typed = WorkbenchQuery::from_query(&search.get_untracked()).typed;
                view! { <Bench bench=*bench typed failed/> }.into_any()
            }
        },
    )
    .into_any()
}

#[component]
fn Search(text: String, found: Vec<Payer>) -> impl IntoView {
    let nothing = found.is_empty();
    let caption = if text.is_empty() {
        "Customers whose money waits longest"
    } else {
        "Customers"
    };
    let heads = vec![
        Head::of("Customer"),
        Head::of("External ID"),
        Head::amount("Open"),
        Head::amount("Unapplied"),
    ];
    let empty = if text.is_empty() {
        view! {
            <Empty glyph=Glyph::CheckCircle title="Nothing waits">
                <p>"All money and credit is put to invoices. Look for a customer to see what was done."</p>
            </Empty>
        }
        .into_any()
    } else {
        let none = format!("No customer has “{text}” in its name or external ID.");
        view! {
            <Empty glyph=Glyph::Search title="Nobody was found">
                <p>{none}</p>
                <p><a class=css::BUTTON href=PAGE>"Whose money waits"</a></p>
            </Empty>
        }
        .into_any()
    };
    view! {
        <PageHead title="Workbench" up=("/payments", "Payments") note="Payments and credit that are put to nothing, and the invoices that they could pay. Whose?"/>
        <div class="stack">
            <form class=css::SIEVE method="get" action=PAGE role="search">
                <Field name="search" label="Name or external ID" autocomplete="off" value=text/>
                <div class="buttons"><button class=css::BUTTON><Icon of=Glyph::Search/>"Find"</button></div>
            </form>
            {if nothing {
                empty
            } else {
                view! { <Table caption heads>{found.into_iter().map(row).collect_view()}</Table> }.into_any()
            }}
        </div>
    }
}

fn row(payer: Payer) -> impl IntoView {
    let Payer {
        account,
        name,
        external_id,
        balances,
    } = payer;
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><a href=format!("{PAGE}?account={account}")>{name}</a></th>
            <td role="cell" data-label="External ID">{external_id}</td>
            <td role="cell" class="num" data-label="Open">{sums(&balances, |balance| balance.open)}</td>
            <td role="cell" class="num" data-label="Unapplied">{sums(&balances, |balance| balance.unapplied)}</td>
        </tr>
    }
}

/// One sum a currency, or a dash for nothing.
fn sums(balances: &[PayerBalance], of: fn(&PayerBalance) -> Money) -> AnyView {
    let some: Vec<Money> = balances.iter().map(of).filter(|sum| !sum.is_zero()).collect();
    if some.is_empty() {
        return view! { <span class="soft">"–"</span> }.into_any();
    }
    some.into_iter()
        .map(|sum| view! { <div><Amount of=sum/></div> })
        .collect_view()
        .into_any()
}
