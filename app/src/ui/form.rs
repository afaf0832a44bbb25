//! The form kit: a form that posts by itself, fields with label, help and error, a summary of what went wrong.
//!
//! Forms are posted by the browser, with or without script, and lead to a page that shows the outcome. What was
//! typed into a form that failed comes back from the server, never through the address (D12).

use super::{
    icon::{Glyph, Icon},
    loaded::message,
    page::{Alert, Tone},
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{css, error::AppError, viewer::use_locale};
use domain::{FieldErrors, Refusal};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use std::collections::BTreeMap;
use wasm_bindgen::JsCast;

/// What came back from a post that failed: the error and the fields as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Failed {
    /// Why; none on a fresh form.
    pub error: Option<AppError>,
    /// The fields as typed, passwords left out.
    pub fields: BTreeMap<String, String>,
}

impl Failed {
    /// What was typed into a field, or nothing.
    pub fn text(&self, field: &str) -> Option<String> {
        self.fields.get(field).cloned()
    }

    /// What is wrong with a field.
    pub fn refusal(&self, field: &str) -> Option<Refusal> {
        match &self.error {
            Some(AppError::Invalid(FieldErrors(errors))) => errors.get(field).cloned(),
            _ => None,
        }
    }
}

/// What went wrong with a form as a whole: each field's error as a link to the field, or the one reason.
#[component]
pub fn FormErrors(
    /// What came back.
    failed: Failed,
    /// What did not happen: `The password was not changed`.
    title: &'static str,
) -> impl IntoView {
    let locale = use_locale();
    failed.error.map(|error| {
        let lines = match &error {
            AppError::Invalid(errors) => errors
                .0
                .iter()
                .map(|(field, refusal)| (Some(field.clone()), refusal.message(locale)))
                .collect::<Vec<_>>(),
            _ => vec![(None, message(&error, locale))],
        };
        let lines = lines
            .into_iter()
            .map(|(field, text)| match field.filter(|field| !field.is_empty()) {
                Some(field) => view! { <li><a href=format!("#{field}")>{text}</a></li> }.into_any(),
                None => view! { <li>{text}</li> }.into_any(),
            });
        view! {
            <div class=css::FORM_ERRORS role="alert" tabindex="-1">
                <h2>{title}</h2>
                <ul>{lines.collect_view()}</ul>
            </div>
        }
    })
}

/// A labelled field: help below, the error below that, both tied to the input.
#[component]
pub fn Field(
    /// Name in the post, and id of the input.
    name: &'static str,
    /// Label.
    #[prop(into)]
    label: String,
    /// Type of the input.
    #[prop(default = "text")]
    kind: &'static str,
    /// For password managers and phones.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// What it starts with.
    #[prop(optional, into)]
    value: Option<String>,
    /// Help below.
    #[prop(optional, into)]
    help: Option<String>,
    /// What is wrong with it.
    #[prop(optional_no_strip)]
    error: Option<Refusal>,
    /// Must be filled in.
    #[prop(optional)]
    required: bool,
    /// Keyboard of phones.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// The group of fields that it is posted in: `company` posts `company[name]`.
    #[prop(optional)]
    inside: Option<&'static str>,
) -> impl IntoView {
    let locale = use_locale();
    let posted = posted(inside, name);
    let help_id = help.as_ref().map(|_| format!("{name}-help"));
    let error_id = error.as_ref().map(|_| format!("{name}-error"));
    let described = [help_id.clone(), error_id.clone()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    let described = (!described.is_empty()).then_some(described);
    view! {
        <div class=css::FIELD>
            <label for=name>{label}</label>
            <input class="input" id=name name=posted type=kind autocomplete=autocomplete inputmode=inputmode value=value
                required=required aria-invalid=error.is_some().then_some("true") aria-describedby=described/>
            {help.map(|help| view! { <p class="help" id=help_id>{help}</p> })}
            {error.map(|error| view! {
                <p class="error" id=error_id><Icon of=Glyph::Alert/>{error.message(locale)}</p>
            })}
        </div>
    }
}

fn posted(inside: Option<&'static str>, name: &'static str) -> String {
    inside.map_or_else(|| name.to_owned(), |group| format!("{group}[{name}]"))
}

/// A labelled choice of one among a few, tied to its help and its error as [`Field`] is.
#[component]
pub fn Choice(
    /// Name in the post, and id of the input.
    name: &'static str,
    /// Label.
    #[prop(into)]
    label: String,
    /// What is posted and what is shown, for each.
    options: Vec<(String, String)>,
    /// Which one is chosen at first.
    #[prop(into)]
    value: String,
    /// What is wrong with it.
    #[prop(optional_no_strip)]
    error: Option<Refusal>,
    /// The group of fields that it is posted in: `company` posts `company[name]`.
    #[prop(optional)]
    inside: Option<&'static str>,
) -> impl IntoView {
    let locale = use_locale();
    let posted = posted(inside, name);
    let error_id = error.as_ref().map(|_| format!("{name}-error"));
    let options = options.into_iter().map(|(code, text)| {
        let selected = code == value;
        view! { <option value=code selected=selected>{text}</option> }
    });
    view! {
        <div class=css::FIELD>
            <label for=name>{label}</label>
            <select class="input" id=name name=posted aria-invalid=error.is_some().then_some("true")
                aria-describedby=error_id.clone()>{options.collect_view()}</select>
            {error.map(|error| view! {
                <p class="error" id=error_id><Icon of=Glyph::Alert/>{error.message(locale)}</p>
            })}
        </div>
    }
}

/// What came back of the post that led to this page, found by the id in its address (D12).
pub fn typed_form() -> Loading<Failed> {
    let query = use_query_map();
    let id = Memo::new(move |_| query.read().get("typed"));
    load(move || id.get(), crate::sessions::api::find_typed)
}

/// What was done before this page came, named by a word in its address.
#[component]
pub fn Said(
    /// The words that the page knows, and what each says.
    words: &'static [(&'static str, &'static str)],
) -> impl IntoView {
    let query = use_query_map();
    move || {
        let word = query.read().get("done")?;
        let (_, text) = words.iter().find(|(known, _)| *known == word)?;
        Some(view! { <Alert tone=Tone::Success><p>{*text}</p></Alert> })
    }
}

/// For `on:submit` of a GET form: goes to the form's address without loading the page anew. Empty fields are left
/// out, so that addresses stay readable.
pub fn stay_in_page() -> impl Fn(leptos::ev::SubmitEvent) + Clone {
    let navigate = leptos_router::hooks::use_navigate();
    move |event| {
        let Some(form) = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::HtmlFormElement>().ok())
        else {
            return;
        };
        let Ok(data) = web_sys::FormData::new_with_form(&form) else {
            return;
        };
        let mut pairs = Vec::new();
        for entry in data.entries().into_iter().flatten() {
            let entry = js_sys::Array::from(&entry);
            if let (Some(name), Some(value)) = (entry.get(0).as_string(), entry.get(1).as_string())
                && !value.trim().is_empty()
            {
                pairs.push((name, value));
            }
        }
        event.prevent_default();
        let query =
            domain::address::query_string(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let action = form.get_attribute("action").unwrap_or_default();
        navigate(&format!("{action}?{query}"), Default::default());
    }
}
