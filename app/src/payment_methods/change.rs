//! The page on which the expiry of a saved card and the name on it are changed.

use super::api::{ChangeCard, open_card};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{
        form::{Failed, Field, FormErrors, typed_form},
        loaded::both,
        page::PageHead,
        paper::card_name,
    },
};
use domain::{ids::CardId, payment_methods::Changeable};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// The page.
pub(crate) fn view() -> AnyView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse::<CardId>().ok()));
    let found: Loading<Changeable> = load(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => open_card(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    both(found, typed_form(), |found: Changeable, failed: Failed| {
        view! { <Change found failed/> }
    })
    .into_any()
}

#[component]
fn Change(found: Changeable, failed: Failed) -> impl IntoView {
    let Changeable {
        card, seller_name, ..
    } = found;
    let name = card_name(&card.brand, &card.last4);
    let error = |field: &str| failed.refusal(field);
    let typed = |field: &str, stored: String| failed.text(field).unwrap_or(stored);
    let expires = (!card.kind.is_bank_debit()).then(|| {
        view! {
            <Field name="month" inside="form" label="Month of expiry" inputmode="numeric" autocomplete="cc-exp-month" required=true
                value=typed("month", format!("{:02}", card.exp_month)) error=error("month")/>
            <Field name="year" inside="form" label="Year of expiry" inputmode="numeric" autocomplete="cc-exp-year" required=true
                value=typed("year", card.exp_year.to_string()) error=error("year")/>
        }
    });
    let (label, help, required) = if card.kind.is_bank_debit() {
        (
            "Account holder",
            "Whom the account belongs to. The payment provider keeps the name, it is not shown here.",
            true,
        )
    } else {
        (
            "Name on the card",
            "Leave it empty to keep the name as it is. The payment provider keeps it, it is not shown here.",
            false,
        )
    };
    view! {
        <PageHead title=format!("Change {name}") up=("/methods", "Payment methods")
            note=format!("For what you pay to {seller_name}. With another number it is another one: add that and remove this.")/>
        <div class="stack loose">
            <FormErrors failed=failed.clone() title="Nothing was changed"/>
            <form class=css::FORM method="post" action=ChangeCard::url()>
                <input type="hidden" name="card" value=card.id.to_string()/>
                {expires}
                <Field name="holder" inside="form" label help required autocomplete="cc-name"
                    value=typed("holder", String::new()) error=error("holder")/>
                <div class="buttons">
                    <button class=format!("{} primary", css::BUTTON)>"Save"</button>
                    <a class=css::BUTTON href="/methods">"Cancel"</a>
                </div>
            </form>
        </div>
    }
}
