//! The page on which a receipt is sent by mail once more, or to somebody else (P11, E5).

use super::api::{SendReceipt, open_receipt};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{
        form::{Failed, Field, FormErrors, typed_form},
        loaded::both,
        page::PageHead,
    },
    viewer::use_viewer,
};
use domain::{access::Side, ids::PaymentId, payments::Receipt};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// What the page loads.
struct Loads {
    receipt: Loading<(Side, Receipt)>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        let params = use_params_map();
        let id = Memo::new(move |_| {
            params
                .read()
                .get("id")
                .and_then(|id| id.parse::<PaymentId>().ok())
        });
        let receipt = load(
            move || id.get(),
            |id| async move {
                match id {
                    Some(id) => open_receipt(id).await,
                    None => Err(AppError::NotFound),
                }
            },
        );
        Self {
            receipt,
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { receipt, typed } = Loads::new();
    both(
        receipt,
        typed,
        |(side, receipt): (Side, Receipt), failed: Failed| view! { <Send side receipt failed/> },
    )
    .into_any()
}

#[component]
fn Send(side: Side, receipt: Receipt, failed: Failed) -> impl IntoView {
    let paper = format!("/payments/{}", receipt.payment);
    let own = use_viewer().map(|viewer| viewer.email);
    let usual = match side {
        Side::Seller => receipt.buyer.email,
        Side::Buyer => own,
    };
    let to = failed.text("to").or(receipt.mailed_to).or(usual);
    let wrong = failed.refusal("to");
    let receipt_page = paper.clone();
    view! {
        <PageHead title=format!("Send {}", receipt.number) up=("/payments", "Payments") note="The receipt goes as a mail, as it reads today.">
            <a class=css::BUTTON href=receipt_page>"Receipt"</a>
        </PageHead>
        <div class="stack loose">
            <FormErrors failed title="Nothing was sent"/>
            <form class=css::FORM method="post" action=SendReceipt::url()>
                <input type="hidden" name="id" value=receipt.payment.to_string()/>
                <Field name="to" label="E-mail address" kind="email" autocomplete="email" required=true value=to.unwrap_or_default() error=wrong/>
                <div class="buttons">
                    <button class=format!("{} primary", css::BUTTON)>"Send receipt"</button>
                    <a class=css::BUTTON href=paper>"Cancel"</a>
                </div>
            </form>
        </div>
    }
}
