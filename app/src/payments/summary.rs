//! What will be paid, in one glance, and the buttons that pay it (P6).

use super::payee::{Payee, Sum};
use crate::markup::{live, view};
use crate::{
    css,
    ui::{
        amount::Amount,
        icon::{Glyph, Icon},
        page::{Alert, Tone},
    },
    viewer::{use_locale, use_viewer},
};
use leptos::prelude::*;

/// Which of the two buttons was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pressed {
    /// `Submit`
    Submit,
    /// `Submit & Email`
    Email,
}

/// See the module.
#[component]
pub(super) fn Summary(
    /// What is paid.
    payee: Payee,
    /// The button that is at work.
    busy: RwSignal<Option<Pressed>>,
    /// What keeps the form from being posted.
    stopped: RwSignal<Option<String>>,
    /// The program is there.
    awake: RwSignal<bool>,
) -> impl IntoView {
    let email = use_viewer().map(|viewer| viewer.email).unwrap_or_default();
    let heading = format!("summary-{}", payee.place);
    let sums = payee
        .sums
        .clone()
        .into_iter()
        .map(|sum| view! { <Part sum/> })
        .collect_view();
    let at_work = move |button| move || (busy.get() == Some(button)).then_some("true");
    let button = css::BUTTON;
    view! {
        <section class="panel summary" aria-labelledby=heading.clone()>
            <h2 id=heading.clone()>"Summary"</h2>
            {sums}
            <p hidden=move || awake.get()>"The summary shows the amounts as this page came. What is typed in the table is what is paid."</p>
            {live(move || stopped.get().map(|why| view! { <Alert tone=Tone::Error><p>{why}</p></Alert> }))}
            <div class="buttons">
                <button class=format!("{button} primary large") aria-busy=at_work(Pressed::Submit)>"Submit"</button>
                <button class=format!("{button} large") name="form[email_receipt]" value="1" aria-busy=at_work(Pressed::Email)>
                    <Icon of=Glyph::Mail/>"Submit & Email"
                </button>
            </div>
            <p>{format!("Submit & Email also sends the receipt to {email}. You are charged once, even if you press twice.")}</p>
        </section>
    }
}

/// One payment: its lines and what they come to.
#[component]
fn Part(sum: Sum) -> impl IntoView {
    let locale = use_locale();
    let lines = sum.lines.clone();
    // What is paid from the account, and what is left to be charged.
    let parts = Memo::new(move |_| {
        let total = sum.total(locale)?;
        let used = sum.used(total);
        Some((used, total.checked_sub(used).ok()?))
    });
    let rows = move || {
        let ticked = lines.iter().filter(|line| line.is_ticked());
        ticked
            .filter_map(|line| {
                let facts = line.facts();
                let amount = line.judge(locale).ok()?;
                let part = if amount.minor() < facts.payable.minor() {
                    ", in part"
                } else {
                    ""
                };
                Some(view! { <div><dt>{facts.number}{part}</dt><dd><Amount of=amount/></dd></div> })
            })
            .collect_view()
    };
    view! {
        <dl class=css::TOTALS>
            {rows}
            {live(move || {
                let (used, _) = parts.get().filter(|(used, _)| used.is_positive())?;
                Some(view! { <div><dt>"From your account"</dt><dd>"− "<Amount of=used/></dd></div> })
            })}
            <div class="due"><dt>"You pay"</dt><dd aria-live="polite">{live(move || match parts.get() {
                Some((_, rest)) => view! { <Amount of=rest/> }.into_any(),
                None => view! { <span>"Check the amounts"</span> }.into_any(),
            })}</dd></div>
        </dl>
    }
}
