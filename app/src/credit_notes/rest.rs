//! What is left over of a credit note when it has lowered what is due: the fields that say what is paid back of it, and what
//! a form adds up to before anything is issued (V36, V37).

use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::Amount,
        form::{Failed, Field},
    },
    viewer::{use_locale, use_viewer},
};
use domain::{
    Currency, Money,
    access::Permission,
    credit_notes::{CreditAct, PaidByCard, Preview, Split},
    invoices::Totals,
    locale::{format_amount, format_rate},
    refunds::RefundWay,
};
use leptos::prelude::*;

/// The fields. Who may not give money back leaves all of it as credit.
#[component]
pub(super) fn Rest(
    /// The currency of the credit note.
    currency: Currency,
    /// What can go back through the gateway.
    cards: Option<PaidByCard>,
    /// What came back of a post that was not done.
    failed: Failed,
) -> impl IntoView {
    let may = use_viewer().is_some_and(|viewer| viewer.may(Permission::RefundPayments));
    let fields = may.then(|| {
        let typed = |field: &str| failed.text(field).unwrap_or_default();
        let ways = ways(cards, RefundWay::from_code(&typed("way")));
        view! {
            <div class="why">
                <Field name="back" inside="form" label=format!("Pay back in {currency}") inputmode="decimal" autocomplete="off"
                    value=typed("back") error=failed.refusal("back") help="Nothing: all of the rest stays as credit."/>
                <Field name="reference" inside="form" label="Reference of what is paid back" autocomplete="off" value=typed("reference")
                    error=failed.refusal("reference") help="The customer finds it by this."/>
            </div>
            {ways}
        }
    });
    view! {
        <fieldset>
            <legend>"What is left over"</legend>
            <p class="soft">"What is due goes down first. What is more than that stays as credit for other invoices, or is paid back."</p>
            {fields}
        </fieldset>
    }
}

/// Which way it goes back: one is no choice.
fn ways(cards: Option<PaidByCard>, typed: Option<RefundWay>) -> AnyView {
    let locale = use_locale();
    let by_hand = "Beside the portal, such as by transfer";
    let Some(PaidByCard { amount, with }) = cards else {
        return view! {
            <input type="hidden" name="form[way]" value=RefundWay::ByHand.code()/>
            <p class="soft">{by_hand}</p>
        }
        .into_any();
    };
    let to_cards = format!("Up to {} to {}", format_amount(amount, locale), with.join(", "));
    let chosen = typed.unwrap_or(RefundWay::Gateway);
    let radio = |way: RefundWay, label: String| {
        let checked = way == chosen;
        view! { <label><input type="radio" name="form[way]" value=way.code() checked=checked autocomplete="off"/>{label}</label> }
    };
    view! {
        <div class="ways" role="radiogroup" aria-label="Which way it is paid back">
            {radio(RefundWay::Gateway, to_cards)}
            {radio(RefundWay::ByHand, by_hand.to_owned())}
        </div>
    }
    .into_any()
}

/// The buttons of a form of a credit note. The first one answers the Enter key: it never issues.
#[component]
pub(super) fn Acts(cancel: String) -> impl IntoView {
    let (preview, issue) = (CreditAct::Preview, CreditAct::Issue);
    view! {
        <div class="buttons">
            <button class=css::BUTTON name="form[act]" value=preview.code()>{preview.label()}</button>
            <button class=format!("{} primary", css::BUTTON) name="form[act]" value=issue.code()>{issue.label()}</button>
            <a class=format!("{} plain", css::BUTTON) href=cancel>"Cancel"</a>
        </div>
    }
}

/// What a form adds up to.
#[component]
pub(super) fn Comes(preview: Preview) -> impl IntoView {
    let Preview { totals, split } = preview;
    view! {
        <section class="stack" aria-label="What it comes to" role="status">
            <h2>"What it comes to"</h2>
            <dl class=css::TOTALS>{sums(&totals)}{parts(split)}</dl>
            <p class="soft">"Nothing was issued yet."</p>
        </section>
    }
}

/// From what was billed to the total.
pub(super) fn sums(totals: &Totals) -> impl IntoView + use<> {
    let locale = use_locale();
    let taxes = totals.taxes.iter().map(|group| {
        let name = format!(
            "Tax {} on {}",
            format_rate(group.rate, locale),
            format_amount(group.base, locale)
        );
        entry("", name, group.tax)
    });
    view! {
        {some("Discount", totals.discount.checked_neg().unwrap_or(totals.discount))}
        {some("Charge", totals.charge)}
        {entry("", "Total without tax".to_owned(), totals.net)}
        {taxes.collect_view()}
        {some("Rounding", totals.rounding)}
        {entry("sum", "Total".to_owned(), totals.total)}
    }
}

/// The three parts of the total.
pub(super) fn parts(split: Split) -> impl IntoView {
    let Split {
        less_due,
        paid_back,
        credit,
    } = split;
    view! {
        {entry("", "Taken off what is due".to_owned(), less_due)}
        {entry("", "Paid back".to_owned(), paid_back)}
        {entry("due", "Left for other invoices".to_owned(), credit)}
    }
}

fn some(name: &str, amount: Money) -> Option<impl IntoView + use<>> {
    (!amount.is_zero()).then(|| entry("", name.to_owned(), amount))
}

fn entry(class: &'static str, name: String, amount: Money) -> impl IntoView + use<> {
    view! { <div class=class><dt>{name}</dt><dd><Amount of=amount/></dd></div> }
}
