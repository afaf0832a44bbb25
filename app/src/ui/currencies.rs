//! The currency of a form about a customer, where the page is another one for each.

use super::form::Choice;
use crate::{css, markup::view};
use domain::{Currency, ids::AccountId};
use leptos::prelude::*;

/// Links to the same form in the currencies that the customer has, and a choice of all others.
#[component]
pub fn Currencies(
    /// Where the form is.
    page: &'static str,
    /// Whose.
    account: AccountId,
    /// The currency that it is in.
    currency: Currency,
    /// The currencies that the customer has.
    likely: Vec<Currency>,
) -> impl IntoView {
    let mut likely = likely;
    if !likely.contains(&currency) {
        likely.push(currency);
    }
    let others = other_currencies(&likely);
    let link = move |code: Currency| {
        let here = (code == currency).then_some("page");
        view! { <a href=format!("{page}?account={account}&currency={code}") aria-current=here>{code.code()}</a> }
    };
    let links = likely.into_iter().map(link).collect_view();
    view! {
        <div class="stack">
            <nav class=css::TABS aria-label="Currency">{links}</nav>
            <details class=css::MORE_FIELDS>
                <summary>"Another currency"</summary>
                <form class=css::SIEVE method="get" action=page>
                    <input type="hidden" name="account" value=account.to_string()/>
                    <Choice name="currency" label="Currency" options=others value=String::new()/>
                    <div class="buttons"><button class=css::BUTTON>"Take it"</button></div>
                </form>
            </details>
        </div>
    }
}

/// All currencies but some, as options of a choice.
pub fn other_currencies(but: &[Currency]) -> Vec<(String, String)> {
    let others = Currency::all().into_iter().filter(|one| !but.contains(one));
    others
        .map(|one| (one.code().to_owned(), one.code().to_owned()))
        .collect()
}
