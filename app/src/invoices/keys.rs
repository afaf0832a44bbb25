//! Single keys in the grid: `/` find, `j` and `k` move, `x` tick, `p` pay, `?` help. They can be switched off
//! (WCAG 2.1.4), never act while somebody types, and everything they do is in the tab order too.

use crate::markup::{flag, view};
use crate::{css, ui::dialog::Dialog};
use leptos::{html, prelude::*};
use std::sync::atomic::{AtomicUsize, Ordering};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

/// Where the browser keeps that the keys are switched off: a preference, no data.
const OFF: &str = "single-keys-off";
const NONE: usize = usize::MAX;
static LAST_TICKED: AtomicUsize = AtomicUsize::new(NONE);

/// The row that was ticked last, for ticking a range with shift.
pub(super) fn last_ticked() -> Option<usize> {
    Some(LAST_TICKED.load(Ordering::Relaxed)).filter(|row| *row != NONE)
}

/// Remembers it.
pub(super) fn set_last_ticked(row: usize) {
    LAST_TICKED.store(row, Ordering::Relaxed);
}

/// Listens for the keys and shows their help.
#[component]
pub(super) fn Keys() -> impl IntoView {
    let help = NodeRef::<html::Dialog>::new();
    let off = RwSignal::new(false);
    Effect::new(move |_| {
        set_last_ticked(NONE);
        off.set(storage().is_some_and(|storage| storage.get_item(OFF).ok().flatten().is_some()));
    });
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        if off.try_get_untracked() != Some(false) || typing(&event) {
            return;
        }
        let done = match event.key().as_str() {
            "/" => focus("#number"),
            "j" => step(1),
            "k" => step(-1),
            "x" => click_in_row("input[type=checkbox]"),
            "p" => click(".pay-bar.any .primary"),
            "?" => help.try_get_untracked().flatten().map(|dialog| {
                let _ = dialog.show_modal();
            }),
            _ => None,
        };
        if done.is_some() {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
    let switch = move |event| {
        let on = event_target_checked(&event);
        off.set(!on);
        if let Some(storage) = storage() {
            let _ = if on {
                storage.remove_item(OFF)
            } else {
                storage.set_item(OFF, "1")
            };
        }
    };
    view! {
        <Dialog node=help id="keys-title" title="Keys">
            <dl class="keys">
                {[("/", "Find a number"), ("j  k", "Next, previous row"), ("x", "Tick the row"), ("p", "Pay what is ticked"), ("?", "This help")]
                    .into_iter().map(|(key, what)| view! { <div><dt><kbd>{key}</kbd></dt><dd>{what}</dd></div> }).collect_view()}
            </dl>
            <form method="dialog">
                <label><input type="checkbox" prop:checked=flag(move || !off.get()) on:change=switch/>" Use single keys"</label>
                <div class="buttons"><button class=css::BUTTON>"Close"</button></div>
            </form>
        </Dialog>
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn typing(event: &KeyboardEvent) -> bool {
    let in_field = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|element| {
            element
                .closest("input:not([type=checkbox]),select,textarea,dialog")
                .ok()
                .flatten()
                .is_some()
        });
    in_field || event.ctrl_key() || event.meta_key() || event.alt_key()
}

fn find(selector: &str) -> Option<HtmlElement> {
    document()
        .query_selector(selector)
        .ok()
        .flatten()?
        .dyn_into()
        .ok()
}

fn focus(selector: &str) -> Option<()> {
    find(selector)?.focus().ok()
}

fn click(selector: &str) -> Option<()> {
    find(selector)?.click();
    Some(())
}

fn row_of_focus() -> Option<Element> {
    document().active_element()?.closest("[data-row]").ok().flatten()
}

/// Moves the focus to the number in the next or the previous row; from anywhere else to the first row.
fn step(by: i32) -> Option<()> {
    let at = row_of_focus().and_then(|row| row.get_attribute("data-row")?.parse::<i32>().ok());
    let to = at.map_or(0, |at| at + by);
    focus(&format!("[data-row=\"{to}\"] th a"))
}

fn click_in_row(selector: &str) -> Option<()> {
    row_of_focus()?
        .query_selector(selector)
        .ok()
        .flatten()?
        .dyn_into::<HtmlElement>()
        .ok()?
        .click();
    Some(())
}
