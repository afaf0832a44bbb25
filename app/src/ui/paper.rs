//! The parts that printed documents share: invoices, receipts.

use super::icon::{Glyph, Icon};
use crate::css;
use crate::markup::view;
use domain::{ids::InvoiceId, rollups::BilledWith, tenants::Party};
#[cfg(feature = "ssr")]
use leptos::nonce::use_nonce;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
const PRINT: &str = include_str!("print.js");

/// Prints the page; without script the browser's own menu does.
#[component]
pub fn PrintButton() -> impl IntoView {
    let awake = RwSignal::new(false);
    Effect::new(move |_| awake.set(true));
    view! {
        <button class=format!("{} no-print", css::BUTTON) type="button" hidden=move || !awake.get()
            on:click=|_| drop(window().print())><Icon of=Glyph::Print/>"Print"</button>
    }
}

/// The same on a plain page, with the little script (`print.js`) that shows it.
#[cfg(feature = "ssr")]
#[component]
pub fn PlainPrintButton() -> impl IntoView {
    view! {
        <button class=format!("{} no-print", css::BUTTON) type="button" hidden=true><Icon of=Glyph::Print/>"Print"</button>
        <script nonce=use_nonce() inner_html=PRINT></script>
    }
}

/// A party as printed on a document. Stands in `css::PARTIES`.
#[component]
pub fn PartyBlock(
    /// What it is on the document: `From`, `Bill to`.
    title: &'static str,
    /// Who.
    party: Party,
) -> impl IntoView {
    let Party {
        name,
        street,
        city,
        postal_code,
        country,
        tax_id,
        email: _,
    } = party;
    let town = format!("{postal_code} {city}");
    let lines = [street, town.trim().to_owned(), country];
    let lines = lines.into_iter().filter(|line| !line.is_empty());
    view! {
        <div>
            <h2>{title}</h2>
            <address><b>{name}</b>{lines.map(|line| view! { <br/>{line} }).collect_view()}</address>
            {tax_id.map(|id| view! { <p class="muted">"Tax ID "{id}</p> })}
        </div>
    }
}

/// The number of an invoice, which leads to it. What the reader does not reach has no page of its own (V27).
#[component]
pub fn InvoiceNumber(
    /// Which.
    id: InvoiceId,
    /// Its number.
    number: String,
    /// Whether the reader sees it.
    reached: bool,
) -> impl IntoView {
    if reached {
        view! { <a href=format!("/invoices/{id}")>{number}</a> }
    } else {
        view! { {number}<small>"Of a subsidiary"</small> }
    }
}

/// The bill of its parent with which an invoice is paid, and to whom it went. It leads there whoever sees it (V40).
#[component]
pub fn RollupNumber(
    /// What the invoice says of it.
    of: BilledWith,
) -> impl IntoView {
    let BilledWith {
        number,
        payer,
        rollup,
    } = of;
    let number = match rollup {
        Some(id) => view! { <a href=format!("/rollups/{id}") rel="external">{number}</a> }.into_any(),
        None => number.into_any(),
    };
    view! { {number}" to "{payer} }
}

/// `Visa ending 4242`: all that is kept of a card (V35).
pub fn card_name(brand: &str, last4: &str) -> String {
    let mut letters = brand.chars();
    let brand: String = letters
        .next()
        .map(|first| {
            std::iter::once(first.to_ascii_uppercase())
                .chain(letters)
                .collect()
        })
        .unwrap_or_default();
    format!("{brand} ending {last4}")
}
