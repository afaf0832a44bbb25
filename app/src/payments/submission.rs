//! What happens between a press on a button of the form and its post, when the program is there.
//!
//! The browser posts the form in the end, by the same button as without script. Before that a new card becomes a
//! token, and what the server would refuse is said at once, so that no typed card is lost to a form that comes back.

use super::{
    cards::CardBox,
    lines::Line,
    on_account::FirstBox,
    payee::{Payee, Sum},
    summary::Pressed,
};
use domain::{Refusal, locale::Locale};
use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;

/// See the module.
#[derive(Clone, Copy)]
pub struct Submission {
    /// The form.
    pub form: NodeRef<html::Form>,
    /// Its card.
    pub state: CardBox,
    /// The button that is at work.
    pub busy: RwSignal<Option<Pressed>>,
    /// What keeps the form from being posted.
    pub stopped: RwSignal<Option<String>>,
    /// Of the amounts.
    pub locale: Locale,
}

impl Submission {
    /// Answers the form's submit event.
    pub fn go(self, event: &SubmitEvent, payee: &Payee) {
        let Self { busy, stopped, .. } = self;
        let button = event
            .submitter()
            .and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok());
        let name = button
            .as_ref()
            .and_then(|button| button.get_attribute("name"))
            .unwrap_or_default();
        let updates = name == "update";
        if updates || busy.get_untracked().is_some() || !self.is_payable(payee) {
            // The sums follow by themselves, and one press is enough.
            event.prevent_default();
            return;
        }
        stopped.set(None);
        busy.set(Some(if name.is_empty() {
            Pressed::Submit
        } else {
            Pressed::Email
        }));
        if self.state.needs_token() && !self.is_covered(payee) {
            event.prevent_default();
            spawn_local(self.with_token(button));
        }
    }

    /// What lies on the account pays all, so that no card is asked for.
    fn is_covered(self, payee: &Payee) -> bool {
        let covers = |sum: &Sum| {
            let total = sum.total(self.locale);
            total.is_some_and(|total| sum.used(total) == total)
        };
        untrack(|| payee.sums.iter().all(covers))
    }

    /// Gets a token for the new card and posts the form by the same button.
    async fn with_token(self, button: Option<web_sys::HtmlElement>) {
        let done = self.state.fetch_token().await;
        let _ = self.busy.try_set(None);
        if let (true, Some(form)) = (done, self.form.try_get_untracked().flatten()) {
            let _ = match button {
                Some(button) => form.request_submit_with_submitter(Some(&button)),
                None => form.request_submit(),
            };
        }
    }

    /// Asks first what the server would ask, so that a token is not spent on a form that comes back.
    fn is_payable(self, payee: &Payee) -> bool {
        let locale = self.locale;
        let ticked: Vec<_> = payee
            .lines()
            .filter(|line| untrack(|| line.is_ticked()))
            .collect();
        if ticked.is_empty() {
            self.stopped.set(Some(Refusal::NothingChosen.message(locale)));
            return false;
        }
        let wrong: Vec<_> = ticked
            .into_iter()
            .filter(|line| untrack(|| line.judge(locale)).is_err())
            .collect();
        wrong.iter().rev().for_each(|line| line.point_out());
        wrong.is_empty()
    }
}

/// Takes over what was typed before the program came, and starts afresh when the browser brings an old page back.
pub fn wake(payee: Payee, busy: RwSignal<Option<Pressed>>) {
    Effect::new(move |_| {
        payee.lines().for_each(Line::catch_up);
        payee
            .sums
            .iter()
            .filter_map(|sum| sum.first)
            .for_each(FirstBox::catch_up);
        let shown = window_event_listener_untyped("pageshow", move |event| {
            let _ = busy.try_set(None);
            let kept = js_sys::Reflect::get(&event, &"persisted".into()).is_ok_and(|kept| kept.is_truthy());
            if kept {
                // What is open may have changed, and the key of the old page is used up.
                let _ = window().location().reload();
            }
        });
        on_cleanup(move || shown.remove());
    });
}
