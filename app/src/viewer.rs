//! The signed-in person as a page knows them.
//!
//! The server draws with it and writes it into the page; the browser reads it from there before it wakes the page, so
//! both draw the same and no resource sits in the frame.

use domain::{locale::Locale, sessions::Viewer};
use leptos::prelude::*;

/// Id of the element that carries the viewer to the browser.
pub const ELEMENT: &str = "viewer";

/// The signed-in person, or none on the page `Log in`.
pub fn use_viewer() -> Option<Viewer> {
    use_context::<Option<Viewer>>().flatten()
}

/// The locale to write amounts and dates in.
pub fn use_locale() -> Locale {
    use_context().unwrap_or_default()
}

/// Makes the viewer known to all components. Called once, by `App`.
pub(crate) fn provide() {
    let viewer = load();
    // By itself as well: every amount and date asks for it, and a viewer is much to copy.
    let locale: Locale = viewer
        .as_ref()
        .map(|viewer| viewer.tenant.locale)
        .unwrap_or_default();
    provide_context(locale);
    provide_context(viewer);
}

#[cfg(feature = "ssr")]
pub(crate) fn load() -> Option<Viewer> {
    crate::server::Caller::try_current()?.viewer
}

#[cfg(not(feature = "ssr"))]
pub(crate) fn load() -> Option<Viewer> {
    let text = document().get_element_by_id(ELEMENT)?.text_content()?;
    crate::wire::from_text::<Option<Viewer>>(&text)?
}
