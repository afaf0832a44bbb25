//! The open invoices of the workbench, with what goes to each: by the rule, or as somebody typed.

use super::{PAGE, api::SavePlan};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::{Amount, Day},
        form::Failed,
        page::{Alert, Tone},
        part::{Part, line_name, typed_before},
        table::{Head, Table},
    },
    viewer::use_locale,
};
use domain::{
    Money,
    ids::{FormKey, InvoiceId},
    invoices::Status,
    locale::{Locale, format_amount, format_amount_with_code, parse_amount},
    payments::allocation::{MOST_EXACT, Rule},
    workbench::{DebtLine, SourceLine, WorkbenchQuery},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// An open invoice as its line is filled in.
pub(super) struct Filled {
    line: DebtLine,
    /// What stands in the field.
    text: String,
    /// What is wrong with it.
    why: Option<String>,
}

/// Fills lines in: with what came back from a post that failed, else with what was typed before a preview, else by the rule.
pub(super) fn filled(debts: Vec<DebtLine>, failed: &Failed, typed: &[(InvoiceId, String)]) -> Vec<Filled> {
    let locale = use_locale();
    let fill = |line: DebtLine| {
        let typed = typed.iter().find(|(invoice, _)| *invoice == line.invoice);
        let typed = typed.map(|(_, text)| (text.clone(), wrong(text, &line, locale)));
        let by_rule = || {
            (
                line.amount
                    .map(|amount| format_amount(amount, locale))
                    .unwrap_or_default(),
                None,
            )
        };
        let before = typed_before(failed, &line.invoice.to_string());
        let (text, why) = before.or(typed).unwrap_or_else(by_rule);
        Filled { line, text, why }
    };
    debts.into_iter().map(fill).collect()
}

/// Why a text is no amount.
fn wrong(text: &str, line: &DebtLine, locale: Locale) -> Option<String> {
    let read = read(text, line, locale)?;
    read.err().map(|why| why.message(locale))
}

/// A line's amount; none where nothing is meant.
fn read(text: &str, line: &DebtLine, locale: Locale) -> Option<Result<Money, domain::Refusal>> {
    let text = text.trim();
    (!text.is_empty()).then(|| parse_amount(text, line.payable.currency(), locale))
}

/// What the lines come to, beside what is ticked.
pub(super) fn sums(total: Money, lines: &[Filled]) -> String {
    let locale = use_locale();
    let shown = |amount| format_amount_with_code(amount, locale);
    let amounts = lines.iter().filter_map(|one| read(&one.text, &one.line, locale));
    let put = amounts
        .collect::<Result<Vec<_>, _>>()
        .and_then(|amounts| Money::sum(total.currency(), amounts));
    let left = put.and_then(|put| Ok((put, total.checked_sub(put)?)));
    match left {
        Ok((put, left)) if left.is_negative() => format!(
            "{} is ticked, and {} is to be put to invoices: that is more. Tick more, or lower the amounts.",
            shown(total),
            shown(put)
        ),
        Ok((put, left)) => format!(
            "Of {} that is ticked, {} goes to invoices and {} is left. Amounts can be changed before they are saved.",
            shown(total),
            shown(put),
            shown(left)
        ),
        Err(_) => format!("{} is ticked. Not every amount can be read.", shown(total)),
    }
}

/// What is open, with what goes to it.
#[component]
pub(super) fn Debts(
    key: FormKey,
    query: WorkbenchQuery,
    used: Vec<SourceLine>,
    lines: Vec<Filled>,
    more: bool,
    total: Money,
    rest: Money,
    rule: Rule,
) -> impl IntoView {
    if lines.is_empty() {
        return view! { <p class="soft">"Nothing is open in this currency. The money waits for the next invoice."</p> }
            .into_any();
    }
    if used.is_empty() {
        return view! { <p class="soft">"Nothing is ticked that could pay them."</p> }.into_any();
    }
    let shown = lines.len();
    let missed = rule == Rule::Exact && rest.is_positive();
    let heads = vec![
        Head::of("Invoice"),
        Head::of("Due"),
        Head::amount("Open"),
        Head::amount("Apply"),
    ];
    let rows = lines
        .into_iter()
        .enumerate()
        .map(|(index, line)| debt(index, line))
        .collect_view();
    let hidden = |name: &'static str, value: Option<String>| {
        value.map(|value| view! { <input type="hidden" name=name value=value/> })
    };
    let sources = used.iter().enumerate().map(|(index, source)| {
        view! {
            <input type="hidden" name=format!("form[sources][{index}][id]") value=source.id.to_string()/>
            <input type="hidden" name=format!("form[sources][{index}][seen]") value=source.unused.minor().to_string()/>
        }
    });
    view! {
        <Rules query=query.clone()/>
        <div id="missed">{missed.then(|| view! { <NoExactSum total rest/> })}</div>
        <form class=css::RECORD method="post" action=SavePlan::url()>
            {hidden("form[key]", Some(key.to_string()))}
            {hidden("form[account]", query.account.map(|id| id.to_string()))}
            {hidden("form[currency]", query.currency.map(|code| code.code().to_owned()))}
            <div id="drawn" hidden>
                {hidden("form[rule]", Some(rule.code().to_owned()))}
                {sources.collect_view()}
            </div>
            <Table caption="Open invoices" heads>{rows}</Table>
            {more.then(|| view! { <p class="soft">{format!("These are the {shown} that are due first; there are more, and the rule looks at these.")}</p> })}
            <div class="buttons"><button class=format!("{} primary", css::BUTTON)>"Save"</button></div>
        </form>
    }
    .into_any()
}

