//! Shows what a page loads: the rows that are there while new ones come, a typed error, or the thing itself.

use super::{
    icon::Glyph,
    page::{Alert, Empty, NotFound, Tone},
};
use crate::loading::{Form, Loaded, Loading};
use crate::markup::view;
#[cfg(feature = "ssr")]
use crate::markup::written;
use crate::{css, error::AppError, viewer::use_locale};
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// Awaits what a page loads and shows it. Old content stays while a new one loads.
pub fn loaded<T, V>(loading: Loading<T>, show: impl Fn(T) -> V + Send + Sync + 'static) -> AnyView
where
    T: DeserializeOwned + Clone + Send + Sync + 'static,
    V: IntoView + Send + 'static,
{
    let show = move |loaded: Loaded| match loaded.read::<T>() {
        Ok(value) => show(value).into_any(),
        Err(AppError::NotFound) => NotFound().into_any(),
        Err(error) => view! { <ErrorCard error/> }.into_any(),
    };
    awaited(loading.untyped(), Arc::new(show))
}

/// The part of [`loaded`] that is the same for every type.
fn awaited(resource: Resource<Loaded, Form>, show: Arc<dyn Fn(Loaded) -> AnyView + Send + Sync>) -> AnyView {
    // The server loads once, so it needs no function that shows what is loaded next; it would call it twice.
    #[cfg(feature = "ssr")]
    let shown = Suspend::new(async move { written(show(resource.await)) });
    #[cfg(not(feature = "ssr"))]
    let shown = move || {
        let show = Arc::clone(&show);
        Suspend::new(async move { show(resource.await) })
    };
    view! {
        <Transition fallback=|| view! { <div class=css::SKELETON aria-busy="true"><span class="hide">"Loading"</span></div> }>
            {shown}
        </Transition>
    }
    .into_any()
}

/// What went wrong, in words, with the next step.
#[component]
pub fn ErrorCard(
    /// What.
    error: AppError,
) -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::server::answer_with(&error);
    let text = message(&error, use_locale());
    match error {
        AppError::SignIn => view! {
            <Empty glyph=Glyph::Lock title="Please log in again">
                <p>{text}</p>
                <p><a class=css::BUTTON href="/login" rel="external">"Log in"</a></p>
            </Empty>
        }
        .into_any(),
        AppError::Forbidden(_) => {
            view! { <Empty glyph=Glyph::Lock title="Not allowed"><p>{text}</p></Empty> }.into_any()
        }
        AppError::Refused(_) | AppError::Invalid(_) | AppError::Conflict => {
            view! { <Alert tone=Tone::Error><p>{text}</p></Alert> }.into_any()
        }
        AppError::NotFound | AppError::Unavailable { .. } | AppError::Failed { .. } | AppError::Offline => {
            view! {
                <Empty glyph=Glyph::Alert title="This could not be shown">
                    <p>{text}</p>
                    <p><a class=css::BUTTON href="" rel="external">"Try again"</a></p>
                </Empty>
            }
            .into_any()
        }
    }
}

/// An error in plain words.
pub fn message(error: &AppError, locale: domain::locale::Locale) -> String {
    match error {
        AppError::SignIn => "You are not logged in any more. Nothing was changed.".to_owned(),
        AppError::NotFound => "It is not there, or not yours to see.".to_owned(),
        AppError::Conflict => {
            "Somebody else changed this in the meantime. Reload the page and do it again.".to_owned()
        }
        AppError::Forbidden(refusal) | AppError::Refused(refusal) => refusal.message(locale),
        AppError::Invalid(errors) => errors
            .0
            .values()
            .map(|refusal| refusal.message(locale))
            .collect::<Vec<_>>()
            .join(" "),
        AppError::Unavailable { id } => {
            format!(
                "The portal is busy or its database does not answer. Try again in a moment. Reference {id}."
            )
        }
        AppError::Failed { id } if id.is_empty() => "Something failed on our side. Try again.".to_owned(),
        AppError::Failed { id } => {
            format!("Something failed on our side. Quote reference {id} when you ask.")
        }
        AppError::Offline => "The portal cannot be reached. Check your connection and try again.".to_owned(),
    }
}
