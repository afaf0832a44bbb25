//! A revision of an issued invoice that was replaced, drawn as the document that it was (V17).

use super::api::find_revision;
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    invoices::paper::{billed, lines, parties, terms},
    ui::{amount::Day, badge::Badge, icon::Glyph, loaded::loaded, page::PageHead, paper::PlainPrintButton},
};
use domain::{
    ids::InvoiceId,
    invoices::editing::{Replaced, Revision, Snapshot},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page.
pub(crate) fn view() -> AnyView {
    let params = use_params_map();
    let which = Memo::new(move |_| {
        let params = params.read();
        let id = params.get("id")?.parse::<InvoiceId>().ok()?;
        let number = params.get("number")?.parse::<u32>().ok()?;
        Some((id, number))
    });
    let found: Loading<Replaced> = load(
        move || which.get(),
        |which| async move {
            let (id, number) = which.ok_or(AppError::NotFound)?;
            find_revision(id, number).await
        },
    );
    loaded(found, |found: Replaced| view! { <Old found/> }).into_any()
}

#[component]
fn Old(found: Replaced) -> impl IntoView {
    let Replaced {
        invoice,
        revision: Revision { number, snapshot, .. },
        on,
    } = found;
    let Snapshot {
        due_date,
        note,
        lines: old,
        costs,
        totals,
    } = snapshot;
    let id = invoice.row.id;
    let title = format!("Invoice {}", invoice.row.number.clone().unwrap_or_default());
    view! {
        <PageHead title=format!("{title}, revision {number}") up=("/invoices", "Invoices")
            mark=|| view! { <Badge kind="void" glyph=Glyph::Ban label="Replaced"/> }>
            <PlainPrintButton/>
            <a class=css::BUTTON href=format!("/revisions/{id}")>"Changes"</a>
            <a class=css::BUTTON href=format!("/invoices/{id}")>"Invoice"</a>
        </PageHead>
        <div class=css::INVOICE>
            <div class="paper">
                {parties(&invoice)}
                <dl class=format!("{} across terms", css::FACTS)>
                    {terms(&invoice, due_date)}
                    <div><dt>"Replaced on"</dt><dd><Day of=on/></dd></div>
                </dl>
                <section class="part" aria-labelledby="lines">
                    {lines(&title, &old)}
                    <dl class=css::TOTALS>{billed(&totals, &costs)}</dl>
                </section>
                {note.map(|note| view! { <p class="note">{note}</p> })}
            </div>
        </div>
    }
}
