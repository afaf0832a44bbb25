//! What stands around the pages for who is not signed in: one calm card, whom to ask below it.

use crate::markup::view;
use crate::{css, viewer::use_viewer};
use crate::{
    error::AppError,
    loading::{Loading, load},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use serde::{Serialize, de::DeserializeOwned};
use std::future::Future;

/// The token in the page's address, and what the link with it opens.
pub(crate) fn by_link<T, Fut>(
    find: impl Fn(String) -> Fut + Send + Sync + 'static,
) -> (Memo<String>, Loading<T>)
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    Fut: Future<Output = Result<T, AppError>> + Send + 'static,
{
    let params = use_params_map();
    let token = Memo::new(move |_| params.read().get("token").unwrap_or_default());
    (token, load(move || token.get(), find))
}

/// The card's surroundings. Somebody who is signed in and opens an invitation has the frame around it already.
#[component]
pub fn Doorway(
    /// Title of the page.
    title: &'static str,
    /// The card and what stands below it.
    children: Children,
) -> impl IntoView {
    let inside = view! {
        <p class="brand"><img src="/favicon.svg" alt="" width="28" height="28"/>"Quittance"</p>
        {children()}
    };
    let whole = if use_viewer().is_some() {
        view! { <div class="narrow">{inside}</div> }.into_any()
    } else {
        view! { <main id="content" tabindex="-1">{inside}</main> }.into_any()
    };
    view! {
        <Title text=title/>
        <div class=css::LOGIN>{whole}</div>
    }
}
