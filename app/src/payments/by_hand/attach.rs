//! The page on which a file is kept beside a recorded payment, and the field for one.

use super::api::open_attachment;
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{
        form::{Failed, FormErrors, typed_form},
        icon::{Glyph, Icon},
        loaded::both,
        page::PageHead,
    },
    viewer::use_locale,
};
use domain::ids::PaymentId;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page.
pub(crate) fn view() -> AnyView {
    let params = use_params_map();
    let id = Memo::new(move |_| {
        params
            .read()
            .get("id")
            .and_then(|id| id.parse::<PaymentId>().ok())
    });
    let opened: Loading<(String, Option<String>)> = load(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => open_attachment(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    both(
        opened,
        typed_form(),
        move |(number, kept): (String, Option<String>), failed: Failed| {
            let id = id.get_untracked().map(|id| id.to_string()).unwrap_or_default();
            view! { <Attach id number kept failed/> }
        },
    )
    .into_any()
}

#[component]
fn Attach(id: String, number: String, kept: Option<String>, failed: Failed) -> impl IntoView {
    let note = "The customer can download it from the receipt. The audit keeps what was here before.";
    let there_is = kept.map(|name| {
        view! {
            <p><a href=format!("/attachment/{id}") download="">{name}</a>" is attached. Another file takes its place."</p>
        }
    });
    view! {
        <PageHead title=format!("Attach a file to {number}") up=("/payments", "Payments") note/>
        <div class="stack loose">
            <FormErrors failed=failed.clone() title="Nothing was attached"/>
            {there_is}
            <form class=css::FORM method="post" action=format!("/attachment/{id}") enctype="multipart/form-data">
                <FileField failed/>
                <div class="buttons">
                    <button class=format!("{} primary", css::BUTTON)>"Attach the file"</button>
                    <a class=css::BUTTON href=format!("/payments/{id}")>"Cancel"</a>
                </div>
            </form>
        </div>
    }
}

/// The field for a file. A browser never fills it in again, so the help says so where a form failed.
#[component]
pub(super) fn FileField(failed: Failed) -> impl IntoView {
    let wrong = failed.refusal("file").map(|why| why.message(use_locale()));
    let again = failed
        .error
        .is_some()
        .then_some(" Choose it again if there was one.");
    view! {
        <div class=css::FIELD>
            <label for="file">"Attachment"</label>
            <input class="input" id="file" name="file" type="file" accept="application/pdf,image/png,image/jpeg"
                aria-invalid=wrong.is_some().then_some("true") aria-describedby="file-help"/>
            <p class="help" id="file-help">"Such as a picture of the check: one PDF, PNG or JPEG, up to 5 MB. The customer sees it."{again}</p>
            {wrong.map(|text| view! { <p class="error"><Icon of=Glyph::Alert/>{text}</p> })}
        </div>
    }
}
