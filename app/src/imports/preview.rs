//! What an import would do: documents, sums, duplicates, and what is wrong with which line and column.

use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::{Amount, Day},
        page::{Alert, Tone},
    },
    viewer::use_locale,
};
use domain::{
    imports::{Field, ImportDetail, ImportIssue, PreviewDocument},
    list::Total,
    locale::format_amount,
};
use leptos::prelude::*;

/// See the module.
#[component]
pub(super) fn Preview(detail: ImportDetail) -> impl IntoView {
    let locale = use_locale();
    let number = |n: u64| Total::Exactly(n).label(locale);
    let errors = detail.row.errors;
    let shown = detail.issues.len() as u64;
    let sums = detail.totals.iter().map(|sum| view! {
        <div><dt>"Total"</dt><dd>{format_amount(*sum, locale)}" "<abbr>{sum.currency().code()}</abbr></dd></div>
    });
    let duplicates = (detail.duplicates > 0).then(|| {
        view! {
            <div class="late"><dt>"Here already"</dt><dd>{number(detail.duplicates)}</dd></div>
        }
    });
    let issues: Vec<_> = detail.issues.iter().map(issue).collect();
    let documents: Vec<_> = detail.preview.iter().map(document).collect();
    view! {
        <dl class=css::FIGURES>
            <div><dt>"Documents"</dt><dd>{number(detail.row.documents)}</dd>
                <dd class="note">{format!("{} from {} rows", detail.format, number(detail.rows))}</dd></div>
            {sums.collect_view()}
            {duplicates}
            <div class:late=errors != 0><dt>"Problems"</dt><dd>{number(errors)}</dd></div>
        </dl>
        {(!issues.is_empty()).then(|| view! {
            {(errors > shown).then(|| view! {
                <Alert tone=Tone::Info><p>{format!("The first {shown} problems are shown.")}</p></Alert>
            })}
            <div class=css::DATA_TABLE>
                <table role="table">
                    <caption>"Problems"</caption>
                    <thead role="rowgroup"><tr role="row">
                        <th scope="col" role="columnheader">"Line"</th>
                        <th scope="col" role="columnheader">"Column"</th>
                        <th scope="col" role="columnheader">"Problem"</th>
                    </tr></thead>
                    <tbody role="rowgroup">{issues.collect_view()}</tbody>
                </table>
            </div>
        })}
        {(!documents.is_empty()).then(|| view! {
            <div class=css::DATA_TABLE>
                <table role="table">
                    <caption>"The first documents"</caption>
                    <thead role="rowgroup"><tr role="row">
                        <th scope="col" role="columnheader">"Number"</th>
                        <th scope="col" role="columnheader">"Kind"</th>
                        <th scope="col" role="columnheader">"Customer"</th>
                        <th scope="col" role="columnheader">"Issued"</th>
                        <th scope="col" role="columnheader" class="rare">"Due"</th>
                        <th scope="col" role="columnheader" class="num rare">"Lines"</th>
                        <th scope="col" role="columnheader" class="num">"Total"</th>
                    </tr></thead>
                    <tbody role="rowgroup">{documents.collect_view()}</tbody>
                </table>
            </div>
        })}
    }
}

fn issue(issue: &ImportIssue) -> impl IntoView + use<> {
    let column = issue
        .column
        .clone()
        .or_else(|| issue.field.map(|field: Field| field.label().to_owned()));
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{format!("Line {}", issue.line)}</th>
            <td role="cell" class="soft" data-label="Column">{column.unwrap_or_default()}</td>
            <td role="cell" class="late" data-label="Problem">{issue.problem.message()}</td>
        </tr>
    }
}

fn document(document: &PreviewDocument) -> impl IntoView + use<> {
    let kind = document.kind.word();
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{document.number.clone()}</th>
            <td role="cell" class="soft" data-label="Kind">{kind}</td>
            <td role="cell" data-label="Customer">{document.customer.clone()}</td>
            <td role="cell" class="when" data-label="Issued"><Day of=document.issue_date/></td>
            <td role="cell" class="fixed soft rare" data-label="Due">{document.due_date.map(|day| view! { <Day of=day/> })}</td>
            <td role="cell" class="num soft rare" data-label="Lines">{document.lines}</td>
            <td role="cell" class="num lead" data-label="Total"><Amount of=document.total/></td>
        </tr>
    }
}
