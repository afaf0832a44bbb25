//! The invoice grid: one real table, cards on a phone, and the bar with what is chosen to be paid or exported.

use super::{
    address,
    api::{ChooseInvoices, select_invoices},
    keys::{self, Keys},
    selection::Selection,
};
use crate::markup::{flag, live, view, written};
use crate::{
    css,
    ui::{
        amount::{Amount, amount, day},
        badge::status_badge,
        icon::{Glyph, Icon},
        page::Empty,
    },
    viewer::{use_locale, use_subsidiaries},
};
use domain::{
    access::Side,
    invoices::{InvoiceQuery, InvoiceRow, Status, columns::Column, form},
    list::{Direction, Page, Total},
    locale::Locale,
};
use leptos::{prelude::*, server_fn::ServerFn, task::spawn_local};
use std::sync::Arc;

/// See the module. With `pays`, what is ticked can be paid.
#[component]
pub(super) fn Grid(query: InvoiceQuery, page: Page<InvoiceRow>, pays: bool) -> impl IntoView {
    let side = query.side;
    if page.rows.is_empty() {
        return nothing(&query).into_any();
    }
    let columns: Arc<[Column]> = query.shown().into();
    let locale = use_locale();
    let links = form::page_links(&query, &page);
    let total = page.total;
    let rows: Arc<[InvoiceRow]> = page.rows.into();
    let body = (0..rows.len())
        .map(|index| {
            written(view! { <Row index rows=rows.clone() columns=columns.clone() side pays locale/> })
        })
        .collect_view();
    let move_to = |link: Option<String>, name: &'static str| match link {
        Some(query) => {
            view! { <a class=format!("{} small", css::BUTTON) href=address(side, &query)>{name}</a> }
        }
        None => view! { <span class=format!("{} small", css::BUTTON) aria-disabled="true">{name}</span> },
    };
    view! {
        <form class=css::DATA_TABLE method="post" action=ChooseInvoices::url()>
            {pays.then(|| view! { <SelectAll rows=rows.clone() query=query.clone() total/> })}
            <table role="table">
                <caption>"Invoices"</caption>
                <thead role="rowgroup">
                    <tr role="row">
                        <td role="cell" class="pick"><PickAll rows=rows.clone()/></td>
                        {columns.iter().map(|column| heading(*column, &query)).collect_view()}
                        <th scope="col" role="columnheader" class="acts"><span class="hide">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{body}</tbody>
            </table>
            <div class="foot">
                <nav aria-label="Pages">
                    {move_to(links.first, "First")}{move_to(links.previous, "Previous")}{move_to(links.next, "Next")}{move_to(links.last, "Last")}
                </nav>
            </div>
            <PickBar rows=rows.clone() query=query.clone() pays/>
        </form>
        <Keys/>
    }
    .into_any()
}

fn heading(column: Column, query: &InvoiceQuery) -> AnyView {
    let class = class_of(column);
    let text = column.heading(query.side);
    let Some(key) = column.sort_key() else {
        return view! { <th scope="col" role="columnheader" class=class>{text}</th> };
    };
    let sorted = query.sort == key;
    let (sort, glyph) = match (sorted, query.direction) {
        (true, Direction::Ascending) => ("ascending", Glyph::SortUp),
        (true, Direction::Descending) => ("descending", Glyph::SortDown),
        (false, _) => ("none", Glyph::SortUp),
    };
    let to = address(query.side, &form::sort_link(query, key));
    view! { <th scope="col" role="columnheader" class=class aria-sort=sort><a href=to>{text}<Icon of=glyph/></a></th> }
}

/// Classes of the style sheet: which columns leave first when the table gets narrow, which are numbers.
const fn class_of(column: Column) -> &'static str {
    match column {
        Column::Number => "",
        Column::Counterparty => "who",
        Column::Company => "who",
        Column::ExternalId | Column::Order | Column::Source => "soft later",
        Column::Issued => "fixed soft rare",
        Column::Due => "when",
        Column::Total => "num soft rare",
        Column::Open => "num lead",
        Column::Currency => "soft later",
        Column::Status => "state",
    }
}

