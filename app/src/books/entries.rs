//! The page `Entries`: what makes a balance of the books, the newest first.

use super::api::list_entries;
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::{Amount, Day},
        form::Field,
        icon::{Glyph, Icon},
        loaded::loaded,
        page::{Empty, PageHead},
        table::{Foot, Head, Table},
    },
};
use domain::{
    books::entries::{Entries, EntryQuery, EntryRow},
    list::{Page, Position},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The page's address.
pub(super) const PAGE: &str = "/books/entries";

/// What the page loads.
struct Loads {
    query: Option<EntryQuery>,
    entries: Loading<Entries>,
}

impl Loads {
    fn new() -> Self {
        let search = use_location().search;
        Self {
            query: EntryQuery::from_query(&search.get_untracked()),
            entries: load(move || search.get(), list_entries),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { query, entries } = Loads::new();
    loaded(entries, move |found: Entries| {
        let query = query.clone();
        query.map(|query| view! { <All query found/> })
    })
    .into_any()
}

#[component]
fn All(query: EntryQuery, found: Entries) -> impl IntoView {
    let Entries { on, of, page } = found;
    let title = format!("{} in {}", query.behind.label(), query.currency);
    let note = of.unwrap_or_else(|| "Of all customers".to_owned());
    let account = query
        .account
        .map(|id| view! { <input type="hidden" name="account" value=id.to_string()/> });
    view! {
        <PageHead title=title up=("/books", "Books") note/>
        <div class="stack">
            <form class=css::SIEVE method="get" action=PAGE role="search">
                <input type="hidden" name="book" value=query.behind.code()/>
                <input type="hidden" name="currency" value=query.currency.code()/>
                {account}
                <Field name="on" label="As of" kind="date" value=on.to_string()/>
                <div class="buttons">
                    <button class=css::BUTTON>"Show"</button>
                    <button class=css::BUTTON formaction=format!("{PAGE}.csv")><Icon of=Glyph::Download/>"CSV"</button>
                </div>
            </form>
            <p>"Until the end of "<b><Day of=on/></b>"."</p>
            <Rows query page/>
        </div>
    }
}

#[component]
fn Rows(query: EntryQuery, page: Page<EntryRow>) -> impl IntoView {
    let Page {
        rows,
        previous,
        next,
        total,
    } = page;
    if rows.is_empty() {
        return view! {
            <Empty glyph=Glyph::List title="Nothing was booked by then"><p>"Choose a later day."</p></Empty>
        }
        .into_any();
    }
    let heads = vec![
        Head::sorted("Day", "descending"),
        Head::of("Entry"),
        Head::of("Documents"),
        Head::of("Customer"),
        Head::of("Other book"),
        Head::amount("Amount"),
        Head::amount("Balance"),
    ];
    let to = move |position: Position| format!("{PAGE}?{}", query.at(position).to_query());
    view! {
        <Table caption="Entries" heads>{rows.into_iter().map(row).collect_view()}</Table>
        <Foot total previous next to/>
    }
    .into_any()
}

fn row(row: EntryRow) -> impl IntoView {
    let EntryRow {
        day,
        kind,
        documents,
        account,
        name,
        other,
        amount,
        balance,
    } = row;
    let documents = documents
        .into_iter()
        .map(|(number, page)| view! { <a href=page>{number}</a>" " })
        .collect_view();
    view! {
        <tr role="row">
            <th scope="row" role="rowheader" class="nowrap"><Day of=day/></th>
            <td role="cell" data-label="Entry">{kind.label()}</td>
            <td role="cell" data-label="Documents">{documents}</td>
            <td role="cell" class="cut" data-label="Customer"><a href=format!("/explain/account/{account}")>{name}</a></td>
            <td role="cell" class="soft" data-label="Other book">{other.map(|book| book.label())}</td>
            <td role="cell" class="num" data-label="Amount"><Amount of=amount/></td>
            <td role="cell" class="num lead" data-label="Balance"><Amount of=balance/></td>
        </tr>
    }
}
