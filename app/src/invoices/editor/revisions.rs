//! What changed in an issued invoice, revision by revision, the last first (V17).

use super::api::find_revisions;
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{
        amount::{Amount, Day, Moment},
        badge::Badge,
        icon::Glyph,
        loaded::loaded,
        page::{Alert, PageHead, Tone},
        table::{Head, Table},
    },
    viewer::use_locale,
};
use domain::{
    Money,
    access::Side,
    ids::InvoiceId,
    invoices::{
        InvoiceLine,
        editing::{CostChange, LineChange, Revision, Revisions, Snapshot, changes, cost_changes},
    },
    locale::{format_quantity, format_rate, format_unit_price},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page.
pub(crate) fn view() -> AnyView {
    let params = use_params_map();
    let id = Memo::new(move |_| {
        params
            .read()
            .get("id")
            .and_then(|id| id.parse::<InvoiceId>().ok())
    });
    let found: Loading<(Side, Revisions)> = load(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => find_revisions(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    loaded(found, |(_, found): (Side, Revisions)| view! { <All found/> }).into_any()
}

#[component]
fn All(found: Revisions) -> impl IntoView {
    let Revisions {
        invoice,
        number,
        now,
        before,
    } = found;
    let none = before.is_empty();
    // Each revision with what came after it.
    let after: Vec<Snapshot> = std::iter::once(now)
        .chain(before.iter().map(|one| one.snapshot.clone()))
        .collect();
    let changes = before
        .into_iter()
        .zip(after)
        .map(|(before, after)| view! { <Change invoice before after/> })
        .collect_view();
    view! {
        <PageHead title=format!("Changes of {number}") up=("/invoices", "Invoices")>
            <a class=css::BUTTON href=format!("/invoices/{invoice}")>"Invoice"</a>
        </PageHead>
        <div class="stack loose">
            {none.then(|| view! { <Alert tone=Tone::Info><p>"It is as it was issued."</p></Alert> })}
            {changes}
        </div>
    }
}

#[component]
fn Change(invoice: InvoiceId, before: Revision, after: Snapshot) -> impl IntoView {
    let Revision {
        number,
        snapshot: old,
        reason,
        by,
        at,
    } = before;
    let id = format!("revision-{number}");
    let labelled = id.clone();
    let lines = changes(&old.lines, &after.lines);
    let heads = vec![
        Head::of("What"),
        Head::of("Line"),
        Head::amount("Before"),
        Head::amount("After"),
    ];
    let rows = lines.into_iter().map(row).collect_view();
    let costs = cost_changes(&old.costs, &after.costs);
    let costs = costs.into_iter().map(cost).collect_view();
    let discount = (old.totals.discount != after.totals.discount).then(|| {
        sum(
            "Discount on the whole",
            old.totals.discount,
            after.totals.discount,
        )
    });
    let sums = [
        ("Total without tax", old.totals.net, after.totals.net),
        ("Tax", old.totals.tax, after.totals.tax),
        ("Total", old.totals.total, after.totals.total),
    ];
    let sums = sums
        .map(|(name, before, after)| sum(name, before, after))
        .collect_view();
    let due = (old.due_date != after.due_date).then(|| {
        view! {
            <tr role="row">
                <td role="cell" class="state" data-label="What"><Badge kind="info" glyph=Glyph::Refresh label="Changed"/></td>
                <th scope="row" role="rowheader">"Due on"</th>
                <td role="cell" class="num" data-label="Before"><Day of=old.due_date/></td>
                <td role="cell" class="num" data-label="After"><Day of=after.due_date/></td>
            </tr>
        }
    });
    let noted = (old.note != after.note).then(|| {
        view! {
            <tr role="row">
                <td role="cell" class="state" data-label="What"><Badge kind="info" glyph=Glyph::Refresh label="Changed"/></td>
                <th scope="row" role="rowheader">"Note"</th>
                <td role="cell" class="num" data-label="Before">{old.note.clone()}</td>
                <td role="cell" class="num" data-label="After">{after.note.clone()}</td>
            </tr>
        }
    });
    view! {
        <section class="stack" aria-labelledby=labelled>
            <h2 id=id>{reason}</h2>
            <p class="soft">{by}" changed it, "<Moment of=at/></p>
            <Table caption="What was changed" heads>{rows}{costs}{discount}{due}{noted}{sums}</Table>
            <p><a href=format!("/revisions/{invoice}/{number}")>{format!("Revision {number}, as it was before")}</a></p>
        </section>
    }
}

/// What became of a part of the document.
fn fate(before: bool, after: bool) -> impl IntoView {
    let (kind, glyph, label) = match (before, after) {
        (false, _) => ("good", Glyph::Plus, "Added"),
        (true, false) => ("bad", Glyph::Ban, "Removed"),
        (true, true) => ("info", Glyph::Refresh, "Changed"),
    };
    view! { <td role="cell" class="state" data-label="What"><Badge kind glyph label/></td> }
}

fn cost(change: CostChange) -> impl IntoView {
    let CostChange {
        description,
        before,
        after,
    } = change;
    view! {
        <tr role="row">
            {fate(before.is_some(), after.is_some())}
            <th scope="row" role="rowheader">{description}</th>
            <td role="cell" class="num" data-label="Before">{before.map(|of| view! { <Amount of/> })}</td>
            <td role="cell" class="num" data-label="After">{after.map(|of| view! { <Amount of/> })}</td>
        </tr>
    }
}

fn row(change: LineChange) -> impl IntoView {
    let name = change
        .after
        .as_ref()
        .or(change.before.as_ref())
        .map(|line| line.description.clone());
    view! {
        <tr role="row">
            {fate(change.before.is_some(), change.after.is_some())}
            <th scope="row" role="rowheader">{name}</th>
            <td role="cell" class="num" data-label="Before">{change.before.map(said)}</td>
            <td role="cell" class="num" data-label="After">{change.after.map(said)}</td>
        </tr>
    }
}

/// A line in a cell: what it comes to, and how.
fn said(line: InvoiceLine) -> impl IntoView {
    let locale = use_locale();
    let how = format!(
        "{} × {}, {}",
        format_quantity(line.quantity, locale),
        format_unit_price(line.unit_price, line.net.currency(), locale),
        format_rate(line.tax_rate, locale)
    );
    view! { <Amount of=line.net/><small>{how}</small> }
}

fn sum(name: &'static str, before: Money, after: Money) -> impl IntoView {
    view! {
        <tr role="row" class="total">
            <td role="cell"></td>
            <th scope="row" role="rowheader">{name}</th>
            <td role="cell" class="num" data-label="Before"><Amount of=before/></td>
            <td role="cell" class="num lead" data-label="After"><Amount of=after/></td>
        </tr>
    }
}
