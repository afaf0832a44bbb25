//! The signed-in person as a page knows them.
//!
//! The server draws with it and writes it into the page; the browser reads it from there before it wakes the page, so
//! both draw the same and no resource sits in the frame.

use domain::{locale::Locale, sessions::Viewer, tenants::Subsidiary};
use leptos::prelude::*;

/// Id of the element that carries the viewer to the browser.
pub const ELEMENT: &str = "viewer";

/// The signed-in person, or none on the page `Log in`.
pub fn use_viewer() -> Option<Viewer> {
    use_context::<Option<Viewer>>().flatten()
}

/// The subsidiaries whose received invoices the signed-in person sees.
pub fn use_subsidiaries() -> Vec<Subsidiary> {
    use_viewer().map(|viewer| viewer.subsidiaries).unwrap_or_default()
}

/// A choice among the companies whose papers the signed-in person sees: what is posted and what is shown, all of them
/// first. Empty where there is one only.
pub fn use_companies() -> Vec<(String, String)> {
    let Some(viewer) = use_viewer().filter(|viewer| !viewer.subsidiaries.is_empty()) else {
        return Vec::new();
    };
    let all = (String::new(), "All".to_owned());
    let own = (viewer.tenant.id.to_string(), viewer.tenant.name);
    let below = viewer.subsidiaries.into_iter();
    [all, own]
        .into_iter()
        .chain(below.map(|one| (one.id.to_string(), one.name)))
        .collect()
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
