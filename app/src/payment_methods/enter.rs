//! The page `Enter a payment method`: the gateway's own fields, and the form that has what was entered kept.
//!
//! The page is plain. The little script that it brings (`enter.js`) shows the gateway's fields; without script it says so.

use super::api::{AddMethod, open_entry};
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
    payment_methods::{MethodEntry, MethodKind},
};
use leptos::{nonce::use_nonce, prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

const SCRIPT: &str = include_str!("enter.js");

/// The page.
pub(crate) fn view() -> AnyView {
    let query = use_query_map();
    let begun = Memo::new(move |_| {
        let query = query.read();
        Some((query.get("account")?.parse().ok()?, query.get("setup")?))
    });
    let found: Loading<(String, MethodEntry)> = load(
        move || begun.get(),
        |begun: Option<(AccountId, String)>| async move {
            let (account, setup) = begun.ok_or(AppError::NotFound)?;
            Ok((setup.clone(), open_entry(account, setup).await?))
        },
    );
    both(
        found,
        typed_form(),
        |(setup, entry): (String, MethodEntry), failed: Failed| {
            view! { <Entry setup entry failed/> }
        },
    )
    .into_any()
}

#[component]
fn Entry(setup: String, entry: MethodEntry, failed: Failed) -> impl IntoView {
    let MethodEntry {
        kind,
        account,
        seller_name,
        holder,
        email,
        is_first,
        is_entered,
        client_secret,
        gateway,
    } = entry;
    let ticked = failed.text("make_default").is_some();
    let fields = (!is_entered).then(|| {
        view! {
            <Owner kind holder email/>
            <Fields kind/>
            <p class="error" id="enter-error" role="alert" hidden=true></p>
            <noscript>
                <p>"Entering it needs JavaScript, since its number goes to the payment gateway alone. Switch JavaScript on and load this page again."</p>
            </noscript>
        }
    });
    let scripts = (!is_entered).then(|| {
        view! {
            <script src=gateway.script async=true nonce=use_nonce()></script>
            <script nonce=use_nonce() inner_html=SCRIPT></script>
        }
    });
    let mandate = kind.is_bank_debit().then(|| mandate(&seller_name));
    view! {
        <PageHead title=title(kind) up=("/methods", "Payment methods") note=format!("Kept for what you pay to {seller_name}. Nothing is charged now.")/>
        <FormErrors failed title="Nothing was saved"/>
        <form class=format!("{} stack", css::ENTER_METHOD) id="enter" method="post" action=AddMethod::url() autocomplete="off"
            data-kind=kind.code() data-key=gateway.publishable_key data-secret=(!is_entered).then_some(client_secret)>
            <input type="hidden" name="account" value=account.to_string()/>
            <input type="hidden" name="form[setup]" value=setup/>
            {fields}
            <div class=format!("{} check", css::FIELD)>
                <input type="checkbox" id="make-default" name="form[make_default]" value="1" checked=ticked || is_first disabled=is_first/>
                <label for="make-default">"Make default"</label>
                {is_first.then(|| view! { <p class="help">"The first one of an account is its default."</p> })}
            </div>
            {mandate}
            <div class="row">
                <button class=format!("{} primary", css::BUTTON) hidden=!is_entered>"Save"</button>
                <a class=css::BUTTON href="/methods">"Cancel"</a>
            </div>
        </form>
        {scripts}
    }
}

const fn title(kind: MethodKind) -> &'static str {
    match kind {
        MethodKind::Card => "Enter a card",
        MethodKind::UsBankAccount => "Choose a bank account",
        MethodKind::SepaDebit => "Enter an IBAN",
    }
}

/// Whose it is. It goes to the gateway alone, so the fields have no names and are not posted.
#[component]
fn Owner(kind: MethodKind, holder: String, email: String) -> impl IntoView {
    let is_bank = kind.is_bank_debit();
    let label = if is_bank { "Account holder" } else { "Name on card" };
    let value = is_bank.then_some(holder);
    view! {
        <div class=css::FIELD>
            <label for="enter-name">{label}{(!is_bank).then(|| view! { <i>" (optional)"</i> })}</label>
            <input class="input" id="enter-name" autocomplete="cc-name" required=is_bank value=value/>
        </div>
        {is_bank.then(|| view! {
            <div class=css::FIELD>
                <label for="enter-email">"E-mail for the bank’s notices"</label>
                <input class="input" id="enter-email" type="email" autocomplete="email" required=true value=email/>
            </div>
        })}
    }
}

/// The place of the gateway's fields.
#[component]
fn Fields(kind: MethodKind) -> impl IntoView {
    let label = match kind {
        MethodKind::Card => "Card number, expiry and CVC",
        MethodKind::SepaDebit => "IBAN",
        MethodKind::UsBankAccount => {
            return view! {
                <p class="help">"Saving opens a window of the payment gateway, in which you choose your bank. Its number never reaches this portal."</p>
            }
            .into_any();
        }
    };
    view! {
        <div class=css::FIELD>
            <span class="label" id="enter-label">{label}</span>
            <div class="box" id="enter-fields" role="group" aria-labelledby="enter-label"></div>
            <p class="help">"Typed into the payment gateway's own field. The number never reaches this portal."</p>
        </div>
    }
    .into_any()
}

/// What the owner of an account allows by saving it.
fn mandate(seller: &str) -> impl IntoView + use<> {
    let text = format!(
        "By saving this account you authorise {seller}, and the payment gateway on its behalf, to debit it for what you pay here \
         or let autopay pay, and your bank to let that happen. You can withdraw this by removing the account. Under a SEPA \
         mandate you may ask your bank for a refund within eight weeks."
    );
    view! { <p class="soft">{text}</p> }
}
