//! The page `Credit notes`: what was credited, newest first (C3).

use super::api::list_credit_notes;
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::{Amount, Day},
        badge::Badge,
        form::Field,
        icon::{Glyph, Icon},
        loaded::loaded,
        page::{Empty, PageHead},
        table::{Foot, Head, Table},
    },
    viewer::use_viewer,
};
use domain::{
    access::{Permission, Side},
    address::{pairs, query_string},
    credit_notes::CreditNoteRow,
    list::{Page, Position},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

const PAGE: &str = "/credits";

/// What the page loads.
struct Loads {
    search: Memo<String>,
    side: Memo<Side>,
    /// Has both sides, so that there is a choice.
    both: bool,
    rows: Loading<Page<CreditNoteRow>>,
}

impl Loads {
    fn new() -> Self {
        let viewer = use_viewer();
        let may = |permission| viewer.as_ref().is_some_and(|viewer| viewer.may(permission));
        let (sold, bought) = (
            may(Permission::ViewIssuedInvoices),
            may(Permission::ViewReceivedInvoices),
        );
        let search = use_location().search;
        let side =
            Memo::new(
                move |_| match word(&search.get(), "side").as_deref().and_then(Side::from_code) {
                    Some(Side::Buyer) if bought => Side::Buyer,
                    Some(_) | None if sold => Side::Seller,
                    Some(_) | None => Side::Buyer,
                },
            );
        Self {
            search,
            side,
            both: sold && bought,
            rows: load(
                move || (side.get(), search.get()),
                |(side, query)| list_credit_notes(side, query),
            ),
        }
    }
}

fn word(query: &str, name: &str) -> Option<String> {
    let found = pairs(query).find_map(|(key, value)| (key == name).then_some(value));
    found.filter(|text| !text.trim().is_empty())
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads {
        search,
        side,
        both,
        rows,
    } = Loads::new();
    let tab = move |one: Side, name: &'static str| {
        let current = move || (side.get() == one).then_some("page");
        view! { <a href=format!("{PAGE}?side={}", one.code()) aria-current=current>{name}</a> }
    };
    let text = move || word(&search.get(), "search");
    view! {
        <PageHead title="Credit notes" note="What was taken off invoices after they were issued."/>
        <div class="stack">
            {both.then(|| view! {
                <nav class=css::TABS aria-label="Side">{tab(Side::Seller, "Issued")}{tab(Side::Buyer, "Received")}</nav>
            })}
            {move || view! { <Filters text=text() side=side.get()/> }}
            {loaded(rows, move |page: Page<CreditNoteRow>| {
                view! { <Rows page text=word(&search.get_untracked(), "search") side=side.get_untracked()/> }
            })}
        </div>
    }
    .into_any()
}

#[component]
fn Filters(text: Option<String>, side: Side) -> impl IntoView {
    let narrowed = text.is_some();
    let label = match side {
        Side::Seller => "Number, customer or external ID",
        Side::Buyer => "Number or seller",
    };
    view! {
        <form class=css::SIEVE method="get" action=PAGE role="search">
            <input type="hidden" name="side" value=side.code()/>
            <Field name="search" label autocomplete="off" value=text.unwrap_or_default()/>
            <div class="buttons">
                <button class=css::BUTTON><Icon of=Glyph::Filter/>"Filter"</button>
                {narrowed.then(|| view! { <a class=format!("{} plain", css::BUTTON) href=format!("{PAGE}?side={}", side.code())>"Clear all"</a> })}
            </div>
        </form>
    }
}

#[component]
fn Rows(page: Page<CreditNoteRow>, text: Option<String>, side: Side) -> impl IntoView {
    let Page {
        rows,
        previous,
        next,
        total,
    } = page;
    if rows.is_empty() {
        let said = match (text.is_some(), side) {
            (true, _) => "No credit note fits.",
            (false, Side::Seller) => "Open an invoice and choose “Credit note” to take something off it.",
            (false, Side::Buyer) => "Nothing was credited to you yet.",
        };
        return view! { <Empty glyph=Glyph::File title="No credit notes"><p>{said}</p></Empty> }.into_any();
    }
    let other = match side {
        Side::Seller => "Customer",
        Side::Buyer => "Seller",
    };
    let heads = vec![
        Head::of("Credit note"),
        Head::of("State"),
        Head::of(other),
        Head::of("Reason"),
        Head::sorted("Issued", "descending"),
        Head::amount("Unused"),
        Head::amount("Total"),
    ];
    let lines = rows.into_iter().map(move |row| {
        let (kind, glyph, label) = state(&row);
        let CreditNoteRow {
            id,
            number,
            counterparty,
            reason,
            issue_date,
            void: _,
            total,
            remaining,
        } = row;
        let unused = if remaining.is_zero() {
            view! { <span class="soft">"–"</span> }.into_any()
        } else {
            view! { <Amount of=remaining/> }.into_any()
        };
        view! {
            <tr role="row">
                <th scope="row" role="rowheader"><a href=format!("{PAGE}/{id}")>{number}</a></th>
                <td role="cell" class="state" data-label="State"><Badge kind glyph label/></td>
                <td role="cell" class="cut" data-label=other>{counterparty}</td>
                <td role="cell" class="cut" data-label="Reason">{reason}</td>
                <td role="cell" class="when" data-label="Issued"><Day of=issue_date/></td>
                <td role="cell" class="num soft" data-label="Unused">{unused}</td>
                <td role="cell" class="num lead" data-label="Total"><Amount of=total/></td>
            </tr>
        }
    });
    let to = move |position: Position| {
        let all = [
            Some(("side", side.code().to_owned())),
            text.clone().map(|text| ("search", text)),
            position.to_pair(),
        ];
        let all: Vec<(&str, String)> = all.into_iter().flatten().collect();
        let query = query_string(all.iter().map(|(key, value)| (*key, value.as_str())));
        format!("{PAGE}?{query}")
    };
    view! {
        <Table caption="Credit notes" heads>{lines.collect_view()}</Table>
        <Foot total previous next to/>
    }
    .into_any()
}

/// The badge of a credit note.
const fn state(row: &CreditNoteRow) -> (&'static str, Glyph, &'static str) {
    if row.void {
        ("void", Glyph::Ban, "Void")
    } else if row.remaining.is_zero() {
        ("good", Glyph::CheckCircle, "Used")
    } else if row.remaining.minor() == row.total.minor() {
        ("open", Glyph::Circle, "Unused")
    } else {
        ("warn", Glyph::Half, "Partly used")
    }
}
