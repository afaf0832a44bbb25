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
        sides::{SideTabs, Sides},
        sieve::{CompanyChoice, Sieve, companies},
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
    sides: Sides,
    rows: Loading<Page<CreditNoteRow>>,
}

impl Loads {
    fn new() -> Self {
        let search = use_location().search;
        let sides = Sides::of_papers(use_viewer().as_ref(), Side::Seller);
        let side = Memo::new(move |_| {
            let named = word(&search.get(), "side");
            sides.choose(named.as_deref().and_then(Side::from_code))
        });
        Self {
            search,
            side,
            sides,
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

/// What the list is narrowed to.
#[derive(Clone)]
struct Narrowed {
    text: Option<String>,
    /// Id of one of the companies that the viewer sees.
    company: Option<String>,
    /// As it was at the end of this day.
    on: Option<String>,
}

impl Narrowed {
    fn read(query: &str) -> Self {
        Self {
            text: word(query, "search"),
            company: word(query, "company"),
            on: word(query, "on"),
        }
    }

    const fn is_any(&self) -> bool {
        self.text.is_some() || self.company.is_some() || self.on.is_some()
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads {
        search,
        side,
        sides,
        rows,
    } = Loads::new();
    let narrowed = move || Narrowed::read(&search.get());
    let issues = use_viewer().is_some_and(|viewer| viewer.may(Permission::IssueCreditNotes));
    view! {
        <PageHead title="Credit notes" note="What was taken off invoices and accounts after they were billed.">
            {issues.then(|| view! { <a class=css::BUTTON href="/credit"><Icon of=Glyph::Plus/>"New credit note"</a> })}
        </PageHead>
        <div class="stack">
            <SideTabs sides shown=side tabs=[(Side::Seller, "Issued"), (Side::Buyer, "Received")]
                address=|side| format!("{PAGE}?side={}", side.code())/>
            {move || view! { <Filters narrowed=narrowed() side=side.get()/> }}
            {loaded(rows, move |page: Page<CreditNoteRow>| {
                let narrowed = Narrowed::read(&search.get_untracked());
                view! { <Rows page narrowed side=side.get_untracked()/> }
            })}
        </div>
    }
    .into_any()
}

#[component]
fn Filters(narrowed: Narrowed, side: Side) -> impl IntoView {
    let any = narrowed.is_any();
    let Narrowed { text, company, on } = narrowed;
    let label = match side {
        Side::Seller => "Number, customer or external ID",
        Side::Buyer => "Number or seller",
    };
    view! {
        <Sieve page=PAGE side narrowed=any>
            <Field name="search" label autocomplete="off" value=text.unwrap_or_default()/>
            <CompanyChoice side value=company.unwrap_or_default()/>
            <Field name="on" label="As of" kind="date" value=on.unwrap_or_default()/>
        </Sieve>
    }
}

#[component]
fn Rows(page: Page<CreditNoteRow>, narrowed: Narrowed, side: Side) -> impl IntoView {
    let Page {
        rows,
        previous,
        next,
        total,
    } = page;
    if rows.is_empty() {
        let said = match (narrowed.is_any(), side) {
            (true, _) => "No credit note fits.",
            (false, Side::Seller) => {
                "Open an invoice and choose “Credit note” to take something off it, or credit an account as a whole."
            }
            (false, Side::Buyer) => "Nothing was credited to you yet.",
        };
        return view! { <Empty glyph=Glyph::File title="No credit notes"><p>{said}</p></Empty> }.into_any();
    }
    let other = match side {
        Side::Seller => "Customer",
        Side::Buyer => "Seller",
    };
    let several = !companies(side).is_empty();
    let mut heads = vec![Head::of("Credit note"), Head::of("State"), Head::of(other)];
    heads.extend(several.then(|| Head::of("Company")));
    heads.extend([
        Head::of("Reason"),
        Head::sorted("Issued", "descending"),
        Head::amount("Unused"),
        Head::amount("Total"),
    ]);
    let lines = rows.into_iter().map(move |row| {
        let (kind, glyph, label) = state(&row);
        let CreditNoteRow {
            id,
            number,
            counterparty,
            company,
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
                {company.map(|company| view! { <td role="cell" class="cut" data-label="Company">{company}</td> })}
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
            narrowed.text.clone().map(|text| ("search", text)),
            narrowed.company.clone().map(|id| ("company", id)),
            narrowed.on.clone().map(|day| ("on", day)),
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