#[component]
fn Row(
    index: usize,
    rows: Arc<[InvoiceRow]>,
    columns: Arc<[Column]>,
    side: Side,
    pays: bool,
    locale: Locale,
) -> impl IntoView {
    let row = &rows[index];
    let number = row.number.clone().unwrap_or_else(|| "Draft".to_owned());
    let page = format!("/invoices/{}", row.id);
    let payable = pays && row.payable().is_positive();
    let selection = Selection::current();
    let id = row.id;
    let all = rows.clone();
    let tick = move |event: leptos::ev::MouseEvent| {
        let ticked = event_target_checked(&event);
        let from = if event.shift_key() {
            keys::last_ticked().unwrap_or(index)
        } else {
            index
        };
        selection.set(&all[from.min(index)..=from.max(index).min(all.len() - 1)], ticked);
        keys::set_last_ticked(index);
    };
    let cells = columns
        .iter()
        .map(|column| match column {
            Column::Number => view! {
                <th scope="row" role="rowheader"><a href=page.clone()>{number.clone()}</a></th>
            },
            column => cell(*column, row, side, locale),
        })
        .collect_view();
    let class = if row.status == Status::Void { "void" } else { "" };
    view! {
        <tr role="row" class=class data-row=index.to_string()>
            <td role="cell" class="pick"><label>
                <input type="checkbox" name="invoices[]" value=id.to_string() aria-label=format!("Select invoice {number}")
                    prop:checked=flag(move || selection.has(id)) on:click=tick/>
            </label></td>
            {cells}
            <td role="cell" class="acts"><div>
                {payable.then(|| view! {
                    <a class=format!("{} small", css::BUTTON) href=format!("/payments/new?invoice={}", row.id) rel="external">"Pay"</a>
                })}
                <a class=format!("{} small square", css::BUTTON) href=page.clone() aria-label=format!("Details of invoice {number}")>
                    <Icon of=Glyph::Eye/>
                </a>
            </div></td>
        </tr>
    }
}

fn cell(column: Column, row: &InvoiceRow, side: Side, locale: Locale) -> AnyView {
    let class = class_of(column);
    let label = column.heading(side);
    let late = row.status == Status::Overdue;
    let text = |text: Option<String>| {
        view! { <td role="cell" class=class data-label=label>{text.unwrap_or_default()}</td> }
    };
    match column {
        Column::Number => text(row.number.clone()),
        Column::Counterparty => text(Some(row.counterparty.clone())),
        Column::Company => text(row.company.clone()),
        Column::ExternalId => text(row.external_id.clone()),
        Column::Order => text(row.order_id.clone()),
        Column::Source => text(Some(row.source.label().to_owned())),
        Column::Currency => text(Some(row.total.currency().code().to_owned())),
        Column::Issued => {
            let issued = row.issue_date;
            view! { <td role="cell" class=class data-label=label>{issued.map(|of| day(of, locale))}</td> }
        }
        Column::Due => {
            let class = if late { "when late" } else { class };
            view! { <td role="cell" class=class data-label=label>{day(row.due_date, locale)}</td> }
        }
        Column::Total => {
            view! { <td role="cell" class=class data-label=label>{amount(row.total, locale)}</td> }
        }
        Column::Open => {
            let pending = row
                .pending
                .is_positive()
                .then(|| view! { <small>"being paid"</small> });
            view! { <td role="cell" class=class data-label=label>{amount(row.open, locale)}{pending}</td> }
        }
        Column::Status => {
            let disputed = row
                .disputed
                .is_positive()
                .then(|| view! { <small>"Disputed"</small> });
            view! { <td role="cell" class=class data-label=label>{status_badge(row.status)}{disputed}</td> }
        }
    }
}

/// Ticks the page's rows; in between when only some are ticked.
#[component]
fn PickAll(rows: Arc<[InvoiceRow]>) -> impl IntoView {
    let selection = Selection::current();
    let state = {
        let rows = rows.clone();
        Memo::new(move |_| {
            let are = rows.iter().filter(|row| selection.has(row.id)).count();
            (are == rows.len(), are > 0 && are < rows.len())
        })
    };
    view! {
        <label><input type="checkbox" aria-label="Select all on this page" prop:checked=flag(move || state.get().0)
            prop:indeterminate=flag(move || state.get().1)
            on:change=move |event| selection.set(&rows, event_target_checked(&event))/></label>
    }
}

