//! Imports of invoices and credit notes: upload, match columns, check, import, and take back.

pub mod api;
#[cfg(feature = "ssr")]
mod choices;
mod detail;
mod list;
mod mapper;
mod preview;

pub(crate) use detail::view as import_page;
pub(crate) use list::view as imports_page;

use crate::markup::view;
use crate::{
    css,
    ui::icon::{Glyph, Icon},
};
use leptos::prelude::*;

/// The four steps and which one this is, counted from zero.
#[component]
fn Steps(at: usize) -> impl IntoView {
    let steps = ["Upload", "Match columns", "Check", "Import"];
    let items = steps
        .into_iter()
        .enumerate()
        .map(|(index, word)| {
            let sign = if index < at {
                view! { <Icon of=Glyph::Check/> }.into_any()
            } else {
                (index + 1).to_string().into_any()
            };
            view! {
                <li class:done=index < at aria-current=(index == at).then_some("step")>
                    <span class="sign">{sign}</span><span class="word">{word}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ol class=css::STEPS aria-label="Steps">{items}</ol> }
}
