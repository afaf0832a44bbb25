//! The page `Shared invoices`: who lets the tenant see theirs.

use super::api::list_givers;
use crate::loading::load;
use crate::markup::view;
use crate::ui::{
    amount::Moment,
    icon::Glyph,
    loaded::loaded,
    page::{Empty, PageHead},
    table::{Head, Table},
};
use domain::tenants::GrantRow;
use leptos::prelude::*;

/// The page.
pub(crate) fn view() -> AnyView {
    let givers = load(|| (), |()| list_givers());
    view! {
        <PageHead title="Shared invoices" note="What partners bill their customers, where they let you see it."/>
        {loaded(givers, |givers: Vec<GrantRow>| view! { <Givers givers/> })}
    }
    .into_any()
}

#[component]
fn Givers(givers: Vec<GrantRow>) -> impl IntoView {
    if givers.is_empty() {
        return view! {
            <Empty glyph=Glyph::Lock title="Nobody shares their invoices">
                <p>"A partner does so on its page Administration → Sharing, and may end it at any time."</p>
            </Empty>
        }
        .into_any();
    }
    let heads = vec![
        Head::sorted("Company", "ascending"),
        Head::of("Given by"),
        Head::of("Since"),
    ];
    let rows = givers.into_iter().map(|grant| {
        let GrantRow {
            id: _,
            tenant,
            name,
            given_by,
            given_at,
        } = grant;
        view! {
            <tr role="row">
                <th scope="row" role="rowheader"><a href=format!("/shared/{tenant}")>{name}</a></th>
                <td role="cell" data-label="Given by">{given_by}</td>
                <td role="cell" class="soft nowrap" data-label="Since"><Moment of=given_at/></td>
            </tr>
        }
    });
    view! { <Table caption="Who shares" heads>{rows.collect_view()}</Table> }.into_any()
}
