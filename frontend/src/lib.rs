//! Wakes the page that the server has drawn.
#![recursion_limit = "256"]

/// Called by the page's script once the program is there.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_lazy(app::App);
}
