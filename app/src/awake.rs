//! When a page wakes: from then on the browser answers itself what it would have asked the server for.

use leptos::prelude::*;

/// Marks the document once the page that is shown runs in the browser: what only works with script shows itself then.
pub(crate) fn mark() {
    Effect::new(|_| {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute(ATTRIBUTE, "true");
        }
    });
}

/// Leaves clicks to the browser until the page is awake. A link that the router took earlier would change the address
/// under a page that is still being woken, and what it shows would be the old one.
pub(crate) fn leave_clicks_until_then() {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::{JsCast, prelude::Closure};
        let early = Closure::<dyn Fn(web_sys::Event)>::new(|click: web_sys::Event| {
            let awake = document()
                .document_element()
                .is_some_and(|root| root.has_attribute(ATTRIBUTE));
            if !awake {
                click.stop_propagation();
            }
        });
        let _ =
            window().add_event_listener_with_callback_and_bool("click", early.as_ref().unchecked_ref(), true);
        early.forget();
    }
}

const ATTRIBUTE: &str = "data-awake";