/// When the whole page is ticked: the explicit second step that ticks everything that matches.
#[component]
fn SelectAll(rows: Arc<[InvoiceRow]>, query: InvoiceQuery, total: Total) -> impl IntoView {
    let selection = Selection::current();
    let more = total != Total::Exactly(rows.len() as u64);
    let whole = Memo::new(move |_| more && rows.iter().all(|row| selection.has(row.id)));
    let busy = RwSignal::new(false);
    let label = match total {
        Total::Exactly(_) => "Select all that match and can be paid".to_owned(),
        Total::MoreThan(n) => format!("Select the first {n} that match and can be paid"),
    };
    let all = move |_| {
        let query = form::to_query(&query);
        busy.set(true);
        spawn_local(async move {
            if let Ok(all) = select_invoices(query).await {
                selection.extend(all);
            }
            let _ = busy.try_set(false);
        });
    };
    view! {
        <div class="all" hidden=flag(move || !whole.get())>
            "Everything on this page is selected. "
            <button class=format!("{} small", css::BUTTON) type="button" on:click=all aria-busy=move || busy.get().then_some("true")>{label}</button>
        </div>
    }
}

/// What is chosen, what is open of it, and what can be done with it. Without script it shows as soon as a row is ticked.
#[component]
fn PickBar(rows: Arc<[InvoiceRow]>, query: InvoiceQuery, pays: bool) -> impl IntoView {
    let selection = Selection::current();
    let here: Vec<_> = rows.iter().map(|row| row.id).collect();
    let export = format!(
        "/invoices/export.csv?{}",
        address(query.side, &form::to_query(&query))
            .split_once('?')
            .map_or("", |(_, query)| query)
    );
    let elsewhere = move || {
        let chosen = selection.ids();
        let others = chosen.into_iter().filter(|id| !here.contains(id));
        others
            .map(|id| view! { <input type="hidden" name="invoices[]" value=id.to_string()/> })
            .collect_view()
    };
    let sums = move || {
        selection
            .sums()
            .into_iter()
            .map(|sum| view! { <li><Amount of=sum/></li> })
            .collect_view()
    };
    let note = move || {
        let sums = selection.sums();
        (pays && sums.len() > 1).then(|| {
            let codes: Vec<_> = sums.iter().map(|sum| sum.currency().code()).collect();
            format!(
                "{} currencies: one payment each, in {}.",
                sums.len(),
                codes.join(" and ")
            )
        })
    };
    let chosen = move || match selection.count() {
        0 => String::new(),
        n => format!("{n} selected"),
    };
    view! {
        {live(elsewhere)}
        <div class=css::PAY_BAR class:any=flag(move || selection.count() > 0) role="group" aria-label="Selection">
            <p class="chosen" role="status">{live(chosen)}</p>
            <ul class="sums">{live(sums)}</ul>
            <button class=format!("{} plain", css::BUTTON) type="reset" on:click=move |_| selection.clear()>"Clear selection"</button>
            <button class=css::BUTTON formaction=export>"Export selected"</button>
            {pays.then(|| view! {
                <button class=format!("{} primary", css::BUTTON) disabled=flag(move || selection.count() > 0 && selection.sums().is_empty())>"Pay selected"</button>
            })}
            <p class="note">{live(note)}</p>
        </div>
    }
}

/// No row: nothing yet, or nothing that fits the filters, with the ways out.
fn nothing(query: &InvoiceQuery) -> impl IntoView + use<> {
    let side = query.side;
    let chips = form::chips(query, use_locale(), &use_subsidiaries());
    let (title, text) = match (chips.is_empty(), side) {
        (false, _) => ("No invoice matches", "Remove a filter, or show everything."),
        (true, Side::Buyer) => (
            "No invoices yet",
            "What you are billed appears here as soon as it is issued.",
        ),
        (true, Side::Seller) => ("No invoices yet", "Import the first ones from your ERP."),
    };
    let ways = chips
        .into_iter()
        .map(|chip| view! {
            <a class=css::BUTTON href=address(side, &chip.query_without_it)>{format!("Remove “{}”", chip.label)}</a>
        })
        .collect_view();
    view! {
        <Empty glyph=Glyph::Search title>
            <p>{text}</p>
            <div class="buttons">{ways}</div>
        </Empty>
    }
}
