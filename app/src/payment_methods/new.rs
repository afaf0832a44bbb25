//! The page `Add a payment method`: a card, or a bank account that pays in one of the account's currencies.

use super::api::{BeginMethod, open_new_method};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{
        form::{Failed, FormErrors, typed_form},
        loaded::both,
        page::PageHead,
    },
};
use domain::{
    ids::AccountId,
    payment_methods::{MethodKind, NewMethod},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

/// The page.
pub(crate) fn view() -> AnyView {
    let query = use_query_map();
    let account = Memo::new(move |_| query.read().get("account").and_then(|id| id.parse().ok()));
    let found: Loading<NewMethod> = load(
        move || account.get(),
        |account: Option<AccountId>| async move {
            match account {
                Some(account) => open_new_method(account).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    both(found, typed_form(), |found: NewMethod, failed: Failed| {
        view! { <Kinds found failed/> }
    })
    .into_any()
}

#[component]
fn Kinds(found: NewMethod, failed: Failed) -> impl IntoView {
    let NewMethod {
        account,
        seller_name,
        kinds,
    } = found;
    let kinds = kinds.into_iter().map(|kind| {
        let (title, what, button) = words(kind);
        let id = kind.code();
        view! {
            <section class="part" aria-labelledby=id>
                <h2 id=id>{title}</h2>
                <p>{what}</p>
                <form method="post" action=BeginMethod::url()>
                    <input type="hidden" name="account" value=account.to_string()/>
                    <input type="hidden" name="kind" value=kind.code()/>
                    <button class=css::BUTTON>{button}</button>
                </form>
            </section>
        }
    });
    view! {
        <PageHead title="Add a payment method" up=("/methods", "Payment methods") note=format!("For what you pay to {seller_name}. Nothing is charged.")/>
        <div class="stack loose">
            <FormErrors failed title="Nothing was saved"/>
            {kinds.collect_view()}
        </div>
    }
}

/// Heading, what it means, and the button.
const fn words(kind: MethodKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        MethodKind::Card => (
            "Card",
            "Pays at once, in every currency. Your bank may ask you to confirm.",
            "Enter a card",
        ),
        MethodKind::UsBankAccount => (
            "US bank account",
            "Pays in USD by ACH debit. A payment takes 3 to 5 banking days.",
            "Choose a bank account",
        ),
        MethodKind::SepaDebit => (
            "Bank account with an IBAN",
            "Pays in EUR by SEPA debit. A payment takes 3 to 5 banking days.",
            "Enter an IBAN",
        ),
    }
}
