//! A customer's workbench: what is unused on the left, what is open on the right.

use super::{PAGE, api::SavePlan, history::History};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::{Amount, Day},
        form::{Failed, FormErrors},
        page::{Alert, PageHead, Tone},
        part::{Part, line_name, typed_before},
        table::{Head, Table},
    },
    viewer::use_locale,
};
use domain::{
    Money,
    ids::{FormKey, Uuid},
    invoices::Status,
    locale::{format_amount, format_amount_with_code},
    payments::allocation::{MOST_EXACT, Rule},
    workbench::{DebtLine, SourceLine, Workbench, WorkbenchQuery},
};
use leptos::{prelude::*, server_fn::ServerFn};
use std::collections::BTreeSet;

/// The page.
#[component]
pub(super) fn Bench(bench: Workbench, failed: Failed) -> impl IntoView {
    let query = address(&bench);
    let Workbench {
        key,
        account: _,
        name,
        external_id,
        currency: _,
        currencies,
        rule,
        sources,
        more_sources,
        debts,
        more_debts,
        total,
        rest,
        history,
        more_history,
    } = bench;
    let used = sources.iter().filter(|source| source.ticked).cloned().collect();
    view! {
        <PageHead title=format!("Workbench of {name}") up=(PAGE, "Workbench") note=external_id.unwrap_or_default()/>
        <div class="stack loose">
            <FormErrors failed=failed.clone() title="Nothing was saved"/>
            {(currencies.len() > 1).then(|| view! { <Currencies query=query.clone() currencies/> })}
            <div class=css::WORKBENCH>
                <section class="stack">
                    <h2>"Unused money and credit"</h2>
                    <Sources query=query.clone() sources more=more_sources/>
                </section>
                <section class="stack">
                    <h2>"Open invoices"</h2>
                    <Debts key query used debts more=more_debts total rest rule failed/>
                </section>
            </div>
            {(!history.is_empty()).then(|| view! { <History rows=history more=more_history/> })}
        </div>
    }
}

/// What the page shows, as an address.
fn address(bench: &Workbench) -> WorkbenchQuery {
    let ticked = bench.sources.iter().filter(|source| source.ticked);
    let all = bench.sources.iter().all(|source| source.ticked);
    WorkbenchQuery {
        account: Some(bench.account),
        currency: Some(bench.currency),
        rule: bench.rule,
        from: (!all).then(|| ticked.map(|source| source.id).collect()),
        ..WorkbenchQuery::default()
    }
}

#[component]
fn Currencies(query: WorkbenchQuery, currencies: Vec<domain::Currency>) -> impl IntoView {
    let link = move |code: domain::Currency| {
        let here = (query.currency == Some(code)).then_some("page");
        let there = WorkbenchQuery {
            currency: Some(code),
            from: None,
            ..query.clone()
        };
        view! { <a href=format!("{PAGE}?{}", there.to_query()) aria-current=here>{code.code()}</a> }
    };
    view! { <nav class=css::TABS aria-label="Currency">{currencies.into_iter().map(link).collect_view()}</nav> }
}

/// The companies of a family as links, each of which ticks what that company has.
#[component]
fn Companies(query: WorkbenchQuery, sources: Vec<SourceLine>) -> impl IntoView {
    let link = |name: String, from: Option<Vec<Uuid>>, here: bool| {
        let there = WorkbenchQuery {
            from,
            ..query.clone()
        };
        let here = here.then_some("page");
        view! { <a href=format!("{PAGE}?{}", there.to_query()) aria-current=here>{name}</a> }
    };
    let companies: BTreeSet<String> = sources
        .iter()
        .filter_map(|source| source.company.clone())
        .collect();
    let links = companies.iter().map(|company| {
        let own = |source: &&SourceLine| source.company.as_ref() == Some(company);
        let here = sources.iter().all(|source| source.ticked == own(&source));
        let from = sources.iter().filter(own).map(|source| source.id).collect();
        link(company.clone(), Some(from), here)
    });
    let links = links.collect_view();
    let all = link("All companies".to_owned(), None, query.from.is_none());
    (companies.len() > 1).then(|| view! { <nav class=css::TABS aria-label="Company">{all}{links}</nav> })
}

