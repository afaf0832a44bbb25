//! The page `How it adds up` of a payment: where its money is, and everything that moved it.

use super::api::explain_payment;
use crate::loading::{Loading, load_named};
use crate::markup::view;
use crate::{
    css,
    ui::{loaded::loaded, page::PageHead, steps::steps},
};
use domain::payments::explain::{ExplainedPayment, explain};
use leptos::prelude::*;

/// What the page loads.
struct Loads {
    payment: Loading<ExplainedPayment>,
}

impl Loads {
    fn new() -> Self {
        Self {
            payment: load_named(explain_payment),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { payment } = Loads::new();
    loaded(payment, |payment: ExplainedPayment| {
        let opened = explain(&payment).unwrap_or_default();
        let ExplainedPayment {
            id, number, account, ..
        } = payment;
        view! {
            <PageHead title=format!("How {number} adds up") up=("/payments", "Payments")
                note="Where the money of this payment is, and everything that moved it, the oldest first.">
                <a class=css::BUTTON href=format!("/explain/account/{account}")>"Account"</a>
                <a class=css::BUTTON href=format!("/payments/{id}")>"Receipt"</a>
            </PageHead>
            {steps(opened)}
        }
    })
    .into_any()
}
