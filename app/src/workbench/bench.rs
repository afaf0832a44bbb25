//! A customer's workbench: what is unused on the left, what is open on the right.
//!
//! The page is plain. The little script that it brings (`live.js`) asks for it anew as boxes are ticked, amounts are typed and
//! rules are chosen, and takes over what changed; without script a button does so.

use super::{
    PAGE,
    debts::{Debts, filled, sums},
    history::History,
};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::{Amount, Day},
        form::{Failed, FormErrors},
        page::PageHead,
        table::{Head, Table},
    },
};
use domain::{
    ids::{InvoiceId, Uuid},
    workbench::{SourceLine, Workbench, WorkbenchQuery},
};
use leptos::{nonce::use_nonce, prelude::*};
use std::collections::BTreeSet;

const SCRIPT: &str = include_str!("live.js");

/// The page.
#[component]
pub(super) fn Bench(bench: Workbench, typed: Vec<(InvoiceId, String)>, failed: Failed) -> impl IntoView {
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
    let used: Vec<SourceLine> = sources.iter().filter(|source| source.ticked).cloned().collect();
    let lines = filled(debts, &failed, &typed);
    let sums = (!lines.is_empty() && !used.is_empty()).then(|| sums(total, &lines));
    let debts = view! { <Debts key query=query.clone() used lines more=more_debts total rest rule/> };
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
                    <p class="soft" id="sums" role="status">{sums}</p>
                    <div class="stack" id="plan">{debts}</div>
                </section>
            </div>
            {(!history.is_empty()).then(|| view! { <History rows=history more=more_history/> })}
        </div>
        <script nonce=use_nonce() inner_html=SCRIPT></script>
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
        <form method="get" action=PAGE class="stack" id="sources">
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
