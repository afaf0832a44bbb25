//! The page `Partners` or `Customers`: the tenants that one made.

use super::{
    DoorBadge,
    api::{list_groups, list_tenants},
    made_in_words,
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::Moment,
        form::{Choice, Field},
        icon::{Glyph, Icon},
        loaded::loaded,
        page::{Empty, PageHead},
        table::{Foot, Head, Table},
    },
};
use domain::{
    list::{Page, Position},
    tenants::{GroupRow, TenantQuery, TenantRow, TenantState},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// What the page loads.
struct Loads {
    search: Memo<String>,
    groups: Loading<Vec<GroupRow>>,
    rows: Loading<Page<TenantRow>>,
}

impl Loads {
    fn new() -> Self {
        let search = use_location().search;
        Self {
            search,
            groups: load(|| (), |()| list_groups()),
            rows: load(move || search.get(), list_tenants),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { search, groups, rows } = Loads::new();
    let (one, many) = made_in_words();
    view! {
        <PageHead title=many note="They work in the portal themselves: their own people, rights and side of the money.">
            <a class=css::BUTTON href="/groups">"Groups"</a>
            <a class=format!("{} primary", css::BUTTON) href="/tenants/new"><Icon of=Glyph::Plus/>{format!("New {one}")}</a>
        </PageHead>
        <div class="stack">
            {loaded(groups, move |groups: Vec<GroupRow>| {
                let query = TenantQuery::from_query(&search.get());
                view! { <Filters groups query/> }
            })}
            {loaded(rows, move |page: Page<TenantRow>| {
                let query = TenantQuery::from_query(&search.get_untracked());
                view! { <Rows page query/> }
            })}
        </div>
    }
    .into_any()
}

#[component]
fn Filters(groups: Vec<GroupRow>, query: TenantQuery) -> impl IntoView {
    let narrowed = query.search.is_some() || query.state.is_some() || query.group.is_some();
    let mut states = vec![(String::new(), "Any".to_owned())];
    states.extend(TenantState::ALL.map(|state| (state.code().to_owned(), in_words(state).to_owned())));
    let mut in_groups = vec![(String::new(), "Any".to_owned())];
    in_groups.extend(groups.into_iter().map(|group| (group.id.to_string(), group.name)));
    let state = query.state.map(|state| state.code().to_owned());
    let group = query.group.map(|group| group.to_string());
    view! {
        <form class=css::SIEVE method="get" action="/tenants" role="search">
            <Field name="search" label="Name or external ID" autocomplete="off" value=query.search.unwrap_or_default()/>
            <Choice name="state" label="State" options=states value=state.unwrap_or_default()/>
            <Choice name="group" label="Group" options=in_groups value=group.unwrap_or_default()/>
            <div class="buttons">
                <button class=css::BUTTON><Icon of=Glyph::Filter/>"Filter"</button>
                {narrowed.then(|| view! { <a class=format!("{} plain", css::BUTTON) href="/tenants">"Clear all"</a> })}
            </div>
        </form>
    }
}

const fn in_words(state: TenantState) -> &'static str {
    match state {
        TenantState::Active => "Active",
        TenantState::Suspended => "Suspended",
        TenantState::Closed => "Closed",
    }
}

#[component]
fn Rows(page: Page<TenantRow>, query: TenantQuery) -> impl IntoView {
    let Page {
        rows,
        previous,
        next,
        total,
    } = page;
    let (one, many) = made_in_words();
    if rows.is_empty() {
        return view! {
            <Empty glyph=Glyph::Building title="Nothing was found">
                <p>{format!("There is no {one} that fits these filters.")}</p>
                <p><a class=css::BUTTON href="/tenants">"Show all"</a></p>
            </Empty>
        }
        .into_any();
    }
    let heads = vec![
        Head::sorted("Name", "ascending"),
        Head::of("State"),
        Head::of("External ID"),
        Head::of("Group"),
        Head::of("Since"),
    ];
    let lines = rows.into_iter().map(|row| {
        let TenantRow {
            id,
            name,
            external_id,
            state: _,
            group,
            door,
            created_at,
        } = row;
        view! {
            <tr role="row">
                <th scope="row" role="rowheader"><a href=format!("/tenants/{id}")>{name}</a></th>
                <td role="cell" class="state" data-label="State"><DoorBadge of=door/></td>
                <td role="cell" data-label="External ID">{external_id}</td>
                <td role="cell" data-label="Group">{group}</td>
                <td role="cell" class="soft nowrap" data-label="Since"><Moment of=created_at/></td>
            </tr>
        }
    });
    let to = move |position: Position| format!("/tenants?{}", query.at(position).to_query());
    view! {
        <Table caption=many heads>{lines.collect_view()}</Table>
        <Foot total previous next to/>
    }
    .into_any()
}
