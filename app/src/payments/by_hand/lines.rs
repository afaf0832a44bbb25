//! Open invoices on a form, and amounts that may be nothing.

use crate::markup::view;
use crate::{
    ui::{
        amount::{Amount, Day},
        badge::StatusBadge,
        form::Failed,
        part::{Part, line_name, typed_before},
        table::{Head, Table},
    },
    viewer::use_locale,
};
use domain::{Money, invoices::Status, locale::format_amount, payments::offline::OpenLine};
use leptos::prelude::*;

/// Open invoices with a field each for what goes to it.
#[component]
pub(super) fn OpenLines(
    /// The invoices.
    lines: Vec<OpenLine>,
    /// There are more of them than these.
    more: bool,
    /// What came back of a post that failed.
    failed: Failed,
) -> impl IntoView {
    let locale = use_locale();
    let heads = vec![
        Head::of("Invoice"),
        Head::of("Status"),
        Head::of("Due"),
        Head::amount("Open"),
        Head::amount("Apply"),
    ];
    let shown = lines.len();
    let rows = lines.into_iter().enumerate().map(move |(index, line)| {
        let before = typed_before(&failed, &line.invoice.to_string());
        let text = before
            .as_ref()
            .map(|(text, _)| text.clone())
            .or_else(|| line.amount.map(|amount| format_amount(amount, locale)));
        row(
            index,
            line,
            text.unwrap_or_default(),
            before.and_then(|(_, why)| why),
        )
    });
    view! {
        <div class="open-lines">
            <Table caption="Open invoices" heads>{rows.collect_view()}</Table>
            {more.then(|| view! { <p class="soft">{format!("These are the {shown} that are due first; there are more.")}</p> })}
        </div>
    }
}

fn row(index: usize, line: OpenLine, text: String, why: Option<String>) -> impl IntoView {
    let OpenLine {
        invoice,
        number,
        due_date,
        status,
        payable,
        offered,
        amount: _,
    } = line;
    let disputed = (offered != payable).then(|| view! { " "<span class="soft">"Disputed in part"</span> });
    let due = if status == Status::Overdue {
        "when late"
    } else {
        "when"
    };
    let hidden = |field: &str, value: String| view! { <input type="hidden" name=line_name(index, field) value=value/> };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><a href=format!("/invoices/{invoice}")>{number.clone()}</a></th>
            <td role="cell" class="state" data-label="Status"><StatusBadge of=status/>{disputed}</td>
            <td role="cell" class=due data-label="Due"><Day of=due_date/></td>
            <td role="cell" class="num" data-label="Open"><Amount of=payable/></td>
            <td role="cell" class="num" data-label="Apply">
                {hidden("invoice", invoice.to_string())}
                {hidden("seen", payable.minor().to_string())}
                {hidden("currency", payable.currency().code().to_owned())}
                <Part index text currency=payable.currency() label=format!("Amount for {number}") why/>
            </td>
        </tr>
    }
}

/// An amount, or a dash for nothing.
pub(super) fn some(amount: Money) -> AnyView {
    if amount.is_zero() {
        view! { <span class="soft">"–"</span> }.into_any()
    } else {
        view! { <Amount of=amount/> }.into_any()
    }
}
