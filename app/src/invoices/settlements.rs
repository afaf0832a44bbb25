//! Payments and credits on the invoice page, and what of them went back (I15).

use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::{Amount, Day},
        badge::Badge,
        icon::Glyph,
        paper::card_name,
    },
};
use domain::{
    invoices::{Settlement, SettlementKind},
    refunds::RefundKind,
};
use leptos::prelude::*;

/// What lowered the open amount, or tried to, the newest first.
#[component]
pub(super) fn Settlements(of: Vec<Settlement>) -> impl IntoView {
    let rows: Vec<_> = of.iter().map(settlement).collect();
    view! {
        <section class="part" aria-labelledby="payments">
            <h2 id="payments">"Payments and credits"</h2>
            {if rows.is_empty() {
                view! { <p class="muted">"Nothing was paid or credited yet."</p> }
            } else {
                view! {
                    <div class=css::DATA_TABLE>
                        <table role="table">
                            <caption>"Payments and credits of this invoice"</caption>
                            <thead role="rowgroup"><tr role="row">
                                <th scope="col" role="columnheader">"Reference"</th>
                                <th scope="col" role="columnheader">"State"</th>
                                <th scope="col" role="columnheader">"Date"</th>
                                <th scope="col" role="columnheader">"Method"</th>
                                <th scope="col" role="columnheader" class="num">"Amount"</th>
                            </tr></thead>
                            <tbody role="rowgroup">{rows.collect_view()}</tbody>
                        </table>
                    </div>
                }
            }}
        </section>
    }
}

fn settlement(one: &Settlement) -> impl IntoView + use<> {
    let (kind, glyph, state) = badge(&one.kind);
    let method = method(&one.kind);
    let reference = one.reference.clone().unwrap_or_else(|| "—".to_owned());
    let reference = match address(&one.kind) {
        Some(to) => view! { <a href=to>{reference}</a> },
        None => reference.into_any(),
    };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{reference}</th>
            <td role="cell" class="state" data-label="State"><Badge kind glyph label=state/></td>
            <td role="cell" class="when" data-label="Date"><Day of=one.date/></td>
            <td role="cell" class="soft" data-label="Method">{method}{one.memo.clone().map(|memo| view! { <small>{memo}</small> })}</td>
            <td role="cell" class="num lead" data-label="Amount"><Amount of=one.amount/></td>
        </tr>
    }
}

/// Kind, sign and word of the badge.
const fn badge(of: &SettlementKind) -> (&'static str, Glyph, &'static str) {
    match of {
        SettlementKind::Card { .. } | SettlementKind::Offline { .. } | SettlementKind::Company { .. } => {
            ("good", Glyph::CheckCircle, "Paid")
        }
        SettlementKind::CreditNote { .. } => ("good", Glyph::CheckCircle, "Credited"),
        SettlementKind::WentBack { why, .. } => match why {
            RefundKind::Refund => ("info", Glyph::Refresh, "Given back"),
            RefundKind::Reversal => ("bad", Glyph::Refresh, "Reversed"),
            RefundKind::Chargeback => ("bad", Glyph::Refresh, "Charged back"),
        },
        SettlementKind::CameBack { .. } => ("good", Glyph::CheckCircle, "Came back"),
        SettlementKind::Pending { .. } => ("open", Glyph::Clock, "Being confirmed"),
        SettlementKind::Failed { .. } => ("bad", Glyph::Ban, "Refused"),
    }
}

/// Which way it came or went.
fn method(of: &SettlementKind) -> String {
    let known = match of {
        SettlementKind::Card { brand, last4, .. } => return card_name(brand, last4),
        SettlementKind::Company { name } => return format!("By {name}"),
        SettlementKind::Offline { .. } => "Offline",
        SettlementKind::CreditNote { .. } => "Credit note",
        SettlementKind::WentBack { way, .. } => way.label(),
        SettlementKind::CameBack { why, .. } => match why {
            RefundKind::Refund | RefundKind::Reversal => "Could not be given back",
            RefundKind::Chargeback => "Chargeback won",
        },
        SettlementKind::Pending { .. } | SettlementKind::Failed { .. } => "Card or bank",
    };
    known.to_owned()
}

/// The page of the document, where the reader may reach one.
fn address(of: &SettlementKind) -> Option<String> {
    match of {
        SettlementKind::Card { payment, .. }
        | SettlementKind::Offline { payment }
        | SettlementKind::WentBack { payment, .. }
        | SettlementKind::CameBack { payment, .. } => Some(format!("/payments/{payment}")),
        SettlementKind::CreditNote { credit_note } => Some(format!("/credits/{credit_note}")),
        SettlementKind::Company { .. } | SettlementKind::Pending { .. } | SettlementKind::Failed { .. } => {
            None
        }
    }
}
