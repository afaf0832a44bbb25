//! The page `Roll-up bills`: what parents were billed for their subsidiaries, newest first, also as of a past day.

use super::{PAGE, api::list_rollups};
use crate::loading::load;
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::{Amount, Day},
        badge::Badge,
        form::{Choice, Field},
        icon::{Glyph, Icon},
        loaded::loaded,
        page::{Empty, PageHead},
        sides::{SideTabs, Sides},
        sieve::{Sieve, any_of, typed_day},
        table::{Foot, Head, Table},
    },
    viewer::use_viewer,
};
use domain::{
    access::{Permission, Side},
    list::{Page, Position},
    rollups::{
        RollupRow, RollupState,
        list::{RollupQuery, RollupStatus, other},
    },
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The page.
pub(crate) fn view() -> AnyView {
    let search = use_location().search;
    let viewer = use_viewer();
    let sides = Sides::of_papers(viewer.as_ref(), Side::Seller);
    let query = Memo::new(move |_| RollupQuery::from_query(&search.get()));
    let side = Memo::new(move |_| sides.choose(query.get().side));
    let rows = load(
        move || (side.get(), search.get()),
        |(side, query)| list_rollups(side, query),
    );
    let writes = viewer.is_some_and(|viewer| viewer.may(Permission::WriteInvoices));
    view! {
        <PageHead title="Roll-up bills" note="One bill of a parent company over its subsidiaries’ invoices.">
            {writes.then(|| view! { <a class=format!("{} primary", css::BUTTON) href="/rollups/new">"New roll-up bill"</a> })}
        </PageHead>
        <div class="stack">
            <SideTabs sides shown=side tabs=[(Side::Seller, "Issued"), (Side::Buyer, "Received")]
                address=|side| format!("{PAGE}?side={}", side.code())/>
            {move || view! { <Filters query=query.get() side=side.get()/> }}
            {loaded(rows, move |page: Page<RollupRow>| {
                view! { <Rows page query=query.get_untracked() side=side.get_untracked()/> }
            })}
        </div>
    }
    .into_any()
}

#[component]
fn Filters(query: RollupQuery, side: Side) -> impl IntoView {
    let any = query.is_narrowed();
    let states = any_of(
        RollupStatus::ALL
            .iter()
            .map(|status| (status.code(), status.label())),
    );
    let status = query.status.map(|status| status.code().to_owned());
    let (from, to, on) = (typed_day(query.from), typed_day(query.to), typed_day(query.on));
    let label = match side {
        Side::Seller => "Number or parent",
        Side::Buyer => "Number or seller",
    };
    view! {
        <Sieve page=PAGE side narrowed=any>
            <Field name="search" label autocomplete="off" value=query.search.unwrap_or_default()/>
            <Choice name="status" label="State" options=states value=status.unwrap_or_default()/>
            <Field name="from" label="Issued from" kind="date" value=from/>
            <Field name="to" label="Issued to" kind="date" value=to/>
            <Field name="on" label="As of" kind="date" value=on/>
        </Sieve>
    }
}

#[component]
fn Rows(page: Page<RollupRow>, query: RollupQuery, side: Side) -> impl IntoView {
    let Page {
        rows,
        previous,
        next,
        total,
    } = page;
    if rows.is_empty() {
        let said = match (query.is_narrowed(), side) {
            (true, _) => "No roll-up bill fits.",
            (false, Side::Seller) => "Customers with subsidiaries can be billed for all of them at once.",
            (false, Side::Buyer) => "Nobody billed you for your subsidiaries together yet.",
        };
        return view! { <Empty glyph=Glyph::File title="No roll-up bills"><p>{said}</p></Empty> }.into_any();
    }
    let then = query.on.is_some();
    let open = if then { "Open then" } else { "Open" };
    let heads = vec![
        Head::of("Bill"),
        Head::of(if then { "State then" } else { "State" }),
        Head::of(other(side)),
        Head::of("From"),
        Head::of("To"),
        Head::sorted("Issued", "descending"),
        Head::of("Due"),
        Head::amount(open),
        Head::amount("Total"),
    ];
    let lines = rows.into_iter().map(move |row| line(row, side, open));
    let export = RollupQuery {
        side: Some(side),
        ..query.at(Position::First)
    };
    let to = move |position: Position| {
        let query = RollupQuery {
            side: Some(side),
            ..query.at(position)
        };
        format!("{PAGE}?{}", query.to_query())
    };
    view! {
        <p><a class=format!("{} small", css::BUTTON) href=format!("{PAGE}/export.csv?{}", export.to_query()) rel="external" download=""><Icon of=Glyph::Download/>"Export"</a></p>
        <Table caption="Roll-up bills" heads>{lines.collect_view()}</Table>
        <Foot total previous next to/>
    }
    .into_any()
}

fn line(row: RollupRow, side: Side, open_label: &'static str) -> impl IntoView {
    let RollupRow {
        id,
        number,
        counterparty,
        period,
        issue_date,
        due_date,
        total,
        open,
        state,
    } = row;
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><a href=format!("{PAGE}/{id}")>{number}</a></th>
            <td role="cell" class="state" data-label="State">{badge(state)}</td>
            <td role="cell" class="cut" data-label=other(side)>{counterparty}</td>
            <td role="cell" class="fixed" data-label="From"><Day of=period.from/></td>
            <td role="cell" class="fixed" data-label="To"><Day of=period.to/></td>
            <td role="cell" class="when" data-label="Issued"><Day of=issue_date/></td>
            <td role="cell" class="when" data-label="Due"><Day of=due_date/></td>
            <td role="cell" class="num soft" data-label=open_label><Amount of=open/></td>
            <td role="cell" class="num lead" data-label="Total"><Amount of=total/></td>
        </tr>
    }
}

/// How far a bill is.
pub(super) fn badge(state: RollupState) -> impl IntoView {
    let (kind, glyph) = match state {
        RollupState::Open => ("open", Glyph::Circle),
        RollupState::PartlyPaid => ("partially-paid", Glyph::Half),
        RollupState::Paid => ("paid", Glyph::CheckCircle),
        RollupState::WrittenOff => ("written-off", Glyph::X),
        RollupState::Void => ("void", Glyph::Ban),
    };
    view! { <Badge kind glyph label=state.label()/> }
}