/// The rules as links: the amounts are filled in anew.
#[component]
fn Rules(query: WorkbenchQuery) -> impl IntoView {
    let link = move |rule: &Rule| {
        let here = (query.rule == *rule).then_some("page");
        let there = query.by(*rule).to_query();
        view! { <a href=format!("{PAGE}?{there}") aria-current=here>{rule.label()}</a> }
    };
    view! { <nav class=css::TABS aria-label="Rule">{Rule::ALL.iter().map(link).collect_view()}</nav> }
}

/// Says that no invoices are together what is ticked, and how far that was looked for.
#[component]
fn NoExactSum(total: Money, rest: Money) -> impl IntoView {
    let locale = use_locale();
    let sum = format_amount_with_code(total, locale);
    let text = if rest == total {
        format!(
            "No invoices are together just {sum}, among the {MOST_EXACT} that are due first. Nothing is filled in."
        )
    } else {
        format!(
            "Not every company has invoices that are together just its money, among the {MOST_EXACT} that are due first."
        )
    };
    view! { <Alert tone=Tone::Info><p>{text}</p></Alert> }
}

fn debt(index: usize, filled: Filled) -> impl IntoView + use<> {
    let Filled { line, text, why } = filled;
    let DebtLine {
        invoice,
        number,
        company,
        issued: _,
        due_date,
        status,
        payable,
        is_disputed,
        amount: _,
    } = line;
    let due = if status == Status::Overdue {
        "when late"
    } else {
        "when"
    };
    let disputed = is_disputed.then(|| "Disputed".to_owned());
    let small = [company, disputed]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ");
    let hidden = |field: &str, value: String| view! { <input type="hidden" name=line_name(index, field) value=value/> };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><a href=format!("/invoices/{invoice}")>{number.clone()}</a><small>{small}</small></th>
            <td role="cell" class=due data-label="Due"><Day of=due_date/></td>
            <td role="cell" class="num" data-label="Open"><Amount of=payable/></td>
            <td role="cell" class="num" data-label="Apply">
                {hidden("invoice", invoice.to_string())}
                {hidden("seen", payable.minor().to_string())}
                {hidden("currency", payable.currency().code().to_owned())}
                <Part index text=text currency=payable.currency() label=format!("Amount for {number}") why/>
            </td>
        </tr>
    }
}
