//! Open invoices on a form, and amounts that may be nothing.

use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::{Amount, Day},
        badge::StatusBadge,
        form::Failed,
        icon::{Glyph, Icon},
        table::{Head, Table},
    },
    viewer::use_locale,
};
use domain::{
    Money,
    invoices::Status,
    locale::format_amount,
    payments::{form::line_field, offline::OpenLine},
};
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
        let before = typed_before(&failed, &line);
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
        <div class=css::OPEN_LINES>
            <Table caption="Open invoices" heads>{rows.collect_view()}</Table>
            {more.then(|| view! { <p class="soft">{format!("These are the {shown} that are due first; there are more.")}</p> })}
        </div>
    }
}

/// What was typed for an invoice before, and what is wrong with it: found by its id, since what is open may have changed
/// meanwhile.
fn typed_before(failed: &Failed, line: &OpenLine) -> Option<(String, Option<String>)> {
    let locale = use_locale();
    let id = line.invoice.to_string();
    let place = (0..).map_while(|index| Some((index, failed.text(&line_field(index, "invoice"))?)));
    let (index, _) = place.into_iter().find(|(_, invoice)| *invoice == id)?;
    let field = line_field(index, "amount");
    let why = failed.refusal(&field).map(|why| why.message(locale));
    Some((failed.text(&field).unwrap_or_default(), why))
}

fn row(index: usize, line: OpenLine, text: String, why: Option<String>) -> impl IntoView {
    let OpenLine {
        invoice,
        number,
        due_date,
        status,
        payable,
        amount: _,
    } = line;
    let id = line_field(index, "amount");
    let name = |field: &str| format!("form{}", nested(&line_field(index, field)));
    let error_id = format!("line-{index}-error");
    let due = if status == Status::Overdue {
        "when late"
    } else {
        "when"
    };
    let hidden = |field: &str, value: String| view! { <input type="hidden" name=name(field) value=value/> };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><a href=format!("/invoices/{invoice}")>{number.clone()}</a></th>
            <td role="cell" class="state" data-label="Status"><StatusBadge of=status/></td>
            <td role="cell" class=due data-label="Due"><Day of=due_date/></td>
            <td role="cell" class="num" data-label="Open"><Amount of=payable/></td>
            <td role="cell" class="num" data-label="Apply">
                {hidden("invoice", invoice.to_string())}
                {hidden("seen", payable.minor().to_string())}
                {hidden("currency", payable.currency().code().to_owned())}
                <div class=format!("{} part", css::FIELD)>
                    <span class="money">
                        <input class="input" id=id name=name("amount") value=text inputmode="decimal" autocomplete="off"
                            aria-label=format!("Amount for {number}") aria-invalid=why.is_some().then_some("true")
                            aria-describedby=why.is_some().then(|| error_id.clone())/>
                        <span class="unit">{payable.currency().code()}</span>
                    </span>
                    {why.map(|why| view! { <p class="error" id=error_id><Icon of=Glyph::Alert/>{why}</p> })}
                </div>
            </td>
        </tr>
    }
}

/// `lines[0][amount]` as a part of a name: `[lines][0][amount]`.
fn nested(field: &str) -> String {
    match field.split_once('[') {
        Some((first, rest)) => format!("[{first}][{rest}"),
        None => format!("[{field}]"),
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
