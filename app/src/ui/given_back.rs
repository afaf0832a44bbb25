//! Money that went back, or is about to, on the paper that it came from.

use super::{
    amount::{Amount, Day},
    badge::Badge,
    icon::Glyph,
    table::{Head, Table},
};
use crate::markup::view;
use domain::refunds::{Refund, RefundState, refund_failure};
use leptos::prelude::*;

/// What went back, and what is about to.
#[component]
pub fn GivenBack(
    /// The last first.
    refunds: Vec<Refund>,
) -> impl IntoView {
    let rows = refunds.into_iter().map(move |refund| {
        let Refund {
            kind,
            state,
            way,
            amount,
            asked_on,
            reason,
            failure,
            ..
        } = refund;
        let said = match failure {
            Some(code) if state == RefundState::Failed => format!("{reason} ({})", refund_failure(&code)),
            _ => reason,
        };
        let (badge, glyph) = match state {
            RefundState::Succeeded => ("info", Glyph::Refresh),
            RefundState::Returned => ("good", Glyph::CheckCircle),
            RefundState::Failed => ("bad", Glyph::Alert),
            RefundState::Submitted | RefundState::Pending | RefundState::Unknown => ("warn", Glyph::Half),
        };
        // Money that is gone is called by why it went.
        let label = if state == RefundState::Succeeded {
            kind.label()
        } else {
            state.label()
        };
        view! {
            <tr role="row">
                <th scope="row" role="rowheader"><Day of=asked_on/></th>
                <td role="cell" class="state" data-label="State"><Badge kind=badge glyph label/></td>
                <td role="cell" data-label="Way">{way.label()}</td>
                <td role="cell" data-label="Reason">{said}</td>
                <td role="cell" class="num lead" data-label="Amount"><Amount of=amount/></td>
            </tr>
        }
    });
    let heads = vec![
        Head::of("Date"),
        Head::of("State"),
        Head::of("Way"),
        Head::of("Reason"),
        Head::amount("Amount"),
    ];
    view! { <Table caption="Given back" heads>{rows.collect_view()}</Table> }
}
