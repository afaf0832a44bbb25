//! The page `Invoices as of a day`: what was issued by then, with what was open that evening.

use super::api::list_invoices_as_of;
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::{Amount, Day},
        badge::StatusBadge,
        form::Field,
        icon::{Glyph, Icon},
        loaded::loaded,
        page::{Empty, PageHead},
        sides::{SideTabs, Sides},
        table::{Foot, Head, Table},
    },
    viewer::use_viewer,
};
use domain::{
    access::Side,
    invoices::as_of::{AsOfQuery, InvoiceThen, OpenOf},
    list::{Page, Position},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

const PAGE: &str = "/as-of";

/// What the page loads.
struct Loads {
    query: Memo<AsOfQuery>,
    side: Memo<Side>,
    sides: Sides,
    rows: Loading<(chrono::NaiveDate, Page<InvoiceThen>)>,
}

impl Loads {
    fn new() -> Self {
        let search = use_location().search;
        let query = Memo::new(move |_| AsOfQuery::from_query(&search.get()));
        let sides = Sides::of_papers(use_viewer().as_ref(), Side::Buyer);
        let side = Memo::new(move |_| sides.choose(query.get().side));
        Self {
            query,
            side,
            sides,
            rows: load(
                move || (side.get(), search.get()),
                |(side, query)| list_invoices_as_of(side, query),
            ),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads {
        query,
        side,
        sides,
        rows,
    } = Loads::new();
    let address = move |side| {
        let there = AsOfQuery {
            side: Some(side),
            on: query.get_untracked().on,
            ..AsOfQuery::default()
        };
        format!("{PAGE}?{}", there.to_query())
    };
    view! {
        <PageHead title="Invoices as of a day" up=("/invoices", "Invoices")
            note="What was issued by the end of that day, and what of it was open then. Later payments, credits and changes are left out."/>
        <div class="stack">
            <SideTabs sides shown=side tabs=[(Side::Buyer, "To pay"), (Side::Seller, "Issued")] address/>
            {loaded(rows, move |(on, page)| {
                let (query, side) = (query.get_untracked(), side.get_untracked());
                view! {
                    <Filters query=query.clone() side on/>
                    <Rows page query side on/>
                }
            })}
        </div>
    }
    .into_any()
}

#[component]
fn Filters(query: AsOfQuery, side: Side, on: chrono::NaiveDate) -> impl IntoView {
    let narrowed = query.counterparty.is_some() || query.open_of.is_some();
    let other = match side {
        Side::Seller => "Customer",
        Side::Buyer => "Seller",
    };
    let all = AsOfQuery {
        side: Some(side),
        on: Some(on),
        ..AsOfQuery::default()
    };
    let open_of = query.open_of.map(|of| {
        let OpenOf {
            account,
            currency,
            part,
        } = of;
        view! {
            <input type="hidden" name="open_of" value=account.to_string()/>
            {currency.map(|currency| view! { <input type="hidden" name="currency" value=currency.code()/> })}
            {part.map(|part| view! { <input type="hidden" name="part" value=part.code()/> })}
        }
    });
    view! {
        <form class=css::SIEVE method="get" action=PAGE role="search">
            <input type="hidden" name="side" value=side.code()/>
            {open_of}
            <Field name="on" label="As of" kind="date" value=on.to_string()/>
            <Field name="counterparty" label=other autocomplete="off" value=query.counterparty.unwrap_or_default()/>
            <div class="buttons">
                <button class=css::BUTTON><Icon of=Glyph::Filter/>"Show"</button>
                <button class=css::BUTTON formaction="/as-of/export.csv"><Icon of=Glyph::Download/>"CSV"</button>
                {narrowed.then(|| view! { <a class=format!("{} plain", css::BUTTON) href=format!("{PAGE}?{}", all.to_query())>"Clear all"</a> })}
            </div>
        </form>
    }
}

#[component]
fn Rows(page: Page<InvoiceThen>, query: AsOfQuery, side: Side, on: chrono::NaiveDate) -> impl IntoView {
    let Page {
        rows,
        previous,
        next,
        total,
    } = page;
    let said = match query.open_of {
        Some(OpenOf { part: Some(part), .. }) => format!("{}, and still open at the end of ", part.label()),
        Some(_) => "What was still open at the end of ".to_owned(),
        None => "As of the end of ".to_owned(),
    };
    let day = view! { <p>{said}<b><Day of=on/></b>"."</p> };
    if rows.is_empty() {
        return view! {
            {day}
            <Empty glyph=Glyph::File title="No invoices"><p>"There was none that fits. Choose a later day."</p></Empty>
        }
        .into_any();
    }
    let other = match side {
        Side::Seller => "Customer",
        Side::Buyer => "Seller",
    };
    let several = rows.iter().any(|row| row.company.is_some());
    let any_disputed = rows.iter().any(|row| !row.disputed.is_zero());
    let mut heads = vec![Head::of("Invoice"), Head::of("Status then"), Head::of(other)];
    heads.extend(several.then(|| Head::of("Company")));
    heads.extend([
        Head::sorted("Issued", "descending"),
        Head::of("Due"),
        Head::amount("Total"),
        Head::amount("Open then"),
    ]);
    heads.extend(any_disputed.then(|| Head::amount("Disputed then")));
    let lines = rows.into_iter().map(|row| {
        let InvoiceThen { id, number, counterparty, company, issue_date, due_date, total, open, disputed, status } = row;
        let amount = |sum: domain::Money| if sum.is_zero() {
            view! { <span class="soft">"–"</span> }.into_any()
        } else {
            view! { <Amount of=sum/> }.into_any()
        };
        view! {
            <tr role="row">
                <th scope="row" role="rowheader"><a href=format!("/invoices/{id}")>{number}</a></th>
                <td role="cell" class="state" data-label="Status then"><StatusBadge of=status/></td>
                <td role="cell" class="cut" data-label=other>{counterparty}</td>
                {company.map(|company| view! { <td role="cell" class="cut" data-label="Company">{company}</td> })}
                <td role="cell" class="fixed" data-label="Issued"><Day of=issue_date/></td>
                <td role="cell" class="when" data-label="Due"><Day of=due_date/></td>
                <td role="cell" class="num soft" data-label="Total"><Amount of=total/></td>
                <td role="cell" class="num lead" data-label="Open then">{amount(open)}</td>
                {any_disputed.then(|| view! { <td role="cell" class="num" data-label="Disputed then">{amount(disputed)}</td> })}
            </tr>
        }
    });
    let lines = lines.collect_view();
    let to = move |position: Position| {
        let query = AsOfQuery {
            side: Some(side),
            on: Some(on),
            ..query.at(position)
        };
        format!("{PAGE}?{}", query.to_query())
    };
    view! {
        {day}
        <Table caption="Invoices as of a day" heads>{lines}</Table>
        <Foot total previous next to/>
    }
    .into_any()
}
