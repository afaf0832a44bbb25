//! When a page wakes: from then on the browser answers itself what it would have asked the server for.

use leptos::prelude::*;

/// What the addresses of plain pages begin with, pages that only show and post, which the server
/// draws and no program wakes (app/src/lazy.rs).
const PLAIN: [&str; 38] = [
    "/login",
    "/password",
    "/invitation",
    "/account",
    "/switch",
    "/people",
    "/roles",
    "/audit",
    "/security",
    "/jobs",
    "/mail",
    "/tenants",
    "/profiles",
    "/groups",
    "/company",
    "/sharing",
    "/shared",
    "/door",
    "/allocate",
    "/workbench",
    "/attach",
    "/bank",
    "/compared",
    "/books",
    "/credit",
    "/disputes",
    "/write",
    "/revisions",
    "/refund",
    "/reminders",
    "/explain",
    "/as-of",
    "/receipt",
    "/void",
    "/proof",
    "/reconciliation",
    "/methods",
    "/rollups",
];

/// Plain pages beside which others are not.
const PLAIN_ALONE: [&str; 4] = ["/", "/payments", "/payments/record", "/payments/attempts"];

/// Whether the page at an address is plain.
pub(crate) fn is_plain(path: &str) -> bool {
    PLAIN_ALONE.contains(&path) || PLAIN.iter().any(|begin| path.starts_with(begin))
}

/// A plain page that something other than a link led to: the browser asks the server for it.
#[cfg(not(feature = "ssr"))]
pub(crate) fn leave_it_to_the_browser() -> AnyView {
    let _ = window().location().reload();
    ().into_any()
}

/// Marks the document once the page that is shown runs in the browser: what only works with script shows itself then.
pub(crate) fn mark() {
    Effect::new(|_| {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute(ATTRIBUTE, "true");
        }
    });
}

/// Leaves clicks to the browser until the page is awake, and those that lead to a plain page always. A link that the
/// router took earlier would change the address under a page that is still being woken, and what it shows would be the
/// old one.
pub(crate) fn leave_clicks_until_then() {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::{JsCast, prelude::Closure};
        let early = Closure::<dyn Fn(web_sys::Event)>::new(|click: web_sys::Event| {
            let awake = document()
                .document_element()
                .is_some_and(|root| root.has_attribute(ATTRIBUTE));
            let to_plain = || {
                let link = click
                    .target()?
                    .dyn_into::<web_sys::Element>()
                    .ok()?
                    .closest("a[href]");
                let link = link.ok()??.dyn_into::<web_sys::HtmlAnchorElement>().ok()?;
                is_plain(&link.pathname()).then_some(())
            };
            if !awake || to_plain().is_some() {
                click.stop_propagation();
            }
        });
        let _ =
            window().add_event_listener_with_callback_and_bool("click", early.as_ref().unchecked_ref(), true);
        early.forget();
    }
}

const ATTRIBUTE: &str = "data-awake";
