//! The page `Audit`: filters, and what was done, the newest first.

use super::api::{list_audit, list_audit_choices};
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
    audit::{AuditChoices, AuditFilter, AuditQuery, AuditRow, Change},
    list::{Page, Position},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// What the page loads. Made in the lazy part, so that a page brings the decoding of its own data and no other's.
struct Loads {
    search: Memo<String>,
    choices: Loading<AuditChoices>,
    rows: Loading<Page<AuditRow>>,
}

impl Loads {
    fn new() -> Self {
        let search = use_location().search;
        Self {
            search,
            choices: load(|| (), |()| list_audit_choices()),
            rows: load(move || search.get(), list_audit),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads {
        search,
        choices,
        rows,
    } = Loads::new();
    view! {
        <PageHead title="Audit" note="What was done in your company’s portal. Nobody can change or delete an entry."/>
        <div class="stack">
            {loaded(choices, move |choices: AuditChoices| {
                let filter = AuditQuery::from_query(&search.get()).filter;
                view! { <Filters choices filter/> }
            })}
            {loaded(rows, move |page: Page<AuditRow>| {
                let query = AuditQuery::from_query(&search.get_untracked());
                view! { <Rows page query/> }
            })}
        </div>
    }
    .into_any()
}

#[component]
fn Filters(choices: AuditChoices, filter: AuditFilter) -> impl IntoView {
    let AuditFilter {
        document,
        about,
        person,
        key,
        tenant,
        from,
        to,
    } = filter.clone();
    let all = |text: &str| (String::new(), text.to_owned());
    let mut people = vec![all("Everybody")];
    people.extend(
        choices
            .people
            .into_iter()
            .map(|(id, name)| (id.to_string(), name)),
    );
    let mut keys = vec![all("All")];
    keys.extend(choices.keys.into_iter().map(|(id, name)| (id.to_string(), name)));
    let mut tenants = vec![all("All")];
    tenants.extend(
        choices
            .tenants
            .into_iter()
            .map(|(id, name)| (id.to_string(), name)),
    );
    let text = |value: Option<String>| value.unwrap_or_default();
    let narrowed = filter != AuditFilter::default();
    view! {
        <form class=css::SIEVE method="get" action="/audit">
            {about.map(|id| view! { <input type="hidden" name="about" value=id.to_string()/> })}
            <Field name="document" label="Invoice number" autocomplete="off" value=text(document)/>
            <Choice name="person" label="Person" options=people value=text(person.map(|id| id.to_string()))/>
            {(keys.len() > 1).then(|| view! {
                <Choice name="key" label="API key" options=keys value=text(key.map(|id| id.to_string()))/>
            })}
            <Choice name="tenant" label="Acted from" options=tenants value=text(tenant.map(|id| id.to_string()))/>
            <Field name="from" label="From" kind="date" value=text(from.map(|day| day.to_string()))/>
            <Field name="to" label="To" kind="date" value=text(to.map(|day| day.to_string()))/>
            <div class="buttons">
                <button class=css::BUTTON><Icon of=Glyph::Filter/>"Filter"</button>
                {narrowed.then(|| view! { <a class=format!("{} plain", css::BUTTON) href="/audit">"Clear all"</a> })}
            </div>
        </form>
    }
}

#[component]
fn Rows(page: Page<AuditRow>, query: AuditQuery) -> impl IntoView {
    let Page {
        rows,
        previous,
        next,
        total,
    } = page;
    if rows.is_empty() {
        return view! {
            <Empty glyph=Glyph::Search title="Nothing was found">
                <p>"Nothing was done that fits these filters."</p>
                <p><a class=css::BUTTON href="/audit">"Show all"</a></p>
            </Empty>
        }
        .into_any();
    }
    let heads = vec![
        Head::of("What"),
        Head::sorted("When", "descending"),
        Head::of("Who"),
        Head::of("About"),
        Head::of("Address"),
    ];
    let to = move |position: Position| format!("/audit?{}", query.at(position).to_query());
    view! {
        <Table caption="Audit" heads>{rows.into_iter().map(row).collect_view()}</Table>
        <Foot total previous next to/>
    }
    .into_any()
}

fn row(row: AuditRow) -> impl IntoView {
    let AuditRow {
        seq,
        at,
        actor,
        by_key,
        from,
        action,
        kind,
        name,
        link,
        changes,
        reason,
        address,
    } = row;
    let about = match (link, name) {
        (Some(to), Some(name)) => view! { <a href=to>{name}</a> }.into_any(),
        (None, Some(name)) => name.into_any(),
        (_, None) => view! { <span class="muted">{kind}</span> }.into_any(),
    };
    let more = !changes.is_empty() || reason.is_some();
    let details = more.then(|| {
        let lines = changes.into_iter().map(change).collect_view();
        view! {
            <details class=css::DIFFERENCE>
                <summary>"Details"</summary>
                <dl>{lines}{reason.map(|why| view! { <div><dt>"Reason"</dt><dd>{why}</dd></div> })}</dl>
            </details>
        }
    });
    view! {
        <tr role="row" id=format!("entry-{seq}")>
            <th scope="row" role="rowheader">{action}{details}</th>
            <td role="cell" class="when" data-label="When"><Moment of=at/></td>
            <td role="cell" data-label="Who">{actor}{by_key.then(|| view! { <small>"API key"</small> })}{from.map(|from| view! { <small>{from}</small> })}</td>
            <td role="cell" data-label="About">{about}</td>
            <td role="cell" class="soft" data-label="Address">{address}</td>
        </tr>
    }
}

fn change(change: Change) -> impl IntoView {
    let Change { name, before, after } = change;
    view! {
        <div>
            <dt>{name}</dt>
            <dd>
                {before.map(|before| view! { <del>{before}</del>" " })}
                {after.map(|after| view! { <ins>{after}</ins> })}
            </dd>
        </div>
    }
}
