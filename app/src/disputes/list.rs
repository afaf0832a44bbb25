//! The page `Disputes`: what is and was disputed of all invoices, newest first, today or as of a past day.

use super::{api::list_disputes, state::StateBadge};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::{Amount, Day},
        form::{Choice, Field},
        icon::{Glyph, Icon},
        loaded::loaded,
        page::{Empty, PageHead},
        sides::{SideTabs, Sides},
        sieve::{CompanyChoice, Sieve, any_of, companies, typed_day},
        table::{Foot, Head, Table},
    },
    viewer::use_viewer,
};
use domain::{
    access::Side,
    disputes::{DisputeQuery, DisputeRow, DisputeState},
    list::{Page, Position},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

const PAGE: &str = "/disputes";

/// What the page loads.
struct Loads {
    query: Memo<DisputeQuery>,
    side: Memo<Side>,
    sides: Sides,
    rows: Loading<Page<DisputeRow>>,
}

impl Loads {
    fn new() -> Self {
        let search = use_location().search;
        let query = Memo::new(move |_| DisputeQuery::from_query(&search.get()));
        let sides = Sides::of_papers(use_viewer().as_ref(), Side::Seller);
        let side = Memo::new(move |_| sides.choose(query.get().side));
        Self {
            query,
            side,
            sides,
            rows: load(
                move || (side.get(), search.get()),
                |(side, query)| list_disputes(side, query),
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
    view! {
        <PageHead title="Disputes" note="What customers say is not owed, and what was answered."/>
        <div class="stack">
            <SideTabs sides shown=side tabs=[(Side::Seller, "Of issued invoices"), (Side::Buyer, "Of received invoices")]
                address=|side| format!("{PAGE}?side={}", side.code())/>
            {move || view! { <Filters query=query.get() side=side.get()/> }}
            {loaded(rows, move |page: Page<DisputeRow>| {
                view! { <Rows page query=query.get_untracked() side=side.get_untracked()/> }
            })}
        </div>
    }
    .into_any()
}

/// What the other side is called.
const fn other(side: Side) -> &'static str {
    match side {
        Side::Seller => "Customer",
        Side::Buyer => "Seller",
    }
}

#[component]
fn Filters(query: DisputeQuery, side: Side) -> impl IntoView {
    let narrowed = query.is_narrowed();
    let states = any_of(
        DisputeState::ALL
            .iter()
            .map(|state| (state.code(), state.label())),
    );
    let state = query
        .state
        .map(|state| state.code().to_owned())
        .unwrap_or_default();
    let (from, to, on) = (typed_day(query.from), typed_day(query.to), typed_day(query.on));
    let counterparty = match side {
        Side::Seller => "Customer or external ID",
        Side::Buyer => "Seller",
    };
    let company = query.company.map(|id| id.to_string()).unwrap_or_default();
    view! {
        <Sieve page=PAGE side narrowed>
            <Field name="number" label="Invoice number" autocomplete="off" value=query.number.unwrap_or_default()/>
            <Field name="counterparty" label=counterparty autocomplete="off" value=query.counterparty.unwrap_or_default()/>
            <Choice name="state" label="State" options=states value=state/>
            <Field name="reason" label="Reason" autocomplete="off" value=query.reason.unwrap_or_default()/>
            <CompanyChoice side value=company/>
            <Field name="from" label="Opened from" kind="date" value=from/>
            <Field name="to" label="Opened to" kind="date" value=to/>
            <Field name="on" label="As of" kind="date" value=on/>
        </Sieve>
    }
}

#[component]
fn Rows(page: Page<DisputeRow>, query: DisputeQuery, side: Side) -> impl IntoView {
    let Page {
        rows,
        previous,
        next,
        total,
    } = page;
    if rows.is_empty() {
        let said = match (query.is_narrowed(), side) {
            (true, _) => "No dispute fits.",
            (false, Side::Seller) => "Nothing of what you issued is or was disputed.",
            (false, Side::Buyer) => {
                "Open an invoice and choose “Dispute” to say that a part of it is not owed."
            }
        };
        return view! { <Empty glyph=Glyph::Alert title="No disputes"><p>{said}</p></Empty> }.into_any();
    }
    let mut heads = vec![Head::of("Invoice"), Head::of("State"), Head::of(other(side))];
    heads.extend((!companies(side).is_empty()).then(|| Head::of("Company")));
    heads.extend([
        Head::of("Reason"),
        Head::sorted("Opened", "descending"),
        Head::of("Ended"),
        Head::amount("Disputed"),
    ]);
    let on = query.on;
    let lines = rows.into_iter().map(move |row| line(row, side, on));
    let query = DisputeQuery {
        side: Some(side),
        ..query
    };
    let export = format!("{PAGE}/export.csv?{}", query.at(Position::First).to_query());
    let to = move |position: Position| format!("{PAGE}?{}", query.at(position).to_query());
    view! {
        <p><a class=format!("{} small", css::BUTTON) href=export rel="external" download=""><Icon of=Glyph::Download/>"Export"</a></p>
        <Table caption="Disputes" heads>{lines.collect_view()}</Table>
        <Foot total previous next to/>
    }
    .into_any()
}

fn line(row: DisputeRow, side: Side, on: Option<chrono::NaiveDate>) -> impl IntoView {
    let DisputeRow {
        id: _,
        invoice,
        number,
        counterparty,
        company,
        state,
        amount,
        reason,
        opened_on,
        by: _,
        ended_on,
        credit_note: _,
        answer: _,
    } = row;
    // The page of the invoice shows the same day.
    let page = match on {
        Some(day) => format!("{PAGE}/{invoice}?on={day}"),
        None => format!("{PAGE}/{invoice}"),
    };
    let ended = match ended_on {
        Some(day) => view! { <Day of=day/> }.into_any(),
        None => view! { <span class="soft">"–"</span> }.into_any(),
    };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><a href=page>{number}</a></th>
            <td role="cell" class="state" data-label="State"><StateBadge of=state/></td>
            <td role="cell" class="cut" data-label=other(side)>{counterparty}</td>
            {company.map(|company| view! { <td role="cell" class="cut" data-label="Company">{company}</td> })}
            <td role="cell" class="cut" data-label="Reason">{reason}</td>
            <td role="cell" class="when" data-label="Opened"><Day of=opened_on/></td>
            <td role="cell" class="when" data-label="Ended">{ended}</td>
            <td role="cell" class="num lead" data-label="Disputed"><Amount of=amount/></td>
        </tr>
    }
}
