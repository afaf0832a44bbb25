//! The invoices that one tenant shares.

use super::api::{SharedList, list_shared};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{
        amount::{Amount, Day},
        badge::StatusBadge,
        form::{Choice, Field},
        icon::{Glyph, Icon},
        loaded::loaded,
        page::{Empty, PageHead},
        table::{Foot, Head, Table},
    },
};
use domain::{
    ids::TenantId,
    invoices::{InvoiceFilter, InvoiceQuery, InvoiceRow, Status, form},
    list::{Page, Position},
};
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_params_map};

/// What the page loads.
struct Loads {
    list: Loading<(TenantId, SharedList)>,
}

impl Loads {
    fn new() -> Self {
        let params = use_params_map();
        let search = use_location().search;
        let of = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse::<TenantId>().ok()));
        Self {
            list: load(
                move || (of.get(), search.get()),
                |(of, search)| async move {
                    let of = of.ok_or(AppError::NotFound)?;
                    list_shared(of, search).await.map(|list| (of, list))
                },
            ),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { list } = Loads::new();
    loaded(
        list,
        |(of, list): (TenantId, SharedList)| view! { <Shared of list/> },
    )
    .into_any()
}

#[component]
fn Shared(of: TenantId, list: SharedList) -> impl IntoView {
    let SharedList { name, query, page } = list;
    view! {
        <PageHead title=format!("Invoices of {name}") up=("/shared", "Shared invoices")
            note="They let you see what they bill. You cannot change or pay anything here."/>
        <div class="stack">
            <Filters of query=query.clone()/>
            <Rows of query page/>
        </div>
    }
}

#[component]
fn Filters(of: TenantId, query: InvoiceQuery) -> impl IntoView {
    let InvoiceFilter {
        number,
        customer,
        statuses,
        ..
    } = query.filter.clone();
    let narrowed = query.filter != InvoiceFilter::default();
    let mut options = vec![(String::new(), "Any".to_owned())];
    options.extend(
        Status::ALL
            .iter()
            .map(|status| (status.code().to_owned(), status.label().to_owned())),
    );
    let status = statuses.first().map(|status| status.code().to_owned());
    let address = format!("/shared/{of}");
    let here = address.clone();
    view! {
        <form class=css::SIEVE method="get" action=address role="search">
            <Field name="number" label="Number" autocomplete="off" value=number.unwrap_or_default()/>
            <Field name="customer" label="Customer" autocomplete="off" value=customer.unwrap_or_default()/>
            <Choice name="status" label="Status" options value=status.unwrap_or_default()/>
            <div class="buttons">
                <button class=css::BUTTON><Icon of=Glyph::Filter/>"Filter"</button>
                {narrowed.then(|| view! { <a class=format!("{} plain", css::BUTTON) href=here>"Clear all"</a> })}
            </div>
        </form>
    }
}

#[component]
fn Rows(of: TenantId, query: InvoiceQuery, page: Page<InvoiceRow>) -> impl IntoView {
    let Page {
        rows,
        previous,
        next,
        total,
    } = page;
    if rows.is_empty() {
        return view! {
            <Empty glyph=Glyph::Search title="Nothing was found"><p>"There is no invoice that fits these filters."</p></Empty>
        }
        .into_any();
    }
    let heads = vec![
        Head::of("Number"),
        Head::of("Status"),
        Head::of("Customer"),
        Head::of("Issued"),
        Head::sorted("Due", "ascending"),
        Head::amount("Total"),
        Head::amount("Open"),
    ];
    let lines = rows.into_iter().map(move |row| {
        let number = row.number.clone().unwrap_or_else(|| "Draft".to_owned());
        view! {
            <tr role="row">
                <th scope="row" role="rowheader"><a href=format!("/shared/{of}/{}", row.id)>{number}</a></th>
                <td role="cell" class="state" data-label="Status"><StatusBadge of=row.status/></td>
                <td role="cell" data-label="Customer">{row.counterparty}</td>
                <td role="cell" class="soft nowrap" data-label="Issued">{row.issue_date.map(|day| view! { <Day of=day/> })}</td>
                <td role="cell" class="soft nowrap" data-label="Due"><Day of=row.due_date/></td>
                <td role="cell" class="num" data-label="Total"><Amount of=row.total/></td>
                <td role="cell" class="num" data-label="Open"><Amount of=row.open/></td>
            </tr>
        }
    });
    let to = move |position: Position| {
        let mut query = query.clone();
        query.position = position;
        format!("/shared/{of}?{}", form::to_query(&query))
    };
    view! {
        <Table caption="Shared invoices" heads>{lines.collect_view()}</Table>
        <Foot total previous next to/>
    }
    .into_any()
}
