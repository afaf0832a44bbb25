//! The gateway's script, as the browser runs it: card fields in its own frame, tokens for cards, the bank's question.
//!
//! Only this module knows the script's names, which are those of Stripe.js. It runs in the browser alone, after the
//! page woke; the server merely writes the script element. The objects of the script live here, by the place of
//! their form on the page, since a page's state may hold nothing of one thread.

use crate::markup::view;
use domain::payments::{GatewayForm, PendingAction};
use js_sys::{Array, Function, Object, Promise, Reflect, futures::JsFuture};
use leptos::{nonce::use_nonce, prelude::*};
use std::{cell::RefCell, collections::BTreeMap, time::Duration};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

/// How often the script is looked for, and for how long.
const LOOK_EVERY: Duration = Duration::from_millis(100);
const LOOKS: u32 = 150;

const NO_SCRIPT: &str = "The card fields could not be loaded. Check your connection and load this page again. Nothing was charged.";
const NO_ANSWER: &str =
    "The payment gateway gave no answer. Check your connection and try again. Nothing was charged.";

/// What the card fields tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// They can be filled in.
    Ready,
    /// The caret is in them, or not any more.
    Focused(bool),
    /// What is wrong with what was typed, or that nothing is.
    Problem(Option<String>),
}

struct Fields {
    stripe: JsValue,
    card: JsValue,
    /// The script calls it for as long as the fields are there.
    _heard: Vec<Closure<dyn FnMut(JsValue)>>,
}

thread_local! {
    static FIELDS: RefCell<BTreeMap<usize, Fields>> = const { RefCell::new(BTreeMap::new()) };
}

/// The gateway's script in the page.
#[component]
pub(super) fn GatewayScript(
    /// Whose.
    gateway: GatewayForm,
) -> impl IntoView {
    view! { <script src=gateway.script async=true nonce=use_nonce()></script> }
}

/// Shows the card fields in a box.
///
/// # Errors
/// In words, when the script does not come.
pub async fn mount(
    place: usize,
    gateway: &GatewayForm,
    into: &web_sys::HtmlElement,
    tell: impl Fn(Told) + Clone + 'static,
) -> Result<(), String> {
    unmount(place);
    let stripe = stripe(gateway).await?;
    let fields = fields(stripe, into, tell).map_err(|_| NO_SCRIPT.to_owned())?;
    FIELDS.with_borrow_mut(|all| all.insert(place, fields));
    Ok(())
}

/// Takes the card fields away, with what was typed into them.
pub fn unmount(place: usize) {
    if let Some(fields) = FIELDS.with_borrow_mut(|all| all.remove(&place)) {
        let _ = call(&fields.card, "destroy", &[]);
    }
}

/// Puts the caret into the card fields.
pub fn focus(place: usize) {
    FIELDS.with_borrow(|all| {
        if let Some(fields) = all.get(&place) {
            let _ = call(&fields.card, "focus", &[]);
        }
    });
}

/// Exchanges the typed card for a token that is good for one use.
///
/// # Errors
/// In words: what is wrong with the card, or that the gateway does not answer.
pub async fn token(place: usize, holder: &str) -> Result<String, String> {
    let promise = FIELDS.with_borrow(|all| {
        let fields = all.get(&place)?;
        let details = object(&[("name", holder.into())]);
        let request = object(&[
            ("type", "card".into()),
            ("card", fields.card.clone()),
            ("billing_details", details),
        ]);
        let plain = object(&[("type", "card".into()), ("card", fields.card.clone())]);
        let request = if holder.trim().is_empty() { plain } else { request };
        call(&fields.stripe, "createPaymentMethod", &[request]).ok()
    });
    let answer = settle(promise.ok_or(NO_SCRIPT)?).await?;
    let id = get(&get(&answer, "paymentMethod"), "id").as_string();
    id.ok_or_else(|| NO_ANSWER.to_owned())
}

/// Lets the payer answer the bank's question. Whether they did is then looked up by the server.
///
/// # Errors
/// In words: the bank's refusal, or that the gateway does not answer.
pub async fn confirm(action: &PendingAction) -> Result<(), String> {
    let stripe = stripe(&action.gateway).await?;
    let secret = JsValue::from_str(&action.client_secret);
    let promise = if get(&stripe, "handleNextAction").is_function() {
        call(
            &stripe,
            "handleNextAction",
            &[object(&[("clientSecret", secret)])],
        )
    } else {
        call(&stripe, "handleCardAction", &[secret])
    };
    settle(promise.map_err(|_| NO_ANSWER)?).await.map(|_| ())
}