/// What can be used, with a box each.
#[component]
fn Sources(query: WorkbenchQuery, sources: Vec<SourceLine>, more: bool) -> impl IntoView {
    if sources.is_empty() {
        return view! {
            <p class="soft">"All money and credit is put to invoices, or on its way back."</p>
        }
        .into_any();
    }
    let heads = vec![
        Head::of("Use"),
        Head::of("From"),
        Head::of("Day"),
        Head::amount("Unused"),
    ];
    let shown = sources.len();
    let companies = view! { <Companies query=query.clone() sources=sources.clone()/> };
    let rows = sources.into_iter().map(source).collect_view();
    let kept = [
        ("account", query.account.map(|id| id.to_string())),
        ("currency", query.currency.map(|code| code.code().to_owned())),
        ("rule", Some(query.rule.code().to_owned())),
        ("ticked", Some("1".to_owned())),
    ];
    let kept = kept
        .into_iter()
        .filter_map(|(name, value)| Some(view! { <input type="hidden" name=name value=value?/> }));
    view! {
        {companies}
        <form method="get" action=PAGE class="stack">
            {kept.collect_view()}
            <Table caption="Unused money and credit" heads>{rows}</Table>
            {more.then(|| view! { <p class="soft">{format!("These are the oldest {shown}; there is more.")}</p> })}
            <div class="buttons"><button class=css::BUTTON>"Preview with what is ticked"</button></div>
        </form>
    }
    .into_any()
}

fn source(source: SourceLine) -> impl IntoView {
    let SourceLine {
        id,
        is_credit,
        number,
        day,
        company,
        unused,
        ticked,
    } = source;
    let paper = if is_credit {
        format!("/credits/{id}")
    } else {
        format!("/payments/{id}")
    };
    let kind = if is_credit { "Credit note" } else { "Payment" };
    let small = match company {
        Some(company) => format!("{kind}, {company}"),
        None => kind.to_owned(),
    };
    view! {
        <tr role="row">
            <td role="cell" class="pick">
                <label><input type="checkbox" name="from" value=id.to_string() checked=ticked autocomplete="off" aria-label=format!("Use {number}")/></label>
            </td>
            <th scope="row" role="rowheader"><a href=paper>{number}</a><small>{small}</small></th>
            <td role="cell" class="when" data-label="Day"><Day of=day/></td>
            <td role="cell" class="num lead" data-label="Unused"><Amount of=unused/></td>
        </tr>
    }
}

/// What is open, with what goes to it.
#[component]
fn Debts(
    key: FormKey,
    query: WorkbenchQuery,
    used: Vec<SourceLine>,
    debts: Vec<DebtLine>,
    more: bool,
    total: Money,
    rest: Money,
    rule: Rule,
    failed: Failed,
) -> impl IntoView {
    if debts.is_empty() {
        return view! { <p class="soft">"Nothing is open in this currency. The money waits for the next invoice."</p> }
            .into_any();
    }
    if used.is_empty() {
        return view! { <p class="soft">"Nothing is ticked that could pay them."</p> }.into_any();
    }
    let shown = debts.len();
    let missed = rule == Rule::Exact && rest.is_positive();
    let locale = use_locale();
    let sums = format!(
        "Of {} that is ticked, the rule leaves {}. Amounts can be changed before they are saved.",
        format_amount_with_code(total, locale),
        format_amount_with_code(rest, locale)
    );
    let heads = vec![
        Head::of("Invoice"),
        Head::of("Due"),
        Head::amount("Open"),
        Head::amount("Apply"),
    ];
    let rows = debts
        .into_iter()
        .enumerate()
        .map(|(index, line)| debt(index, line, &failed))
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
        {missed.then(|| view! { <NoExactSum total rest/> })}
        <p class="soft">{sums}</p>
        <form class=css::RECORD method="post" action=SavePlan::url()>
            {hidden("form[key]", Some(key.to_string()))}
            {hidden("form[account]", query.account.map(|id| id.to_string()))}
            {hidden("form[currency]", query.currency.map(|code| code.code().to_owned()))}
            {hidden("form[rule]", Some(rule.code().to_owned()))}
            {sources.collect_view()}
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

fn debt(index: usize, line: DebtLine, failed: &Failed) -> impl IntoView + use<> {
    let locale = use_locale();
    let DebtLine {
        invoice,
        number,
        company,
        issued: _,
        due_date,
        status,
        payable,
        is_disputed,
        amount,
    } = line;
    let before = typed_before(failed, &invoice.to_string());
    let text = before
        .as_ref()
        .map(|(text, _)| text.clone())
        .or_else(|| amount.map(|amount| format_amount(amount, locale)));
    let why = before.and_then(|(_, why)| why);
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
                <Part index text=text.unwrap_or_default() currency=payable.currency() label=format!("Amount for {number}") why/>
            </td>
        </tr>
    }
}
