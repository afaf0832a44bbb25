//! What is drawn on the server in one go, because nothing in it waits.
//!
//! Whatever stands in a `Transition` might load something, so leptos builds it to find out, throws that away, builds it
//! again and walks it with a future for every element and attribute before it writes the first letter. What a page
//! shows of loaded data loads nothing more: it is built once and written at once. A `Transition` within would show its
//! fallback for ever; a page with two things to load puts them side by side.

use leptos::{
    prelude::*,
    tachys::{
        html::attribute::{Attribute, any_attribute::AnyAttribute},
        hydration::Cursor,
        view::{Position, PositionState, add_attr::AddAnyAttr, any_view::AnyView},
    },
};

/// See the module.
pub(crate) struct Still(pub(crate) AnyView);

impl Render for Still {
    type State = <AnyView as Render>::State;

    fn build(self) -> Self::State {
        self.0.build()
    }

    fn rebuild(self, state: &mut Self::State) {
        self.0.rebuild(state);
    }
}

impl AddAnyAttr for Still {
    type Output<New: Attribute> = <AnyView as AddAnyAttr>::Output<New>;

    fn add_any_attr<New: Attribute>(self, attribute: New) -> Self::Output<New> {
        self.0.add_any_attr(attribute)
    }
}

impl RenderHtml for Still {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn html_len(&self) -> usize {
        self.0.html_len()
    }

    // Leptos' own way of writing into a stream goes through this, too.
    fn to_html_with_buf(
        self,
        text: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        attributes: Vec<AnyAttribute>,
    ) {
        text.reserve(self.0.html_len());
        self.0.to_html_with_buf(text, position, escape, mark_branches, attributes);
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Self::State {
        self.0.hydrate::<FROM_SERVER>(cursor, position)
    }

    fn into_owned(self) -> Self {
        self
    }
}
