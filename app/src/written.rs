//! Views that are text already: what the server draws at once, because nothing in it waits.
//!
//! Leptos builds a page as a whole before it writes the first letter, a few thousand small pieces of memory; and
//! whatever stands in a `Transition` it builds to see whether it loads something, throws that away and builds it again.
//! A part that is written as soon as it is built leaves its memory to the next one (docs/BENCHMARKS.md).
//!
//! Such a part begins with an element, and nothing in it waits: a `Transition` within would show its fallback for ever.
//! A page with two things to load puts them side by side.

use leptos::{
    prelude::*,
    tachys::{
        html::attribute::{Attribute, any_attribute::AnyAttribute},
        hydration::Cursor,
        view::{Position, PositionState, add_attr::AddAnyAttr},
    },
};

/// See the module.
pub(crate) struct Written {
    text: String,
    end: Position,
}

impl Written {
    /// Writes a view.
    pub(crate) fn new(view: AnyView) -> Self {
        let mut text = String::with_capacity(view.html_len());
        let mut end = Position::FirstChild;
        view.to_html_with_buf(&mut text, &mut end, true, false, Vec::new());
        Self { text, end }
    }
}

impl RenderHtml for Written {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn html_len(&self) -> usize {
        self.text.len()
    }

    fn to_html_with_buf(
        self,
        text: &mut String,
        position: &mut Position,
        _escape: bool,
        _mark_branches: bool,
        _attributes: Vec<AnyAttribute>,
    ) {
        text.push_str(&self.text);
        *position = self.end;
    }

    fn hydrate<const FROM_SERVER: bool>(self, _cursor: &Cursor, _position: &PositionState) {}

    fn into_owned(self) -> Self {
        self
    }
}

/// There is no document on the server.
impl Render for Written {
    type State = ();

    fn build(self) {}

    fn rebuild(self, _state: &mut ()) {}
}

impl AddAnyAttr for Written {
    type Output<New: Attribute> = Self;

    fn add_any_attr<New: Attribute>(self, _attribute: New) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use crate::markup::{view, written};
    use leptos::prelude::*;

    fn part() -> AnyView {
        view! { <p class="who">"Ann & Ben"</p>{Some(7)}"behind it" }
    }

    #[test]
    fn a_written_part_is_drawn_like_any_other() {
        let page = |part: AnyView| view! { <main><h1>"Page"</h1>{part}"and on"</main> }.to_html();
        assert_eq!(page(written(part())), page(part()));
    }
}
