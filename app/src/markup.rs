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

/// Text as it may stand in an attribute of HTML that is written by hand.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_gets_out_of_an_attribute() {
        let text = r#""><script>alert(1)</script>&amp;"#;
        assert_eq!(
            escaped(text),
            "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;"
        );
        assert_eq!(escaped("Jörg & Söhne"), "Jörg &amp; Söhne");
    }
}
