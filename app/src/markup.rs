//! `view!` without the type of what it draws.
//!
//! Leptos compiles the drawing of every type of view once for each. A view's type spells out its elements, so an
//! optional paragraph, a list of paragraphs and a paragraph are three types with some kilobytes each; erased they are
//! one (docs/SIZE.md).

/// Leptos' `view!` as an `AnyView`.
macro_rules! view {
    ($($markup:tt)*) => {
        ::leptos::prelude::IntoAny::into_any(::leptos::view! { $($markup)* }.into_inner())
    };
}

pub(crate) use view;

/// A part of a page in which nothing waits, written on the server as soon as it is built; see `crate::written`.
#[cfg(feature = "ssr")]
pub(crate) fn written(view: leptos::prelude::AnyView) -> leptos::prelude::AnyView {
    leptos::prelude::IntoAny::into_any(crate::written::Written::new(view))
}

/// The same in the browser, which has nothing to write.
#[cfg(not(feature = "ssr"))]
pub(crate) fn written(view: leptos::prelude::AnyView) -> leptos::prelude::AnyView {
    view
}

/// A part of a view that is drawn again when what it reads changes, also without its type.
pub(crate) fn live<V: leptos::prelude::IntoAny>(
    mut draw: impl FnMut() -> V + Send + 'static,
) -> leptos::prelude::AnyView {
    use leptos::prelude::{AnyView, IntoAny};
    use std::sync::{Arc, Mutex};
    let drawn: Arc<Mutex<dyn FnMut() -> AnyView + Send>> = Arc::new(Mutex::new(move || draw().into_any()));
    drawn.into_any()
}

/// A yes or no that follows what it reads, for an attribute, a class or a property.
pub(crate) fn flag(
    read: impl FnMut() -> bool + Send + 'static,
) -> std::sync::Arc<std::sync::Mutex<dyn FnMut() -> bool + Send>> {
    std::sync::Arc::new(std::sync::Mutex::new(read))
}
