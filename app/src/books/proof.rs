//! The page `Prove it`: everything computed anew and compared with what is stored.

use super::api::prove_books;
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        badge::Badge,
        icon::{Glyph, Icon},
        loaded::loaded,
        page::{Alert, PageHead, Tone},
        table::{Head, Table},
    },
    viewer::use_locale,
};
use domain::{
    books::{Proof, Proofs, SeriesProof},
    locale::format_count,
};
use leptos::prelude::*;

/// What the page loads.
struct Loads {
    proofs: Loading<Proofs>,
}

impl Loads {
    fn new() -> Self {
        Self {
            proofs: load(|| (), |()| prove_books()),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { proofs } = Loads::new();
    view! {
        <PageHead title="Prove it" up=("/books", "Books")
            note="Every balance, allocation and number is computed anew from what it is made of, and compared with what is stored.">
            <a class=css::BUTTON href="/proof"><Icon of=Glyph::Refresh/>"Again"</a>
        </PageHead>
        {loaded(proofs, |proofs: Proofs| view! { <Shown proofs/> })}
    }
    .into_any()
}

#[component]
fn Shown(proofs: Proofs) -> impl IntoView {
    let locale = use_locale();
    let differences = proofs.differences();
    let Proofs {
        counted,
        proofs,
        series,
        milliseconds,
    } = proofs;
    let (tone, said) = if differences == 0 {
        (
            Tone::Success,
            format!("{} comparisons, no difference.", proofs.len()),
        )
    } else {
        let text = "Something is not as it must be. Do not correct it by hand; show this page to whoever runs the portal.";
        (Tone::Error, format!("{differences} differences. {text}"))
    };
    let facts = counted.into_iter().map(move |(what, count)| {
        view! { <div><dt>{what}</dt><dd>{format_count(count, locale)}</dd></div> }
    });
    let heads = vec![Head::of("Compared"), Head::of("Result"), Head::of("Rule")];
    let rows = proofs.into_iter().map(row);
    let series_heads = vec![Head::of("Series"), Head::of("Of"), Head::amount("Numbers given")];
    let series = series.into_iter().map(move |one| {
        let SeriesProof { kind, series, given } = one;
        let given = format_count(u64::try_from(given).unwrap_or_default(), locale);
        let kind = match kind.as_str() {
            "invoice" => "Invoices",
            "credit_note" => "Credit notes",
            "receipt" => "Receipts",
            _ => "Documents",
        };
        view! {
            <tr role="row">
                <th scope="row" role="rowheader">{series}</th>
                <td role="cell" data-label="Of">{kind}</td>
                <td role="cell" class="num" data-label="Numbers given">{given}</td>
            </tr>
        }
    });
    view! {
        <div class="stack loose">
            <Alert tone><p>{said}</p></Alert>
            <dl class=format!("{} across", css::FACTS)>
                {facts.collect_view()}
                <div><dt>"Took"</dt><dd>{format!("{} ms", format_count(milliseconds, locale))}</dd></div>
            </dl>
            <Table caption="Comparisons" heads>{rows.collect_view()}</Table>
            <section class="stack">
                <h2>"Number series"</h2>
                <p class="soft">"As many documents were found as numbers were given, or the comparison above says which series has a gap."</p>
                <Table caption="Number series" heads=series_heads>{series.collect_view()}</Table>
            </section>
        </div>
    }
}

fn row(proof: Proof) -> impl IntoView {
    let Proof {
        what,
        rule,
        differences,
    } = proof;
    let result = if differences.is_empty() {
        view! { <Badge kind="good" glyph=Glyph::CheckCircle label="No difference"/> }.into_any()
    } else {
        let lines = differences
            .iter()
            .map(|one| {
                let name = match &one.named {
                    Some((name, page)) => view! { <a href=page.clone()>{name.clone()}</a> }.into_any(),
                    None => one.id.to_string().into_any(),
                };
                view! { <li>{name}{format!(": {} instead of {}", one.found, one.wanted)}</li> }
            })
            .collect_view();
        let count = differences.len();
        view! {
            <Badge kind="bad" glyph=Glyph::Alert label="Differs"/>
            <details class=css::DIFFERENCE><summary>{format!("{count} rows")}</summary><ul>{lines}</ul></details>
        }
        .into_any()
    };
    let mut name = what.chars();
    let name = name
        .next()
        .map(|first| first.to_uppercase().chain(name).collect::<String>())
        .unwrap_or_default();
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{name}</th>
            <td role="cell" class="state" data-label="Result">{result}</td>
            <td role="cell" class="soft" data-label="Rule">{rule}</td>
        </tr>
    }
}
