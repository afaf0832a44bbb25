//! The one dialog: the browser's own, with a title and buttons. Focus returns to where it was.

use crate::css;
use crate::markup::view;
use leptos::{html, prelude::*};

/// A dialog that opens through its `node`. Its form posts, or closes it with a button of `formmethod="dialog"`.
#[component]
pub fn Dialog(
    /// Handle to open and close it.
    node: NodeRef<html::Dialog>,
    /// Id of the title.
    id: &'static str,
    /// Title.
    #[prop(into)]
    title: String,
    /// Content.
    children: Children,
) -> impl IntoView {
    view! {
        <dialog class=css::DIALOG node_ref=node aria-labelledby=id>
            <h2 id=id>{title}</h2>
            {children()}
        </dialog>
    }
}
