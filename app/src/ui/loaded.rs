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
use domain::Refusal;
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// Awaits what a page loads and shows it. Old content stays while a new one loads.
pub fn loaded<T, V>(loading: Loading<T>, show: impl Fn(T) -> V + Send + Sync + 'static) -> AnyView
where
    T: DeserializeOwned + Clone + Send + Sync + 'static,
    V: IntoView + Send + 'static,
{
    let show = move |all: &[Loaded]| match read::<T>(all, 0) {
        Ok(value) => show(value).into_any(),
        Err(error) => unfit(error),
    };
    awaited(vec![loading.untyped()], Arc::new(show))
}

/// Awaits two things and shows them together. What is shown holds no other thing that is awaited, since the server
/// writes it as soon as it is built.
pub fn both<A, B, V>(
    one: Loading<A>,
    other: Loading<B>,
    show: impl Fn(A, B) -> V + Send + Sync + 'static,
) -> AnyView
where
    A: DeserializeOwned + Clone + Send + Sync + 'static,
    B: DeserializeOwned + Clone + Send + Sync + 'static,
    V: IntoView + Send + 'static,
{
    let show = move |all: &[Loaded]| match (read::<A>(all, 0), read::<B>(all, 1)) {
        (Ok(one), Ok(other)) => show(one, other).into_any(),
        (Err(error), _) | (_, Err(error)) => unfit(error),
    };
    awaited(vec![one.untyped(), other.untyped()], Arc::new(show))
}

fn read<T: DeserializeOwned + Clone + 'static>(all: &[Loaded], place: usize) -> Result<T, AppError> {
    let missing = || AppError::Failed { id: String::new() };
    all.get(place).ok_or_else(missing)?.read::<T>()
}

fn unfit(error: AppError) -> AnyView {
    match error {
        AppError::NotFound => NotFound().into_any(),
        error => view! { <ErrorCard error/> }.into_any(),
    }
}

type Show = dyn Fn(&[Loaded]) -> AnyView + Send + Sync;

/// The part of [`loaded`] that is the same for every type.
fn awaited(all: Vec<Resource<Loaded, Form>>, show: Arc<Show>) -> AnyView {
    let all_of = async |all: Vec<Resource<Loaded, Form>>| {
        let mut there = Vec::with_capacity(all.len());
        for one in all {
            there.push(one.await);
        }
        there
    };
    // The server loads once, so it needs no function that shows what is loaded next; it would call it twice.
    #[cfg(feature = "ssr")]
    let shown = Suspend::new(async move { written(show(&all_of(all).await)) });
    #[cfg(not(feature = "ssr"))]
    let shown = move || {
        let (show, all) = (Arc::clone(&show), all.clone());
        Suspend::new(async move { show(&all_of(all).await) })
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
        AppError::Refused(Refusal::LinkSpent) => view! {
            <Empty glyph=Glyph::Lock title="This link does not work any more" whole=true><p>{text}</p></Empty>
        }
        .into_any(),
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