/// The gateway's object for a key, as soon as the script is there.
async fn stripe(gateway: &GatewayForm) -> Result<JsValue, String> {
    add_script(&gateway.script);
    let window: JsValue = window().into();
    for _ in 0..LOOKS {
        if get(&window, "Stripe").is_function() {
            return call(&window, "Stripe", &[gateway.publishable_key.as_str().into()])
                .map_err(|_| NO_SCRIPT.to_owned());
        }
        pause(LOOK_EVERY).await;
    }
    Err(NO_SCRIPT.to_owned())
}

/// The server wrote the script into the page; a page that came to need it later has none yet.
fn add_script(address: &str) {
    let scripts = document().scripts_by(address);
    if !scripts && let Ok(script) = document().create_element("script") {
        let _ = script.set_attribute("src", address);
        let _ = document().append_to_head(&script);
    }
}

trait Scripts {
    fn scripts_by(&self, address: &str) -> bool;
    fn append_to_head(&self, script: &web_sys::Element) -> Option<()>;
}

impl Scripts for web_sys::Document {
    fn scripts_by(&self, address: &str) -> bool {
        let scripts = self.query_selector_all("script[src]").ok();
        scripts.is_some_and(|scripts| {
            (0..scripts.length())
                .filter_map(|at| scripts.get(at))
                .any(|script| {
                    script
                        .dyn_into::<web_sys::Element>()
                        .ok()
                        .and_then(|script| script.get_attribute("src"))
                        .as_deref()
                        == Some(address)
                })
        })
    }

    fn append_to_head(&self, script: &web_sys::Element) -> Option<()> {
        self.query_selector("head")
            .ok()??
            .append_child(script)
            .ok()
            .map(|_| ())
    }
}

fn fields(
    stripe: JsValue,
    into: &web_sys::HtmlElement,
    tell: impl Fn(Told) + Clone + 'static,
) -> Result<Fields, JsValue> {
    let dark = is_dark();
    let theme = if dark { "night" } else { "stripe" };
    let elements = call(
        &stripe,
        "elements",
        &[object(&[("appearance", object(&[("theme", theme.into())]))])],
    )?;
    // The frame is the gateway's own, so the page's style sheet does not reach into it.
    let color = if dark { "#ecedf0" } else { "#23262f" };
    let base = object(&[("fontSize", "16px".into()), ("color", color.into())]);
    let style = object(&[("base", base)]);
    let card = call(
        &elements,
        "create",
        &[
            "card".into(),
            object(&[("style", style), ("hidePostalCode", true.into())]),
        ],
    )?;
    let mut heard = Vec::new();
    let mut on = |name: &str, told: fn(&JsValue) -> Told| {
        let tell = tell.clone();
        let heard_one = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| tell(told(&event)));
        let added = call(&card, "on", &[name.into(), heard_one.as_ref().clone()]);
        heard.push(heard_one);
        added
    };
    on("ready", |_| Told::Ready)?;
    on("focus", |_| Told::Focused(true))?;
    on("blur", |_| Told::Focused(false))?;
    on("change", |event| {
        Told::Problem(get(&get(event, "error"), "message").as_string())
    })?;
    call(&card, "mount", &[into.into()])?;
    Ok(Fields {
        stripe,
        card,
        _heard: heard,
    })
}

fn is_dark() -> bool {
    let forced = document()
        .document_element()
        .and_then(|root| root.get_attribute("data-theme"));
    match forced.as_deref() {
        Some(theme) => theme == "dark",
        None => call(
            &window().into(),
            "matchMedia",
            &["(prefers-color-scheme: dark)".into()],
        )
        .is_ok_and(|query| get(&query, "matches").is_truthy()),
    }
}

/// Awaits an answer of the script: it has either what was asked for or an `error` with a `message` for people.
async fn settle(promise: JsValue) -> Result<JsValue, String> {
    let answer = JsFuture::from(Promise::resolve(&promise))
        .await
        .map_err(|_| NO_ANSWER.to_owned())?;
    let error = get(&answer, "error");
    if error.is_object() {
        return Err(get(&error, "message")
            .as_string()
            .unwrap_or_else(|| NO_ANSWER.to_owned()));
    }
    Ok(answer)
}

/// Waits.
pub async fn pause(time: Duration) {
    let promise = Promise::new(&mut |resolve, _| {
        set_timeout(move || drop(resolve.call0(&JsValue::UNDEFINED)), time);
    });
    let _ = JsFuture::from(promise).await;
}

fn get(object: &JsValue, name: &str) -> JsValue {
    if object.is_object() || object.is_function() {
        Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
    } else {
        JsValue::UNDEFINED
    }
}

fn call(object: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let function: Function = get(object, name).dyn_into()?;
    Reflect::apply(&function, object, &arguments.iter().collect::<Array>())
}

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // A plain object takes every field.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}
