//! The page `Roll-up bills`: what parents were billed for their subsidiaries, newest first.

use super::{PAGE, api::list_rollups};
use crate::loading::load;
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::{Amount, Day},
        badge::Badge,
        icon::Glyph,
        loaded::loaded,
        page::{Empty, PageHead},
        sides::{SideTabs, Sides},
        table::{Foot, Head, Table},
    },
    viewer::use_viewer,
};
use domain::{
    access::{Permission, Side},
    address::{pairs, query_string},
    list::{Page, Position},
    rollups::{RollupRow, RollupState},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The page.
pub(crate) fn view() -> AnyView {
    let search = use_location().search;
    let viewer = use_viewer();
    let sides = Sides::of_papers(viewer.as_ref(), Side::Seller);
    let side = Memo::new(move |_| {
        let query = search.get();
        let named = pairs(&query).find_map(|(key, value)| (key == "side").then_some(value));
        sides.choose(named.as_deref().and_then(Side::from_code))
    });
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
            {loaded(rows, move |page: Page<RollupRow>| view! { <Rows page side=side.get_untracked()/> })}
        </div>
    }
    .into_any()
}

#[component]
fn Rows(page: Page<RollupRow>, side: Side) -> impl IntoView {
    let Page {
        rows,
        previous,
        next,
        total,
    } = page;
    if rows.is_empty() {
        let said = match side {
            Side::Seller => "Customers with subsidiaries can be billed for all of them at once.",
            Side::Buyer => "Nobody billed you for your subsidiaries together yet.",
        };
        return view! { <Empty glyph=Glyph::File title="No roll-up bills"><p>{said}</p></Empty> }.into_any();
    }
    let other = match side {
        Side::Seller => "Parent",
        Side::Buyer => "Seller",
    };
    let heads = vec![
        Head::of("Bill"),
        Head::of("State"),
        Head::of(other),
        Head::of("From"),
        Head::of("To"),
        Head::sorted("Issued", "descending"),
        Head::of("Due"),
        Head::amount("Open"),
        Head::amount("Total"),
    ];
    let lines = rows.into_iter().map(move |row| {
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
                <td role="cell" class="cut" data-label=other>{counterparty}</td>
                <td role="cell" class="when" data-label="From"><Day of=period.from/></td>
                <td role="cell" class="when" data-label="To"><Day of=period.to/></td>
                <td role="cell" class="when" data-label="Issued"><Day of=issue_date/></td>
                <td role="cell" class="when" data-label="Due"><Day of=due_date/></td>
                <td role="cell" class="num soft" data-label="Open"><Amount of=open/></td>
                <td role="cell" class="num lead" data-label="Total"><Amount of=total/></td>
            </tr>
        }
    });
    let to = move |position: Position| {
        let all = [Some(("side", side.code().to_owned())), position.to_pair()];
        let all: Vec<(&str, String)> = all.into_iter().flatten().collect();
        let query = query_string(all.iter().map(|(key, value)| (*key, value.as_str())));
        format!("{PAGE}?{query}")
    };
    view! {
        <Table caption="Roll-up bills" heads>{lines.collect_view()}</Table>
        <Foot total previous next to/>
    }
    .into_any()
}

/// How far a bill is.
pub(super) fn badge(state: RollupState) -> impl IntoView {
    let (kind, glyph, label) = match state {
        RollupState::Open => ("open", Glyph::Circle, "Open"),
        RollupState::PartlyPaid => ("partially-paid", Glyph::Half, "Partly paid"),
        RollupState::Paid => ("paid", Glyph::CheckCircle, "Paid"),
        RollupState::Void => ("void", Glyph::Ban, "Void"),
    };
    view! { <Badge kind glyph label/> }
}
